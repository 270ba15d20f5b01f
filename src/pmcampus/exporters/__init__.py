"""Files for other systems, one format per file; what leaves a cohort stands in `grades`."""
