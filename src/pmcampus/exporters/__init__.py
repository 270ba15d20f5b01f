"""Files for other systems, one format per file."""
