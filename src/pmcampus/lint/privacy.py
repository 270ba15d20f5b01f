"""PM607 to PM609 and PM612: nothing that is published names a person or opens a door."""

import re
from collections.abc import Iterator

from pmcampus.lint.facts import Facts, where
from pmcampus.lint.notebooks import output_text
from pmcampus.lint.rule import Finding, rule

EMAIL = re.compile(
    r"(?<![\w.@])[\w.+-]+@((?:[\w-]+\.)+(?:com|org|net|edu|gov|int|info|eu|[a-z]{2}))\b(?![\w(.]\w)"
)
NOBODY = re.compile(r"(^|\.)example(\.(com|org|net))?$|\.(invalid|test|example)$")
DAY = r"(?:\d{4}-\d\d-\d\d|\d{1,2}[./-]\d{1,2}[./-]\d{2,4})"
NUMBER = r"\W{0,4}\d{3}[ -]?\d{2,3}[ -]?\d{4}"
PERSON = {
    "a date of birth": re.compile(
        rf"\b(?:date of birth|birth ?date|d\.?o\.?b\.?)\W{{0,4}}{DAY}", re.IGNORECASE
    ),
    "a medical record number": re.compile(
        r"\b(?:MRN|medical record (?:number|no\.?))\W{0,4}[A-Z]{0,3}\d{5,}"
    ),
    "a national health number": re.compile(rf"\b(?:NHS (?:number|no\.?)|SSN|social security number){NUMBER}"),
}
COLUMNS = re.compile(
    r"(?i)^(?:date_?of_?birth|birth_?date|dob|mrn|(?:first|last|full|family|given|patient)_?name|surname|"
    r"e_?mail|phone|street|address|ssn|nhs_?(?:number|no)|passport(?:_?no)?)$"
)
SECRET = re.compile(
    r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{36}\b|"
    r"\bxox[abp]-[\w-]{20,}|"
    r"\b(?i:password|passwd|api_?key|secret_?key|access_?token|auth_?token)\s*[=:]\s*[\"'][^\"'\s]{8,}[\"']"
)
# A text without one of these words holds nothing that the patterns above could find, and is quickly passed.
PERSON_WORDS = ("birth", "dob", "d.o.b", "mrn", "medical record", "nhs", "ssn", "social security")
SECRET_WORDS = ("private key", "akia", "gh", "xox", "passw", "key", "token")


@rule(
    "PM607",
    "An e-mail address is published",
    why="Content is copied and kept for years. People's addresses do not belong in it; an invented one "
    "may be somebody's.",
    wrong="Questions: rosa.almeida@hospital.pt",
    right="Questions: rosa@example.org        (a name kept free for examples)",
)
def email(facts: Facts) -> Iterator[Finding]:
    """E-mail addresses outside the domains reserved for examples."""
    for path, line, place, text in _everything(facts):
        for hit in EMAIL.finditer(text) if "@" in text else ():
            if not NOBODY.search(hit[1]):
                fact = f"An e-mail address stands{place}: {hit[0][:3]}…@{hit[1]}."
                yield Finding(path, line, fact, "Remove it, or use a name at example.org.")
                break


@rule(
    "PM608",
    "Something that identifies a person is published",
    why="A date of birth or a record number can point at somebody, even by chance. Nothing here may "
    "describe a real person without recorded consent.",
    wrong="Rosa Almeida, date of birth 12.03.1968, MRN 00417723",
    right="Rosa Almeida, 58 (Rosa is fictional)",
)
def identifies(facts: Facts) -> Iterator[Finding]:
    """Dates of birth, record numbers, and columns for them in data files."""
    remedy = "Remove it; an age in years is enough for a story."
    for path, line, place, text in _everything(facts):
        if not _holds(text, PERSON_WORDS):
            continue
        what = next((name for name, pattern in PERSON.items() if pattern.search(text)), None)
        if what:
            yield Finding(path, line, f"What looks like {what} stands{place}.", remedy)
    for folder in facts.folders:
        for file in folder.data.values():
            first = (file.text or "").partition("\n")[0]
            columns = [c.strip(" \"'#\r") for c in re.split(r"[,;\t|]", first)]
            found = [column for column in columns if COLUMNS.match(column)]
            if found and len(columns) > 1:
                yield Finding(file.path, 1, f"The data have a column `{found[0]}`.", "Remove the column.")


@rule(
    "PM609",
    "A password or key is published",
    why="Whatever is committed once stays in the history for ever and is found by machines within minutes.",
    wrong='api_key = "sk-31f0a9c2…"',
    right='api_key = os.environ["REGISTRY_KEY"]        (and not in a lesson)',
)
def secret(facts: Facts) -> Iterator[Finding]:
    """Keys, tokens and passwords written out."""
    for path, line, place, text in _everything(facts):
        if _holds(text, SECRET_WORDS) and SECRET.search(text):
            yield Finding(
                path,
                line,
                f"What looks like a password or key stands{place}.",
                "Remove it, and make it invalid where it was used.",
            )


@rule(
    "PM612",
    "A real patient's consent is not recorded",
    why="A story about a real person needs a consent that names this use, kept where it can be shown "
    "and withdrawn.",
    wrong="patient: {real: true, consent: null}",
    right="patient: {real: false, consent: null}",
)
def consent(facts: Facts) -> Iterator[Finding]:
    """Cases about a real person without a reference to their consent."""
    for folder, form in facts.cases:
        if form.patient.real and not (form.patient.consent or "").strip():
            line = folder.form.line("patient")
            fact = "The patient is real, but no consent is recorded."
            yield Finding(
                folder.form.path, line, fact, "Write where the consent is kept, or tell an invented story."
            )


def _holds(text: str, words: tuple[str, ...]) -> bool:
    lower = text.lower()
    return any(word in lower for word in words)


def _everything(facts: Facts) -> Iterator[tuple[str, int, str, str]]:
    """Every text that is published: file, line, where in it, text."""
    for notebook in facts.notebooks:
        for cell in notebook.cells:
            texts = [cell.source, *(output_text(output) for output in cell.outputs)]
            yield notebook.path, cell.line, f" in {where(cell)}", "\n".join(texts)
    for page in facts.pages:
        for number, line in enumerate(page.text.split("\n"), start=1):
            yield page.path, number, " here", line
    for folder in facts.folders:
        for file in folder.data.values():
            if file.text:
                yield file.path, 1, " in the data", file.text
