"""Open Badges 3.0 as a signed token (JWT-VC, EdDSA), checked without a network against a key one trusts."""

import base64
import re
from dataclasses import dataclass
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from openbadgeslib.errors import LibOpenBadgesException
from openbadgeslib.ob3 import (
    Achievement,
    Evidence,
    IdentityObject,
    Issuer,
    OB3Signer,
    OB3Verifier,
    OpenBadgeCredential,
    Result,
    ResultDescription,
)

from pmcampus.award import UNREVIEWED, Award
from pmcampus.errors import CohortError

KEY = "badges.key"
MAX_TOKEN = 100_000
CERTIFICATE = "certificate-sha256:"


@dataclass(frozen=True)
class Badge:
    """What a genuine badge says."""

    id: str
    title: str
    issuer: str
    issuer_url: str
    recipient: str
    names: tuple[str, ...]
    issued: datetime
    certificate: str


def badge(award: Award, key: Ed25519PrivateKey, *, pseudonym: str, certificate: str) -> str:
    """The signed badge of this award; the same award gives the same id.

    Args:
        pseudonym: what stands for the learner in the badge's subject.
        certificate: the SHA-256 of what the certificate says.
    """
    place = f"urn:pmcampus:module:{award.module}:{award.version}"
    described = f"{place}#share"
    notes = [f"{label}: {'; '.join(lines)}" for label, lines in award.elements if label != "Learner"]
    if not award.is_reviewed:
        notes.append(UNREVIEWED)
    said = f"{award.course}/{award.learner}/{place}/{award.submission}"
    credential = OpenBadgeCredential(
        id=f"urn:uuid:{uuid5(NAMESPACE_URL, said)}",
        issuer=Issuer(id=award.issuer.url, name=award.issuer.name, url=award.issuer.url),
        recipient_id=f"urn:pmcampus:learner:{award.course}:{pseudonym}",
        identifiers=[IdentityObject(identity_hash=award.name, identity_type="name", hashed=False)],
        achievement=Achievement(
            id=place,
            name=award.shown_title,
            description=" ".join(f"{note.rstrip('.')}." for note in notes),
            criteria_narrative=dict(award.elements)["Type of assessment"][0],
            achievement_type="MicroCredential",
            result_descriptions=[
                ResultDescription(
                    id=described,
                    name="Share of points",
                    result_type="Percent",
                    value_min="0",
                    value_max="100",
                )
            ],
        ),
        issuance_date=award.issued.replace(microsecond=0),
        results=[Result(value=f"{100 * award.share:.0f}", status="Completed", result_description=described)],
        evidence=[
            Evidence(
                name="Submission",
                genre="sha256",
                description=f"The work that was marked has the SHA-256 {award.submission}.",
                narrative=f"{CERTIFICATE}{certificate}",
            )
        ],
    )
    return OB3Signer(key, algorithm="EdDSA").sign(credential)


def checked_badge(token: str, public: Ed25519PublicKey, *, source: str = "badge") -> Badge:
    """What this badge says, when this key has signed every sign of it.

    Raises:
        CohortError: it is none, was changed, or another key signed it.
    """
    plain = token.strip()
    try:
        if len(plain) > MAX_TOKEN or not all(map(_is_canonical, plain.split("."))):
            raise ValueError("not in its one form")
        found = OB3Verifier(public).verify(plain)
        text = next((one.narrative or "" for one in found.evidence), "")
        if found.issuance_date is None:
            raise ValueError("no date")
    except (LibOpenBadgesException, ValueError, TypeError, AttributeError, RecursionError):
        raise CohortError(
            f"{source}: this badge is not genuine: it was changed, or another key signed it; "
            "use the unchanged file and the issuer's own key."
        ) from None
    return Badge(
        id=found.id or "",
        title=found.achievement.name,
        issuer=found.issuer.name,
        issuer_url=found.issuer.id,
        recipient=found.recipient_id or "",
        names=tuple(one.identity_hash for one in found.identifiers if one.identity_type == "name"),
        issued=found.issuance_date,
        certificate=text.removeprefix(CERTIFICATE) if text.startswith(CERTIFICATE) else "",
    )


def _is_canonical(part: str) -> bool:
    """Whether base64url has the one form that these bytes have: loose bits at its end would go unseen."""
    if not re.fullmatch(r"[A-Za-z0-9_-]+", part):
        return False
    raw = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    return base64.urlsafe_b64encode(raw).decode().rstrip("=") == part
