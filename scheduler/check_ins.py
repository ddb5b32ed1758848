"""Asking: each person whose slot has come is asked once, or the slot is skipped, with the reason."""

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta

from sqlalchemy.orm import Session

from scheduler import ceiling, permission, prompts, silence, slots
from scheduler.ceiling import Counted
from scheduler.circumstances import zone_of
from scheduler.holds import Hold
from scheduler.local_time import Window, day_of, wall
from scheduler.prompts import Family, Prompt
from scheduler.services import Services
from scheduler.turn import Turn, take_turns
from storage import addresses, check_ins, people
from storage.base import Place, new_id
from storage.check_ins import CheckIn, CheckInState
from storage.people import Person

_DAY = timedelta(days=1)
#: Later than this, many are late together: it was an outage. (A tick each hour is none.)
_OUTAGE = timedelta(hours=1)
#: No catch-up when the next regular check-in comes this soon after it.
_SOON_ANYWAY = timedelta(days=2)


def ask_check_ins(services: Services, now: datetime) -> dict[str, int]:
    """Job: ask everybody whose check-in is due, and plan their next."""

    def due(session: Session, beyond: Place | None, limit: int) -> Sequence[Person]:
        return people.due_check_ins(session, now, beyond=beyond, limit=limit)

    def place(person: Person) -> Place:
        return person.next_check_in_at or now, person.id

    return take_turns(services, now, due, place, _take_slots)


def _take_slots(turn: Turn, person: Person) -> Iterable[str]:
    """Every slot of one person that has come; after an outage there may be several, all but one stale."""
    zone = zone_of(turn.session, person.id, turn.now, turn.home)
    window = slots.window_of(person, turn.rules, zone)
    outcomes: list[Hold | None] = []
    while (due := person.next_check_in_at) is not None and due <= turn.now:
        if check_ins.in_slot(turn.session, person.id, day_of(due, zone)) is None:
            outcomes.append(_take_slot(turn, person, window, due))
        person.next_check_in_at = slots.next_check_in(
            turn.session, person, turn.rules, after=due, zone=turn.home
        )
    if Hold.STALE in outcomes and None not in outcomes:
        _catch_up(turn, person, window)
    return [hold.value if hold else "asked" for hold in outcomes]


def _take_slot(turn: Turn, person: Person, window: Window, due: datetime) -> Hold | None:
    """Ask, or record the slot as skipped: the reason, None when the person is being asked."""
    check_in = CheckIn(person_id=person.id, slot=day_of(due, window.zone), due_at=due, created_at=turn.now)
    at = _leaves_at(turn, person, window, due)
    hold = _hold(turn, person, late=at - due) or _queue(turn, person, window, check_in, at)
    if hold is not None:
        check_in.state, check_in.reason = CheckInState.SKIPPED, hold.value
        turn.session.add(check_in)
        turn.session.flush()
    return hold


def _leaves_at(turn: Turn, person: Person, window: Window, due: datetime) -> datetime:
    """Now or when the window opens; those that come late together are spread, as far as the window goes."""
    at = window.next_open(turn.now)
    if at - due <= _OUTAGE:
        return at
    spread = at + slots.spread(person.id, turn.rules.catch_up_spread)
    return spread if window.is_open(spread) else at


def _hold(turn: Turn, person: Person, *, late: timedelta) -> Hold | None:
    hold = permission.prompt_hold(turn.session, person, turn.rules, now=turn.now, home=turn.home)
    if hold is None and late > turn.rules.stale_after:
        return Hold.STALE
    return hold


def _queue(turn: Turn, person: Person, window: Window, check_in: CheckIn, at: datetime) -> Hold | None:
    """Queue the question and set the first step of silence; the reason when it cannot go."""
    address = next(iter(prompts.usable(turn, person)), None)
    if address is None:
        held = addresses.of_person(turn.session, person.id)
        stopped = any(prompts.is_opted_out(turn.session, one) for one in held)
        return Hold.OPTED_OUT if stopped else Hold.NO_ADDRESS
    text = Counted(id=new_id(), kind=Family.CHECK_IN.kind, day=day_of(at, window.zone))
    if not ceiling.make_room(turn.session, person.id, text, turn.rules, window.zone):
        return Hold.CEILING
    for waiting in check_ins.waiting(turn.session, person.id):
        silence.keep_only_adviser(waiting, person, turn.rules, turn.home)
    silence.set_next_step(check_in, person, turn.rules, zone=window.zone, home=turn.home)
    turn.session.add(check_in)
    turn.session.flush()
    prompt = Prompt(
        family=Family.CHECK_IN,
        key=f"check_in:{person.id}:{check_in.slot}",
        due_at=at,
        expires_at=slots.worth_until(at, window, turn.rules),
        check_in_id=check_in.id,
    )
    prompts.queue(turn, person, address, prompt)
    return None


def _catch_up(turn: Turn, person: Person, window: Window) -> None:
    """Slots went stale: ask once when the window opens, unless the next regular check-in is near."""
    regular = person.next_check_in_at
    if regular is None:
        return
    day = day_of(window.next_open(turn.now), window.zone)
    avoid = slots.avoided(person, turn.rules)
    while avoid(day) or check_ins.in_slot(turn.session, person.id, day) is not None:
        day += _DAY
    opens = window.next_open(max(turn.now, wall(day, time(0), window.zone)))
    at = opens + slots.spread(person.id, min(turn.rules.catch_up_spread, slots.spare(window)))
    at = at if window.is_open(at) else opens
    if regular - at > _SOON_ANYWAY:
        person.next_check_in_at = at
