"""Statistics of a cohort: values in, values out; every number with its n, its interval or its reason."""
