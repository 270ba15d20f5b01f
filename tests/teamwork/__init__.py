"""Tests of what a team case is as values."""
