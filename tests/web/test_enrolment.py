"""The declaration: nothing without it, one welcome after it, the same for one and for several by name."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from browsing import Browser, SignIn, id_of
from messages.channel import ChannelName
from messages.kinds import OutboundKind
from storage import addresses, people
from storage.addresses import Address, AddressHealth, OptOutSource
from storage.audit import AuditEvent
from storage.outbound import OutboundMessage
from storage.people import Enrolment, Person, PersonState, StateKind
from town import Phone, Town

GOOD: dict[str, Any] = {
    "number_confirmed": "yes",
    "confirmed_on__day": "23",
    "confirmed_on__month": "11",
    "confirmed_on__year": "2026",
    "safe_to_text": "yes",
    "safe_to_ring": "no",
    "others_see": "nobody",
    "told": "yes",
}


def enrolled(town: Town, phone: Phone) -> Enrolment | None:
    with town.database.read() as session:
        return people.enrolment(session, id_of(phone))


def declares(browser: Browser, phone: Phone, **changes: Any) -> int:
    page = f"/people/{phone.person_id}"
    return browser.sends(f"{page}/enrol", on=page, **(GOOD | changes))


def test_a_declaration_is_kept_with_who_made_it_and_check_ins_begin(signed_in: SignIn, town: Town) -> None:
    jay = town.young_person("Jay", enrolled=False)
    town.passes(hours=2)
    assert jay.hears_nothing()
    sam = signed_in(town.sam)
    assert declares(sam, jay) == 303
    row = enrolled(town, jay)
    assert row is not None
    assert (row.number_confirmed_on, row.safe_to_text, row.safe_to_ring) == (date(2026, 11, 23), True, False)
    assert row.declared_by_id == town.sam.staff_id
    assert row.others_see_phone is None
    with town.database.read() as session:
        address = addresses.of_person(session, id_of(jay))[0]
        assert address.safe_to_text
        assert not address.safe_to_ring
        assert address.confirmed_at is not None
        assert address.confirmed_at.date() == date(2026, 11, 23)
        assert session.scalars(select(AuditEvent.action).where(AuditEvent.action == "person.enrolled")).all()
    assert town.person(jay).next_check_in_at is not None
    assert "Not enrolled" not in sam.opens(f"/people/{jay.person_id}")
    town.passes(hours=3)
    assert len(jay.hears()) == 1  # the welcome


def test_sent_twice_it_is_made_once(sam: Browser, town: Town) -> None:
    jay = town.young_person("Jay", enrolled=False)
    sam.opens(f"/people/{jay.person_id}")
    shown = sam.page
    for _ in range(2):
        sam.page = shown
        assert sam.sends(f"/people/{jay.person_id}/enrol", **GOOD) == 303
    with town.database.read() as session:
        assert len(session.scalars(select(Enrolment)).all()) == 1


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"number_confirmed": ""}, "Tick when you have checked the number with Jay"),
        ({"confirmed_on__day": "31"}, "Write the date like 24 11 2026"),
        ({"confirmed_on__day": "25"}, "This date has not come yet"),
        ({"confirmed_on__year": "2025"}, "That is too long ago"),
        ({"safe_to_text": "maybe"}, "Say whether it is safe to text"),
        ({"safe_to_ring": ""}, "Say whether it is safe to ring"),
        ({"others_see": "watched"}, "Say who else sees the phone"),
        ({"others_who": "her boyfriend"}, "You chose that nobody else sees it"),
        ({"others_see": "shared", "others_who": "x" * 201}, "At most 200 characters fit here"),
        ({"told": ""}, "Tick when Jay knows"),
    ],
)
def test_each_gap_is_named_and_nothing_typed_is_lost(
    sam: Browser, town: Town, changes: dict[str, str], says: str
) -> None:
    jay = town.young_person("Jay", enrolled=False)
    assert declares(sam, jay, **changes) == 422
    assert says in sam.words
    assert 'value="2026"' in sam.page or "confirmed_on__year" in changes
    assert enrolled(town, jay) is None


def test_a_watched_phone_is_discreet_from_then_on(sam: Browser, town: Town) -> None:
    jay = town.young_person("Jay", enrolled=False)
    assert declares(sam, jay, others_see="watched", others_who="partner") == 303
    assert town.person(jay).discreet
    row = enrolled(town, jay)
    assert row is not None
    assert row.others_see_phone == "partner"


def test_not_safe_to_text_is_kept_and_nothing_is_sent(sam: Browser, town: Town) -> None:
    jay = town.young_person("Jay", enrolled=False)
    assert declares(sam, jay, safe_to_text="no") == 303
    town.passes(days=3)
    assert jay.hears_nothing()
    assert town.person(jay).next_check_in_at is None


def test_without_a_number_there_is_nothing_to_declare(sam: Browser, town: Town) -> None:
    jay = town.young_person("Jay", enrolled=False)
    with town.database.begin() as session:
        addresses.of_person(session, id_of(jay))[0].ended_at = town.clock()
    sam.opens(f"/people/{jay.person_id}")
    assert "There is no mobile number yet." in sam.words
    assert f"/people/{jay.person_id}/enrol" not in sam.page


def test_in_bulk_each_is_named_and_only_the_ticked_are_enrolled(sam: Browser, town: Town) -> None:
    jay, kofi, amy = (town.young_person(name, enrolled=False) for name in ("Jay", "Kofi", "Amy"))
    sam.opens("/enrol")
    assert all(name in sam.words for name in ("Jay Whitlock", "Kofi Whitlock", "Amy Whitlock"))
    assert sam.sends("/enrol", **GOOD) == 422
    assert "Tick at least one person" in sam.words
    ticked = [str(jay.person_id), str(kofi.person_id)]
    assert sam.sends("/enrol", people=ticked, **(GOOD | {"told": ""})) == 422
    assert sam.page.count(" checked") >= 2
    assert sam.sends("/enrol", people=ticked, **GOOD) == 200
    assert "Enrolled: Jay Whitlock and Kofi Whitlock." in sam.words
    assert enrolled(town, jay) is not None
    assert enrolled(town, kofi) is not None
    assert enrolled(town, amy) is None
    sam.opens("/enrol")
    assert "Jay" not in sam.words
    assert "Amy Whitlock" in sam.words


def test_in_bulk_nobody_else_s_people_can_be_ticked(sam: Browser, town: Town) -> None:
    jay, other = town.young_person("Jay", enrolled=False), town.young_person("Kofi", enrolled=False)
    with town.database.begin() as session:
        people.allocate(
            session, id_of(other), id_of(town.dan), role=people.AllocationRole.ADVISER, now=town.clock()
        )
    town.clock.advance(seconds=1)
    ticked = [str(jay.person_id), str(other.person_id), "not an id"]
    assert sam.sends("/enrol", on="/enrol", people=ticked, **GOOD) == 200
    assert "2 ticks did not belong to anybody on your list." in sam.words
    assert enrolled(town, jay) is not None
    assert enrolled(town, other) is None


def test_fields_that_the_form_does_not_have_change_nothing(sam: Browser, town: Town) -> None:
    jay = town.young_person("Jay", enrolled=False)
    assert declares(sam, jay, risk="high", role="admin", first_name="Mallory") == 303
    with town.database.read() as session:
        person = session.get_one(Person, jay.person_id)
        assert (person.first_name, person.risk.value) == ("Jay", "standard")
        assert not session.scalars(
            select(OutboundMessage).where(OutboundMessage.kind == OutboundKind.CHECK_IN)
        ).all()


@pytest.mark.parametrize("what", ["newer", "disputed", "stopped", "missing", "custody", "kept"])
def test_what_changed_in_the_meantime_is_seen_before_anybody_is_enrolled(
    sam: Browser, town: Town, what: str
) -> None:
    jay, amy = town.young_person("Jay", enrolled=False), town.young_person("Amy", enrolled=False)
    sam.opens(f"/people/{jay.person_id}")
    alone = sam.page
    sam.opens("/enrol")
    bulk = sam.page
    says = changes(town, jay, what)
    sam.page = bulk
    ticked = [str(jay.person_id), str(amy.person_id)]
    assert sam.sends("/enrol", people=ticked, **GOOD) == 200
    assert "Enrolled: Amy Whitlock." in sam.words
    assert f"Jay Whitlock was not enrolled: {says}" in sam.words
    sam.page = alone
    assert sam.sends(f"/people/{jay.person_id}/enrol", **GOOD) == (404 if what == "kept" else 422)
    assert what == "kept" or says in sam.words.replace("Their", "their").replace("They", "they").replace(
        "Somebody", "somebody"
    )
    assert enrolled(town, jay) is None


def changes(town: Town, phone: Phone, what: str) -> str:
    """Something happens to them; how the page says why they are not enrolled."""
    now = town.clock()
    with town.database.begin() as session:
        own = addresses.of_person(session, id_of(phone))[0]
        match what:
            case "newer":
                number = Address(
                    person_id=id_of(phone), channel=ChannelName.SMS, value="+447700900777", starts_at=now
                )
                session.add(number)
                return "their number changed in the meantime"
            case "disputed":
                own.health = AddressHealth.DISPUTED
                return "somebody else answered from this number"
            case "stopped":
                indexes = town.database.keyring.indexes(phone.address)
                addresses.opt_out(session, ChannelName.SMS, indexes, source=OptOutSource.STAFF, now=now)
                return "they stopped the texts"
            case "kept":
                pass
            case _:
                state = PersonState(
                    person_id=id_of(phone), kind=StateKind(what), starts_on=now.date(), recorded_at=now
                )
                session.add(state)
                return f"they are {'in custody' if what == 'custody' else what}"
    phone.texts("sam touched me and i dont want to see him")
    return "this is being handled by your manager"


def test_a_new_number_can_be_declared_from_the_form_that_is_shown_again(sam: Browser, town: Town) -> None:
    jay = town.young_person("Jay", enrolled=False)
    sam.opens(f"/people/{jay.person_id}")
    changes(town, jay, "newer")
    assert sam.sends(f"/people/{jay.person_id}/enrol", **GOOD) == 422
    assert "07700 900 777" in sam.words
    assert sam.sends(f"/people/{jay.person_id}/enrol", **GOOD) == 303
    with town.database.read() as session:
        confirmed = [one.confirmed_at is not None for one in addresses.of_person(session, id_of(jay))]
    assert confirmed == [False, True]


def test_bulk_sent_twice_says_the_same(sam: Browser, town: Town) -> None:
    jay = town.young_person("Jay", enrolled=False)
    sam.opens("/enrol")
    shown = sam.page
    for _ in range(2):
        sam.page = shown
        assert sam.sends("/enrol", people=[str(jay.person_id)], **GOOD) == 200
        assert "Enrolled: Jay Whitlock." in sam.words
