"""Carrying out a plan: all rows or none, in the caller's unit of work, each change kept for the undo."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from messages.channel import ChannelName
from messages.errors import KitError
from messages.kinds import ContactMethod
from storage import audit, people
from storage.addresses import Address
from storage.base import Base
from storage.cohort.ledger import PERSON_COLUMNS, Record, written
from storage.cohort.planning import FLAGS, Effect, Intent, Plan
from storage.contacts import Contact, Direction, Layer
from storage.imports import Import, ImportChange
from storage.people import Allocation, AllocationRole, Enrolment, Person
from storage.plans import PlanReview, Visit
from storage.staff import Team

_NOON = time(12)
_RHYTHM = {"cadence", "risk"}
VIA = "by import"


class ImportRefused(KitError):
    """Some rows cannot be imported, so nothing was: put them right, or leave them out with --skip-bad."""


class ImportClash(KitError):
    """Somebody else added one of these people in the meantime. Nothing was imported: try again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    #: None: there was nothing to change, and no import was recorded.
    import_id: UUID | None = None
    created: int = 0
    changed: int = 0
    #: People in the clock's rhythm whose rhythm changed: their next check-in must be planned again.
    replan: tuple[UUID, ...] = ()
    #: Enrolled people who got another number without a declaration that speaks of it: it is to be confirmed.
    renumbered: tuple[UUID, ...] = ()


def apply(
    session: Session,
    plan: Plan,
    *,
    now: datetime,
    imported_by_id: UUID | None = None,
    skip_bad: bool = False,
) -> Applied:
    """Write what ``plan`` says. :class:`ImportRefused` while any row is bad, unless those are left out."""
    if plan.faults and not skip_bad:
        raise ImportRefused
    work = [intent for intent in plan.intents if intent.effect is not Effect.UNCHANGED]
    if not work:
        return Applied()
    try:
        return _Import(session, plan, now=now, imported_by_id=imported_by_id).carry_out(work)
    except IntegrityError:
        raise ImportClash from None


class _Import:
    """One import on its way into the database."""

    def __init__(self, session: Session, plan: Plan, *, now: datetime, imported_by_id: UUID | None) -> None:
        self.session, self.plan, self.now = session, plan, now
        self.record = Import(
            file_name=plan.file[:200],
            imported_at=now,
            imported_by_id=imported_by_id,
            created=plan.count(Effect.NEW),
            changed=plan.count(Effect.CHANGED),
        )
        #: Rows that refer to others of this import, and so are written after them.
        self.last: list[Base] = []
        self.renumbered: list[UUID] = []

    def carry_out(self, work: list[Intent]) -> Applied:
        session = self.session
        session.add(self.record)
        teams = self._teams()
        session.flush()
        persons = [intent.person or self._person(intent, teams) for intent in work]
        session.flush()
        for intent, person in zip(work, persons, strict=True):
            self._row(intent, person, teams)
        session.flush()
        session.add_all(self.last)
        session.flush()
        self._note(work, persons)
        return Applied(
            import_id=self.record.id,
            created=self.record.created,
            changed=self.record.changed,
            replan=tuple(
                person.id
                for intent, person in zip(work, persons, strict=True)
                if person.next_check_in_at is not None and _RHYTHM & set(intent.columns)
            ),
            renumbered=tuple(self.renumbered),
        )

    def _teams(self) -> dict[str, Team]:
        self.session.add_all([Team(name=name) for name in self.plan.new_teams])
        return {team.name.casefold(): team for team in self.session.scalars(select(Team))}

    def _person(self, intent: Intent, teams: Mapping[str, Team]) -> Person:
        entry = intent.entry
        given = entry.given()
        facts: dict[str, Any] = {column: given[column] for column in PERSON_COLUMNS if column in given}
        person = Person(
            case_id=entry.person_id,
            team_id=teams[entry.team.casefold()].id if entry.team else None,
            created_at=self.now,
            **facts,
        )
        self.session.add(person)
        return person

    def _row(self, intent: Intent, person: Person, teams: Mapping[str, Team]) -> None:
        given = intent.entry.given()
        record = Record(
            row=intent.entry.row, given={column: written(value) for column, value in given.items()}
        )
        if intent.person is None:
            record.makes(person)
        else:
            if intent.reopens:
                record.sets(person, "closed_at", None)
            for column in intent.columns:
                if column in PERSON_COLUMNS:
                    record.sets(person, column, given[column])
            if "team" in intent.columns:
                record.sets(person, "team_id", teams[given["team"].casefold()].id)
        self._allocate(intent, person, record)
        self._address(intent, person, record)
        self._dated(intent, person, record)
        self.last.append(
            ImportChange(
                import_id=self.record.id,
                person_id=person.id,
                before=record.before_json(new=intent.person is None),
                after=record.after_json(),
            )
        )

    def _add(self, record: Record, row: Base) -> None:
        self.session.add(row)
        record.makes(row)

    def _allocate(self, intent: Intent, person: Person, record: Record) -> None:
        for role, staff_id in intent.staff.items():
            record.hands_on(AllocationRole(role), intent.held[role])
            if intent.held[role] is None:  # nothing to end, so nothing to ask the database
                given = Allocation(person_id=person.id, staff_id=staff_id, role=role, starts_at=self.now)
                self._add(record, given)
            else:
                record.makes(people.allocate(self.session, person.id, staff_id, role=role, now=self.now))

    def _address(self, intent: Intent, person: Person, record: Record) -> None:
        entry = intent.entry
        enrols = entry.enrolled_on if "enrolled_on" in intent.columns else None
        if "mobile" in intent.columns and entry.mobile:
            for old in intent.mobiles:
                record.sets(old, "ended_at", self.now)
                record.sets(old, "ended_why", "a new number was imported")
            address = Address(
                person_id=person.id,
                channel=ChannelName.SMS,
                value=entry.mobile,
                shared=intent.shared,
                confirmed_at=self._start_of(enrols) if enrols else None,
                safe_to_text=entry.safe_to_text or False,
                safe_to_ring=entry.safe_to_ring or False,
                starts_at=self.now,
            )
            self._add(record, address)
            if intent.person and not enrols and people.enrolment(self.session, person.id) is not None:
                self.renumbered.append(person.id)
        elif held := intent.mobile:
            for column in FLAGS:
                if column in intent.columns:
                    record.sets(held, column, getattr(entry, column))
            if enrols:
                self._confirm(held, enrols, record)
        for other in intent.shared_with:
            other.shared = True
            record.shared.append(str(other.id))
        if enrols:
            self._enrol(intent, person, enrols, record)

    def _confirm(self, address: Address, declared: date, record: Record) -> None:
        at = self._start_of(declared)
        record.sets(address, "safe_to_text", True)
        if address.confirmed_at is None or address.confirmed_at < at:
            record.sets(address, "confirmed_at", at)

    def _enrol(self, intent: Intent, person: Person, declared: date, record: Record) -> None:
        """The declaration was made elsewhere; one that was in force ends."""
        running = people.enrolment(self.session, person.id) if intent.person else None
        if running is not None:
            record.sets(running, "ended_at", self.now)
        enrolment = Enrolment(
            person_id=person.id,
            enrolled_on=declared,
            number_confirmed_on=declared,
            safe_to_text=True,
            safe_to_ring=intent.entry.safe_to_ring or False,
            told_how_to_stop=True,
            import_id=self.record.id,
            created_at=self.now,
        )
        self._add(record, enrolment)

    def _dated(self, intent: Intent, person: Person, record: Record) -> None:
        entry = intent.entry
        if "last_visit" in intent.columns and entry.last_visit:
            contact = self._seen(person, entry.last_visit)
            self._add(record, contact)
            person.touch_check_at = self.now  # they may have been found again: the clock looks
            visit = Visit(
                person_id=person.id,
                visited_on=entry.last_visit,
                contact_id=contact.id,
                recorded_at=self.now,
            )
            record.makes(visit)
            self.last.append(visit)
        if "last_plan_review" in intent.columns and entry.last_plan_review:
            review = PlanReview(person_id=person.id, reviewed_on=entry.last_plan_review, recorded_at=self.now)
            self._add(record, review)

    def _seen(self, person: Person, day: date) -> Contact:
        """A visit at which they were seen keeps them in touch like any other. The file knows no hour."""
        at = datetime.combine(day, _NOON, self.plan.zone).astimezone(UTC)
        return Contact(
            person_id=person.id,
            at=min(at, self.now),
            direction=Direction.TWO_WAY,
            method=ContactMethod.VISIT,
            layer=Layer.SEEN,
            via=VIA,
            recorded_at=self.now,
        )

    def _start_of(self, day: date) -> datetime:
        return datetime.combine(day, time(0), self.plan.zone).astimezone(UTC)

    def _note(self, work: list[Intent], persons: list[Person]) -> None:
        by = self.record.imported_by_id
        audit.note(
            self.session,
            "people.imported",
            now=self.now,
            staff_id=by,
            subject="import",
            subject_id=self.record.id,
            created=self.record.created,
            changed=self.record.changed,
            left_out=self.plan.bad_rows,
        )
        for intent, person in zip(work, persons, strict=True):
            if "enrolled_on" in intent.columns:
                audit.note(
                    self.session,
                    "person.enrolled",
                    now=self.now,
                    staff_id=by,
                    subject="person",
                    subject_id=person.id,
                    import_id=self.record.id,
                    enrolled_on=intent.entry.enrolled_on,
                )
