"""The list of people: by role, by state, in pages, and never with more queries for more people."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, select

from browsing import Browser, SignIn, id_of
from messages.channel import ChannelName
from storage.addresses import Address
from storage.alerts import Alert
from storage.people import AllocationRole, Person, PersonState, StateKind, allocate
from storage.staff import Role
from town import Town


@contextmanager
def counted(town: Town) -> Iterator[list[str]]:
    """The statements that the database is asked meanwhile."""
    asked: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        asked.append(statement)

    event.listen(town.database.engine, "before_cursor_execute", note)
    yield asked
    event.remove(town.database.engine, "before_cursor_execute", note)


def test_out_of_touch_comes_first_and_everybody_is_counted(sam: Browser, town: Town) -> None:
    jay, kofi = town.young_person("Jay"), town.young_person("Kofi")
    town.young_person("Amy", enrolled=False)
    jay.texts("alrite ta")
    sam.opens("/people")
    assert "1 of 2 young people are in touch. One is out of touch." in sam.words
    assert (
        sam.words.index("Kofi Whitlock") < sam.words.index("Jay Whitlock") < sam.words.index("Amy Whitlock")
    )
    assert "Last heard from today, 10:00am." in sam.words
    assert "Never heard from." in sam.words
    assert "Jay, last 8 weeks: heard from in week 8" in sam.page
    assert f"/people/{kofi.person_id}/log" in sam.page


def test_filters_live_in_the_address(sam: Browser, town: Town) -> None:
    town.young_person("Jay").texts("alrite ta")
    town.young_person("Kofi")
    town.young_person("Amy", enrolled=False)
    for wanted, name in (("out", "Kofi"), ("in", "Jay"), ("not-enrolled", "Amy")):
        sam.opens(f"/people?show={wanted}")
        names = [one for one in ("Jay", "Kofi", "Amy") if f"{one} Whitlock" in sam.words]
        assert names == [name]
    sam.opens("/people?show=nonsense&page=nonsense")
    assert sam.status == 200
    assert "Amy Whitlock" in sam.words


def test_somebody_who_died_has_no_clock(sam: Browser, town: Town) -> None:
    jay = town.young_person("Jay")
    with town.database.begin() as session:
        session.add(
            PersonState(
                person_id=id_of(jay),
                kind=StateKind.DIED,
                starts_on=town.clock().date(),
                recorded_at=town.clock(),
            )
        )
    sam.opens("/people")
    assert "Died" in sam.words
    assert "Log a try" not in sam.words


def test_each_sees_their_own_list(town: Town, signed_in: SignIn) -> None:
    jay, kofi = town.young_person("Jay"), town.young_person("Kofi")
    with town.database.begin() as session:
        allocate(session, id_of(kofi), id_of(town.dan), role=AllocationRole.ADVISER, now=town.clock())
    town.clock.advance(seconds=1)
    for who, sees in ((town.sam, {"Jay"}), (town.dan, {"Kofi"}), (town.helen, {"Jay", "Kofi"})):
        browser = signed_in(who)
        browser.opens("/people")
        assert {one for one in ("Jay", "Kofi") if f"{one} Whitlock" in browser.words} == sees
    assert str(jay.person_id) in signed_in(town.mira).opens("/people")
    lena = signed_in(town.staff("Lena Fox", Role.ADVISER))
    assert "Nobody is allocated to you yet." in lena.opens("/people")


def test_pages_of_twenty_five(sam: Browser, town: Town) -> None:
    for number in range(30):
        town.young_person(f"Person{number:02}")
    seen: set[str] = set()
    for page, expected in ((1, 25), (2, 5), (99, 5)):
        sam.opens(f"/people?page={page}")
        names = {f"Person{number:02}" for number in range(30) if f"Person{number:02} " in sam.words}
        assert len(names) == expected
        seen |= names
    assert len(seen) == 30


@pytest.mark.parametrize("path", ["/people", "/alerts"])
def test_queries_do_not_grow_with_rows(signed_in: SignIn, town: Town, path: str) -> None:
    def asks() -> int:
        browser = signed_in(town.sam)
        with counted(town) as asked:
            browser.opens(path)
        assert browser.status == 200
        return len(asked)

    for number in range(2):
        town.young_person(f"First{number}").texts("can u ring me")
    asks()  # the first event of all begins the audit chain
    few = asks()
    for number in range(15):
        town.young_person(f"More{number}").texts("can u ring me")
    assert asks() == few


def test_queries_of_a_conversation_do_not_grow(signed_in: SignIn, town: Town) -> None:
    jay = town.young_person("Jay")

    def asks() -> int:
        browser = signed_in(town.sam)
        browser.opens(f"/people/{jay.person_id}")
        with counted(town) as asked:
            browser.opens(f"/people/{jay.person_id}")
        assert browser.status == 200
        return len(asked)

    jay.texts("alrite ta")
    jay.texts("text 99")
    few = asks()
    for number in range(20):
        town.clock.now += timedelta(minutes=1)
        jay.texts(f"text {number}")
    assert asks() == few


def test_queries_of_strips_tray_and_addresses_do_not_grow(signed_in: SignIn, town: Town) -> None:
    jay = town.young_person("Jay")

    def more(number: int) -> None:
        town.young_person(f"P{number}").texts("i want to die", settle=False)
        with town.database.begin() as session:
            for alert in session.scalars(select(Alert)):
                alert.unanswered_at = town.clock()
            session.add(
                Address(
                    person_id=id_of(jay),
                    channel=ChannelName.SMS,
                    value=f"+4477009007{number:02}",
                    starts_at=town.clock(),
                )
            )

    def asks(path: str) -> int:
        browser = signed_in(town.mira)
        with counted(town) as asked:
            browser.opens(path)
        assert browser.status == 200
        return len(asked)

    paths = ("/accessibility", "/strips", "/triage", f"/people/{jay.person_id}", "/enrol")
    more(0)
    few = {path: min(asks(path) for _ in range(2)) for path in paths}
    for number in range(1, 8):
        more(number)
    assert {path: asks(path) for path in paths} == few


def test_somebody_without_a_name_breaks_no_page(sam: Browser, town: Town) -> None:
    jay = town.young_person("Jay", preferred_name=" ")
    with town.database.begin() as session:
        person = session.get_one(Person, jay.person_id)
        person.first_name, person.last_name = " ", ""
    jay.texts("can u ring me")
    for path in ("/alerts", "/people", f"/people/{jay.person_id}", f"/alerts/{town.alerts()[0].id}"):
        sam.opens(path)
        assert sam.status == 200
        assert person.case_id in sam.words


def test_a_first_name_of_two_words_is_said_whole(sam: Browser, town: Town) -> None:
    town.young_person("Mary Jane").texts("can u ring me")
    sam.opens("/alerts")
    assert "Mary Jane comes first" in sam.words
