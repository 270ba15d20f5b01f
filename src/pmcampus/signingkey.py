"""The key with which a cohort signs receipts: private in its folder, public for everybody."""

import os
import secrets
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pmcampus.errors import CohortError

NAME = "receipts.key"


def signing_key(folder: Path, name: str = NAME) -> Ed25519PrivateKey:
    """The cohort's key; made, for the owner's eyes only, where there is none yet.

    Raises:
        CohortError: the file holds no key of this kind.
    """
    path = folder / name
    if not path.exists():
        _make(path)
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise CohortError(
            f"{path}: this is no private Ed25519 key; put the file back from a backup, "
            "because what an earlier key signed is checked with that key alone."
        )
    return key


def _make(path: Path) -> None:
    """A new key, whole from the moment it has its name; of two makers the first one's stays."""
    text = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        path.hardlink_to(temporary)
    except FileExistsError:
        return
    finally:
        temporary.unlink(missing_ok=True)
