"""The gradebook: nbgrader's own tables, which its formgrader opens too, and three tables of ours."""

from pmcampus.gradebook.leases import Holder, LeaseLost, at_work, claim, release
from pmcampus.gradebook.opening import open_gradebook
from pmcampus.gradebook.reading import Marking, has_cells, marked, progress_matrix, records
from pmcampus.gradebook.rows import last_row
from pmcampus.gradebook.transactions import exclusive
from pmcampus.gradebook.writing import Conflict, Recorded, enrol, mark_by_hand, open_assessment, record

__all__ = [
    "Conflict",
    "Holder",
    "LeaseLost",
    "Marking",
    "Recorded",
    "at_work",
    "claim",
    "enrol",
    "exclusive",
    "has_cells",
    "last_row",
    "mark_by_hand",
    "marked",
    "open_assessment",
    "open_gradebook",
    "progress_matrix",
    "record",
    "records",
    "release",
]
