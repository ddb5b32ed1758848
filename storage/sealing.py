"""Encryption of single columns, and the blind index that lets an encrypted address be looked up.

A sealed value is ``key id (4) | nonce (12) | AES-256-GCM ciphertext and tag``. The additional data is
``table:column:row id:key id``, so that a value copied into another row, column or table does not open.
A blind index is HMAC-SHA-256 under its own key: equal texts give equal marks and nothing else is learnt.
"""

import base64
import hashlib
import hmac
import os
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from messages.errors import KitError

KEY_BYTES = 32
_KEY_ID_BYTES = 4
_NONCE_BYTES = 12


class KeyFault(KitError):
    """A key is missing or has the wrong form: give 32 bytes as base64, several separated by commas."""


class SealBroken(KitError):
    """A stored value does not open: its key is not configured, or it was moved or changed."""


def new_key() -> str:
    """A fresh key in the form that ``KIT_ENCRYPTION_KEYS`` and ``KIT_INDEX_KEY`` take."""
    return base64.urlsafe_b64encode(os.urandom(KEY_BYTES)).decode()


def _decoded(keys: str) -> list[bytes]:
    decoded = []
    for text in filter(None, (part.strip() for part in keys.split(","))):
        try:
            key = base64.urlsafe_b64decode(text)
        except ValueError:
            raise KeyFault from None
        if len(key) != KEY_BYTES:
            raise KeyFault
        decoded.append(key)
    if not decoded:
        raise KeyFault
    return decoded


@dataclass(frozen=True, slots=True)
class _SealKey:
    key_id: bytes
    cipher: AESGCM

    @classmethod
    def of(cls, key: bytes) -> "_SealKey":
        return cls(hashlib.sha256(b"kit seal" + key).digest()[:_KEY_ID_BYTES], AESGCM(key))


class Keyring:
    """The installation's keys. The first of each list is current; the others still open and still find."""

    def __init__(self, *, encryption_keys: str, index_keys: str) -> None:
        self._seals = [_SealKey.of(key) for key in _decoded(encryption_keys)]
        self._by_id = {seal.key_id: seal.cipher for seal in self._seals}
        self._index_keys = _decoded(index_keys)

    @classmethod
    def fresh(cls) -> "Keyring":
        return cls(encryption_keys=new_key(), index_keys=new_key())

    def seal(self, place: str, row: UUID, text: str) -> bytes:
        """Encrypt ``text`` for ``place`` (``table.column``) of ``row``."""
        return self.seal_bytes(place, row, text.encode("utf-8", "surrogatepass"))

    def seal_bytes(self, place: str, row: UUID, data: bytes) -> bytes:
        current = self._seals[0]
        nonce = os.urandom(_NONCE_BYTES)
        return (
            current.key_id
            + nonce
            + current.cipher.encrypt(nonce, data, _additional_data(place, row, current.key_id))
        )

    def open(self, place: str, row: UUID, sealed: bytes) -> str:
        return self.open_bytes(place, row, sealed).decode("utf-8", "surrogatepass")

    def open_bytes(self, place: str, row: UUID, sealed: bytes) -> bytes:
        key_id, nonce = sealed[:_KEY_ID_BYTES], sealed[_KEY_ID_BYTES : _KEY_ID_BYTES + _NONCE_BYTES]
        cipher = self._by_id.get(key_id)
        if cipher is None:
            raise SealBroken
        try:
            return cipher.decrypt(
                nonce, sealed[_KEY_ID_BYTES + _NONCE_BYTES :], _additional_data(place, row, key_id)
            )
        except InvalidTag:
            raise SealBroken from None

    def index(self, text: str) -> bytes:
        """The mark of ``text`` under the current index key (16 bytes)."""
        return _mark(self._index_keys[0], text)

    def indexes(self, text: str) -> Sequence[bytes]:
        """The marks of ``text`` under every listed key, current first: look-ups try them all."""
        return [_mark(key, text) for key in self._index_keys]

    def chain_key(self, key_id: bytes | None = None) -> tuple[bytes, bytes]:
        """(key id, key) for the audit chain: derived from the index key, which outlives rotations."""
        keys = {hashlib.sha256(b"kit chain" + key).digest()[:_KEY_ID_BYTES]: key for key in self._index_keys}
        wanted = key_id if key_id is not None else next(iter(keys))
        if wanted not in keys:
            raise SealBroken
        return wanted, hmac.digest(keys[wanted], b"kit audit chain", "sha256")


def _additional_data(place: str, row: UUID, key_id: bytes) -> bytes:
    table, _, column = place.partition(".")
    return f"{table}:{column}:{row}:{key_id.hex()}".encode()


def _mark(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode("utf-8", "surrogatepass"), "sha256")[:16]
