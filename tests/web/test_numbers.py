"""The number of somebody enrolled: confirmed, changed, and never texted before that."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from browsing import Browser, SignIn, id_of
from messages.channel import ChannelName
from messages.kinds import AlertKind
from scheduler import states
from scheduler.alerts import open_alert
from storage import addresses
from storage.addresses import Address, AddressHealth
from storage.audit import AuditEvent
from storage.people import Enrolment, Person, StateKind
from town import Phone, Town

NEW = "+447700900777"
GOOD: dict[str, Any] = {
    "number_confirmed": "yes",
    "confirmed_on__day": "24",
    "confirmed_on__month": "11",
    "confirmed_on__year": "2026",
    "safe_to_text": "yes",
    "safe_to_ring": "no",
    "others_see": "nobody",
}


def page_of(phone: Phone) -> str:
    return f"/people/{phone.person_id}"


def confirms(browser: Browser, phone: Phone, number: str = NEW, **changes: Any) -> int:
    page = f"{page_of(phone)}?number"
    return browser.sends(f"{page_of(phone)}/number", on=page, mobile=number, **(GOOD | changes))


def own(town: Town, phone: Phone) -> list[Address]:
    with town.database.read() as session:
        found = session.scalars(select(Address).where(Address.person_id == phone.person_id))
        return sorted(found, key=lambda one: one.starts_at)


def imported(town: Town, phone: Phone) -> Phone:
    """An import brought another number, and says that it is safe."""
    with town.database.begin() as session:
        session.get_one(Person, phone.person_id).next_check_in_at = town.clock()
        old = addresses.of_person(session, id_of(phone))[0]
        old.ended_at = town.clock()
        session.add(
            Address(
                person_id=id_of(phone),
                channel=ChannelName.SMS,
                value=NEW,
                safe_to_text=True,
                starts_at=town.clock(),
            )
        )
    return Phone(town, NEW, person_id=phone.person_id)


def leaves_custody(town: Town, phone: Phone) -> None:
    with town.database.begin() as session:
        began = states.start_state(
            session, id_of(phone), StateKind.CUSTODY, starts_on=date(2026, 11, 20), now=town.clock()
        )
        states.end_state(session, began, ends_on=date(2026, 11, 23), now=town.clock())


def test_an_imported_number_is_texted_only_once_it_is_confirmed(town: Town, signed_in: SignIn) -> None:
    jay = town.young_person("Jay", preferred_day=1)
    new = imported(town, jay)
    town.passes(days=15, tick_every=timedelta(hours=2))
    assert new.hears_nothing()
    sam = signed_in(town.sam)
    sam.opens(page_of(jay))
    assert (
        "07700 900 777: nobody has confirmed it with Jay. Nothing automatic goes to it before." in sam.words
    )
    assert confirms(sam, jay, "07700 900777", confirmed_on__day="9", confirmed_on__month="12") == 303
    assert "Confirm this number" not in sam.opens(page_of(jay))
    assert "Jay" in town.asks(new)
    new.texts("1")
    assert town.contacts(jay)[-1].not_counted is None
    with town.database.read() as session:
        noted = session.scalars(select(AuditEvent).where(AuditEvent.action == "number.confirmed")).one()
    assert (noted.staff_id, noted.subject_id) == (town.sam.staff_id, str(jay.person_id))


def test_after_custody_the_same_number_is_confirmed_again(sam: Browser, town: Town) -> None:
    jay = town.young_person("Jay")
    leaves_custody(town, jay)
    sam.opens(page_of(jay))
    assert "nobody has confirmed it with Jay since they left custody." in sam.words
    assert confirms(sam, jay, jay.address, confirmed_on__day="22") == 422
    assert "Jay left custody Mon 23 Nov 2026: check it again since then" in sam.words
    assert confirms(sam, jay, jay.address) == 303
    assert len(own(town, jay)) == 1
    assert town.person(jay).next_check_in_at is not None
    assert "Jay" in town.asks(jay)
    town.passes(days=1, tick_every=timedelta(hours=1))
    assert jay.hears_nothing()  # no second welcome


def test_a_new_number_ends_the_old_one_which_stays_on_record(sam: Browser, town: Town) -> None:
    jay = town.young_person("Jay")
    sam.opens(page_of(jay))
    assert "Confirm this number" not in sam.page
    assert f'href="{page_of(jay)}?number#number"' in sam.page
    assert confirms(sam, jay, "07700 900 777", others_see="shared", others_who="his sister") == 303
    old, new = own(town, jay)
    assert (old.value, old.ended_at, old.confirmed_at is None) == (jay.address, town.clock(), False)
    assert (new.value, new.ended_at, new.safe_to_text, new.safe_to_ring) == (NEW, None, True, False)
    assert new.shared
    assert new.confirmed_at is not None
    with town.database.read() as session:
        first, second = session.scalars(select(Enrolment).order_by(Enrolment.created_at))
        assert "number.changed" in session.scalars(select(AuditEvent.action)).all()
    assert (first.ended_at, second.ended_at) == (town.clock(), None)
    assert second.others_see_phone == "his sister"
    town.passes(hours=3)
    assert jay.hears_nothing()
    assert len(Phone(town, NEW).hears()) == 1  # the welcome: it says how to stop


def test_what_was_not_safe_to_text_may_become_so(sam: Browser, town: Town) -> None:
    jay = town.young_person("Jay")
    assert confirms(sam, jay, jay.address, safe_to_text="no") == 303
    assert town.person(jay).next_check_in_at is None
    assert "There is no number on which Jay may be texted." in sam.opens(page_of(jay))
    assert confirms(sam, jay, jay.address) == 303
    assert town.person(jay).next_check_in_at is not None
    assert f"{page_of(jay)}/reply" in sam.opens(page_of(jay))


def test_a_disputed_number_is_theirs_again_and_one_that_takes_no_texts_is_not(
    sam: Browser, town: Town
) -> None:
    jay, kofi = town.young_person("Jay"), town.young_person("Kofi")
    jay.texts("wrong number")
    sam.opens(page_of(jay))
    assert "somebody else answered from it." in sam.words
    assert confirms(sam, jay, jay.address) == 303
    assert own(town, jay)[0].health is AddressHealth.GOOD
    with town.database.begin() as session:
        addresses.of_person(session, id_of(kofi))[0].health = AddressHealth.INVALID
    assert confirms(sam, kofi, kofi.address) == 422
    assert "This number cannot take texts: ask for a mobile number" in sam.words
    assert confirms(sam, kofi) == 303


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"mobile": ""}, "There is no number here."),
        ({"mobile": "01632 960123"}, "A landline"),
        ({"number_confirmed": ""}, "Tick when you have checked the number with Jay"),
        ({"confirmed_on__day": "25"}, "This date has not come yet"),
        ({"safe_to_text": ""}, "Say whether it is safe to text"),
        ({"others_see": "watched"}, "Say who else sees the phone"),
    ],
)
def test_each_gap_is_named_and_nothing_typed_is_lost(
    sam: Browser, town: Town, changes: dict[str, str], says: str
) -> None:
    jay = town.young_person("Jay")
    number = changes.get("mobile", NEW)
    rest = {name: value for name, value in changes.items() if name != "mobile"}
    assert confirms(sam, jay, number, **rest) == 422
    assert says in sam.words
    assert f'value="{number}"' in sam.page or not number
    assert 'value="2026"' in sam.page
    assert [one.value for one in own(town, jay)] == [jay.address]


def test_a_drama_number_is_for_the_demo_only(sam: Browser, town: Town) -> None:
    jay = town.young_person("Jay")
    council = replace(town.services.council, drama_numbers=False)
    object.__setattr__(town.services, "council", council)
    assert confirms(sam, jay) == 422
    assert "belongs to nobody" in sam.words


def test_sent_twice_it_is_done_once(sam: Browser, town: Town) -> None:
    jay = town.young_person("Jay")
    sam.opens(f"{page_of(jay)}?number")
    shown = sam.page
    for _ in range(2):
        sam.page = shown
        assert sam.sends(f"{page_of(jay)}/number", mobile=NEW, **GOOD) == 303
    assert len(own(town, jay)) == 2


def test_a_number_that_changed_in_the_meantime_is_shown_and_not_undone(sam: Browser, town: Town) -> None:
    jay = town.young_person("Jay")
    sam.opens(f"{page_of(jay)}?number")
    town.clock.advance(minutes=1)
    imported(town, jay)
    assert sam.sends(f"{page_of(jay)}/number", mobile=jay.address, **GOOD) == 422
    assert "The number on record changed in the meantime" in sam.words
    assert 'value="07700 900 777"' in sam.page
    assert [one.ended_at is None for one in own(town, jay)] == [False, True]


def test_stop_holds_on_the_number_that_comes_after(sam: Browser, town: Town) -> None:
    jay = town.young_person("Jay")
    jay.texts("STOP")
    jay.hears()
    town.clock.advance(minutes=1)
    assert confirms(sam, jay) == 303
    assert "Jay stopped the texts" in sam.opens(page_of(jay))
    town.passes(days=15, tick_every=timedelta(hours=2))
    assert Phone(town, NEW).hears_nothing()


def test_no_form_where_nothing_goes_to_a_mobile_and_for_nobody_kept_away(
    town: Town, signed_in: SignIn
) -> None:
    jay, kofi = town.young_person("Jay"), town.young_person("Kofi")
    sam = signed_in(town.sam)
    sam.opens(f"{page_of(jay)}?number")
    shown = sam.page
    kofi.texts("sam touched me and i dont want to see him")
    assert "?number" not in sam.opens(page_of(kofi))
    with town.database.begin() as session:
        today = town.clock().date()
        states.start_state(session, id_of(jay), StateKind.CUSTODY, starts_on=today, now=town.clock())
    assert "Confirm this number" not in sam.opens(f"{page_of(jay)}?number")
    sam.page = shown
    assert sam.sends(f"{page_of(jay)}/number", mobile=NEW, **GOOD) == 422
    assert "In custody: nothing is sent to a mobile" in sam.words
    assert len(own(town, jay)) == 1


@pytest.mark.parametrize("kind", [AlertKind.NEW_NUMBER, AlertKind.RECONFIRM_NUMBER])
def test_an_alert_about_the_number_leads_to_the_form(sam: Browser, town: Town, kind: AlertKind) -> None:
    jay = town.young_person("Jay")
    with town.database.begin() as session:
        open_alert(session, town.services, kind=kind, key="one", person_id=id_of(jay), now=town.clock())
    sam.opens(f"/alerts/{town.alerts(jay)[0].id}")
    assert f'href="{page_of(jay)}?number#number"' in sam.page
    assert f"{page_of(jay)}/number" in sam.opens(f"{page_of(jay)}?number")
