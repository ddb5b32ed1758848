"""A person's circumstances on a day, read from their dated states: may they be prompted, on which clock."""

from collections.abc import Sequence
from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from scheduler.holds import Hold
from scheduler.local_time import LONDON, day_of, wall, zone_named
from storage import addresses, people
from storage.addresses import Address
from storage.people import Person, PersonState, StateKind

#: Nothing at all goes to a mobile, not even an answer (a phone in prison is an offence).
SILENT = frozenset({StateKind.DIED, StateKind.DEATH_REPORTED, StateKind.CUSTODY})
_HEAVIEST = (Hold.DIED, Hold.DEATH_REPORTED, Hold.CUSTODY, Hold.MISSING, Hold.HOSPITAL)


def stops_prompts(state: PersonState) -> bool:
    match state.kind:
        case StateKind.ABROAD:
            return False
        case StateKind.HOSPITAL:
            return state.prompts_stopped
        case _:
            return True


def hold_of(states: Sequence[PersonState], day: date, *, silent_only: bool = False) -> Hold | None:
    """The heaviest state that stops prompts (or, ``silent_only``, answers too) on ``day``."""
    held = [
        Hold(state.kind.value)
        for state in states
        if state.holds_on(day) and (state.kind in SILENT if silent_only else stops_prompts(state))
    ]
    return min(held, key=_HEAVIEST.index, default=None)


def zone_on(states: Sequence[PersonState], day: date, home: ZoneInfo) -> ZoneInfo:
    """Where the person's clock is: abroad in their own time zone, else the council's."""
    for state in reversed(states):
        if state.kind is StateKind.ABROAD and state.time_zone and state.holds_on(day):
            return zone_named(state.time_zone)
    return home


def zone_of(session: Session, person_id: UUID, now: datetime, home: ZoneInfo = LONDON) -> ZoneInfo:
    return zone_on(people.states(session, person_id), day_of(now, home), home)


def released_at(states: Sequence[PersonState], day: date, home: ZoneInfo) -> datetime | None:
    """When the newest custody that is over ended; only an address confirmed since then may be texted."""
    ends = [
        state.ends_on
        for state in states
        if state.kind is StateKind.CUSTODY
        and state.starts_on <= day
        and state.ends_on
        and state.ends_on <= day
    ]
    return wall(max(ends), time(0), home) if ends else None


def released_by(
    session: Session, person_id: UUID, now: datetime, *, home: ZoneInfo = LONDON
) -> datetime | None:
    """:func:`released_at` of somebody as things are at ``now``."""
    return released_at(people.states(session, person_id), day_of(now, home), home)


def prompts_stopped(session: Session, person: Person, day: date, *, home: ZoneInfo = LONDON) -> Hold | None:
    """Why no prompt may go to this person on ``day``; None when it may. (A pause is not a state.)"""
    states = people.states(session, person.id)
    if held := hold_of(states, day):
        return held
    released = released_at(states, day, home)
    if released and not any(
        confirmed_since(address, released) for address in addresses.of_person(session, person.id)
    ):
        return Hold.RELEASED
    return Hold.CLOSED if person.closed_at else None


def confirmed_since(address: Address, instant: datetime) -> bool:
    return address.confirmed_at is not None and address.confirmed_at >= instant
