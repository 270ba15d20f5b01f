"""Frozen nouns: one model per form, and the values that jobs pass on."""
