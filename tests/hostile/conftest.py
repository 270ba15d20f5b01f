"""The cohort of the grading tests, here too."""

from tests.test_grade import cohort

__all__ = ["cohort"]
