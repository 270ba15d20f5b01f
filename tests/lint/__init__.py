"""Tests of the linter: one file per family of rules."""
