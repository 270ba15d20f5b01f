"""Each metric is defined once, completely."""

import re
from pathlib import Path

import pytest

from pmcampus.statistics import METRICS, Metric
from pmcampus.statistics.definitions import described

GUIDE = Path(__file__).parents[2] / "site" / "pages" / "guides" / "statistics.md"


@pytest.mark.parametrize("metric", METRICS.values(), ids=METRICS)
def test_a_metric_says_all_that_a_reader_needs(metric: Metric) -> None:
    """Name, definition, unit, formula, source and population; a DOI looks like one."""
    for text in (metric.name, metric.definition, metric.unit, metric.formula, metric.source, metric.reading):
        assert text.strip()
    assert metric.population
    assert not metric.doi or re.fullmatch(r"10\.\d{4,}/\S+", metric.doi)


@pytest.mark.parametrize("metric", METRICS.values(), ids=METRICS)
def test_the_guide_says_the_same(metric: Metric) -> None:
    """Each metric has its section there, word for word; `python -m pmcampus.statistics` prints them."""
    assert described(metric) in GUIDE.read_text("utf-8")


def test_every_metric_of_a_page_is_defined() -> None:
    """Whatever key the library gives a measure is in the list."""
    source = Path(__file__).parents[2] / "src" / "pmcampus"
    used = set()
    for path in (*source.glob("statistics/*.py"), *source.glob("tracking/*.py")):
        used |= set(re.findall(r'Measure\(\s*"([a-z0-9-]+)"', path.read_text("utf-8")))

    assert used
    assert used <= METRICS.keys()
