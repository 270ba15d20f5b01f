"""Statements for a learning record store, xAPI 1.0.3, as a JSON array: one for each submission.

Actors are accounts with pseudonyms, without names or addresses. A statement's id depends on what it says, so
sending it twice stores it once. Every statement is checked against the shape below before it is written.
"""

import json
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import jsonschema

from pmcampus.errors import CohortError
from pmcampus.exporters.grades._facts import FINAL, Facts
from pmcampus.progress import Progress, Row, State

ENDING = "json"
VERBS = {
    State.PASSED: ("http://adlnet.gov/expapi/verbs/passed", "passed"),
    State.NOT_YET: ("http://adlnet.gov/expapi/verbs/failed", "failed"),
    State.AWAITING: ("http://adlnet.gov/expapi/verbs/attempted", "attempted"),
}
ASSESSMENT = "http://adlnet.gov/expapi/activities/assessment"
UUID = "^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"
IRI = r"^[a-z][a-z0-9+.-]*:[^\s<>\"{}|\\^`]+$"
STATEMENT: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["id", "actor", "verb", "object"],
    "properties": {
        "id": {"type": "string", "pattern": UUID},
        "version": {"const": "1.0.3"},
        "timestamp": {
            "type": "string",
            "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$",
        },
        "actor": {
            "type": "object",
            "additionalProperties": False,
            "required": ["objectType", "account"],
            "properties": {
                "objectType": {"const": "Agent"},
                "account": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["homePage", "name"],
                    "properties": {
                        "homePage": {"type": "string", "pattern": IRI},
                        "name": {"type": "string", "pattern": "^[0-9a-f]{20}$"},
                    },
                },
            },
        },
        "verb": {
            "type": "object",
            "required": ["id", "display"],
            "properties": {"id": {"type": "string", "pattern": IRI}, "display": {"$ref": "#/$defs/words"}},
        },
        "object": {
            "type": "object",
            "required": ["id", "definition"],
            "properties": {
                "objectType": {"const": "Activity"},
                "id": {"type": "string", "pattern": IRI},
                "definition": {
                    "type": "object",
                    "properties": {
                        "name": {"$ref": "#/$defs/words"},
                        "type": {"type": "string", "pattern": IRI},
                    },
                },
            },
        },
        "result": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "success": {"type": "boolean"},
                "completion": {"type": "boolean"},
                "score": {
                    "type": "object",
                    "additionalProperties": False,
                    "properties": {
                        "scaled": {"type": "number", "minimum": -1, "maximum": 1},
                        "raw": {"type": "number"},
                        "min": {"type": "number"},
                        "max": {"type": "number"},
                    },
                },
            },
        },
        "context": {
            "type": "object",
            "properties": {
                "registration": {"type": "string", "pattern": UUID},
                "platform": {"type": "string"},
                "revision": {"type": "string"},
            },
        },
    },
    "$defs": {"words": {"type": "object", "patternProperties": {"^[a-z]{2}$": {"type": "string"}}}},
}


def render(facts: Facts) -> bytes:
    """The statements, of those who handed in, in order of pseudonyms.

    Raises:
        CohortError: no address of the institution was given, or a statement would not have the right shape.
    """
    if not facts.base.startswith(("https://", "http://")):
        raise CohortError(
            "xAPI names activities and accounts by an address of your institution; give it with --base, "
            "such as https://learn.example.org."
        )
    found = [
        _statement(facts, standing, row)
        for standing in facts.standings
        for row in standing.rows
        if row.state in VERBS
    ]
    found.sort(key=lambda statement: (statement["actor"]["account"]["name"], statement["object"]["id"]))
    for statement in found:
        refuse_odd(statement)
    return (json.dumps(found, indent=2, ensure_ascii=False) + "\n").encode()


def refuse_odd(statement: Any) -> None:
    """Nothing, when the statement has the shape of one.

    Raises:
        CohortError: it has not; the place is named.
    """
    problem = jsonschema.exceptions.best_match(
        jsonschema.Draft202012Validator(STATEMENT).iter_errors(statement)
    )
    if problem is not None:
        place = "/".join(map(str, problem.absolute_path)) or "the statement"
        raise CohortError(f"xAPI: {place}: {problem.message[:200]}; correct what it was made from.")
    score = statement.get("result", {}).get("score", {})
    if score and not score["min"] <= score["raw"] <= score["max"]:
        raise CohortError("xAPI: a score lies outside its limits; look at the gradebook.")


def _statement(facts: Facts, standing: Progress, row: Row) -> dict[str, Any]:
    verb, word = VERBS[row.state]
    base = facts.base.rstrip("/")
    who = facts.pseudonyms[row.learner.id]
    place = f"{base}/assessments/{standing.assessment}/{standing.version}"
    when = {"timestamp": row.handed_in.isoformat()} if row.handed_in else {}
    raw = row.score or 0.0
    result: dict[str, Any] = {"completion": row.state in FINAL}
    if row.state in FINAL:
        scaled = round(raw / standing.points, 6) if standing.points else 0.0
        result["success"] = row.state is State.PASSED
        result["score"] = {"scaled": scaled, "raw": raw, "min": 0, "max": standing.points}
    said = json.dumps([who, verb, place, when, result], sort_keys=True)
    return {
        "id": str(uuid5(NAMESPACE_URL, said)),
        "version": "1.0.3",
        **when,
        "actor": {"objectType": "Agent", "account": {"homePage": base, "name": who}},
        "verb": {"id": verb, "display": {"en": word}},
        "object": {
            "objectType": "Activity",
            "id": place,
            "definition": {"name": {"en": standing.title}, "type": ASSESSMENT},
        },
        "result": result,
        "context": {
            "registration": str(uuid5(NAMESPACE_URL, f"{base}/{facts.course}/{who}")),
            "platform": "PM Campus",
            "revision": standing.version,
        },
    }
