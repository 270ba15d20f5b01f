"""Pseudonyms: the same learner gives the same one for the same purpose, and nobody without the key can tell.

HMAC with SHA-256 (RFC 2104); the purpose is part of what is hashed, so that two exports cannot be joined.
"""

import hashlib
import hmac

LENGTH = 20  # hexadecimal digits: 80 bits, no two of a million learners alike by chance


def pseudonym(key: bytes, *, purpose: str, learner: str) -> str:
    """The learner's name in an export for this purpose, in hexadecimal digits."""
    text = f"{len(purpose)}:{purpose}:{learner}".encode()
    return hmac.new(key, text, hashlib.sha256).hexdigest()[:LENGTH]
