"""Contacts that staff write down: a call, a visit, a letter; and their judgement over what counts."""

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from messages.errors import KitError
from messages.kinds import ContactMethod
from scheduler.local_time import LONDON, day_of
from scheduler.lost_touch import regain
from storage import plans
from storage.contacts import Contact, ContactCorrection, Direction, Layer
from storage.people import Person
from storage.plans import Visit

_LAYERS = {
    ContactMethod.TEXT: Layer.TEXT,
    ContactMethod.TELEGRAM: Layer.TEXT,
    ContactMethod.LETTER: Layer.TEXT,
    ContactMethod.VISIT: Layer.SEEN,
}


#: What is older is no news of how they are now, and most often a year that was mistyped.
_LONGEST_AGO = timedelta(days=366)


class WrongDay(KitError):
    """A contact cannot have been then: check its date."""


class NotYet(WrongDay):
    """A contact cannot be in the future: check its date and time."""


class BeforeBirth(WrongDay):
    """This is before they were born: check the year."""


class TooLongAgo(WrongDay):
    """This is more than a year ago: check the year."""


def layer_of(method: ContactMethod, direction: Direction) -> Layer | None:
    """Which layer a contact reaches; None: none, it was no two-way contact."""
    return _LAYERS.get(method, Layer.SPOKEN) if direction is Direction.TWO_WAY else None


def log_contact(
    session: Session,
    person_id: UUID,
    *,
    method: ContactMethod,
    direction: Direction,
    at: datetime,
    staff_id: UUID | None,
    now: datetime,
    note: str | None = None,
    begun_by_person: bool = False,
    via: str = "",
    zone: ZoneInfo = LONDON,
) -> Contact:
    """Write down what happened at ``at``. A visit is a visit row too; a try belongs to the open plan, if any;
    a two-way contact ends that plan. :class:`WrongDay` when it cannot have been then.
    """
    _must_have_been(session.get_one(Person, person_id), at, now, zone)
    plan = plans.open_lost_touch(session, person_id)
    contact = Contact(
        person_id=person_id,
        at=at,
        direction=direction,
        method=method,
        layer=layer_of(method, direction),
        begun_by_person=begun_by_person,
        staff_id=staff_id,
        lost_touch_plan_id=plan.id if plan else None,
        note=note,
        via=via,
        recorded_at=now,
    )
    session.add(contact)
    session.flush()
    if method is ContactMethod.VISIT and direction in (Direction.TWO_WAY, Direction.ATTEMPT):
        session.add(
            Visit(
                person_id=person_id,
                visited_on=day_of(at, zone),
                seen=direction is Direction.TWO_WAY,
                note=note,
                staff_id=staff_id,
                contact_id=contact.id,
                recorded_at=now,
            )
        )
    if plan is not None and direction is Direction.TWO_WAY and at >= plan.opened_at:
        regain(session, person_id, now=now)
    return contact


def _must_have_been(person: Person, at: datetime, now: datetime, zone: ZoneInfo) -> None:
    if at > now:
        raise NotYet
    if day_of(at, zone) < person.date_of_birth:
        raise BeforeBirth
    if now - at > _LONGEST_AGO:
        raise TooLongAgo


def correct_contact(
    session: Session, contact: Contact, *, counts: bool, reason: str, staff_id: UUID, now: datetime
) -> ContactCorrection:
    """Staff decide that a reply counts after all, or does not: a new row, the contact stays as it was."""
    correction = ContactCorrection(
        contact_id=contact.id, counts=counts, reason=reason, staff_id=staff_id, at=now
    )
    session.add(correction)
    session.flush()
    plan = plans.open_lost_touch(session, contact.person_id)
    if counts and plan is not None and contact.at >= plan.opened_at:
        regain(session, contact.person_id, now=now)
    return correction
