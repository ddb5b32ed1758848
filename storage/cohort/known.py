"""What the database already holds about the people of a file, fetched in chunks, not row by row."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from messages.channel import ChannelName
from storage.addresses import Address
from storage.cohort.entries import Entry
from storage.cohort.ledger import Record
from storage.imports import Import, ImportChange
from storage.people import Allocation, AllocationRole, Enrolment, Person
from storage.plans import PlanReview, Visit
from storage.staff import Staff, Team

CHUNK = 500
_Thing = TypeVar("_Thing")


def chunks(things: Iterable[_Thing]) -> Iterator[list[_Thing]]:
    """Few enough at a time for one statement on either engine."""
    rest = iter(things)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    people: dict[str, Person]
    #: Active mobiles by person, oldest first.
    mobiles: dict[UUID, list[Address]]
    #: Active mobiles by number, whoever's, for the numbers of the file.
    holders: dict[str, list[Address]]
    #: Who holds each role.
    allocated: dict[tuple[UUID, AllocationRole], UUID]
    #: The newest declaration date.
    declared: dict[UUID, date]
    visits: set[tuple[UUID, date]]
    reviews: set[tuple[UUID, date]]
    #: What the last import that still holds said of each person, by column.
    said: dict[UUID, dict[str, Any]]
    #: People whose last import was undone.
    undone: set[UUID]
    staff: dict[str, Staff]
    #: E-mail by id.
    emails: dict[UUID, str]
    teams: dict[str, Team]


def gather(session: Session, entries: Sequence[Entry]) -> Known:
    people = {
        person.case_id: person
        for chunk in chunks(entry.person_id for entry in entries)
        for person in session.scalars(select(Person).where(Person.case_id.in_(chunk)))
    }
    ids = [person.id for person in people.values()]
    said, undone = _said(session, ids)
    staff = session.scalars(select(Staff)).all()
    return Known(
        people=people,
        mobiles=_mobiles(session, ids),
        holders=_holders(session, {entry.mobile for entry in entries if entry.mobile}),
        allocated=_allocated(session, ids),
        declared=_declared(session, ids),
        visits={
            (each.person_id, each.visited_on)
            for chunk in chunks(ids)
            for each in session.scalars(select(Visit).where(Visit.person_id.in_(chunk), Visit.seen.is_(True)))
        },
        reviews={
            (each.person_id, each.reviewed_on)
            for chunk in chunks(ids)
            for each in session.scalars(select(PlanReview).where(PlanReview.person_id.in_(chunk)))
        },
        said=said,
        undone=undone,
        staff={member.email: member for member in staff},
        emails={member.id: member.email for member in staff},
        teams={team.name.casefold(): team for team in session.scalars(select(Team))},
    )


def _mobiles(session: Session, ids: Sequence[UUID]) -> dict[UUID, list[Address]]:
    found: defaultdict[UUID, list[Address]] = defaultdict(list)
    for chunk in chunks(ids):
        active = select(Address).where(
            Address.person_id.in_(chunk), Address.channel == ChannelName.SMS, Address.ended_at.is_(None)
        )
        for address in session.scalars(active.order_by(Address.starts_at, Address.id)):
            found[address.person_id].append(address)
    return found


def _holders(session: Session, numbers: set[str]) -> dict[str, list[Address]]:
    found: defaultdict[str, list[Address]] = defaultdict(list)
    keyring = session.info["keyring"]
    marks = {mark: number for number in numbers for mark in keyring.indexes(number)}
    for chunk in chunks(marks):
        active = select(Address).where(
            Address.channel == ChannelName.SMS, Address.value_index.in_(chunk), Address.ended_at.is_(None)
        )
        for address in session.scalars(active):
            found[address.value].append(address)
    return found


def _allocated(session: Session, ids: Sequence[UUID]) -> dict[tuple[UUID, AllocationRole], UUID]:
    return {
        (each.person_id, each.role): each.staff_id
        for chunk in chunks(ids)
        for each in session.scalars(
            select(Allocation)
            .where(Allocation.person_id.in_(chunk), Allocation.ended_at.is_(None))
            .order_by(Allocation.starts_at)
        )
    }


def _declared(session: Session, ids: Sequence[UUID]) -> dict[UUID, date]:
    return {
        each.person_id: each.enrolled_on
        for chunk in chunks(ids)
        for each in session.scalars(
            select(Enrolment).where(Enrolment.person_id.in_(chunk)).order_by(Enrolment.enrolled_on)
        )
    }


def _said(session: Session, ids: Sequence[UUID]) -> tuple[dict[UUID, dict[str, Any]], set[UUID]]:
    """What files said, column by column: a later file may have had fewer columns."""
    said: defaultdict[UUID, dict[str, Any]] = defaultdict(dict)
    undone: dict[UUID, bool] = {}
    for chunk in chunks(ids):
        rows = session.execute(
            select(ImportChange, Import.undone_at)
            .join(Import, Import.id == ImportChange.import_id)
            .where(ImportChange.person_id.in_(chunk))
            .order_by(ImportChange.id)
        )
        for change, undone_at in rows:
            undone[change.person_id] = undone_at is not None
            if undone_at is None:
                said[change.person_id] |= Record.from_json(change.before, change.after).given
    return said, {person_id for person_id, was in undone.items() if was}
