"""Receipts: genuine to the last bit, or refused."""

import json
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from pmcampus.errors import CohortError
from pmcampus.receipts import (
    Receipt,
    checked,
    public_text,
    read_public_key,
    signed,
    verify,
)
from pmcampus.receive import fingerprint

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key()
NOTEBOOK = b'{"cells": []}'
RECEIPT = Receipt(
    course="autumn",
    learner="ada",
    assessment="counting",
    version="1.0.0",
    sha256=fingerprint(NOTEBOOK),
    size=len(NOTEBOOK),
    received="2026-11-20T16:00:00Z",
    handed_in="",
    attempt=1,
)
FILE = signed(RECEIPT, KEY)


def flipped(content: bytes, bit: int) -> bytes:
    """The bytes with one bit turned over."""
    at, mask = bit // 8 % len(content), 1 << bit % 8
    return content[:at] + bytes([content[at] ^ mask]) + content[at + 1 :]


def test_a_receipt_says_what_was_signed() -> None:
    """And is one line of JSON."""
    assert verify(FILE, NOTEBOOK, PUBLIC) == RECEIPT
    assert FILE.count(b"\n") == 1
    assert json.loads(FILE)["learner"] == "ada"


def test_the_signature_is_plain_ed25519_over_the_line_without_it() -> None:
    """Another program can check it with any library that knows RFC 8032."""
    import base64

    stored = json.loads(FILE)
    signature = base64.urlsafe_b64decode(stored.pop("signature"))
    PUBLIC.verify(signature, json.dumps(stored, sort_keys=True, separators=(",", ":")).encode())


def test_one_bit_of_the_receipt_is_enough_to_refuse_it() -> None:
    """Each single one, the signature's and the line's end included."""
    for bit in range(8 * len(FILE)):
        with pytest.raises(CohortError):
            verify(flipped(FILE, bit), NOTEBOOK, PUBLIC)


@given(st.binary(min_size=1, max_size=300), st.integers(0, 8 * 300 - 1))
def test_one_bit_of_the_notebook_is_enough_to_refuse_it(notebook: bytes, bit: int) -> None:
    """Whatever the notebook is."""
    receipt = replace(RECEIPT, sha256=fingerprint(notebook), size=len(notebook))
    file = signed(receipt, KEY)

    assert receipt == verify(file, notebook, PUBLIC)
    with pytest.raises(CohortError, match="about another file"):
        verify(file, flipped(notebook, bit), PUBLIC)


@given(st.binary(max_size=600) | st.text(max_size=300).map(str.encode))
def test_nothing_else_is_a_receipt(content: bytes) -> None:
    """And no bytes make it fail otherwise."""
    with pytest.raises(CohortError):
        checked(content, PUBLIC)


@pytest.mark.parametrize("field", ["learner", "attempt", "received", "course"])
def test_a_field_cannot_be_moved_from_one_receipt_to_another(field: str) -> None:
    """Somebody else's signature does not fit."""
    other = signed(replace(RECEIPT, learner="ben", attempt=2, received="2026-11-21T16:00:00Z"), KEY)
    stored = json.loads(other)
    stored[field] = json.loads(FILE)[field] if field != "course" else "spring"
    forged = json.dumps(stored, sort_keys=True, separators=(",", ":")).encode() + b"\n"

    with pytest.raises(CohortError, match="signature does not fit"):
        checked(forged, PUBLIC)


def test_another_cohorts_key_is_refused_by_name() -> None:
    """Before anything is believed."""
    other = Ed25519PrivateKey.generate().public_key()

    with pytest.raises(CohortError, match="names another key"):
        checked(FILE, other)


def test_the_public_key_is_pem_and_nothing_else_is_read_as_one() -> None:
    """A private key given by mistake is not taken."""
    assert read_public_key(public_text(PUBLIC).encode(), source="key") == PUBLIC
    with pytest.raises(CohortError, match="no public Ed25519 key"):
        read_public_key(b"-----BEGIN PRIVATE KEY-----\n", source="key")
