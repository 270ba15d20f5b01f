"""Case C2: its hidden profile holds, its numbers are what the sheets say, and its items can be judged."""

import importlib.util
import json
import random
import sys
from functools import cache
from itertools import combinations
from types import ModuleType
from typing import Any

import nbformat
import pytest

from pmcampus.casepaper import TEAM, load_case_form, load_case_paper
from pmcampus.marking import mark
from pmcampus.model.verdict import Mark
from pmcampus.teamwork.seal import seal
from pmcampus.teamwork.seats import chairs
from tests.conftest import REPOSITORY, answered, as_bytes

CASE = "dpyd-before-chemotherapy"
FOLDER = REPOSITORY / "case_studies" / CASE
FORM = load_case_form(REPOSITORY, CASE)
ROLES = list(FORM.roles)
BEST = ("mandate", "5", "in-house A", "-50 and raise", "early")
TEMPTING = ("recommend", "4", "CE kit", "-25", "wait")


@cache
def model() -> ModuleType:
    """The case's model, as its notebooks import it."""
    spec = importlib.util.spec_from_file_location("c2_model", FOLDER / "data" / "c2_model.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["c2_model"] = module
    spec.loader.exec_module(module)
    return module


def pick(*roles: str) -> tuple[str, ...]:
    """What a perfect calculator chooses who has read these sheets."""
    found: tuple[str, ...] = model().ranked(model().facts(roles))[0]
    return found


def test_all_six_sheets_find_the_best_decision() -> None:
    """It is lawful, funded, and worth 129,047 euros a year against testing nobody."""
    full = model().facts(ROLES)

    assert BEST == pick(*ROLES)
    assert 129_047 == round(model().net_benefit(BEST, full))
    assert 181 == len(model().options())


@pytest.mark.parametrize("size", range(6))
def test_no_set_of_fewer_sheets_finds_it(size: int) -> None:
    """Neither none, nor any one, any two, and so on up to any five of them."""
    assert not [group for group in combinations(ROLES, size) if pick(*group) == BEST]


def test_the_dossier_alone_points_elsewhere_and_does_harm() -> None:
    """The tempting answer is worse than testing nobody, once all is known."""
    assert TEMPTING == pick()
    assert model().net_benefit(TEMPTING, model().facts(ROLES)) < 0


@pytest.mark.parametrize("size", range(2, 6))
def test_no_person_of_a_small_team_holds_enough_sheets(size: int) -> None:
    """Joined roles leave the puzzle whole: no chair alone finds the best decision."""
    assert not [chair for chair in chairs(FORM, size) if pick(*chair) == BEST]


def test_a_cautious_pair_does_not_find_it_either() -> None:
    """Giving each missing sheet a chance of one in four of being true, no one or two sheets suffice."""
    for size in (1, 2):
        for group in combinations(ROLES, size):
            assert BEST != cautious(group, 0.25), group


def cautious(known: tuple[str, ...], chance: float) -> tuple[str, ...]:
    """The choice with the best expected benefit when missing sheets may be true."""
    missing = [role for role in ROLES if role not in known]
    value: dict[Any, float] = {}
    fine: dict[Any, float] = {}
    for size in range(len(missing) + 1):
        for extra in combinations(missing, size):
            weight = chance**size * (1 - chance) ** (len(missing) - size)
            facts = model().facts([r for r in ROLES if r in known or r in extra])
            for option in model().options():
                value[option] = value.get(option, 0) + weight * model().net_benefit(option, facts)
                fine[option] = fine.get(option, 0) + weight * model().allowed(option, facts)
    found: tuple[str, ...] = max((o for o in value if fine[o] >= 0.5), key=lambda o: value[o])
    return found


def test_eight_question_cards_can_find_it_and_six_do_not() -> None:
    """Eighteen cards, eight allowed; some of the 18,564 sets of six are tried here."""
    cards = {card["id"]: card["facts"] for card in model().stored("question-cards.json")}

    def told(ids: tuple[str, ...]) -> tuple[str, ...]:
        facts = model().facts()
        for id in ids:
            facts.update(cards[id])
        found: tuple[str, ...] = model().ranked(facts)[0]
        return found

    assert 18 == len(cards) and 8 == model().CARDS
    assert BEST == told(("Q01", "Q03", "Q06", "Q07", "Q09", "Q11", "Q15", "Q17"))
    sixes = random.Random(18).sample(list(combinations(sorted(cards), 6)), 150)
    assert not [six for six in sixes if told(six) == BEST]


def test_question_cards_tell_what_the_sheets_hold() -> None:
    """Together they give every fact of every role, and nothing else."""
    by_role: dict[str, dict[str, object]] = {}
    for card in model().stored("question-cards.json"):
        by_role.setdefault(card["role"], {}).update(card["facts"])

    assert by_role == {role: model().stored(f"facts-{role}.json") for role in ROLES}


def test_recorded_commitments_are_sensible_with_one_sheet() -> None:
    """Each fits the schema, and is the best choice for somebody with that sheet and the dossier."""
    recorded = model().stored("recorded-commitments.json")

    assert "not real people" in recorded["written_by"]
    assert ROLES == [one["role"] for one in recorded["commitments"]]
    for one in recorded["commitments"]:
        assert [] == model().missing(one, "commitment.schema.json")
        assert pick(one["role"]) == tuple(one["choice"].values())


def test_the_notebooks_seal_is_the_machines() -> None:
    """A player sees the same twelve signs that the log will hold."""
    one = model().stored("recorded-commitments.json")["commitments"][0]

    assert seal(one)[:12] == model().seal(one)


def test_activity_values_are_those_of_the_tables() -> None:
    """As in pypgx."""
    pypgx = pytest.importorskip("pypgx")
    names = {"*2A": "c.1905+1G>A (*2A)", "*13": "c.1679T>G (*13)", "c.2846A>T": "c.2846A>T"}
    names |= {"HapB3": "c.1129-5923C>G, c.1236G>A (HapB3)", "c.557A>G": "c.557A>G"}

    assert model().VALUES == {short: pypgx.predict_score("DPYD", name) for short, name in names.items()}


def test_no_private_fact_lies_in_the_public_model() -> None:
    """What only one role knows is in its own file; the model holds the dossier's values."""
    dossier = model().facts()
    for role in ROLES:
        for key, value in model().stored(f"facts-{role}.json").items():
            assert dossier[key] != value, f"{role}: {key}"


@pytest.mark.kernel
@pytest.mark.parametrize("part", [*ROLES, TEAM])
def test_reference_earns_all_and_untouched_nothing(part: str) -> None:
    """By the engine that marks assessments, with the files of this part only."""
    paper = load_case_paper(REPOSITORY, CASE, part)
    texts = {
        name.replace("-", "_"): f"{paper.starters[name]}\n{code}" for name, code in paper.references.items()
    }
    full = mark(paper, as_bytes(answered(paper, **texts))).verdict
    blank = mark(paper, as_bytes(answered(paper))).verdict

    assert full.refused is None and {Mark.FULL} == {item.mark for item in full.items}, full
    assert (12 if part == TEAM else 22) == full.score
    assert 0 == blank.score and not any(item.mark is Mark.ERROR for item in blank.items)


WRONG = {
    "oncologist": "def break_even(gain, patients, loss):\n    return gain / loss",
    "pharmacist": "def prevented(freq, before, after):\n"
    "    return sum(1000 * s * BASE * (a - b) for s, a, b in zip(freq, before, after))",
    "laboratory-scientist": "def mean_wait(people, fill_days):\n"
    "    return sum(d / 2 + 1 for d in fill_days.values()) / len(fill_days)",
    "payer": "def left_over(tested, price, fixed, savings, cap):\n"
    "    return cap - (tested * price + fixed - savings)",
    "patient-representative": "def wilson(yes, n):\n    p = yes / n\n"
    "    h = 1.96 * (p * (1 - p) / n) ** 0.5\n    return p - h, p + h",
    "data-scientist": "def found(shares, panel):\n"
    "    return sum(name in panel for name in shares) / len(shares)",
}


@pytest.mark.kernel
@pytest.mark.parametrize("role", ROLES)
def test_common_wrong_answers_earn_little(role: str) -> None:
    """Half dose for everybody, the usual slip in the number, every letter ticked."""
    paper = load_case_paper(REPOSITORY, CASE, role)
    people = [f"P{n}" for n in range(1, 9)]
    answers = {
        "activity_scores": f"score = {dict.fromkeys(people, 1.5)}\nstart = {dict.fromkeys(people, 'half')}",
        "my_number": WRONG[role],
        "limits": 'not_told = ["A", "B", "C", "D", "E", "F"]',
    }
    verdict = mark(paper, as_bytes(answered(paper, **answers))).verdict

    assert 0 == verdict.score, [(item.cell, item.score, item.message) for item in verdict.items]


def test_released_notebooks_hold_no_answers_and_no_other_sheet() -> None:
    """Neither solutions nor tests nor outputs, nor a mark of another role's facts."""
    for part in [*ROLES, TEAM]:
        text = nbformat.writes(load_case_paper(REPOSITORY, CASE, part).release, 4)
        assert "BEGIN SOLUTION" not in text and "HIDDEN TESTS" not in text
        assert '"output_type"' not in text
        assert 'in-house A\\", \\"-50 and raise' not in text
        for role in ROLES if part != TEAM else []:
            marks = FORM.roles[role].only_here if role != part else ()
            assert not [mark for mark in marks if mark in text], (part, role)


def test_the_decision_record_of_the_reference_fits_its_schema() -> None:
    """And carries a minority with what would change its mind."""
    schema = json.loads((FOLDER / "data" / "decision.schema.json").read_text("utf-8"))

    assert {"minority", "not_agreed", "vetoes", "changes_the_decision"} <= set(schema["required"])
