"""Tracking a cohort: one read-only session of the gradebook, and every page of numbers as a value."""

from pmcampus.tracking.session import Tracking, open_tracking

__all__ = ["Tracking", "open_tracking"]
