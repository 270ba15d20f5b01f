"""Tests of what tracking makes of a cohort."""
