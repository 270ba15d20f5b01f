"""Receipts: what was handed in, by whom and when, signed, so that anybody with the public key can check.

A receipt is one line of JSON in one fixed form (sorted names, no blanks, as RFC 8785 has it for texts and
whole numbers), signed with Ed25519 (RFC 8032). It is checked byte by byte: one bit that differs, in the
receipt or in the notebook, and it is refused.
"""

import base64
import hashlib
import json
from dataclasses import asdict, dataclass, fields
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from pmcampus.errors import CohortError

FORMAT = "pmcampus-receipt-1"
MAX_BYTES = 10_000


@dataclass(frozen=True)
class Receipt:
    """What a receipt says.

    Attributes:
        course: the cohort, by its course id.
        learner: by id; names stay out.
        sha256: of the bytes handed in, of which there are `size`.
        received: when the cohort's folder took them in, as 2026-11-20T16:00:00Z.
        handed_in: when the learner handed in, where somebody noted it; empty where nobody did.
        attempt: the how-manieth it is, from 1 on.
    """

    course: str
    learner: str
    assessment: str
    version: str
    sha256: str
    size: int
    received: str
    handed_in: str
    attempt: int


FIELDS = {field.name: field.type for field in fields(Receipt)}


def signed(receipt: Receipt, key: Ed25519PrivateKey) -> bytes:
    """The receipt's file."""
    body = _body(receipt, key.public_key())
    signature = base64.urlsafe_b64encode(key.sign(_canonical(body))).decode()
    return _canonical(body | {"signature": signature}) + b"\n"


def checked(file: bytes, public: Ed25519PublicKey, *, source: str = "receipt") -> Receipt:
    """What this file says, when this key has signed every byte of it.

    Raises:
        CohortError: it is no receipt, was changed, or another key signed it.
    """
    try:
        if len(file) > MAX_BYTES:
            raise ValueError("it is too long")
        stored = json.loads(file)
        receipt = Receipt(**{name: stored[name] for name in FIELDS})
        if any(type(value) not in (str, int) for value in asdict(receipt).values()):
            raise TypeError("a field has another type")
        signature = base64.urlsafe_b64decode(stored["signature"])
        whole = _canonical(stored) + b"\n" == file
        named = stored.get("key")
    except (ValueError, KeyError, TypeError, RecursionError):
        raise CohortError(
            f"{source}: this is no receipt of PM Campus, or it was changed; use the unchanged file."
        ) from None
    if named != fingerprint(public):
        raise CohortError(
            f"{source}: this receipt names another key than the one given, or it was changed; "
            "use the public key of its cohort."
        )
    body = _body(receipt, public)
    again = base64.urlsafe_b64encode(signature).decode()
    try:
        if not whole or stored != body | {"signature": again}:
            raise InvalidSignature
        public.verify(signature, _canonical(body))
    except InvalidSignature:
        raise CohortError(
            f"{source}: the signature does not fit; the receipt was changed, or another key made it."
        ) from None
    return receipt


def verify(file: bytes, notebook: bytes, public: Ed25519PublicKey, *, source: str = "receipt") -> Receipt:
    """What the receipt says, when it is genuine and is about exactly these bytes.

    Raises:
        CohortError: see `checked`; or the notebook is another.
    """
    receipt = checked(file, public, source=source)
    if (receipt.sha256, receipt.size) != (hashlib.sha256(notebook).hexdigest(), len(notebook)):
        raise CohortError(
            f"{source}: the receipt is genuine and is about another file; "
            "give the notebook exactly as it was handed in."
        )
    return receipt


def read_public_key(text: bytes, *, source: str) -> Ed25519PublicKey:
    """The public key in this PEM file.

    Raises:
        CohortError: there is none, or it is of another kind.
    """
    try:
        key = serialization.load_pem_public_key(text)
    except (ValueError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PublicKey):
        raise CohortError(
            f"{source}: this is no public Ed25519 key in PEM; `pmcampus receipt key FOLDER` writes one."
        )
    return key


def public_text(public: Ed25519PublicKey) -> str:
    """The key as PEM, to publish."""
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return public.public_bytes(serialization.Encoding.PEM, form).decode()


def fingerprint(public: Ed25519PublicKey) -> str:
    """The SHA-256 of the raw key, by which receipts name it."""
    raw = public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return hashlib.sha256(raw).hexdigest()


def _body(receipt: Receipt, public: Ed25519PublicKey) -> dict[str, Any]:
    return asdict(receipt) | {"format": FORMAT, "key": fingerprint(public)}


def _canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
