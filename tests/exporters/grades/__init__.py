"""What leaves a cohort for other systems."""
