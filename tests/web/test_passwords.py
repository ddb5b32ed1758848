"""Passwords: what is fit, that hashes match, and that only so many are made at once."""

import threading

import pytest
from argon2 import extract_parameters

from web import passwords
from web.passwords import UnfitPassword, hashed, matches

GOOD = "four plain words here"


def test_a_hash_matches_its_password_only() -> None:
    stored = hashed(GOOD)
    assert matches(stored, GOOD)
    assert not matches(stored, GOOD.upper())
    assert not matches(None, "nobody has this password")
    assert not matches("not a hash", GOOD)


def test_hashes_are_argon2id_of_the_agreed_cost() -> None:
    found = extract_parameters(hashed(GOOD))
    assert (found.type.name, found.memory_cost, found.time_cost, found.parallelism) == ("ID", 65536, 3, 4)


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("1234567", "at least 8"),
        ("x" * 257, "at most 256"),
        ("aaaaaaaaaaaaaaaa", "repeats"),
        ("", "at least 8"),
    ],
)
def test_unfit_passwords_say_why(password: str, says: str) -> None:
    with pytest.raises(UnfitPassword, match=says):
        hashed(password)


def test_an_endless_password_is_refused_unhashed() -> None:
    assert not matches(None, "x" * 1_000_000)


def test_no_more_than_two_hashes_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    at_once, most, lock = 0, 0, threading.Lock()
    gate = threading.Event()

    class Slow:
        def hash(self, password: str) -> str:
            nonlocal at_once, most
            with lock:
                at_once += 1
                most = max(most, at_once)
            gate.wait(0.05)
            with lock:
                at_once -= 1
            return "hash"

    monkeypatch.setattr(passwords, "_HASHER", Slow())
    threads = [threading.Thread(target=hashed, args=(GOOD,)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 2
