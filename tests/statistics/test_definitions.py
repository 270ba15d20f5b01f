"""Each metric is defined once, completely."""

import re

import pytest

from pmcampus.statistics import METRICS, Metric


@pytest.mark.parametrize("metric", METRICS.values(), ids=METRICS)
def test_a_metric_says_all_that_a_reader_needs(metric: Metric) -> None:
    """Name, definition, unit, formula, source and population; a DOI looks like one."""
    for text in (metric.name, metric.definition, metric.unit, metric.formula, metric.source, metric.reading):
        assert text.strip()
    assert metric.population
    assert not metric.doi or re.fullmatch(r"10\.\d{4,}/\S+", metric.doi)
