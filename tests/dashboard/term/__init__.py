"""A whole term, run as an instructor runs it."""
