"""Putting back what an import changed on people who were here before, unless it has changed again since."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage import people
from storage.addresses import Address
from storage.base import Base
from storage.cohort.findings import Finding
from storage.cohort.ledger import Record, read_back, written
from storage.contacts import Contact, ContactCorrection
from storage.people import Allocation, AllocationRole, Enrolment, Person
from storage.plans import PlanReview, Visit

_KINDS: dict[str, type[Base]] = {"people": Person, "addresses": Address, "enrolments": Enrolment}
_CHANGED_SINCE = "It was changed again since the import: left as it is."
_WHY_ENDED = "its import was undone"


class Restorer:
    def __init__(self, session: Session, *, now: datetime) -> None:
        self._session = session
        self._now = now
        self.notes: list[Finding] = []

    def restore(self, person: Person, record: Record) -> None:
        for address_id in record.made.get("addresses", ()):
            self._end_address(UUID(address_id))
        for enrolment_id in record.made.get("enrolments", ()):
            enrolment = self._session.get_one(Enrolment, UUID(enrolment_id))
            enrolment.ended_at = enrolment.ended_at or self._now
        for spot, new in record.after.items():
            self._value(record, spot, new)
        self._allocations(person, record)
        self._dated(record)

    def unshare(self, address_ids: Sequence[str]) -> None:
        """A number that the import showed to be shared, and that one person alone has again."""
        for address_id in address_ids:
            address = self._session.get(Address, UUID(address_id))
            if address is not None and not self._held_by_others(address):
                address.shared = False

    def _note(self, record: Record, column: str) -> None:
        self.notes.append(Finding(row=record.row, column=column, words=_CHANGED_SINCE))

    def _end_address(self, address_id: UUID) -> None:
        address = self._session.get_one(Address, address_id)
        if address.ended_at is None:
            address.ended_at, address.ended_why = self._now, _WHY_ENDED

    def _value(self, record: Record, spot: str, new: object) -> None:
        table, row_id, attribute = spot.split(":")
        row = self._session.get_one(_KINDS[table], UUID(row_id))
        if written(getattr(row, attribute)) != new or self._would_double(row, attribute):
            self._note(record, attribute if table == "people" else "mobile")
            return
        setattr(row, attribute, read_back(attribute, record.before[spot]))

    def _would_double(self, row: Base, attribute: str) -> bool:
        """The number that would begin again is back already, in a row of its own."""
        if not isinstance(row, Address) or attribute != "ended_at" or row.ended_at is None:
            return False
        return any(
            other.person_id == row.person_id and other.channel == row.channel for other in self._holders(row)
        )

    def _holders(self, address: Address) -> Sequence[Address]:
        self._session.flush()
        indexes = self._session.info["keyring"].indexes(address.value)
        return self._session.scalars(
            select(Address).where(Address.value_index.in_(indexes), Address.ended_at.is_(None))
        ).all()

    def _held_by_others(self, address: Address) -> bool:
        return any(other.person_id != address.person_id for other in self._holders(address))

    def _allocations(self, person: Person, record: Record) -> None:
        """Back to who it was: by a new allocation, since the other one did have them for a while."""
        made = [self._session.get_one(Allocation, UUID(row)) for row in record.made.get("allocations", ())]
        for allocation in made:
            if allocation.ended_at is not None:
                self._note(record, f"{allocation.role}_email")
                continue
            before = record.held.get(allocation.role)
            if before is None:
                allocation.ended_at = self._now
            else:
                role = AllocationRole(allocation.role)
                people.allocate(self._session, person.id, UUID(before), role=role, now=self._now)

    def _dated(self, record: Record) -> None:
        for kind in (Visit, PlanReview):
            for row_id in record.made.get(kind.__tablename__, ()):
                self._session.delete(self._session.get_one(kind, UUID(row_id)))
        self._session.flush()
        for row_id in record.made.get("contacts", ()):
            self._contact(record, UUID(row_id))

    def _contact(self, record: Record, contact_id: UUID) -> None:
        corrected = select(ContactCorrection.id).where(ContactCorrection.contact_id == contact_id).limit(1)
        if self._session.scalar(corrected):
            self._note(record, "last_visit")
        else:
            self._session.delete(self._session.get_one(Contact, contact_id))
