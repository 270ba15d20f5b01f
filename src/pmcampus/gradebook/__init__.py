"""The gradebook: nbgrader's own tables, which its formgrader opens too, and three tables of ours."""

from pmcampus.gradebook.bulk import add_rows, write_anew
from pmcampus.gradebook.byhand import (
    HandMark,
    MarkedMeanwhile,
    Queue,
    ScoreRefused,
    answered,
    hand_marks_of,
    mark_if_unchanged,
    queues,
)
from pmcampus.gradebook.erasing import erase
from pmcampus.gradebook.leases import Holder, LeaseLost, at_work, claim, release, somebody_at_work
from pmcampus.gradebook.looking import (
    all_rows,
    damage,
    hand_marks,
    has_notebook,
    lacking_triggers,
    machine_scores,
    wrong_attempts,
    wrong_standings,
)
from pmcampus.gradebook.opening import open_gradebook
from pmcampus.gradebook.reading import Marking, has_cells, marked, progress_matrix, records, records_of
from pmcampus.gradebook.regrading import Regrade, regrades
from pmcampus.gradebook.rows import last_row
from pmcampus.gradebook.surviving import Surviving, add_missing_rows, is_missing, rescue, set_aside
from pmcampus.gradebook.transactions import exclusive, transaction
from pmcampus.gradebook.writing import (
    Conflict,
    Recorded,
    enrol,
    enrol_missing,
    mark_by_hand,
    open_assessment,
    record,
)

__all__ = [
    "Conflict",
    "HandMark",
    "Holder",
    "LeaseLost",
    "MarkedMeanwhile",
    "Marking",
    "Queue",
    "Recorded",
    "Regrade",
    "ScoreRefused",
    "Surviving",
    "add_missing_rows",
    "add_rows",
    "all_rows",
    "answered",
    "at_work",
    "claim",
    "damage",
    "enrol",
    "enrol_missing",
    "erase",
    "exclusive",
    "hand_marks",
    "hand_marks_of",
    "has_cells",
    "has_notebook",
    "is_missing",
    "lacking_triggers",
    "last_row",
    "machine_scores",
    "mark_by_hand",
    "mark_if_unchanged",
    "marked",
    "open_assessment",
    "open_gradebook",
    "progress_matrix",
    "queues",
    "record",
    "records",
    "records_of",
    "regrades",
    "release",
    "rescue",
    "set_aside",
    "somebody_at_work",
    "transaction",
    "write_anew",
    "wrong_attempts",
    "wrong_standings",
]
