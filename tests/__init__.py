"""Tests of PM Campus."""
