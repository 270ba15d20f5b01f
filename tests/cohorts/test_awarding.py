"""Certificates and badges: for who passed, complete, and genuine to the last sign or refused."""

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from pmcampus import gradebook
from pmcampus.award import ELEMENTS, UNREVIEWED, Award, certificate, digest_of_certificate
from pmcampus.badges import badge, checked_badge
from pmcampus.cohortdir import database_url, load_cohort, write_cohort
from pmcampus.cohorts.awarding import check, give
from pmcampus.errors import CohortError
from pmcampus.model.issuer import Issuer
from pmcampus.receipts import public_text
from pmcampus.signingkey import signing_key
from tests.conftest import TWO_MODULES
from tests.faults import drill

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
ISSUER = Issuer(
    name="An Institution",
    country="DE",
    url="https://learn.example.org",
    quality_assurance="Internal, by the faculty",
    participation="blended",
)
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
AWARD = Award(
    course="autumn",
    learner="ada",
    name="Ada Made-Up",
    issuer=ISSUER,
    issued=NOW,
    module="second-steps",
    title="Second steps",
    version="1.0.0",
    level="introductory",
    outcomes=("Count a share", "Say what is not known"),
    hours=7,
    assessment="Counting",
    items_by_machine=2,
    items_by_people=1,
    passing_score=60,
    share=0.85,
    submission="0" * 64,
    is_reviewed=False,
    is_fictitious=False,
)
TOKEN = badge(AWARD, KEY, pseudonym="p" * 20, certificate=digest_of_certificate(certificate(AWARD)))
PAGE = certificate(AWARD, token=TOKEN, style="p{color:red}")


@pytest.fixture
def passed(tmp_path: Path) -> Path:
    """A cohort with an issuer, in which l00 has full marks and l01 waits for a marker."""
    folder = drill.cohort(tmp_path / "autumn", learners=2)
    write_cohort(folder, load_cohort(folder).model_copy(update={"issuer": ISSUER}))
    drill.run(folder)
    cohort = load_cohort(folder)
    with gradebook.open_gradebook(database_url(folder, cohort), cohort.course) as book:
        for cell, score in (("share-check", 4.0), ("letter", 4.0)):
            gradebook.mark_by_hand(book, "l00", "counting", cell=cell, score=score)
    return folder


def written(tmp_path: Path, page: bytes, key: Ed25519PrivateKey = KEY) -> tuple[Path, Path]:
    """The page and the public key as files."""
    file, public = tmp_path / "certificate.html", tmp_path / "badges.pem"
    file.write_bytes(page)
    public.write_text(public_text(key.public_key()))
    return file, public


def test_all_eleven_elements_are_there_in_order() -> None:
    """As the Council's recommendation lists them, none empty."""
    text = PAGE.decode()
    places = [text.index(f">{element}<") for element in ELEMENTS]

    assert len(ELEMENTS) == 11
    assert places == sorted(places)
    assert all(all(line.strip() for line in lines) for _, lines in AWARD.elements)
    assert "7 hours, about 0.2 to 0.3 ECTS" in text
    assert "60 % needed, 85 % reached" in text


def test_unreviewed_content_and_invented_people_are_named_as_such() -> None:
    """On the certificate and in the badge."""
    invented = replace(AWARD, is_fictitious=True, is_reviewed=True)
    token = badge(invented, KEY, pseudonym="p", certificate="")

    assert UNREVIEWED in PAGE.decode()
    assert UNREVIEWED not in certificate(invented).decode()
    assert "FICTITIOUS" in certificate(invented).decode()
    assert "FICTITIOUS" not in PAGE.decode()
    assert "FICTITIOUS: Second steps" == checked_badge(token, KEY.public_key()).title
    assert UNREVIEWED in payload(TOKEN)["credentialSubject"]["achievement"]["description"]


def payload(token: str) -> dict[str, Any]:
    """What the token says, read without the library."""
    part = token.split(".")[1]
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return found


def test_the_badge_is_an_open_badge_3_signed_with_ed25519() -> None:
    """Checked here with the standard's own words and the algorithm alone."""
    head, body, signature = TOKEN.split(".")
    raw = base64.urlsafe_b64decode(signature + "==")
    KEY.public_key().verify(raw, f"{head}.{body}".encode())
    said = payload(TOKEN)

    assert "EdDSA" == json.loads(base64.urlsafe_b64decode(head + "=="))["alg"]
    assert {"VerifiableCredential", "OpenBadgeCredential"} <= set(said["type"])
    assert "https://www.w3.org/ns/credentials/v2" == said["@context"][0]
    assert "2026-11-25T12:00:00Z" == said["validFrom"]
    assert "ada" not in json.dumps(said["credentialSubject"]["id"])


def test_the_same_award_gives_the_same_badge_id() -> None:
    """Who gets it twice has one."""
    again = badge(replace(AWARD, issued=NOW.replace(day=26)), KEY, pseudonym="p", certificate="")

    assert payload(TOKEN)["id"] == payload(again)["id"]


@given(st.integers(0, len(TOKEN) * 8 - 1))
def test_one_bit_of_the_badge_is_enough_to_refuse_it(bit: int) -> None:
    """The loose bits at the end of base64 included."""
    content = bytearray(TOKEN.encode())
    content[bit // 8] ^= 1 << bit % 8

    with pytest.raises(CohortError, match="not genuine"):
        checked_badge(content.decode("latin-1"), KEY.public_key())


@pytest.mark.parametrize("bit", range(6))
def test_the_last_sign_has_one_form_only(bit: int) -> None:
    """Another sign with the same bytes is refused."""
    signs = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    last = signs[signs.index(TOKEN[-1]) ^ (1 << bit)]

    with pytest.raises(CohortError, match="not genuine"):
        checked_badge(TOKEN[:-1] + last, KEY.public_key())


def test_another_key_and_other_texts_are_refused() -> None:
    """With the same sentence."""
    other = Ed25519PrivateKey.generate().public_key()
    for token, key in ((TOKEN, other), ("", KEY.public_key()), ("a.b.c", KEY.public_key()), ("é", other)):
        with pytest.raises(CohortError, match="not genuine"):
            checked_badge(token, key)


def test_a_certificate_is_checked_with_file_and_key_alone(tmp_path: Path) -> None:
    """It names who it is for."""
    found = check(*written(tmp_path, PAGE))

    assert (("Ada Made-Up",), "Second steps", "An Institution") == (found.names, found.title, found.issuer)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"Ada Made-Up", b"Eve Made-Up"),
        (b"85 % reached", b"99 % reached"),
        (b"Not yet clinically reviewed", b"Reviewed"),
        (b"<!--/certificate-->", b"<p>with honours</p><!--/certificate-->"),
        (b"<!--/certificate-->", b"<!--/certificate--><!--certificate-->more<!--/certificate-->"),
    ],
)
def test_a_certificate_that_was_changed_is_refused(tmp_path: Path, old: bytes, new: bytes) -> None:
    """Though its badge is genuine."""
    page = PAGE.replace(old, new)
    assert page != PAGE

    with pytest.raises(CohortError, match="changed"):
        check(*written(tmp_path, page))


@pytest.mark.parametrize(
    "name",
    ["<script>alert(1)</script>", "\u202eevil", "=1+1", "x" * 10_000, "<!--/certificate-->", '"><img src=x>'],
)
def test_no_name_acts_on_a_certificate(tmp_path: Path, name: str) -> None:
    """It is text, and the certificate with it is checked as any other."""
    award = replace(AWARD, name=name)
    said = digest_of_certificate(certificate(award))
    token = badge(award, KEY, pseudonym="p", certificate=said)
    page = certificate(award, token=token)

    assert (name,) == check(*written(tmp_path, page)).names
    assert not any(tag in page for tag in (b"<script", b"<img"))
    assert b"<bdi>" in page


def test_only_who_passed_gets_one(passed: Path, tmp_path: Path) -> None:
    """The others are told where they stand."""
    given_one = give(passed, "l00", "second-steps", root=TWO_MODULES, now=NOW)
    file, key = written(tmp_path, given_one.page, signing_key(passed, "badges.key"))

    assert ("Somebody Made-Up",) == check(file, key).names
    for learner, module, sentence in [
        ("l01", "second-steps", "has not passed counting"),
        ("eve", "second-steps", "is not on the roster"),
        ("l00", "poetry", "is not a module of this cohort"),
        ("l00", "first-steps", "takes no assessment of it"),
    ]:
        with pytest.raises(CohortError, match=sentence):
            give(passed, learner, module, root=TWO_MODULES, now=NOW)


def test_without_an_issuer_nothing_is_awarded(passed: Path) -> None:
    """No institution is made up."""
    write_cohort(passed, load_cohort(passed).model_copy(update={"issuer": None}))

    with pytest.raises(CohortError, match="it names no issuer"):
        give(passed, "l00", "second-steps", root=TWO_MODULES, now=NOW)
