"""The scores that count now, by SQL that counts in the database: no loop over learners, no object each."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime

from nbgrader.api import Gradebook

from pmcampus.gradebook.cursor import Few, among, but, equal, fetched, moment_of, stored, together

Place = tuple[str, str]
# From a learner to the scores, each join by an index.
_OWN = (
    "submitted_assignment s JOIN assignment a ON a.id = s.assignment_id"
    " JOIN submitted_notebook d ON d.assignment_id = s.id JOIN grade g ON g.notebook_id = d.id"
)
_STANDING = " JOIN standing st ON st.learner = s.student_id AND st.assessment = a.name"
_UNSCORED = "g.auto_score IS NULL AND g.manual_score IS NULL"
_COUNTS = "COALESCE(g.manual_score, g.auto_score) + COALESCE(g.extra_credit, 0)"
SEPARATOR = "/"  # names of assessments are names of folders


def not_enrolled(book: Gradebook, roster: Collection[str]) -> frozenset[str]:
    """Learners whom the database knows and the roster does not: they left, and count nowhere."""
    return frozenset(row[0] for row in fetched(book, "SELECT id FROM student")) - frozenset(roster)


def score_counts(
    book: Gradebook, without: Collection[str] = (), assessments: Few = None
) -> dict[str, dict[float, int]]:
    """By assessment, of these or of all, how many have each score now; one pass over an index."""
    where, words = together(but("learner", without), among("assessment", assessments))
    query = f"SELECT assessment, score, COUNT(*) FROM standing WHERE true{where} GROUP BY assessment, score"
    found: dict[str, dict[float, int]] = defaultdict(dict)
    for assessment, score, n in fetched(book, query, *words):
        found[assessment][score] = n
    return dict(found)


def taken(book: Gradebook, without: Collection[str] = (), learners: Few = None) -> dict[str, list[str]]:
    """By learner, of these or of all, the assessments in which they have a score."""
    where, words = together(but("learner", without), among("learner", learners))
    kind = book.db().connection().dialect.name
    names = "GROUP_CONCAT(assessment, ?)" if kind == "sqlite" else "STRING_AGG(assessment, ?)"
    query = f"SELECT learner, {names} FROM standing WHERE true{where} GROUP BY learner"
    return {learner: text.split(SEPARATOR) for learner, text in fetched(book, query, SEPARATOR, *words)}


def enough(book: Gradebook, needed: Mapping[str, float], learners: Collection[str]) -> dict[str, int]:
    """By learner, of these, in how many assessments the score reaches the points that are needed there."""
    if not needed or not learners:
        return {}
    worth = " UNION ALL ".join(["SELECT ? AS assessment, CAST(? AS FLOAT) AS needed"] * len(needed))
    where, words = among("s.learner", learners)
    query = (
        f"SELECT s.learner, COUNT(*) FROM standing s JOIN ({worth}) w ON w.assessment = s.assessment"
        f" WHERE s.score >= w.needed{where} GROUP BY s.learner"
    )
    values = [word for pair in needed.items() for word in pair]
    return dict(fetched(book, query, *values, *words))


def awaiting(
    book: Gradebook, *, learners: Few = None, assessment: str | None = None
) -> dict[Place, tuple[float, float]]:
    """Submissions with an item that nobody marked yet: the score so far, and the points that wait."""
    where, words = together(among("learner", learners), equal("assessment", assessment))
    query = f"SELECT learner, assessment, score, waits FROM standing WHERE waits <> ''{where}"
    rows = list(fetched(book, query, *words))
    worth = dict(fetched(book, "SELECT id, max_score FROM grade_cells")) if rows else {}
    return {
        (learner, name): (score, sum(worth.get(cell, 0.0) for cell in waits.split(",")))
        for learner, name, score, waits in rows
    }


def below(
    book: Gradebook, assessment: str, hurdles: Mapping[str, float], *, learners: Few = None
) -> dict[str, float]:
    """Learners below a hurdle of this assessment (cell to least points), with the score that they have."""
    found: dict[str, float] = {}
    where, words = among("s.student_id", learners)
    query = (
        f"SELECT s.student_id, st.score FROM {_OWN}{_STANDING} JOIN base_cell b ON b.id = g.cell_id"
        f" WHERE a.name = ? AND b.name = ? AND COALESCE({_COUNTS}, 0) < ?{where}"
    )
    for cell, least in hurdles.items():
        found |= dict(fetched(book, query, assessment, cell, least, *words))
    return found


def handed_in_after(book: Gradebook, assessment: str, due: datetime) -> list[tuple[str, datetime, float]]:
    """Learners whose scored work came after this moment: when, and their score."""
    query = (
        "SELECT s.student_id, s.timestamp, st.score FROM submitted_assignment s"
        f" JOIN assignment a ON a.id = s.assignment_id{_STANDING} WHERE a.name = ? AND s.timestamp > ?"
    )
    found = (
        (who, moment_of(at), score) for who, at, score in fetched(book, query, assessment, stored(book, due))
    )
    return [(who, at, score) for who, at, score in found if at]


def scores_in(book: Gradebook, learners: Few, assessment: str | None = None) -> dict[Place, float]:
    """The scores that count now of these learners, in this assessment or in all."""
    where, words = together(among("learner", learners), equal("assessment", assessment))
    query = f"SELECT learner, assessment, score FROM standing WHERE true{where}"
    return {(learner, name): score for learner, name, score in fetched(book, query, *words)}


def all_standings(book: Gradebook) -> dict[Place, float]:
    """Every score that counts now."""
    return scores_in(book, None)


def scores_of(book: Gradebook, assessment: str, learners: Few = None) -> dict[str, float]:
    """By learner, the score that counts now in this assessment."""
    where, words = among("learner", learners)
    query = f"SELECT learner, score FROM standing WHERE assessment = ?{where}"
    return dict(fetched(book, query, assessment, *words))


def lower(book: Gradebook, below: Mapping[str, float], learners: Few = None) -> dict[str, dict[str, float]]:
    """By learner, the scores under these points of an assessment; a range of an index for each."""
    found: dict[str, dict[str, float]] = defaultdict(dict)
    where, words = among("learner", learners)
    query = f"SELECT learner, score FROM standing WHERE assessment = ? AND score < ?{where}"
    for assessment, points in below.items():
        for learner, score in fetched(book, query, assessment, points, *words):
            found[learner][assessment] = score
    return dict(found)


def item_scores(
    book: Gradebook, learners: Sequence[str], assessment: str | None = None
) -> dict[Place, dict[str, tuple[float | None, float]]]:
    """The score that counts now, and the points, of each item of these learners; None is not marked yet."""
    found: dict[Place, dict[str, tuple[float | None, float]]] = defaultdict(dict)
    where, words = together(among("s.student_id", learners), equal("a.name", assessment))
    query = (
        f"SELECT s.student_id, a.name, b.name, {_COUNTS}, c.max_score FROM {_OWN}"
        " JOIN base_cell b ON b.id = g.cell_id JOIN grade_cells c ON c.id = g.cell_id"
        f" WHERE true{where}"
    )
    for learner, name, cell, score, points in fetched(book, query, *words):
        found[learner, name][cell] = (score, points)
    return dict(found)


def graded_cells(book: Gradebook) -> dict[str, tuple[str, str, float]]:
    """Every graded cell by the database's id: its assessment, its name, and its points."""
    query = (
        "SELECT c.id, a.name, b.name, c.max_score FROM grade_cells c JOIN base_cell b ON b.id = c.id"
        " JOIN notebook n ON n.id = b.notebook_id JOIN assignment a ON a.id = n.assignment_id"
    )
    return {id: (assessment, cell, points) for id, assessment, cell, points in fetched(book, query)}


def marked_items(book: Gradebook, learners: Sequence[str]) -> Iterator[tuple[str, str, float]]:
    """Learner, id of the graded cell, and the score that counts now, of every item that is marked."""
    where, words = among("s.student_id", learners)
    query = (
        f"SELECT s.student_id, g.cell_id, {_COUNTS} FROM submitted_assignment s"
        " JOIN submitted_notebook d ON d.assignment_id = s.id JOIN grade g ON g.notebook_id = d.id"
        f" WHERE NOT ({_UNSCORED}){where}"
    )
    return fetched(book, query, *words)


def hand_scores(book: Gradebook, assessment: str, learners: Few = None) -> dict[str, dict[str, float]]:
    """People's scores by learner, then by graded cell; extra credit is not part of what an item measures."""
    names = _names_of_cells(book, assessment)
    if not names:
        return {}
    where, words = among("s.student_id", learners)
    query = (
        "SELECT s.student_id, g.cell_id, g.manual_score FROM grade g"
        " JOIN submitted_notebook d ON d.id = g.notebook_id"
        " JOIN submitted_assignment s ON s.id = d.assignment_id"
        f" WHERE g.manual_score IS NOT NULL AND g.cell_id IN (??){where}"
    )
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for learner, cell, score in fetched(book, query, sorted(names), *words):
        found[learner][names[cell]] = score
    return dict(found)


def _names_of_cells(book: Gradebook, assessment: str) -> dict[str, str]:
    """Graded cells of this assessment: the database's id to the name."""
    query = (
        "SELECT c.id, c.name FROM assignment a JOIN notebook n ON n.assignment_id = a.id"
        " JOIN base_cell c ON c.notebook_id = n.id JOIN grade_cells g ON g.id = c.id WHERE a.name = ?"
    )
    return dict(fetched(book, query, assessment))
