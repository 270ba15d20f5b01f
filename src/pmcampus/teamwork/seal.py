"""A commitment's form and its seal: twelve characters to post before the talk, and the digest behind them."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from pmcampus.errors import CohortError

SHOWN = 12


def seal(commitment: Mapping[str, Any] | Sequence[Any]) -> str:
    """The SHA-256 of the commitment's text; the secret word in it keeps others from guessing the rest."""
    text = json.dumps(commitment, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def posted(digest: str) -> str:
    """The part of a seal that goes on the team's board."""
    return digest[:SHOWN]


def check_form(value: Any, schema: Mapping[str, Any], *, source: str) -> dict[str, Any]:
    """The value, when it has the form that the case asks for.

    Raises:
        CohortError: a field is missing, unknown, or has a value that does not fit.
    """
    import jsonschema

    check = jsonschema.validators.validator_for(schema)(schema)
    faults = list(check.iter_errors(value))
    if faults:
        first = jsonschema.exceptions.best_match(faults)
        place = ".".join(str(part) for part in first.absolute_path) or "the form"
        more = f" {len(faults) - 1} more after that." if len(faults) > 1 else ""
        raise CohortError(f"{source}: {place}: {first.message:.200}. Correct it and try again.{more}")
    return dict(value)
