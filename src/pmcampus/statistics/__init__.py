"""Statistics of a cohort: values in, values out; every number with its n, its interval or its reason.

`definitions` holds what each metric means. numpy, scipy and statsmodels are loaded when a number is asked
for, not before.
"""

from pmcampus.statistics.definitions import METRICS, Metric

__all__ = ["METRICS", "Metric"]
