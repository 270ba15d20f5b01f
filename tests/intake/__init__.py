"""Tests of what comes in: archives, rosters, submissions."""
