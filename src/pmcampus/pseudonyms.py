"""Pseudonyms: the same person gives the same one for the same purpose, and nobody without the key can tell.

HMAC with SHA-256 (RFC 2104); the purpose is part of what is hashed, so that two exports cannot be joined.
"""

import hmac

LENGTH = 20  # hexadecimal digits: 80 bits, no two of a million learners alike by chance
IN_LOG = 16  # 64 bits: among the people of one cohort


def pseudonym(key: bytes, *, purpose: str, learner: str) -> str:
    """The learner's name in an export for this purpose, in hexadecimal digits."""
    return _digest(key, f"{len(purpose)}:{purpose}:{learner}")[:LENGTH]


def pseudonym_in_log(key: bytes, *, kind: str, id: str) -> str:
    """What stands in an access log for this account or learner; an empty id has none."""
    # Another text than in exports, so that lines written before there were exports keep their meaning.
    return _digest(key, f"{kind}\0{id}")[:IN_LOG] if id else ""


def _digest(key: bytes, text: str) -> str:
    return hmac.digest(key, text.encode(), "sha256").hex()
