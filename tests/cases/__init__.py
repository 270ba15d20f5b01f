"""Tests of a team case, step by step."""
