"""Proving an assessment, keeping its certificate, and proving it again only when something changed."""

import json
import shutil
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from pmcampus import certificates
from pmcampus.cli import main
from pmcampus.errors import ContentError
from pmcampus.model.certificate import NOT_SHOWN, Certificate
from pmcampus.new import new
from pmcampus.prove import prove
from tests.conftest import TWO_MODULES
from tests.lint.cases import PAPER, append, code, replace

FORM = "assessments/counting/assessment.yaml"


@pytest.fixture(scope="module")
def proved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny curriculum whose assessment was proved."""
    root = Path(shutil.copytree(TWO_MODULES, tmp_path_factory.mktemp("proved") / "curriculum"))
    list(prove(root=root))
    return root


def now(root: Path) -> Certificate:
    """The certificate of the assessment as it stands."""
    found = certificates.current(root, "counting")
    assert found is not None
    return found


@pytest.mark.kernel
def test_a_certificate_says_what_was_proved(proved: Path) -> None:
    """Every family of proofs, item by item, with the points of each outcome."""
    made = now(proved)

    assert [finding.proof for finding in made.findings] == [
        "reference", "bank", "mutants", "fairness", "steadiness", "leaks", "alignment",
    ]  # fmt: skip
    assert made.holds or [f.proof for f in made.findings if not f.holds] == ["alignment"]
    assert made.kill_rate >= 0.95
    assert made.judged > 60
    assert sum(outcome.points for outcome in made.outcomes) == 10


@pytest.mark.kernel
def test_an_unchanged_assessment_is_not_judged_again(proved: Path) -> None:
    """The second run only looks at what needs no judging."""
    told: list[str] = []
    again = list(prove(root=proved, tell=lambda name, done, total: told.append(name)))

    assert [is_fresh for _, is_fresh in again] == [False]
    assert told == []


@pytest.mark.kernel
def test_a_changed_word_makes_the_certificate_unknown(proved: Path) -> None:
    """Content decides; so do the banks, the module's form, and a file that appears."""
    before = certificates.digest(proved, "counting")
    form = proved / FORM
    text = form.read_text("utf-8")
    form.write_text(text + "# a remark\n", "utf-8")

    assert certificates.digest(proved, "counting") != before
    assert certificates.current(proved, "counting") is None

    form.write_text(text, "utf-8")
    assert certificates.digest(proved, "counting") == before


@pytest.mark.kernel
def test_the_public_certificate_gives_no_answer_away(proved: Path) -> None:
    """Figures and reasons, no line of the reference and no message."""
    public = now(proved).public()
    text = public.model_dump_json()

    assert public.told == ()
    assert all(s.was == s.becomes == NOT_SHOWN for item in public.items for s in item.survivors)
    assert "part / whole" not in text
    assert public.kill_rate == now(proved).kill_rate


def test_what_lies_there_but_is_no_certificate_is_none(tmp_path: Path) -> None:
    """A file of another version, or half a file."""
    assert certificates.kept(tmp_path, "counting") is None
    (tmp_path / "counting.json").write_text('{"assessment": "counting"}')
    assert certificates.kept(tmp_path, "counting") is None


@pytest.mark.kernel
def test_the_command_prints_what_does_not_hold_and_exits_with_1(own_curriculum: Path) -> None:
    """With the place and what was found."""
    code("assert word != 'negative', 'Not this one.'", path=PAPER, id="wrong-word-check")(own_curriculum)

    ran = CliRunner().invoke(main, ["prove", "counting", "--root", str(own_curriculum)])

    assert ran.exit_code == 1
    assert "NOT PROVED  counting 1.0.0" in ran.stdout
    assert "reference: not true: The untouched notebook earns nothing in any item" in ran.stdout
    assert "wrong-word: 2 points" in ran.stdout
    assert json.loads((own_curriculum / "build/proofs/counting.json").read_text())["version"] == "1.0.0"


def test_an_unknown_assessment_is_refused(own_curriculum: Path) -> None:
    """With the known ones."""
    with pytest.raises(ContentError, match="choose one of counting"):
        list(prove(["couting"], root=own_curriculum))


def test_a_bank_that_cannot_be_read_is_named(own_curriculum: Path) -> None:
    """With the line."""
    append("assessments/counting/wrong-answers/share.yaml", "waivers: none\n")(own_curriculum)

    with pytest.raises(ContentError, match=r"wrong-answers/share.yaml:\d+: "):
        list(prove(root=own_curriculum))


@pytest.mark.kernel
def test_an_item_that_asks_for_less_than_its_outcome_is_no_evidence(proved: Path) -> None:
    """A knowledge item cannot show that somebody evaluates."""
    from pmcampus.proofs import alignment
    from tests.proofs.bench import against, subject

    module = proved / "modules/second-steps/module.yaml"
    text = module.read_text("utf-8")
    replace("modules/second-steps/module.yaml", "bloom: apply", "bloom: evaluate")(proved)
    found = against(alignment.prove(subject(proved)))
    module.write_text(text, "utf-8")

    assert found["Each outcome has an item at its level of Bloom's taxonomy or above"] == (
        "outcome 1 asks to evaluate; share (apply), wrong-word (apply), letter (apply)",
    )


@pytest.mark.kernel
def test_a_new_case_proves_itself(tmp_path: Path) -> None:
    """Every role and the team, from the banks of the template; what an author changes is proved anew."""
    root = Path(shutil.copytree(TWO_MODULES, tmp_path / "curriculum"))
    new("case-study", "a-hard-choice", root=root, today=date(2026, 11, 24))
    found = list(prove(["a-hard-choice"], root=root))

    assert ["first-role", "second-role", "team"] == [
        one.certificate.assessment.partition("--")[2] for one in found
    ]
    for one in found:
        assert one.certificate.holds, one.certificate.summary(fresh=True)
    again = next(prove(["a-hard-choice--first-role"], root=root))
    assert not again.is_fresh
