"""Versions that tell the truth: what is released, pinned, adopted and updated."""
