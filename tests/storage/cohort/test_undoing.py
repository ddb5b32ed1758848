"""Taking an import back as a whole."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from messages.channel import ChannelName, Inbound
from storage import audit, cohort, contacts, inbound, people, tables
from storage.addresses import Address
from storage.contacts import Contact, ContactCorrection
from storage.imports import Import, ImportChange
from storage.inbound import InboundMessage
from storage.people import Allocation, AllocationRole, Cadence, Enrolment, Person, Risk
from storage.plans import PlanReview, Visit
from storage.staff import Staff

Row = Callable[..., dict[str, str]]
DAN = "dan.whitaker@westhaven.example"
FULL = {"enrolled_on": "2026-11-02", "last_visit": "2026-10-14", "last_plan_review": "2026-08-03"}


def test_new_people_to_whom_nothing_happened_are_removed(office: Any, jay: Row) -> None:
    done = office.brings(jay(**FULL), jay(person_id="WH-2"))
    undone = office.undoes(done.import_id)
    assert (undone.removed, undone.closed, undone.restored) == (2, 0, 0)
    for kind in (Person, Address, Enrolment, Allocation, Visit, PlanReview, Contact, ImportChange):
        assert office.count(kind) == 0
    assert office.all(Import)[0].undone_at == office.now
    with office.database.read() as session:
        assert audit.verify(session).whole


def test_new_people_who_have_written_since_are_closed_and_told(office: Any, jay: Row) -> None:
    done = office.brings(jay(**FULL), jay(person_id="WH-2", mobile="07700900102"))
    message = Inbound(
        channel=ChannelName.SMS, provider_id="SM1", sender="+447700900101", text="hi", raw=b"hi"
    )
    row = inbound.record(office.database, message, now=office.now)
    with office.database.begin() as session:
        session.get_one(InboundMessage, row).person_id = office.person().id
    undone = office.undoes(done.import_id)
    assert (undone.removed, undone.closed) == (1, 1)
    assert [(note.row, note.column) for note in undone.notes] == [(2, "person_id")]
    assert office.person().closed_at == office.now
    assert office.all(Enrolment)[0].ended_at == office.now


@pytest.mark.parametrize("change", ["edited", "corrected", "handed_on"])
def test_whatever_staff_did_since_is_not_removed(office: Any, jay: Row, change: str) -> None:
    done = office.brings(jay(**FULL))
    with office.database.begin() as session:
        dan = session.scalars(select(Staff).where(Staff.email == DAN)).one()
        person = session.scalars(select(Person)).one()
        if change == "edited":
            person.first_name = "Jordie"
        elif change == "handed_on":
            people.allocate(session, person.id, dan.id, role=AllocationRole.ADVISER, now=office.now)
        else:
            contact = session.scalars(select(Contact)).one()
            session.add(
                ContactCorrection(
                    contact_id=contact.id, counts=False, reason="not him", staff_id=dan.id, at=office.now
                )
            )
    assert office.undoes(done.import_id).closed == 1


def test_changed_people_are_restored(office: Any, jay: Row) -> None:
    office.brings(jay(enrolled_on="2026-11-02"))
    office.now += timedelta(days=1)
    done = office.brings(
        jay(
            enrolled_on="2026-11-20",
            first_name="Jordon",
            cadence="eight_weekly",
            risk="high",
            adviser_email=DAN,
            mobile="07700 900150",
            team="Quayside",
            last_visit="2026-10-14",
            last_plan_review="2026-08-03",
        )
    )
    before = office.person()
    assert (before.first_name, before.cadence) == ("Jordon", Cadence.EIGHT_WEEKLY)
    office.now += timedelta(hours=1)
    undone = office.undoes(done.import_id)
    assert (undone.removed, undone.closed, undone.restored) == (0, 0, 1)
    assert not undone.notes
    person = office.person()
    assert (person.first_name, person.cadence, person.risk) == ("Jordan", Cadence.WEEKLY, Risk.STANDARD)
    assert person.team_id != before.team_id
    old, new = office.all(Address)
    assert (old.ended_at, old.ended_why, new.ended_at) == (None, None, office.now)
    first, second = office.all(Enrolment)
    assert (first.ended_at, second.ended_at) == (None, office.now)
    with office.database.read() as session:
        adviser = people.allocated(session, person.id, AllocationRole.ADVISER, office.now)
    assert adviser
    assert adviser.name == "Sam Okafor"
    assert len(office.all(Allocation)) == 3
    assert office.count(Visit) == office.count(PlanReview) == office.count(Contact) == 0


def test_what_was_changed_again_since_is_left_and_told(office: Any, jay: Row) -> None:
    office.brings(jay())
    done = office.brings(jay(cadence="eight_weekly", risk="high"))
    with office.database.begin() as session:
        session.scalars(select(Person)).one().cadence = Cadence.FORTNIGHTLY
    undone = office.undoes(done.import_id)
    assert [(note.row, note.column) for note in undone.notes] == [(2, "cadence")]
    assert (office.person().cadence, office.person().risk) == (Cadence.FORTNIGHTLY, Risk.STANDARD)


def test_a_number_that_is_back_already_does_not_begin_twice(office: Any, jay: Row) -> None:
    office.brings(jay())
    done = office.brings(jay(mobile="07700 900150"))
    with office.database.begin() as session:
        session.add(
            Address(
                person_id=session.scalars(select(Person.id)).one(),
                channel=ChannelName.SMS,
                value="+447700900101",
                starts_at=office.now,
            )
        )
    undone = office.undoes(done.import_id)
    assert [note.column for note in undone.notes] == ["mobile"]
    assert [address.value for address in office.all(Address) if address.ended_at is None] == ["+447700900101"]


def test_twice_is_refused(office: Any, jay: Row) -> None:
    done = office.brings(jay())
    office.undoes(done.import_id)
    with pytest.raises(cohort.AlreadyUndone):
        office.undoes(done.import_id)


def test_an_import_that_never_was_is_refused(office: Any) -> None:
    with pytest.raises(cohort.NoSuchImport):
        office.undoes(uuid4())


def test_the_later_one_goes_first(office: Any, jay: Row) -> None:
    first = office.brings(jay())
    second = office.brings(jay(cadence="fortnightly"))
    with pytest.raises(cohort.LaterImport):
        office.undoes(first.import_id)
    office.undoes(second.import_id)
    assert office.undoes(first.import_id).removed == 1


def test_after_an_undo_the_same_file_can_come_again(office: Any, jay: Row) -> None:
    office.brings(jay())
    changed = office.brings(jay(cadence="fortnightly", mobile="07700900150"))
    office.undoes(changed.import_id)
    again = office.brings(jay(cadence="fortnightly", mobile="07700900150"))
    assert again.changed == 1
    assert office.person().cadence is Cadence.FORTNIGHTLY


def test_people_closed_by_an_undo_come_back_with_the_next_file(office: Any, jay: Row) -> None:
    done = office.brings(jay())
    with office.database.begin() as session:
        session.scalars(select(Person)).one().first_name = "Jordie"
    assert office.undoes(done.import_id).closed == 1
    assert office.brings(jay()).changed == 1
    assert office.person().closed_at is None
    assert office.person().first_name == "Jordan"


def test_a_number_that_is_one_persons_again_is_no_longer_shared(office: Any, jay: Row) -> None:
    office.brings(jay())
    second = office.brings(jay(person_id="WH-2"))
    assert [address.shared for address in office.all(Address)] == [True, True]
    office.undoes(second.import_id)
    assert [address.shared for address in office.all(Address)] == [False]


def test_every_table_that_names_a_person_is_asked() -> None:
    # The list is read from the schema, so a new table counts as a trace by itself.
    naming = {
        table.name
        for table in tables.Base.metadata.sorted_tables
        if any(key.column.table.name == "people" for key in table.foreign_keys)
    }
    assert {"inbound_messages", "outbound_messages", "alerts", "check_ins", "person_states"} <= naming


def test_contacts_of_an_import_count_until_it_is_undone(office: Any, jay: Row) -> None:
    office.brings(jay())
    done = office.brings(jay(last_visit="2026-11-20"))
    person_id = office.person().id
    with office.database.read() as session:
        assert person_id in contacts.last_counted(session, [person_id], until=office.now)
    office.undoes(done.import_id)
    with office.database.read() as session:
        assert not contacts.last_counted(session, [person_id], until=office.now)
