"""Codes as people type them, and texts that give nobody away."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messages.kinds import AlertKind
from office import MORNING, Office
from scheduler import alert_words
from scheduler.alerts import Cause
from storage.database import Database
from storage.sealing import Keyring


@pytest.fixture
def office(sqlite_database_url: str, keyring: Keyring) -> Iterator[Office]:
    database = Database(sqlite_database_url, keyring=keyring)
    yield Office(database, MORNING)
    database.close()


@pytest.mark.parametrize(
    "text", ["OK 7K4P", "ok 7k4p", "OK7K4P", "Ok, 7 k 4 p.", " ok-7k4p! ", "okay 7k4p", "OK: 7K4P\n"]
)
def test_a_code_is_read_however_it_is_typed(text: str) -> None:
    assert alert_words.code_in(text) == "7K4P"


@pytest.mark.parametrize(
    "text", ["OK 7K4P ringing now", "ok 7k4p, on my way to him", "Okay 7K4P\nwill do", "OK 7K4P 👍 ta"]
)
def test_words_may_follow_a_code(text: str) -> None:
    assert alert_words.code_in(text) == "7K4P"


@pytest.mark.parametrize(
    "text", ["ok i am with jay now", "ok on my way to the hospital", "okay will ring him", "ok спасибо"]
)
def test_a_text_that_only_begins_with_ok_is_no_code(text: str) -> None:
    assert alert_words.code_in(text) is None


def test_a_code_may_begin_as_okay_ends() -> None:
    assert alert_words.code_in("OK AY34") == "AY34"
    assert alert_words.code_in("OKAY34") == "AY34"


@pytest.mark.parametrize("text", ["", "7K4P", "who is this?", "on my way", "book 7k4p", "not ok", "окей"])
def test_another_text_is_no_code(text: str) -> None:
    assert alert_words.code_in(text) is None


def test_a_bare_ok_names_no_alert() -> None:
    assert alert_words.code_in("ok") == ""
    assert alert_words.code_in("Okay!") == ""


@given(st.text(max_size=40))
def test_any_text_can_be_read(text: str) -> None:
    code = alert_words.code_in(text)
    assert code is None or code == "".join(
        char for char in code if char in "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    )


def test_codes_hold_nothing_that_looks_like_something_else(office: Office) -> None:
    with office.database.read() as session:
        codes = {alert_words.new_code(session, "x") for _ in range(200)}
    assert not set("".join(codes)) & set("01258BILOSUVZ")
    assert len(codes) > 190


def test_initials_and_a_link_but_never_the_words(office: Office) -> None:
    alert = office.opens(AlertKind.DANGER_TO_LIFE, cause=Cause(texts=("i want to die",), why=("die",)))
    text = office.last_text(office.sam)
    assert "J.W." in text
    assert f"https://kit.example.org/alerts/{alert}" in text
    assert f"OK {office.code(alert, office.sam)}" in text
    assert "10:05am" in text
    assert "Jay" not in text
    assert "want to die" not in text


def test_a_watched_phone_is_said_before_anything_else(office: Office) -> None:
    office.opens(AlertKind.EXPLOITATION, watched=True)
    assert office.last_text(office.sam).startswith("This phone may be watched")


def test_a_discreet_person_counts_as_watched(office: Office) -> None:
    amina = office.young_person("Amina", discreet=True)
    office.opens(AlertKind.CALL_ME, person_id=amina)
    assert office.last_text(office.sam).startswith("This phone may be watched")


def test_nobody_is_named_when_the_number_is_unknown(office: Office) -> None:
    office.opens(AlertKind.DANGER_TO_LIFE, person_id=None)
    assert "unknown number" in office.last_text(office.mira)


def test_a_later_day_is_named(office: Office) -> None:
    office.opens(AlertKind.LOST_TOUCH)
    assert "Wed 10:00am" in office.last_text(office.sam)
