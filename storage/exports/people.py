"""Young people as they are now. Columns that an import has too carry the import's names."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from messages.channel import ChannelName
from storage import contacts
from storage.addresses import Address
from storage.contacts import Layer
from storage.exports.batches import batches, staff_emails, within
from storage.exports.shapes import Export, Kind, Row, Span, columns
from storage.people import Allocation, AllocationRole, Enrolment, Person, PersonState
from storage.plans import PlanReview, Visit
from storage.staff import Team


@dataclass(frozen=True, slots=True, kw_only=True)
class _Around:
    """What belongs to the people of one batch, by person."""

    mobiles: dict[UUID, Address]
    enrolments: dict[UUID, Enrolment]
    allocated: dict[tuple[UUID, AllocationRole], UUID]
    states: dict[UUID, list[str]]
    visits: dict[UUID, date]
    reviews: dict[UUID, date]
    counted: dict[UUID, dict[Layer, datetime]]


def _rows(session: Session, span: Span) -> Iterator[Row]:
    emails = staff_emails(session)
    teams: dict[UUID | None, str] = dict(session.execute(select(Team.id, Team.name)).all())
    query = select(Person).where(*within(span, Person.created_at))
    for people in batches(session, query, Person.id, Person):
        around = _around(session, [person.id for person in people], span)
        for person in people:
            yield _row(person, around, teams.get(person.team_id), emails)


def _row(person: Person, around: _Around, team: str | None, emails: dict[UUID | None, str]) -> Row:
    mobile = around.mobiles.get(person.id)
    enrolment = around.enrolments.get(person.id)
    layers = around.counted.get(person.id, {})
    return (
        person.case_id,
        person.first_name,
        person.last_name,
        person.preferred_name,
        person.date_of_birth,
        person.status.value,
        mobile.value if mobile else None,
        emails.get(around.allocated.get((person.id, AllocationRole.ADVISER))),
        team,
        person.language,
        person.cadence.value,
        person.risk.value,
        around.visits.get(person.id),
        around.reviews.get(person.id),
        person.in_area,
        person.discreet,
        person.safe_name,
        mobile.safe_to_text if mobile else None,
        mobile.safe_to_ring if mobile else None,
        enrolment.enrolled_on if enrolment else None,
        emails.get(around.allocated.get((person.id, AllocationRole.SOCIAL_WORKER))),
        " ".join(around.states.get(person.id, ())) or None,
        mobile.confirmed_at if mobile else None,
        mobile.shared if mobile else None,
        person.controlled,
        max(layers.values(), default=None),
        layers.get(Layer.TEXT),
        layers.get(Layer.SPOKEN),
        layers.get(Layer.SEEN),
        person.paused_until,
        person.next_check_in_at,
        person.created_at,
        person.closed_at,
    )


def _around(session: Session, ids: Sequence[UUID], span: Span) -> _Around:
    def of(kind: Any, *conditions: Any, order: Any) -> Sequence[Any]:
        return session.scalars(select(kind).where(kind.person_id.in_(ids), *conditions).order_by(order)).all()

    mobiles = of(
        Address, Address.channel == ChannelName.SMS, Address.ended_at.is_(None), order=Address.starts_at
    )
    enrolments = of(Enrolment, Enrolment.ended_at.is_(None), order=Enrolment.created_at)
    running = of(Allocation, Allocation.ended_at.is_(None), order=Allocation.starts_at)
    states: dict[UUID, list[str]] = {}
    for state in of(PersonState, PersonState.starts_on <= span.today, order=PersonState.starts_on):
        if state.holds_on(span.today):
            states.setdefault(state.person_id, []).append(state.kind.value)
    return _Around(
        mobiles={address.person_id: address for address in mobiles},
        enrolments={enrolment.person_id: enrolment for enrolment in enrolments},
        allocated={(each.person_id, each.role): each.staff_id for each in running},
        states=states,
        visits=_newest(session, Visit.person_id, Visit.visited_on, ids, Visit.seen.is_(True)),
        reviews=_newest(session, PlanReview.person_id, PlanReview.reviewed_on, ids),
        counted=contacts.last_counted(session, ids, until=span.now),
    )


def _newest(
    session: Session, owner: Any, day: Any, ids: Sequence[UUID], *conditions: Any
) -> dict[UUID, date]:
    query = select(owner, func.max(day)).where(owner.in_(ids), *conditions).group_by(owner)
    return dict(session.execute(query).all())


EXPORT = Export(
    name="people",
    rows=_rows,
    columns=columns(
        person_id=Kind.TEXT,
        first_name=Kind.TEXT,
        last_name=Kind.TEXT,
        preferred_name=Kind.TEXT,
        date_of_birth=Kind.DATE,
        status=Kind.TEXT,
        mobile=Kind.PHONE,
        adviser_email=Kind.TEXT,
        team=Kind.TEXT,
        language=Kind.TEXT,
        cadence=Kind.TEXT,
        risk=Kind.TEXT,
        last_visit=Kind.DATE,
        last_plan_review=Kind.DATE,
        in_area=Kind.YES_NO,
        discreet=Kind.YES_NO,
        safe_name=Kind.TEXT,
        safe_to_text=Kind.YES_NO,
        safe_to_ring=Kind.YES_NO,
        enrolled_on=Kind.DATE,
        social_worker_email=Kind.TEXT,
        states=Kind.TEXT,
        mobile_confirmed_at=Kind.TIME,
        mobile_shared=Kind.YES_NO,
        controlled=Kind.YES_NO,
        last_contact_at=Kind.TIME,
        last_answered_by_text_at=Kind.TIME,
        last_spoken_with_at=Kind.TIME,
        last_seen_at=Kind.TIME,
        paused_until=Kind.TIME,
        next_check_in_at=Kind.TIME,
        added_at=Kind.TIME,
        closed_at=Kind.TIME,
    ),
)
