"""Passwords: argon2id, and never more of them at once than memory and cores allow."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from messages.errors import KitError

SHORTEST = 8
ADVISED = 15
LONGEST = 256
#: One hash takes 64 MiB and about 0.4 s of two cores (docs: RFC 9106, second recommended option, widened).
_AT_ONCE = threading.BoundedSemaphore(2)
#: Few may wait and not for long: providers' texts come in over the same threads.
_WAITING = threading.BoundedSemaphore(2)
_PATIENCE_SECONDS = 1.0
_HASHER = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=4)


class UnfitPassword(KitError):
    """This password cannot be used."""


class TooBusy(KitError):
    """Too many people are signing in at this moment: try again in a minute."""


def hashed(password: str) -> str:
    """The hash to store. :class:`UnfitPassword` says what is wrong with a password that is not fit."""
    if len(password) < SHORTEST:
        raise UnfitPassword(
            f"A password has at least {SHORTEST} characters, better {ADVISED}: three or four words will do."
        )
    if len(password) > LONGEST:
        raise UnfitPassword(f"A password has at most {LONGEST} characters.")
    if len(set(password)) < 4:
        raise UnfitPassword("This password repeats the same few characters: choose three or four words.")
    with _turn():
        return _HASHER.hash(password)


def matches(stored: str | None, password: str) -> bool:
    """Whether ``password`` is behind ``stored``. None (no such account) takes as long and is False."""
    if len(password) > LONGEST:
        return False
    with _turn():
        try:
            _HASHER.verify(stored or _nobodys(), password)
        except (VerificationError, InvalidHashError):
            return False
    return stored is not None


@contextmanager
def _turn() -> Iterator[None]:
    if not (_AT_ONCE.acquire(blocking=False) or _waited()):
        raise TooBusy
    try:
        yield
    finally:
        _AT_ONCE.release()


def _waited() -> bool:
    """Whether it became somebody's turn who had to wait."""
    if not _WAITING.acquire(blocking=False):
        return False
    try:
        return _AT_ONCE.acquire(timeout=_PATIENCE_SECONDS)
    finally:
        _WAITING.release()


@cache
def _nobodys() -> str:
    """A hash with the same cost as any other, for accounts that do not exist."""
    return _HASHER.hash("nobody has this password")
