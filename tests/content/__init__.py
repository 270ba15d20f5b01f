"""Tests of what educators wrote."""
