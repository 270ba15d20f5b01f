"""Tests of what goes out to other systems."""
