"""What a passed module is worth on paper: the elements that a micro-credential must state.

Council Recommendation of 16 June 2022 on a European approach to micro-credentials (2022/C 243/02), annex I,
`microcredentials2022` in the curriculum's references, lists eleven; `ELEMENTS` has their order and names.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime

from pmcampus.errors import CohortError
from pmcampus.model.issuer import Issuer
from pmcampus.pages import number, plain_date, render

ELEMENTS = (
    "Learner",
    "Title of the micro-credential",
    "Country of the issuer",
    "Awarding body",
    "Date of issuing",
    "Learning outcomes",
    "Notional workload",
    "Level of the learning experience",
    "Type of assessment",
    "Form of participation",
    "Type of quality assurance",
)
ECTS_HOURS = (25, 30)  # of one credit: ECTS Users' Guide
UNREVIEWED = "Not yet clinically reviewed: no clinician has signed the content of this module."
FICTITIOUS = "FICTITIOUS"
MARKS = re.compile(rb"<!--certificate-->.*<!--/certificate-->", re.DOTALL)
TOKEN = re.compile(rb'<code id="badge">\s*([A-Za-z0-9_.\-\s]+?)\s*</code>')


@dataclass(frozen=True)
class Award:
    """A learner's passed module; `learner` is their id, `name` what the roster calls them."""

    course: str
    learner: str
    name: str
    issuer: Issuer
    issued: datetime
    module: str
    title: str
    version: str
    level: str
    outcomes: tuple[str, ...]
    hours: float
    assessment: str
    items_by_machine: int
    items_by_people: int
    passing_score: float
    share: float
    submission: str
    is_reviewed: bool
    is_fictitious: bool

    @property
    def shown_title(self) -> str:
        """The title, which says so when nothing of it is real."""
        return f"{FICTITIOUS}: {self.title}" if self.is_fictitious else self.title

    @property
    def elements(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Each mandatory element with what is said about it, in lines."""
        most, least = (self.hours / hours for hours in ECTS_HOURS)
        eqf = f", EQF level {self.issuer.eqf_level}" if self.issuer.eqf_level else ", no EQF level stated"
        by_people = f", {self.items_by_people} by markers with a rubric" if self.items_by_people else ""
        texts: tuple[tuple[str, ...], ...] = (
            (self.name,),
            (f"{self.shown_title}, version {self.version}",),
            (self.issuer.country,),
            (self.issuer.name, self.issuer.url),
            (plain_date(self.issued),),
            self.outcomes,
            (
                f"{number(self.hours)} hours, about {least:.1f} to {most:.1f} ECTS "
                f"({ECTS_HOURS[0]} to {ECTS_HOURS[1]} hours each)",
            ),
            (f"{self.level.capitalize()}{eqf}",),
            (
                f"{self.assessment}: {self.items_by_machine} items marked by hidden tests{by_people}; "
                f"{number(self.passing_score)} % needed, {100 * self.share:.0f} % reached",
            ),
            (f"{self.issuer.participation.capitalize()}. {self.issuer.supervision}.",),
            (self.issuer.quality_assurance,),
        )
        return tuple(zip(ELEMENTS, texts, strict=True))


def certificate(award: Award, *, token: str = "", style: str = "") -> bytes:
    """The certificate as one HTML page, ready to print, which carries its badge for who wants to check it.

    Args:
        token: the signed badge.
    """
    code = hashlib.sha256(token.encode()).hexdigest()[:24] if token else ""
    page = render(
        "certificate.html",
        award=award,
        unreviewed="" if award.is_reviewed else UNREVIEWED,
        token=token,
        code=" ".join(code[at : at + 4] for at in range(0, len(code), 4)),
        style=style,
    )
    return page.encode()


def digest_of_certificate(page: bytes) -> str:
    """The SHA-256 of what the certificate says, which its badge carries.

    Raises:
        CohortError: it is no certificate of ours.
    """
    found = MARKS.findall(page)
    if len(found) != 1:
        raise CohortError("this page is no certificate of PM Campus, or it was changed; use the file itself.")
    return hashlib.sha256(found[0]).hexdigest()


def badge_in(page: bytes) -> str:
    """The badge that a certificate carries.

    Raises:
        CohortError: it carries none.
    """
    found = TOKEN.findall(page)
    if len(found) != 1:
        raise CohortError("this page carries no badge, or it was changed; use the file itself.")
    return b"".join(found[0].split()).decode("ascii")
