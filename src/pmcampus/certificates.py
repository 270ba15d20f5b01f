"""Certificates as they are kept in `build/proofs`, and the digest that says whether one still holds."""

import hashlib
import json
import platform
from functools import cache
from importlib.metadata import distributions
from pathlib import Path

from pydantic import ValidationError

from pmcampus.content import IGNORED_FOLDERS
from pmcampus.files import write_text
from pmcampus.forms import load_form
from pmcampus.model.assessment import AssessmentForm
from pmcampus.model.certificate import Certificate
from pmcampus.model.release import VerdictMatrix

CODE = Path(__file__).parent
# What decides a verdict or what is made of it, beside the content; the rest is looked at every time.
JUDGES = (
    "kernels/*.py",
    *(f"proofs/{name}.py" for name in ("answers", "fairness", "mutants", "operators")),
    *(f"proofs/{name}.py" for name in ("matrix", "steadiness", "subject", "variants")),
    *(f"model/{name}.py" for name in ("answers", "assessment", "certificate", "notebook", "verdict")),
    *(
        f"{name}.py"
        for name in ("bench", "checker", "coursedir", "isolation", "names", "paper", "prove", "casepaper")
    ),
)


def folder_of(root: Path) -> Path:
    """Where certificates lie."""
    return root / "build" / "proofs"


def kept(folder: Path, assessment: str) -> Certificate | None:
    """The certificate that lies here, whatever it is worth now; None where none can be read."""
    try:
        return Certificate.model_validate_json((folder / f"{assessment}.json").read_bytes())
    except (FileNotFoundError, ValidationError):
        return None


def keep(folder: Path, certificate: Certificate) -> None:
    """Write it down."""
    write_text(folder / f"{certificate.assessment}.json", certificate.model_dump_json(indent=1) + "\n")


def keep_verdicts(folder: Path, digest: str, verdicts: VerdictMatrix) -> None:
    """Write down how the bank was judged, with the digest of content, environment and code."""
    text = f'{{"digest": "{digest}", "verdicts": {verdicts.model_dump_json(indent=1)}}}\n'
    write_text(folder / f"{verdicts.assessment}.verdicts.json", text)


def current_verdicts(root: Path, assessment: str) -> VerdictMatrix | None:
    """How the assessment as it now stands judges its bank; None where nobody has looked."""
    try:
        found = json.loads((folder_of(root) / f"{assessment}.verdicts.json").read_bytes())
        is_current = found["digest"] == digest(root, assessment)
        return VerdictMatrix.model_validate(found["verdicts"]) if is_current else None
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None


def current(root: Path, assessment: str) -> Certificate | None:
    """What was proved about this assessment as it now stands; None where it is unknown or has changed."""
    found = kept(folder_of(root), assessment)
    return found if found is not None and found.digest == digest(root, assessment) else None


def digest(root: Path, assessment: str) -> str:
    """One number for content, environment and code.

    Args:
        assessment: its id, or `<case>--<part>` for a notebook of a team case.
    """
    found = hashlib.sha256(_surroundings().encode())
    case, is_part, _ = assessment.partition("--")
    shelf = root / "case_studies" / case if is_part else root / "assessments" / assessment
    form = None if is_part else load_form(root, shelf / "assessment.yaml", AssessmentForm).model
    files = sorted(p for p in shelf.rglob("*") if p.is_file() and not IGNORED_FOLDERS & set(p.parts))
    if is_part:
        files = [p for p in files if p.suffix != ".md"]  # sheets and guides decide no verdict
    if form is not None:
        files += [p for p in [root / "modules" / form.module / "module.yaml"] if p.is_file()]
    for path in files:
        found.update(f"{path.relative_to(root)}\0".encode())
        found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()


@cache
def _surroundings() -> str:
    """Environment and code, as text."""
    packages = {d.metadata["Name"]: d.version for d in distributions()}
    found = [platform.python_version(), platform.machine()]
    found += sorted(f"{name} {version}" for name, version in packages.items() if name != "pmcampus")
    for pattern in JUDGES:
        for path in sorted(CODE.glob(pattern)):
            found.append(f"{path.relative_to(CODE)} {hashlib.sha256(path.read_bytes()).hexdigest()}")
    return "\n".join(found)
