"""A cohort's key: from it every learner's course number is derived, at release and at grading."""

import os
import secrets
from collections.abc import Iterable
from pathlib import Path

from pmcampus.errors import CohortError
from pmcampus.model.assessment import AssessmentForm
from pmcampus.variants import course_number

NAME = "variants.key"
PSEUDONYMS = "pseudonyms.key"
LENGTH = 32


def make_key(folder: Path, key: bytes | None = None, *, name: str = NAME) -> None:
    """A new key in the cohort's folder, for the owner's eyes only; one that is there stays.

    Args:
        key: by default a random one.
    """
    text = (key or secrets.token_bytes(LENGTH)).hex()
    try:
        handle = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(text + "\n")


def load_key(folder: Path) -> bytes | None:
    """The cohort's key; None for a cohort without one, whose learners have their numbers on cards.

    Raises:
        CohortError: the file holds no key.
    """
    try:
        text = (folder / NAME).read_text("ascii").strip()
        key = bytes.fromhex(text)
    except FileNotFoundError:
        return None
    except (UnicodeDecodeError, ValueError):
        key = b""
    if len(key) < LENGTH // 2:
        raise CohortError(
            f"{folder / NAME}: this is no key, so nobody's course number is known; "
            "restore the file from a backup, because a new key gives everybody another number."
        )
    return key


def pseudonym_key(folder: Path) -> bytes:
    """The key of the pseudonyms in exports, made where there is none yet.

    Deleting its file makes every pseudonym that was given out one that nobody can trace back.

    Raises:
        CohortError: the file holds no key.
    """
    make_key(folder, name=PSEUDONYMS)
    try:
        key = bytes.fromhex((folder / PSEUDONYMS).read_text("ascii").strip())
    except ValueError:
        key = b""
    if len(key) != LENGTH:
        raise CohortError(f"{folder / PSEUDONYMS}: this is no key; restore the file from a backup.")
    return key


def numbers(folder: Path, assessment: str, form: AssessmentForm, learners: Iterable[str]) -> dict[str, int]:
    """Each learner's course number; none where the assessment or the cohort has no variants.

    Raises:
        CohortError: the key cannot be read.
    """
    key = load_key(folder) if form.variant else None
    if key is None or form.variant is None:
        return {}
    return {
        learner: course_number(key, assessment=assessment, learner=learner, variant=form.variant)
        for learner in learners
    }
