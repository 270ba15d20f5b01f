"""The gradebook: nbgrader's own tables, which its formgrader opens too, and one table of ours."""

from pmcampus.gradebook.reading import marked_digests, records
from pmcampus.gradebook.tables import open_gradebook
from pmcampus.gradebook.writing import enrol, mark_by_hand, open_assessment, record

__all__ = [
    "enrol",
    "mark_by_hand",
    "marked_digests",
    "open_assessment",
    "open_gradebook",
    "record",
    "records",
]
