"""What happened and what comes, as steps beside the phones: read from the rows, never from memory."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from messages.kinds import ALERT_TERMS, Deadline, OutboundKind
from storage import check_ins, markers
from storage.alerts import Alert
from storage.check_ins import CheckInState, SilenceStep
from storage.contacts import Contact, Direction
from storage.inbound import InboundMessage
from storage.outbound import OutboundMessage, OutboundState
from storage.people import Person
from storage.staff import Staff
from web import formats, words
from web.shapes.pieces import Standing, Step

JOURNEY = "demo:journey"
_MOST, _AHEAD = 7, 4
_KINDS = {OutboundKind.CHECK_IN: "Check-in", OutboundKind.NUDGE: "Nudge", OutboundKind.WELCOME: "Welcome"}
_STEPS = {
    SilenceStep.NUDGE: "a nudge",
    SilenceStep.SECOND_CHANNEL: "a second channel, where there is one",
    SilenceStep.ADVISER: "the adviser is told, with their own plan",
}
_URGENCY = {Deadline.NOW: 0, Deadline.TODAY: 1, Deadline.SOON: 2}
_LEFT = (OutboundState.SENT, OutboundState.DELIVERED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    at: datetime
    words: str
    #: Lower is shown rather.
    weight: int = 2
    waiting: bool = False


def steps(session: Session, ids: Collection[UUID], *, now: datetime) -> tuple[Step, ...]:
    """What happened last, to these people first of all, and what comes next for them."""
    journey = markers.get(session, JOURNEY)
    since = datetime.fromisoformat(journey.value["from"]) if journey else now - timedelta(days=3)
    told = [
        *_texts(session, ids, since, now),
        *_alerts(session, ids, since, now),
        *_contacts(session, ids, since),
    ]
    kept = sorted(sorted(told, key=lambda event: (event.weight, -event.at.timestamp()))[:_MOST], key=_at)
    before = [_journey(session, since, now)] if journey else []
    return (
        *before,
        *(_step(event, now) for event in kept),
        *(
            Step(when=formats.moment(event.at, now), what=event.words)
            for event in _to_come(session, ids, now)
        ),
    )


def _at(event: Event) -> datetime:
    return event.at


def _step(event: Event, now: datetime) -> Step:
    standing = Standing.WAITING if event.waiting else Standing.DONE
    return Step(when=formats.moment(event.at, now), what=event.words, standing=standing)


def _journey(session: Session, since: datetime, now: datetime) -> Step:
    left = session.scalar(
        select(func.count()).where(OutboundMessage.sent_at > since, OutboundMessage.sent_at <= now)
    )
    came = session.scalar(
        select(func.count()).where(InboundMessage.received_at > since, InboundMessage.received_at <= now)
    )
    raised = session.scalar(select(func.count()).where(Alert.opened_at > since, Alert.opened_at <= now))
    counted = formats.joined(
        [
            f"{formats.plural(left or 0, 'text')} left",
            f"{came or 0} came in",
            formats.plural(raised or 0, "alert"),
        ]
    )
    return Step(when=f"Since {formats.moment(since, now)}", what=counted, standing=Standing.DONE)


def _texts(session: Session, ids: Collection[UUID], since: datetime, now: datetime) -> Iterator[Event]:
    rows = session.execute(
        select(OutboundMessage.kind, OutboundMessage.sent_at, Person)
        .join(Person, Person.id == OutboundMessage.person_id)
        .where(
            OutboundMessage.kind.in_(_KINDS),
            OutboundMessage.sent_at > since,
            OutboundMessage.sent_at <= now,
            OutboundMessage.state.in_(_LEFT),
        )
        .order_by(OutboundMessage.kind, OutboundMessage.sent_at)
    )
    told = [(kind, at, person) for kind, at, person in rows if at is not None]
    for (kind, _), group in groupby(told, key=lambda row: (row[0], formats.in_london(row[1]).date())):
        sent = list(group)
        people = {person.id: person for _, _, person in sent}
        named = sorted(people.values(), key=lambda person: person.id not in ids)[:3]
        names = [words.first_name(person) for person in named]
        more = len(people) - len(named)
        said = formats.joined([*names, f"{more} more"] if more else names)
        weight = 1 if any(person_id in ids for person_id in people) else 3
        plural = "s" if len(people) > 1 else ""
        yield Event(at=sent[0][1], words=f"{_KINDS[kind]}{plural} to {said}", weight=weight)


def _alerts(session: Session, ids: Collection[UUID], since: datetime, now: datetime) -> Iterator[Event]:
    """Each alert of these people; those of others together, where they are alike."""
    opened = session.scalars(
        select(Alert).where(Alert.opened_at > since, Alert.opened_at <= now).order_by(Alert.opened_at)
    ).all()
    for alert in opened:
        if alert.person_id in ids:
            yield _alert(session, alert, weight=0)
    alike: dict[tuple[object, ...], list[Alert]] = {}
    for alert in opened:
        if alert.person_id not in ids:
            day = formats.in_london(alert.opened_at).date()
            alike.setdefault((alert.kind, day, alert.taken_at is None), []).append(alert)
    for group in alike.values():
        weight = 1 + _URGENCY[group[0].deadline]
        yield _alert(session, group[0], weight=weight, others=len(group) - 1)


def _alert(session: Session, alert: Alert, *, weight: int, others: int = 0) -> Event:
    person = session.get(Person, alert.person_id) if alert.person_id else None
    said = ALERT_TERMS[alert.kind].words
    said = words.headline(alert.kind, words.first_name(person)) if person is not None else said
    taken = "Not taken yet" if alert.taken_at is None else "All taken"
    more = f"{formats.plural(others, 'other')} too. {taken}." if others else _taken(session, alert)
    return Event(
        at=alert.opened_at,
        words=f"{said[0].upper()}{said[1:]}. {more}",
        weight=weight,
        waiting=alert.taken_at is None,
    )


def _taken(session: Session, alert: Alert) -> str:
    if alert.taken_at is None:
        return "Nobody has taken it yet."
    taker = session.get(Staff, alert.taken_by_id) if alert.taken_by_id else None
    name = taker.first_name if taker else alert.taken_via or "Somebody"
    minutes = max(1, int((alert.taken_at - alert.opened_at).total_seconds() // 60))
    return f"{name} took it in {formats.span(minutes)}."


def _contacts(session: Session, ids: Collection[UUID], since: datetime) -> Iterator[Event]:
    """What staff wrote down about these people."""
    rows = session.execute(
        select(Contact, Person, Staff)
        .join(Person, Person.id == Contact.person_id)
        .join(Staff, Staff.id == Contact.staff_id)
        .where(Contact.person_id.in_(ids), Contact.recorded_at > since, Contact.inbound_id.is_(None))
    )
    for contact, person, staff in rows:
        method = words.METHOD_WORDS[contact.method].lower()
        two_way = contact.direction is Direction.TWO_WAY
        what = f"a {method} with" if two_way else f"a {method} without an answer from"
        said = f"{staff.first_name} logged {what} {words.first_name(person)}"
        yield Event(at=contact.at, words=said, weight=1)


def _to_come(session: Session, ids: Collection[UUID], now: datetime) -> list[Event]:
    found = []
    for person in session.scalars(select(Person).where(Person.id.in_(ids))):
        name = words.first_name(person)
        if person.next_check_in_at and person.next_check_in_at > now:
            found.append(Event(at=person.next_check_in_at, words=f"Next check-in to {name}"))
        for check_in in check_ins.latest(session, person.id):
            step, at = check_in.next_step, check_in.next_step_at
            if check_in.state is CheckInState.OPEN and step and at and at > now:
                found.append(Event(at=at, words=f"If {name} is still silent: {_STEPS[step]}"))
    return sorted(found, key=_at)[:_AHEAD]
