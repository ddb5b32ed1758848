"""One alert: which number may be rung, and what a closed alert still opens."""

from datetime import timedelta

import pytest

from browsing import Browser, SignIn, id_of
from messages.channel import ChannelName
from storage import addresses
from storage.addresses import Address, AddressHealth
from storage.alerts import AlertState
from storage.people import Enrolment, Person, PersonState, StateKind
from storage.staff import Role, Staff, Team
from town import Phone, Town

ASKS = "can u ring me"


def changes(town: Town, jay: Phone, what: str) -> None:
    with town.database.begin() as session:
        own = addresses.of_person(session, id_of(jay))[0]
        match what:
            case "disputed":
                own.health = AddressHealth.DISPUTED
            case "unconfirmed":
                own.confirmed_at = None
            case "ended":
                own.ended_at = town.clock()
            case "out of custody":
                session.add(
                    PersonState(
                        person_id=id_of(jay),
                        kind=StateKind.CUSTODY,
                        starts_on=town.clock().date() - timedelta(days=9),
                        ends_on=town.clock().date(),
                        recorded_at=town.clock(),
                    )
                )
                own.confirmed_at = town.clock() - timedelta(days=9)
            case "not to ring":
                session.query(Enrolment).one().safe_to_ring = False
            case "replaced":
                own.ended_at = town.clock()
                session.add(
                    Address(
                        person_id=id_of(jay),
                        channel=ChannelName.SMS,
                        value="+447700900777",
                        starts_at=town.clock(),
                    )
                )


@pytest.mark.parametrize(
    ("what", "says"),
    [
        ("disputed", "Do not ring or text: this number has not been checked."),
        ("unconfirmed", "Do not ring or text: this number has not been checked."),
        ("replaced", "Do not ring or text: this number has not been checked."),
        ("out of custody", "Nobody has confirmed it with Jay since they left custody."),
        ("ended", "There is no mobile number."),
        ("not to ring", "Safe to text, not to ring."),
    ],
)
def test_a_number_is_offered_only_when_it_was_checked_itself(
    sam: Browser, town: Town, what: str, says: str
) -> None:
    jay = town.young_person("Jay")
    jay.texts(ASKS)
    page = f"/alerts/{town.alerts(jay)[0].id}"
    sam.opens(page)
    assert f'href="tel:{jay.address}"' in sam.page
    assert "Safe to ring and text." in sam.words
    changes(town, jay, what)
    for path in (page, f"/people/{jay.person_id}"):
        sam.opens(path)
        assert "tel:+44" not in sam.page
        assert says in sam.words
        assert "Safe to ring" not in sam.words
    assert "ring you today" not in sam.words


def test_a_new_number_is_not_safe_by_what_was_said_of_the_old_one(sam: Browser, town: Town) -> None:
    jay = town.young_person("Jay")
    jay.texts(ASKS)
    town.clock.advance(minutes=1)
    changes(town, jay, "replaced")
    with town.database.begin() as session:
        addresses.of_person(session, id_of(jay))[0].confirmed_at = town.clock()
    sam.opens(f"/alerts/{town.alerts(jay)[0].id}")
    assert "tel:+44" not in sam.page
    assert "Not safe to ring or text." in sam.words


def test_a_checked_number_is_offered_before_a_newer_one_that_is_not(sam: Browser, town: Town) -> None:
    jay = town.young_person("Jay")
    jay.texts(ASKS)
    with town.database.begin() as session:
        session.add(
            Address(
                person_id=id_of(jay), channel=ChannelName.SMS, value="+447700900777", starts_at=town.clock()
            )
        )
    sam.opens(f"/alerts/{town.alerts(jay)[0].id}")
    assert f"tel:{jay.address}" in sam.page
    assert "tel:+447700900777" not in sam.page


def test_a_closed_alert_opens_what_it_was_about_and_nothing_since(town: Town, signed_in: SignIn) -> None:
    jay, pat = town.young_person("Jay", home_address="14 Quay Street"), town.staff("Pat Lowe", Role.ADVISER)
    with town.database.begin() as session:
        hill = Team(name="Hill")
        session.add(hill)
        session.flush()
        session.get_one(Staff, pat.staff_id).team_id = hill.id
        session.get_one(Person, jay.person_id).quiet_plan = "Ring my nan."
    jay.texts("i want to die")
    page = f"/alerts/{town.alerts(jay)[0].id}"
    signed_in(town.sam).sends(f"{page}/pass-on", on=f"{page}/pass-on", staff=str(pat.staff_id))
    told = signed_in(pat)
    told.sends(f"{page}/take", on=page)
    assert "14 Quay Street" in told.opens(page)
    assert told.sends(f"{page}/outcome", outcome="spoke", note="Safe with her nan.") == 303
    assert town.alerts(jay)[0].state is AlertState.CLOSED
    town.clock.advance(days=60)
    later = jay.texts("my new boyfriend is lovely")
    told = signed_in(pat)
    told.opens(page)
    assert told.status == 200
    for words in ("i want to die", "Safe with her nan.", "Pat Lowe took it"):
        assert words in told.words
    for words in ("boyfriend", "14 Quay Street", "Ring my nan.", "Whole conversation", "Jay lately", "07700"):
        assert words not in told.words
    assert town.message(later).read_at is None
    sam = signed_in(town.sam)
    assert "boyfriend" in sam.opens(page)
