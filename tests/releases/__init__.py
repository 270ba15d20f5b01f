"""Releasing, pinning, adopting and updating."""
