"""Releases of the tiny curriculum, made without judging anything."""

from datetime import date
from pathlib import Path

from pmcampus.archive import described, pack
from pmcampus.content import load_tree
from pmcampus.model.release import Contract, Decision, Kind, Manifest, Step
from pmcampus.releases.release import write

CHANGELOG = """### Clinical content

- A share of **twelve**, not of ten;
  said twice in the [lesson](lesson.md).
- <script>alert(1)</script>

### Fixes
- `share` is written out."""


def put_release(
    root: Path,
    kind: Kind,
    slug: str,
    version: str,
    *,
    day: date,
    step: Step = Step.FIRST,
    extra: str = "",
) -> Manifest:
    """One release in `releases/`; `extra` is a text that learners get, too."""
    form = {Kind.MODULE: "module.yaml", Kind.ASSESSMENT: "assessment.yaml"}[kind]
    tree = load_tree(root)
    own = (tree.modules if kind is Kind.MODULE else tree.assessments)[slug].form.value
    name = f"{kind.shelf}/{slug}"
    learner = {f"{name}/{form}": (root / name / form).read_bytes(), "README.md": f"Read.\n{extra}\n".encode()}
    educator = {**learner, f"{name}/answers.md": b"The answer is nine of twelve.\n"}
    packed = {"learner.zip": pack(learner), "educator.zip": pack(educator)}
    manifest = Manifest(
        kind=kind,
        id=slug,
        title=own.title,
        summary="A tiny one.",
        version=version,
        released=day,
        language="en",
        licence="CC-BY-4.0",
        authors=("PM Campus authors", "A & B {Institute}"),
        citation=f"PM Campus authors ({day.year}). {own.title} (version {version}) [{kind.value}].",
        changelog=CHANGELOG,
        decision=Decision(step=step),
        contract=Contract(environment="0" * 64),
        contract_digest="1" * 64,
        learner=described("learner.zip", packed["learner.zip"], learner, learner=learner),
        educator=described("educator.zip", packed["educator.zip"], educator, learner=learner),
    )
    write(root, manifest, packed)
    return manifest
