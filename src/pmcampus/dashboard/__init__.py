"""The dashboard: a cohort's pages live, for its instructors, and each learner's own page."""

from pmcampus.dashboard.app import build
from pmcampus.dashboard.serving import serve

__all__ = ["build", "serve"]
