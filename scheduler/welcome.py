"""The first text after somebody is enrolled, and the task when nothing was ever answered after it."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from messages.kinds import AlertKind, OutboundKind
from scheduler import alerts, permission, prompts, slots
from scheduler.alerts import Cause
from scheduler.circumstances import hold_of, zone_of
from scheduler.local_time import day_of
from scheduler.prompts import Family, Prompt
from scheduler.services import Services
from scheduler.turn import Turn, take_turns
from storage import people
from storage.addresses import Address
from storage.base import Place
from storage.inbound import InboundMessage
from storage.outbound import OutboundMessage, OutboundState
from storage.people import Enrolment, Person

#: A welcome waits for its turn; it does not go stale.
_WORTH_SENDING = timedelta(days=90)
_LOOK_AGAIN = timedelta(days=1)


def send_welcomes(services: Services, now: datetime) -> dict[str, int]:
    """Job: one welcome for each declaration, at the next window, and the first check-in planned."""

    def due(session: Session, beyond: Place | None, limit: int) -> Sequence[Enrolment]:
        return people.unwelcomed(session, now, beyond=beyond, limit=limit)

    return take_turns(services, now, due, _by_creation, _welcome)


def _by_creation(enrolled: Enrolment) -> Place:
    return enrolled.created_at, enrolled.id


def _welcome(turn: Turn, enrolled: Enrolment) -> Iterable[str]:
    person = turn.session.get_one(Person, enrolled.person_id)
    address = next(iter(prompts.usable(turn, person)), None)
    if address is None or _must_wait(turn, person):
        enrolled.welcome_after = turn.now + _LOOK_AGAIN
        return ["waiting"]
    gone = _welcomed_before(turn.session, person, address)
    if gone is None:
        _queue(turn, person, address, enrolled)
    enrolled.welcomed_at = gone.sent_at or gone.due_at if gone else turn.now
    enrolled.reconfirm_at = turn.now + turn.rules.reconfirm_after
    turn.session.flush()
    slots.plan_next(turn.session, person, turn.rules, now=turn.now, zone=turn.home)
    return ["welcomed_before" if gone else "queued"]


def _must_wait(turn: Turn, person: Person) -> bool:
    return permission.prompt_hold(turn.session, person, turn.rules, now=turn.now, home=turn.home) is not None


def _welcomed_before(session: Session, person: Person, address: Address) -> OutboundMessage | None:
    """A welcome that went to this very address under an earlier declaration: it is not repeated."""
    return session.scalars(
        select(OutboundMessage)
        .where(
            OutboundMessage.person_id == person.id,
            OutboundMessage.kind == OutboundKind.WELCOME,
            OutboundMessage.address_id == address.id,
            OutboundMessage.state.in_([OutboundState.QUEUED, OutboundState.SENT, OutboundState.DELIVERED]),
        )
        .limit(1)
    ).one_or_none()


def _queue(turn: Turn, person: Person, address: Address, enrolled: Enrolment) -> None:
    zone = zone_of(turn.session, person.id, turn.now, turn.home)
    window = slots.window_of(person, turn.rules, zone)
    opens = window.next_open(turn.now)
    at = opens + slots.spread(person.id, slots.SPREAD)
    # Enrolled late in the day: better at once than not at all today.
    at = at if window.is_open(at) else opens
    prompt = Prompt(
        family=Family.WELCOME,
        key=f"welcome:{enrolled.id}",
        due_at=at,
        expires_at=at + _WORTH_SENDING,
    )
    prompts.queue(turn, person, address, prompt)


def reconfirm_numbers(services: Services, now: datetime) -> dict[str, int]:
    """Job: nothing was ever answered in the weeks after the welcome, so somebody re-confirms the number."""

    def due(session: Session, beyond: Place | None, limit: int) -> Sequence[Enrolment]:
        return people.due_reconfirmations(session, now, beyond=beyond, limit=limit)

    return take_turns(services, now, due, _by_reconfirmation, _reconfirm)


def _by_reconfirmation(enrolled: Enrolment) -> Place:
    return enrolled.reconfirm_at or enrolled.created_at, enrolled.id


def _reconfirm(turn: Turn, enrolled: Enrolment) -> Iterable[str]:
    since, enrolled.reconfirm_at = enrolled.welcomed_at, None
    person = turn.session.get_one(Person, enrolled.person_id)
    if enrolled.ended_at is not None or person.closed_at is not None or since is None:
        return ["ended"]
    if _heard_since(turn.session, person, since):
        return ["answered"]
    today = day_of(turn.now, turn.home)
    if hold_of(people.states(turn.session, person.id), today, silent_only=True):
        return ["not_reachable"]
    alerts.open_alert(
        turn.session,
        turn.services,
        kind=AlertKind.RECONFIRM_NUMBER,
        key=f"reconfirm:{enrolled.id}",
        now=turn.now,
        person_id=person.id,
        cause=Cause(texts=(), why=("Nothing was answered since the welcome",)),
        watched=person.watched,
    )
    return ["told"]


def _heard_since(session: Session, person: Person, since: datetime) -> bool:
    return (
        session.scalars(
            select(InboundMessage.id)
            .where(InboundMessage.person_id == person.id, InboundMessage.received_at > since)
            .limit(1)
        ).one_or_none()
        is not None
    )
