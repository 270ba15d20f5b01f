"""`python -m pmcampus.statistics` prints the sections of the guide on statistics, to be pasted into it."""

from pmcampus.statistics.definitions import METRICS, described

print("\n\n".join(map(described, METRICS.values())))
