"""Writing a contact down, and correcting what counts."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select

from browsing import Browser, SignIn
from messages.kinds import ContactMethod
from storage.contacts import Contact, ContactCorrection, Direction, Layer
from storage.plans import Visit
from town import Phone, Town

GOOD: dict[str, Any] = {
    "method": "call",
    "two_way": "yes",
    "on__day": "24",
    "on__month": "11",
    "on__year": "2026",
    "at": "9:15am",
    "note": "Rang, all fine.",
}


def logs(browser: Browser, phone: Phone, **changes: Any) -> int:
    page = f"/people/{phone.person_id}/log"
    return browser.sends(page, on=page, **(GOOD | changes))


def logged(town: Town) -> list[Contact]:
    with town.database.read() as session:
        return list(session.scalars(select(Contact).where(Contact.staff_id.is_not(None))))


def test_a_call_is_written_down_once(sam: Browser, town: Town) -> None:
    jay = town.young_person("Jay")
    sam.opens(f"/people/{jay.person_id}/log")
    shown = sam.page
    for _ in range(2):
        sam.page = shown
        assert sam.sends(f"/people/{jay.person_id}/log", **GOOD) == 303
    (call,) = logged(town)
    assert (call.method, call.direction, call.layer) == (ContactMethod.CALL, Direction.TWO_WAY, Layer.SPOKEN)
    assert (call.at, call.note, call.staff_id) == (
        datetime(2026, 11, 24, 9, 15, tzinfo=UTC),
        "Rang, all fine.",
        town.sam.staff_id,
    )
    sam.opens(sam.location)
    assert "Call. Reached" in sam.words
    assert "Counts as in touch" in sam.words


def test_a_visit_without_meeting_is_a_try_and_a_visit_row(sam: Browser, town: Town) -> None:
    jay = town.young_person("Jay")
    assert logs(sam, jay, method="visit", two_way="no") == 303
    assert logged(town)[0].direction is Direction.ATTEMPT
    with town.database.read() as session:
        assert not session.scalars(select(Visit)).one().seen
    assert "We tried" in sam.opens(sam.location)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"method": ""}, "Choose what it was"),
        ({"method": "carrier pigeon"}, "Choose what it was"),
        ({"two_way": ""}, "Say whether you reached them"),
        ({"on__day": "31"}, "Write the date like 24 11 2026"),
        ({"on__day": "25"}, "cannot be in the future"),
        ({"on__year": "2025", "on__month": "10"}, "more than a year ago"),
        ({"on__year": "1926"}, "before they were born"),
        ({"on__year": "0001", "on__month": "1", "on__day": "1"}, "before they were born"),
        ({"on__year": "20266"}, "Write the date like 24 11 2026"),
        ({"on__year": "6"}, "Write the date like 24 11 2026"),
        ({"at": "25:10"}, "Write the time like 5:15pm"),
    ],
)
def test_gaps_are_named(sam: Browser, town: Town, changes: dict[str, str], says: str) -> None:
    jay = town.young_person("Jay")
    assert logs(sam, jay, **changes) == 422
    assert says in sam.words
    assert "Rang, all fine." in sam.page
    assert all(f'value="{typed}"' in sam.page for name, typed in changes.items() if name.startswith("on__"))
    assert not logged(town)


def test_a_year_of_two_digits_is_in_this_century(sam: Browser, town: Town) -> None:
    jay = town.young_person("Jay")
    assert logs(sam, jay, method="visit", on__day="23", on__year="26") == 303
    with town.database.read() as session:
        assert session.scalars(select(Visit)).one().visited_on == date(2026, 11, 23)


def correction_of(town: Town, phone: Phone) -> str:
    reply = next(one for one in town.contacts(phone) if one.inbound_id)
    return f"/people/{phone.person_id}/contacts/{reply.id}/correct"


def test_an_autoreply_that_was_none_counts_after_all(sam: Browser, town: Town) -> None:
    jay = town.young_person("Jay", enrolled=False)
    jay.texts("at work til 5")
    page = correction_of(town, jay)
    sam.opens(page)
    assert "Received, not counted: not enrolled." in sam.words
    assert sam.sends(page, counts="yes") == 422
    assert "Say how you know that they wrote it" in sam.words
    assert sam.sends(page, counts="yes", note="Jay told me on the phone.") == 303
    sam.opens(sam.location)
    assert "Counts as in touch" in sam.words
    assert "In touch" in sam.opens("/people")


def test_what_counted_can_be_taken_out(sam: Browser, town: Town) -> None:
    jay = town.young_person("Jay")
    jay.texts("alrite ta")
    page = correction_of(town, jay)
    assert sam.sends(page, on=page, counts="no") == 422
    assert sam.sends(page, counts="no", reason="third_party", note="His brother had the phone.") == 303
    with town.database.read() as session:
        row = session.scalars(select(ContactCorrection)).one()
    assert (row.counts, row.staff_id) == (False, town.sam.staff_id)
    assert row.reason == "Somebody else wrote it. His brother had the phone."
    assert "corrected by staff" in sam.opens(f"/people/{jay.person_id}?tab=contacts")
    assert "Out of touch" in sam.words


def test_a_contact_of_somebody_else_or_of_a_kept_thread_is_not_there(
    sam: Browser, town: Town, signed_in: SignIn
) -> None:
    jay, kofi = town.young_person("Jay"), town.young_person("Kofi")
    kofi.texts("alrite ta")
    mixed = correction_of(town, kofi).replace(str(kofi.person_id), str(jay.person_id))
    sam.opens(mixed)
    assert sam.status == 404
    jay.texts("sam touched me and i dont want to see him")
    page = correction_of(town, jay)
    sam.opens(page)
    assert sam.status == 404
    assert "touched" in signed_in(town.helen).opens(page)
