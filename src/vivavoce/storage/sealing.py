"""Secrets at rest: AES-256-GCM under a key derived from the installation's secret key."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from vivavoce.domain.errors import Conflict, Malformed

_FORMAT = b"\x01"
_NONCE = 12  # bytes


class WrongKey(Conflict):
    """The secret key is not the one that this database's secrets were sealed with."""


class Seal:
    """Seals and opens texts. `about` ties a sealed text to its row: moved to another, it does not open."""

    def __init__(self, secret_key: bytes) -> None:
        if not secret_key:
            raise Malformed("the secret key is empty")
        derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"vivavoce sealed secrets")
        self._cipher = AESGCM(derived.derive(secret_key))

    def close(self, text: str, about: str) -> bytes:
        nonce = os.urandom(_NONCE)
        return _FORMAT + nonce + self._cipher.encrypt(nonce, text.encode(), about.encode())

    def open(self, sealed: bytes, about: str) -> str:
        """Raises WrongKey, also when a byte was changed."""
        nonce, text = sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :]
        try:
            if sealed[:1] != _FORMAT:
                raise InvalidTag
            return self._cipher.decrypt(nonce, text, about.encode()).decode()
        except (InvalidTag, ValueError) as error:
            raise WrongKey(
                "the secret key is not the one that this database's secrets were sealed with: "
                "give the one it was made with (VIVA_SECRET_KEY, or the key file of its data folder)"
            ) from error
