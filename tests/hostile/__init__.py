"""Hostile submissions against the real grader."""
