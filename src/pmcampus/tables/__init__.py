"""Pages of tracking as tables: one list of rows from which text and CSV are written alike.

`tables_of` gives the tables of any page; `render` writes them. JSON is the page itself, field by field.
"""

from pmcampus.tables.outside import outside_tables
from pmcampus.tables.pages import tables_of
from pmcampus.tables.table import Table
from pmcampus.tables.writing import render

__all__ = ["Table", "outside_tables", "render", "tables_of"]
