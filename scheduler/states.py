"""Dated states (custody, missing, hospital, abroad, died) and what they do to texts.

The clocks of contact never pause: a state stops prompts and answers, never "in touch" and "lost touch".
"""

from datetime import UTC, date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from messages.errors import KitError
from scheduler import rules, slots
from scheduler.circumstances import SILENT, prompts_stopped, stops_prompts
from scheduler.holds import Hold
from scheduler.local_time import LONDON, day_of, zone_named
from storage import addresses, check_ins, people
from storage.addresses import Address
from storage.outbound import OutboundMessage, OutboundState
from storage.people import Person, PersonState, StateKind

#: It is pointless to wait for an answer to what was asked before.
_NO_ANSWER_EXPECTED = SILENT | {StateKind.MISSING}

__all__ = [
    "EndsBeforeItStarts",
    "UnknownTimeZone",
    "confirm_address",
    "end_state",
    "prompts_stopped",
    "refute_death",
    "start_state",
    "take_back",
]


class UnknownTimeZone(KitError):
    """There is no such time zone: pick one like Europe/Paris."""


class EndsBeforeItStarts(KitError):
    """The state would end before it starts: check the two dates."""


def start_state(
    session: Session,
    person_id: UUID,
    kind: StateKind,
    *,
    starts_on: date,
    now: datetime,
    ends_on: date | None = None,
    time_zone: str | None = None,
    stop_prompts: bool = True,
    note: str | None = None,
    recorded_by_id: UUID | None = None,
    home: ZoneInfo = LONDON,
) -> PersonState:
    """Record a state and, in the same transaction, take back every queued text that it forbids."""
    if ends_on is not None and ends_on < starts_on:
        raise EndsBeforeItStarts
    if time_zone is not None and not _is_zone(time_zone):
        raise UnknownTimeZone
    person = session.get_one(Person, person_id)
    state = PersonState(
        person_id=person_id,
        kind=kind,
        starts_on=starts_on,
        ends_on=ends_on,
        time_zone=time_zone,
        prompts_stopped=stop_prompts,
        note=note,
        recorded_by_id=recorded_by_id,
        recorded_at=now,
    )
    session.add(state)
    session.flush()
    if state.holds_on(day_of(now, home)):
        _take_effect(session, person, state)
    slots.plan_next(session, person, rules.load(session), now=now, zone=home)
    return state


def _is_zone(name: str) -> bool:
    try:
        zone_named(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def _take_effect(session: Session, person: Person, state: PersonState) -> None:
    if not stops_prompts(state):
        return
    person.next_check_in_at = None
    take_back(session, person.id, Hold(state.kind.value), everything=state.kind in SILENT)
    if state.kind in _NO_ANSWER_EXPECTED:
        for check_in in check_ins.waiting(session, person.id):
            check_in.reason = state.kind.value
            check_in.next_step = check_in.next_step_at = None


def take_back(session: Session, person_id: UUID, why: Hold, *, everything: bool) -> int:
    """Cancel what is queued for a person: ``everything`` to them, or what the clock began. The count."""
    queued = session.scalars(
        select(OutboundMessage)
        .where(OutboundMessage.person_id == person_id, OutboundMessage.state == OutboundState.QUEUED)
        .with_for_update()
    ).all()
    taken = [row for row in queued if not row.kind.to_staff and (everything or row.kind.automatic)]
    for row in taken:
        row.state, row.reason = OutboundState.CANCELLED, why.words
    return len(taken)


def end_state(
    session: Session, state: PersonState, *, ends_on: date, now: datetime, home: ZoneInfo = LONDON
) -> None:
    """End a state on ``ends_on`` (the first day without it) and plan again.

    After custody no prompt goes until somebody has re-confirmed a number: :func:`confirm_address`.
    """
    state.ends_on = max(ends_on, state.starts_on)
    session.flush()
    person = session.get_one(Person, state.person_id)
    slots.plan_next(session, person, rules.load(session), now=now, zone=home)


def refute_death(
    session: Session, person_id: UUID, *, reason: str, now: datetime, home: ZoneInfo = LONDON
) -> bool:
    """A death was reported and it was not so: every report ends, and texts may go again.

    A death that was confirmed stays. False: nothing was reported.
    """
    today = day_of(now, home)
    reports = [
        state
        for state in people.states(session, person_id)
        if state.kind is StateKind.DEATH_REPORTED and (state.ends_on is None or state.ends_on > today)
    ]
    for report in reports:
        report.note = reason
        end_state(session, report, ends_on=today, now=now, home=home)
    return bool(reports)


def confirm_address(session: Session, address: Address, *, now: datetime, home: ZoneInfo = LONDON) -> None:
    """Somebody made sure with the person that this address is theirs: names and prompts wake again."""
    address.confirmed_at = now.astimezone(UTC)
    address.health = addresses.AddressHealth.GOOD
    address.unreachable_count = 0
    session.flush()
    person = session.get_one(Person, address.person_id)
    slots.plan_next(session, person, rules.load(session), now=now, zone=home)
