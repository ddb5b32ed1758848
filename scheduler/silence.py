"""When nobody answers: a nudge, the second channel, then the adviser, on days that depend on the risk.

A pause, a quiet day or a full week stops what we send, never what we tell the adviser.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from messages.kinds import AlertKind, OutboundKind
from scheduler import alerts, ceiling, permission, prompts, slots
from scheduler.alerts import Cause
from scheduler.ceiling import Counted
from scheduler.circumstances import zone_of
from scheduler.holds import Hold
from scheduler.local_time import LONDON, Window, day_of, wall
from scheduler.prompts import Family, Prompt
from scheduler.rules import Rules
from scheduler.services import Services
from scheduler.turn import Turn, take_turns
from storage import check_ins, contacts
from storage.addresses import Address
from storage.base import Place
from storage.check_ins import CheckIn, CheckInState, SilenceStep
from storage.outbound import OutboundMessage, OutboundState
from storage.people import Person

_STEPS = tuple(SilenceStep)
#: Nobody is told that somebody is quiet when this is known to be why.
_KNOWN_WHY = frozenset(
    {Hold.DIED, Hold.DEATH_REPORTED, Hold.CUSTODY, Hold.MISSING, Hold.CLOSED, Hold.NOT_ENROLLED}
)


def take_silence_steps(services: Services, now: datetime) -> dict[str, int]:
    """Job: every step of silence that is due, nudge to adviser."""

    def due(session: Session, beyond: Place | None, limit: int) -> Sequence[CheckIn]:
        return check_ins.due_steps(session, now, beyond=beyond, limit=limit)

    def place(check_in: CheckIn) -> Place:
        return check_in.next_step_at or now, check_in.id

    return take_turns(services, now, due, place, _take_steps)


def step_day(slot: date, step: SilenceStep, person: Person, rules: Rules) -> date:
    days = {
        SilenceStep.NUDGE: rules.nudge_day,
        SilenceStep.SECOND_CHANNEL: rules.second_channel_day,
        SilenceStep.ADVISER: rules.adviser_day,
    }[step]
    return slot + timedelta(days=days[person.risk.value])


def step_time(
    slot: date, step: SilenceStep, person: Person, rules: Rules, *, zone: ZoneInfo, home: ZoneInfo
) -> datetime:
    """When a step is taken: texts at the person's own time of day, the adviser as the day opens."""
    day = step_day(slot, step, person, rules)
    if step is SilenceStep.ADVISER:
        return wall(day, rules.window_from, home)
    return slots.prompt_time(person, slots.window_of(person, rules, zone).first_day(day), rules, zone)


def set_next_step(
    check_in: CheckIn,
    person: Person,
    rules: Rules,
    *,
    after: SilenceStep | None = None,
    zone: ZoneInfo,
    home: ZoneInfo,
) -> None:
    """The first step, or the one that follows ``after``; texts that would come after the adviser fall out."""
    left = _STEPS if after is None else _STEPS[_STEPS.index(after) + 1 :]
    times = {step: step_time(check_in.slot, step, person, rules, zone=zone, home=home) for step in left}
    told = times.get(SilenceStep.ADVISER)
    check_in.next_step = next(
        (step for step in left if step is SilenceStep.ADVISER or (told and times[step] < told)), None
    )
    check_in.next_step_at = times[check_in.next_step] if check_in.next_step else None


def retime(session: Session, person: Person, rules: Rules, *, now: datetime, home: ZoneInfo = LONDON) -> None:
    """The risk or the rules changed: the steps that waiting check-ins still have ahead move with them."""
    zone = zone_of(session, person.id, now, home)
    for check_in in check_ins.waiting(session, person.id):
        if check_in.next_step is not None:
            check_in.next_step_at = step_time(
                check_in.slot, check_in.next_step, person, rules, zone=zone, home=home
            )


def keep_only_adviser(check_in: CheckIn, person: Person, rules: Rules, home: ZoneInfo) -> None:
    """A later check-in was asked: this one is not asked about again, but the adviser still hears of it."""
    if check_in.next_step is None:
        return
    check_in.reason = Hold.SUPERSEDED.value
    check_in.next_step = SilenceStep.ADVISER
    check_in.next_step_at = step_time(check_in.slot, SilenceStep.ADVISER, person, rules, zone=home, home=home)


def _take_steps(turn: Turn, check_in: CheckIn) -> Iterable[str]:
    person = turn.session.get_one(Person, check_in.person_id)
    if (
        check_in.state is not CheckInState.OPEN
        or _never_left(turn, check_in)
        or _in_touch_since(turn, check_in)
    ):
        check_in.next_step = check_in.next_step_at = None
        return ["ended"]
    zone = zone_of(turn.session, person.id, turn.now, turn.home)
    taken = []
    while check_in.next_step is not None and check_in.next_step_at and check_in.next_step_at <= turn.now:
        step = check_in.next_step
        if step is SilenceStep.ADVISER:
            taken.append(_tell_adviser(turn, check_in, person))
        elif _nudge(turn, check_in, person, slots.window_of(person, turn.rules, zone)):
            taken.append(step.value)
        set_next_step(check_in, person, turn.rules, after=step, zone=zone, home=turn.home)
    return taken


def _never_left(turn: Turn, check_in: CheckIn) -> bool:
    """The text was skipped or taken back, so nobody was asked: the slot is recorded as skipped."""
    text = _text_of(turn.session, check_in)
    if text is None or text.state not in (OutboundState.SKIPPED, OutboundState.CANCELLED):
        return False
    check_in.state, check_in.reason = CheckInState.SKIPPED, text.reason or Hold.NOT_SENT.value
    return True


def _in_touch_since(turn: Turn, check_in: CheckIn) -> bool:
    """They wrote, were spoken with or seen since: not answered, but not silent either."""
    reached = contacts.last_counted(turn.session, [check_in.person_id], until=turn.now)
    if not any(at > check_in.due_at for at in reached.get(check_in.person_id, {}).values()):
        return False
    check_in.reason = Hold.IN_TOUCH.value
    return True


def _text_of(session: Session, check_in: CheckIn) -> OutboundMessage | None:
    return session.scalars(
        select(OutboundMessage)
        .where(OutboundMessage.check_in_id == check_in.id, OutboundMessage.kind == OutboundKind.CHECK_IN)
        .limit(1)
    ).one_or_none()


def _nudge(turn: Turn, check_in: CheckIn, person: Person, window: Window) -> bool:
    """Ask again, on the first channel or the second. A text that must not go is listed with the reason."""
    second = check_in.next_step is SilenceStep.SECOND_CHANNEL
    address = _address(turn, check_in, person, second=second)
    planned = check_in.next_step_at
    if address is None or planned is None:
        return False
    at = window.next_open(turn.now)
    row = prompts.queue(
        turn,
        person,
        address,
        Prompt(
            family=Family.NUDGE,
            key=f"{check_in.next_step}:{check_in.id}",
            due_at=at,
            expires_at=slots.worth_until(at, window, turn.rules),
            check_in_id=check_in.id,
        ),
    )
    if row is None:
        return False
    if hold := _hold(turn, row, person, window, late=at - planned):
        row.state, row.reason = OutboundState.SKIPPED, hold.words
    return hold is None


def _address(turn: Turn, check_in: CheckIn, person: Person, *, second: bool) -> Address | None:
    """Where the check-in went; ``second``: somewhere else, rather on another channel."""
    found = prompts.usable(turn, person)
    asked = _text_of(turn.session, check_in)
    first = next((address for address in found if asked and address.id == asked.address_id), None)
    first = first or next(iter(found), None)
    if not second or first is None:
        return first
    others = [address for address in found if address.id != first.id]
    return min(others, key=lambda address: address.channel == first.channel, default=None)


def _hold(
    turn: Turn, row: OutboundMessage, person: Person, window: Window, *, late: timedelta
) -> Hold | None:
    if hold := permission.prompt_hold(turn.session, person, turn.rules, now=turn.now, home=turn.home):
        return hold
    if late > turn.rules.stale_after:
        return Hold.STALE
    text = Counted(id=row.id, kind=row.kind, day=day_of(row.due_at, window.zone), check_in_id=row.check_in_id)
    room = ceiling.has_room(turn.session, person.id, text, turn.rules, window.zone)
    return None if room else Hold.CEILING


def _tell_adviser(turn: Turn, check_in: CheckIn, person: Person) -> str:
    """The check-in is missed, and the adviser hears of it with the person's own plan for going quiet."""
    hold = permission.prompt_hold(turn.session, person, turn.rules, now=turn.now, home=turn.home)
    if hold in _KNOWN_WHY:
        check_in.reason = hold.value
        return "known_why"
    check_in.state = CheckInState.MISSED
    turn.session.flush()
    alerts.open_alert(
        turn.session,
        turn.services,
        kind=AlertKind.NO_REPLY,
        key=f"silence:{check_in.id}",
        now=turn.now,
        person_id=person.id,
        check_in_id=check_in.id,
        cause=Cause(texts=(), why=tuple(_why(check_in, person))),
        watched=person.watched,
        risk=person.risk,
    )
    return SilenceStep.ADVISER.value


def _why(check_in: CheckIn, person: Person) -> Iterable[str]:
    slot = check_in.slot
    yield f"No answer to the check-in of {slot:%a} {slot.day} {slot:%b %Y}"
    if person.quiet_plan:
        yield f"If I go quiet: {person.quiet_plan}"


def record_answer(
    session: Session, person_id: UUID, *, inbound_id: UUID, mood: int | None, now: datetime
) -> CheckIn | None:
    """Somebody answered, in time or late: the newest check-in is answered, queued nudges are taken back.

    None when the newest one has its answer already, or nobody was ever asked.
    """
    newest = next(iter(check_ins.latest(session, person_id)), None)
    for check_in in check_ins.waiting(session, person_id):
        if check_in is not newest:
            check_in.reason = Hold.SUPERSEDED.value
        check_in.next_step = check_in.next_step_at = None
    if newest is None or newest.state not in (CheckInState.OPEN, CheckInState.MISSED):
        return None
    newest.state, newest.answered_at, newest.answer_id = CheckInState.ANSWERED, now, inbound_id
    newest.mood, newest.reason = mood, ""
    _take_back_nudges(session, newest.id)
    return newest


def _take_back_nudges(session: Session, check_in_id: UUID) -> None:
    for row in session.scalars(
        select(OutboundMessage)
        .where(OutboundMessage.check_in_id == check_in_id, OutboundMessage.state == OutboundState.QUEUED)
        .with_for_update()
    ):
        row.state, row.reason = OutboundState.CANCELLED, Hold.ANSWERED.words
