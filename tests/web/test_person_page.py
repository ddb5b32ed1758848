"""What stands beside a conversation: days that hold, languages by name, and how to sign."""

from datetime import UTC, date, datetime

import pytest

from browsing import Browser, id_of
from storage.people import Person
from storage.plans import Visit
from town import Town


@pytest.mark.parametrize(
    ("asked", "told", "more"),
    [
        (datetime(2026, 11, 30, 10, tzinfo=UTC), "Sat 5 Dec", "Tue 8 Dec"),
        (datetime(2026, 12, 2, 10, tzinfo=UTC), "Mon 7 Dec", "Tue 8 Dec"),
    ],
)
def test_more_people_are_told_by_working_days(
    sam: Browser, town: Town, asked: datetime, told: str, more: str
) -> None:
    jay = town.young_person("Jay")
    with town.database.begin() as session:
        session.get_one(Person, jay.person_id).next_check_in_at = asked
    sam.opens(f"/people/{jay.person_id}")
    plan = sam.words.split("If Jay does not answer")[1]
    assert f"{told} (to come) The adviser is told" in plan
    assert f"{more} (to come) If nobody has taken it" in plan


@pytest.mark.parametrize(
    ("code", "name"), [("en", "English"), ("pl", "Polish"), ("ar", "Arabic"), ("x", "x")]
)
def test_languages_are_named(sam: Browser, town: Town, code: str, name: str) -> None:
    jay = town.young_person("Jay", language=code)
    sam.opens(f"/people/{jay.person_id}")
    assert f"Language {name}" in sam.words


def test_a_watched_phone_gets_no_signature_and_no_promise_to_ring(sam: Browser, town: Town) -> None:
    jay, leanne = town.young_person("Jay"), town.young_person("Leanne", discreet=True)
    sam.opens(f"/people/{jay.person_id}")
    assert "Sign it with your first name." in sam.words
    assert "I’ll ring you today" in sam.words
    sam.opens(f"/people/{leanne.person_id}")
    assert "Do not sign it: somebody else may read it." in sam.words
    assert "Sign it with your first name" not in sam.words
    assert "ring you today" not in sam.words


def test_what_is_due_is_said_once(sam: Browser, town: Town) -> None:
    jay = town.young_person("Jay")
    with town.database.begin() as session:
        session.add(
            Visit(person_id=id_of(jay), visited_on=date(2026, 3, 2), seen=True, recorded_at=town.clock())
        )
    sam.opens(f"/people/{jay.person_id}")
    beside = sam.words.split("Visits and plan")[1]
    assert "Visit was due" in beside
    assert "due was due" not in beside
