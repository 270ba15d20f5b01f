"""Each page of tracking as tables: which function writes which page."""

from functools import singledispatch

from pmcampus.model.tracking import Rows
from pmcampus.plurals import counted
from pmcampus.tables import people, testing
from pmcampus.tables.table import Table


@singledispatch
def tables_of(page: object) -> tuple[Table, ...]:
    """The tables of a page.

    Raises:
        TypeError: it is no page of tracking.
    """
    raise TypeError(f"{type(page).__name__} is no page of tracking")


@tables_of.register
def rows(page: Rows) -> tuple[Table, ...]:
    """Rows behind a number, as they are."""
    note = f"Page {page.page}; {counted(page.total, 'row')} in all."
    return (Table(page.title, page.columns, page.rows, (note,)),)


# Each by the class of page that its function names.
tables_of.register(people.overview)
tables_of.register(people.matrix)
tables_of.register(people.mastery)
tables_of.register(people.readiness)
tables_of.register(people.learner)
tables_of.register(people.team)
tables_of.register(tuple, people.at_risk)  # dispatch sees the tuple, not what is in it
tables_of.register(people.at_risk_page)
tables_of.register(people.risk_review)
tables_of.register(testing.items)
tables_of.register(testing.quality)
tables_of.register(testing.gain)
tables_of.register(testing.variants)
tables_of.register(testing.raters)
