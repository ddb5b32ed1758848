"""Slots: on which day, and at what time of it, somebody is asked next.

A slot is a local date; a person has at most one check-in in it. Days are pure arithmetic on dates, the time
of day is the opening of the person's window and an offset of their own, so that a team is not texted in
one second and nobody's time moves about.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from scheduler import circumstances
from scheduler.local_time import LONDON, Window, day_of, wall
from scheduler.rules import Rules
from scheduler.working_time import is_working_day
from storage import addresses, check_ins, people
from storage.people import Cadence, Enrolment, Person, PersonState, Risk, StateKind

_DAY = timedelta(days=1)
_SLOWEST_TICK = timedelta(hours=1)
#: Prompts of one window leave within its first hour.
SPREAD = timedelta(hours=1)
#: Days between the welcome and the first check-in.
AFTER_WELCOME = 2


def window_of(person: Person, rules: Rules, zone: ZoneInfo) -> Window:
    """When this person may be texted: their own window inside the council's, on the clock where they are."""
    council = Window(opens=rules.window_from, closes=rules.window_to, zone=zone, quiet_days=rules.quiet_days)
    return council.within(person.window_from, person.window_to)


def rhythm_of(person: Person) -> Cadence:
    """What they chose; weekly for anybody at high risk, whatever they chose."""
    return Cadence.WEEKLY if person.risk is Risk.HIGH else person.cadence


def weekday_of(person: Person) -> int:
    """The day they chose, or one of the five working days that is always theirs."""
    return person.preferred_day if person.preferred_day is not None else person.id.int % 5


def spread(person_id: UUID, over: timedelta) -> timedelta:
    """This person's own share of ``over``: from nothing to just under it, whole seconds."""
    return timedelta(seconds=(person_id.int >> 3) % max(1, int(over.total_seconds())))


def prompt_time(person: Person, day: date, rules: Rules, zone: ZoneInfo) -> datetime:
    """When a prompt leaves on ``day``: inside the window, near its opening."""
    window = window_of(person, rules, zone)
    return window.opening(day) + spread(person.id, min(SPREAD, spare(window)))


def spare(window: Window) -> timedelta:
    """How much of a window prompts may be spread over: what comes last must still be inside it when the
    clock ticks only once an hour (a host that calls ``kit tick``).
    """
    return max(window.length - _SLOWEST_TICK, window.length / 10)


def worth_until(at: datetime, window: Window, rules: Rules) -> datetime:
    """Until when a prompt due ``at`` may still leave: not stale, and before the window closes."""
    return min(at + rules.stale_after, window.closing(day_of(at, window.zone)))


def slot_day(
    *, last: date | None, step: int, weekday: int, earliest: date, avoid: Callable[[date], bool]
) -> date:
    """The next slot: the ``weekday`` nearest to ``step`` days after ``last``, never before ``earliest``.

    A day to ``avoid`` moves it on to the next day that is not; the slot after it finds its weekday again.
    """
    day = earliest
    if last is not None:
        aimed = last + timedelta(days=step)
        nearest = aimed + timedelta(days=(weekday - aimed.weekday() + 3) % 7 - 3)
        day = max(nearest, earliest, last + _DAY)
        if day == nearest:
            return _first_allowed(day, avoid)
    return _first_allowed(day + timedelta(days=(weekday - day.weekday()) % 7), avoid)


def _first_allowed(day: date, avoid: Callable[[date], bool]) -> date:
    while avoid(day):
        day += _DAY
    return day


def next_check_in(
    session: Session, person: Person, rules: Rules, *, after: datetime, zone: ZoneInfo = LONDON
) -> datetime | None:
    """When this person is asked next, after ``after``; None while nothing may be asked and no end is known.

    ``zone`` is the council's; somebody abroad is asked on their own clock.
    """
    enrolled = people.enrolment(session, person.id)
    if enrolled is None or not enrolled.safe_to_text or person.closed_at is not None:
        return None
    states = people.states(session, person.id)
    free = _free_from(session, person, states, after, zone)
    if free is None:
        return None
    there = circumstances.zone_on(states, day_of(free, zone), zone)
    last = check_ins.last_slot(session, person.id)
    earliest = day_of(free, there)
    if last is None:
        earliest = max(earliest, _welcomed_on(enrolled, after, there) + timedelta(days=AFTER_WELCOME))
    while True:
        day = slot_day(
            last=last,
            step=rhythm_of(person).days,
            weekday=weekday_of(person),
            earliest=earliest,
            avoid=avoided(person, rules),
        )
        due = prompt_time(person, day, rules, there)
        if due > after and due >= free:
            return due
        earliest = day + _DAY


def _welcomed_on(enrolled: Enrolment, after: datetime, zone: ZoneInfo) -> date:
    return day_of(enrolled.welcomed_at or after, zone)


def avoided(person: Person, rules: Rules) -> Callable[[date], bool]:
    """Quiet days; bank holidays and weekends too for somebody who has not chosen a day."""
    chosen = person.preferred_day is not None

    def avoid(day: date) -> bool:
        return (day.month, day.day) in rules.quiet_days or not (chosen or is_working_day(day))

    return avoid


def _free_from(
    session: Session, person: Person, states: Sequence[PersonState], at: datetime, zone: ZoneInfo
) -> datetime | None:
    """The first instant from ``at`` on at which neither pause nor state holds; None when no end is known."""
    while True:
        if person.paused_until and person.paused_until > at:
            at = person.paused_until
        day = day_of(at, zone)
        holding = [state for state in states if state.holds_on(day) and circumstances.stops_prompts(state)]
        if not holding:
            break
        ends = [state.ends_on for state in holding if state.kind is not StateKind.CUSTODY]
        if len(ends) < len(holding) or None in ends:
            return None
        at = max(wall(end, time(0), zone) for end in ends if end)
    released = circumstances.released_at(states, day_of(at, zone), zone)
    if released is None:
        return at
    own = addresses.of_person(session, person.id)
    return at if any(circumstances.confirmed_since(address, released) for address in own) else None


def plan_next(
    session: Session, person: Person, rules: Rules, *, now: datetime, zone: ZoneInfo = LONDON
) -> datetime | None:
    """Set when this person is asked next: at enrolment, and when rhythm, day, window, pause or state change.

    A check-in that is due already stays due: the clock asks it, or records why not.
    """
    due = person.next_check_in_at
    if due is None or due > now:
        person.next_check_in_at = next_check_in(session, person, rules, after=now, zone=zone)
    return person.next_check_in_at
