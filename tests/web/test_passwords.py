"""Passwords: what is fit, that hashes match, and that only so many are made at once."""

import threading

import pytest
from argon2 import extract_parameters

from web import passwords
from web.passwords import TooBusy, UnfitPassword, hashed, matches

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


def test_two_at_once_two_wait_and_nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    at_once, most, lock = 0, 0, threading.Lock()
    refused: list[type[Exception]] = []
    begun, gate = threading.Semaphore(0), threading.Event()

    class Slow:
        def hash(self, password: str) -> str:
            nonlocal at_once, most
            with lock:
                at_once += 1
                most = max(most, at_once)
            begun.release()
            gate.wait(30)
            with lock:
                at_once -= 1
            return "hash"

    def tries() -> None:
        try:
            hashed(GOOD)
        except TooBusy as error:
            refused.append(type(error))
            begun.release()

    monkeypatch.setattr(passwords, "_HASHER", Slow())
    monkeypatch.setattr(passwords, "_PATIENCE_SECONDS", 30)
    threads = [threading.Thread(target=tries) for _ in range(8)]
    for thread in threads:
        thread.start()
    for _ in range(6):  # two are at it, four were refused at once; the other two wait
        assert begun.acquire(timeout=30)
    assert len(refused) == 4
    gate.set()
    for thread in threads:
        thread.join()
    assert most == 2
    assert len(refused) == 4


def test_nobody_waits_long(monkeypatch: pytest.MonkeyPatch) -> None:
    assert passwords._PATIENCE_SECONDS <= 1  # the promise to the webhooks
    monkeypatch.setattr(passwords, "_PATIENCE_SECONDS", 0.01)
    gate, begun = threading.Event(), threading.Semaphore(0)

    class Stuck:
        def hash(self, password: str) -> str:
            begun.release()
            gate.wait(30)
            return "hash"

    monkeypatch.setattr(passwords, "_HASHER", Stuck())
    threads = [threading.Thread(target=hashed, args=(GOOD,)) for _ in range(2)]
    for thread in threads:
        thread.start()
        assert begun.acquire(timeout=30)
    with pytest.raises(TooBusy):
        hashed(GOOD)
    gate.set()
    for thread in threads:
        thread.join()
