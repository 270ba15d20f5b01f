"""A page for every rule of the linter: what it asks, why, and what right looks like."""

import re
from collections.abc import Iterator, Sequence

from pmcampus.builders.portal_links import Meta
from pmcampus.lint import Rule, rules


def rule_pages() -> Iterator[tuple[str, Meta, str]]:
    """The list of rules, and a page each."""
    yield (
        "rules/index.md",
        {
            "template": "rules.html",
            "title": "Rules",
            "description": "Every rule of pmcampus lint, by family, with its reason and examples.",
            "section": "guides",
            "crumbs": [["Guides", "guides/"], ["Rules", ""]],
            "families": _families(rules()),
        },
        "",
    )
    for rule in rules():
        yield (
            f"rules/{rule.code}.md",
            {
                "template": "rule.html",
                "title": f"{rule.code} {_plain(rule.title)}",
                "description": f"Rule {rule.code}: {_plain(rule.title)}. Why, a wrong and a right example.",
                "section": "guides",
                "crumbs": [["Guides", "guides/"], ["Rules", "rules/"], [rule.code, ""]],
                "code": rule.code,
                "rule_title": rule.title,
                "severity": rule.severity,
                "family": rule.family,
            },
            _body(rule),
        )


def _families(rules: Sequence[Rule]) -> list[Meta]:
    families: dict[str, list[Meta]] = {}
    for rule in rules:
        families.setdefault(rule.family, []).append(
            {
                "code": rule.code,
                "title": rule.title,
                "severity": rule.severity,
                "url": f"rules/{rule.code}/",
            }
        )
    return [{"name": name, "rules": found} for name, found in families.items()]


def _body(rule: Rule) -> str:
    parts = [f"## Why\n\n{rule.why}\n"]
    for heading, example in (("Wrong", rule.wrong), ("Right", rule.right)):
        if example:
            parts.append(f"## {heading}\n\n{_example(example)}\n")
    return "\n".join(parts)


def _example(text: str) -> str:
    """An example as code, unless it already brings its own fences."""
    if "```" in text or "~~~" in text:
        return text
    kind = "yaml" if re.search(r"^[-a-z_ ]+:", text, re.MULTILINE) else "text"
    inside = text.strip("\n")
    return f"````{kind}\n{inside}\n````"


def _plain(text: str) -> str:
    return text.replace("`", "")
