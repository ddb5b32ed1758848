"""Taking a whole import back: new people go if nothing happened to them since, changed ones are restored."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import Delete, Table, delete, exists, select
from sqlalchemy.orm import Session

from messages.errors import KitError
from storage import audit, people
from storage.addresses import Address
from storage.base import Base
from storage.cohort import traces
from storage.cohort.findings import Finding
from storage.cohort.known import chunks
from storage.cohort.ledger import Record, written
from storage.cohort.restoring import Restorer
from storage.contacts import Contact
from storage.imports import Import, ImportChange
from storage.people import Allocation, Enrolment, Person
from storage.plans import PlanReview, Visit

#: What an import makes, in the order in which it can be deleted.
_MADE: tuple[type[Base], ...] = (Visit, Contact, PlanReview, Enrolment, Allocation, Address)
_CLOSED = "Something has happened to this person since the import: closed, not removed."


class NoSuchImport(KitError):
    """There is no import with this id: it was printed with the import, and is in the audit trail."""


class AlreadyUndone(KitError):
    """This import has been undone already."""


class LaterImport(KitError):
    """A later import changed some of the same people: undo that one first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    removed: int
    #: New people to whom something has happened since.
    closed: int
    restored: int
    #: What could not be taken back, by the row of the file that brought it.
    notes: Sequence[Finding]
    #: People in the clock's rhythm whose next check-in must be planned again.
    replan: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    person: Person
    record: Record
    new: bool


def undo(session: Session, import_id: UUID, *, now: datetime, undone_by_id: UUID | None = None) -> Undone:
    """Undo an import as a whole, once. Refuses (:class:`LaterImport`) when a newer one stands on it."""
    undone = session.get(Import, import_id, with_for_update=True)
    if undone is None:
        raise NoSuchImport
    if undone.undone_at is not None:
        raise AlreadyUndone
    result = _take_back(session, undone, _changes(session, undone), now)
    undone.undone_at, undone.undone_by_id = now, undone_by_id
    audit.note(
        session,
        "people.import_undone",
        now=now,
        staff_id=undone_by_id,
        subject="import",
        subject_id=import_id,
        removed=result.removed,
        closed=result.closed,
        restored=result.restored,
    )
    return result


def _take_back(session: Session, undone: Import, changes: Sequence[_Change], now: datetime) -> Undone:
    _refuse_when_built_on(session, undone, [change.person.id for change in changes])
    created = [change for change in changes if change.new]
    changed = [change for change in changes if not change.new]
    happened = _happened(session, undone, created)
    closed = [change for change in created if change.person.id in happened]
    gone = [change for change in created if change.person.id not in happened]
    for change in closed:
        _close(session, change.person, now)
    restorer = Restorer(session, now=now)
    for change in changed:
        restorer.restore(change.person, change.record)
    session.flush()
    _remove(session, gone)
    restorer.unshare([address for change in changes for address in change.record.shared])
    notes = {Finding(row=change.record.row, column="person_id", words=_CLOSED) for change in closed}
    return Undone(
        removed=len(gone),
        closed=len(closed),
        restored=len(changed),
        notes=sorted({*notes, *restorer.notes}, key=lambda note: (note.row, note.column)),
        replan=tuple(change.person.id for change in changed if change.person.next_check_in_at is not None),
    )


def _changes(session: Session, undone: Import) -> list[_Change]:
    rows = session.execute(
        select(ImportChange, Person)
        .join(Person, Person.id == ImportChange.person_id)
        .where(ImportChange.import_id == undone.id)
        .order_by(ImportChange.id)
    )
    return [
        _Change(person=person, record=Record.from_json(row.before, row.after), new=row.before is None)
        for row, person in rows
    ]


def _refuse_when_built_on(session: Session, undone: Import, person_ids: Sequence[UUID]) -> None:
    for chunk in chunks(person_ids):
        later = exists().where(
            ImportChange.import_id == Import.id,
            Import.id > undone.id,
            Import.undone_at.is_(None),
            ImportChange.person_id.in_(chunk),
        )
        if session.scalar(select(later)):
            raise LaterImport


def _happened(session: Session, undone: Import, created: Sequence[_Change]) -> set[UUID]:
    made: defaultdict[str, dict[UUID, UUID]] = defaultdict(dict)
    for change in created:
        for table, ids in change.record.made.items():
            made[table] |= dict.fromkeys(map(UUID, ids), change.person.id)
    edited = {change.person.id for change in created if _edited(change)}
    return edited | traces.touched(session, made, undone)


def _edited(change: _Change) -> bool:
    person = change.person
    return person.closed_at is not None or any(
        written(getattr(person, column)) != value
        for column, value in change.record.given.items()
        if hasattr(Person, column)
    )


def _close(session: Session, person: Person, now: datetime) -> None:
    person.closed_at = person.closed_at or now
    person.next_check_in_at = None
    declared = people.enrolment(session, person.id)
    if declared is not None:
        declared.ended_at = now


def _remove(session: Session, gone: Sequence[_Change]) -> None:
    """Sealed and linked rows go with their person; the audit trail keeps that they were there."""
    for kind in _MADE:
        ids = [UUID(row) for change in gone for row in change.record.made.get(kind.__tablename__, ())]
        for chunk in chunks(ids):
            session.execute(_delete(kind, chunk))
    persons = [change.person.id for change in gone]
    for chunk in chunks(persons):
        session.execute(
            delete(ImportChange)
            .where(ImportChange.person_id.in_(chunk))
            .execution_options(synchronize_session=False)
        )
        session.execute(_delete(Person, chunk))


def _delete(kind: type[Base], ids: Sequence[UUID]) -> Delete:
    table = cast("Table", kind.__table__)
    return delete(table).where(table.c.id.in_(ids))
