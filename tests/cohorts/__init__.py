"""What an institution does with a cohort."""
