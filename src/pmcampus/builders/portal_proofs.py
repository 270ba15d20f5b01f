"""A page for each assessment's certificate: what was proved, in figures; no answer is given away."""

from collections.abc import Iterator, Mapping

from pmcampus.builders.portal_facts import Facts
from pmcampus.builders.portal_links import Meta
from pmcampus.model.assessment import AssessmentForm
from pmcampus.model.certificate import Certificate

LEAD = (
    "Before an assessment is used, PM Campus proves that it measures what it claims: right answers earn full "
    "points, however they are written; named mistakes and small changes of the right answer lose points; the "
    "same answer always gets the same verdict; and nothing a learner can read gives an answer away. "
    "`pmcampus prove` runs these proofs in the sandbox in which learners' work is marked."
)


def proof_pages(facts: Facts, certificates: Mapping[str, Certificate]) -> Iterator[tuple[str, Meta, str]]:
    """The list of certificates, and a page each."""
    forms = {
        slug: folder.form.model
        for slug, folder in facts.tree.assessments.items()
        if folder.form.model is not None
    }
    rows = "".join(_row(slug, form, certificates.get(slug)) for slug, form in forms.items())
    yield (
        "proofs/index.md",
        {
            "title": "What is proved about assessments",
            "description": "The certificate of every assessment: its proofs, kill rates and waivers.",
            "section": "guides",
            "crumbs": [["Guides", "guides/"], ["Proofs", ""]],
        },
        f"# What is proved about assessments\n\n{LEAD}\n\n"
        "| assessment | version | proofs | small mistakes caught | waivers |\n|---|---|---|---|---|\n" + rows,
    )
    for slug, form in forms.items():
        yield (
            f"proofs/{slug}.md",
            {
                "title": f"Proofs: {form.title}",
                "description": f"What is proved about the assessment {form.title}, version {form.version}.",
                "section": "guides",
                "crumbs": [["Guides", "guides/"], ["Proofs", "proofs/"], [form.title, ""]],
            },
            _page(slug, form, certificates.get(slug)),
        )


def _row(slug: str, form: AssessmentForm, made: Certificate | None) -> str:
    if made is None:
        return f"| [{_cell(form.title)}]({slug}.md) | {form.version} | not proved yet | | |\n"
    held = sum(finding.holds for finding in made.findings)
    waived = sum(item.waived for item in made.items)
    return (
        f"| [{_cell(form.title)}]({slug}.md) | {made.version} | {held} of {len(made.findings)} hold "
        f"| {100 * made.kill_rate:.1f} % of {sum(i.mutants for i in made.items)} | {waived} |\n"
    )


def _page(slug: str, form: AssessmentForm, made: Certificate | None) -> str:
    if made is None:
        return (
            f"# {form.title}, version {form.version}: not proved yet\n\n"
            f"Nobody has run the proofs of this version on the machine that built this site. "
            f"`pmcampus prove {slug}` does, and the next build shows the certificate.\n"
        )
    state = "proved" if made.holds else "not all proofs hold"
    parts = [
        f"# {made.title}, version {made.version}: {state}\n",
        f"{made.judged} notebooks were judged for this certificate (sandbox: {made.sandbox}). It stands for "
        f"content, environment and code with the digest `{made.digest[:16]}`; "
        f"[as JSON](certificates/{slug}.json).\n",
    ]
    for finding in made.findings:
        parts.append(f"## {finding.title}\n")
        parts += [
            f"- {'Holds' if claim.holds else 'Does not hold'}: {claim.says}." for claim in finding.claims
        ]
        if finding.proof == "variants":
            parts += [f"    - {line}" for claim in finding.claims if claim.holds for line in claim.found]
        parts.append("")
    parts.append(
        "## Item by item\n\n"
        "| item | points | named mistakes | other right answers | small mistakes | caught | waived |\n"
        "|---|---|---|---|---|---|---|"
    )
    parts += [
        f"| {_cell(i.title)} | {i.points:g} | {i.wrong} | {i.right} | {i.mutants} "
        f"| {100 * i.kill_rate:.0f} % | {i.waived} |"
        for i in made.items
    ]
    parts.append("\n## Points by outcome\n\n| outcome | level | points | items |\n|---|---|---|---|")
    parts += [
        f"| {o.number}. {_cell(o.text)} | {o.bloom} | {o.points:g} | {len(o.items)} |" for o in made.outcomes
    ]
    waived = [(item, s) for item in made.items for s in item.survivors if s.waived]
    if waived:
        parts.append(
            "\n## Waivers\n\nSmall changes of the right answer that a check accepts, for a reason. "
            "The lines themselves would give answers away; authors see them in the full certificate.\n"
        )
        parts += [f"- {item.title}, kind *{s.operator}*: {s.waived}" for item, s in waived]
    return "\n".join(parts) + "\n"


def _cell(text: str) -> str:
    """A text that keeps its table whole."""
    return text.replace("|", "\\|").replace("\n", " ")
