"""May this text leave, at this minute? Asked when a prompt is made, and again just before it is sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from messages.kinds import OutboundKind
from scheduler import ceiling, circumstances, slots
from scheduler.ceiling import Counted
from scheduler.circumstances import hold_of
from scheduler.holds import Hold
from scheduler.local_time import day_of
from scheduler.rules import Rules
from scheduler.services import Services
from storage import addresses, alerts, people
from storage.addresses import Address, AddressHealth
from storage.check_ins import CheckIn, CheckInState
from storage.outbound import OutboundMessage
from storage.people import Person
from storage.staff import Staff

#: Written to somebody who has just texted from that address, whatever we think of its health.
_ANSWERS = frozenset({OutboundKind.ANSWER, OutboundKind.DANGER_ANSWER, OutboundKind.STOP_CONFIRMATION})
#: These never give way: they wait.
_WAITS = frozenset({OutboundKind.WELCOME, OutboundKind.NEW_ADVISER})
#: How long a text that only waits lies still while an alert ``now`` is open.
_LOOK_AGAIN = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """``later``: not now, but then. Not allowed and no ``later``: never; ``reason`` in words for staff."""

    allowed: bool
    reason: str = ""
    later: datetime | None = None


_YES = Verdict(allowed=True)


def may_send(
    session: Session, services: Services, rules: Rules, message: OutboundMessage, *, now: datetime
) -> Verdict:
    """Consent, address, enrolment, state, pause, window, ceiling, open alerts: all as they are now."""
    if message.kind.to_staff:
        return _to_staff(session, message)
    if message.kind is not OutboundKind.STOP_CONFIRMATION and _opted_out(session, message):
        return _no(Hold.OPTED_OUT)
    person = session.get(Person, message.person_id) if message.person_id else None
    if person is None:
        return _no(Hold.NOT_ENROLLED) if message.kind.automatic else _YES
    home = services.council.time_zone
    states = people.states(session, person.id)
    if silent := hold_of(states, day_of(now, home), silent_only=True):
        return _no(silent)
    address = session.get(Address, message.address_id) if message.address_id else None
    if hold := _address_hold(message, address, circumstances.released_at(states, day_of(now, home), home)):
        return _no(hold)
    if not message.kind.automatic:
        return _YES
    return _prompt(session, rules, message, person, now=now, home=home)


def _no(hold: Hold, *, later: datetime | None = None) -> Verdict:
    return Verdict(allowed=False, reason=hold.words, later=later)


def _to_staff(session: Session, message: OutboundMessage) -> Verdict:
    staff = session.get(Staff, message.staff_id) if message.staff_id else None
    to_phone = staff is not None and staff.phone == message.to
    if staff is not None and to_phone and staff.phone_failed_at is not None:
        return _no(Hold.STAFF_PHONE)
    return _no(Hold.OPTED_OUT) if _opted_out(session, message) else _YES


def _opted_out(session: Session, message: OutboundMessage) -> bool:
    if not message.to:
        return False
    indexes: Sequence[bytes] = session.info["keyring"].indexes(message.to)
    # The answer to a danger still goes when STOP came in the same text, or before it could leave.
    before = message.created_at if message.kind is OutboundKind.DANGER_ANSWER else None
    return addresses.opted_out(session, message.channel, indexes, before=before)


def _address_hold(
    message: OutboundMessage, address: Address | None, released: datetime | None
) -> Hold | None:
    if address is None or message.kind in _ANSWERS:
        return None
    if address.ended_at is not None:
        return Hold.ENDED_ADDRESS
    if address.health is not AddressHealth.GOOD:
        return Hold.BAD_ADDRESS
    if message.kind.automatic and released and not circumstances.confirmed_since(address, released):
        return Hold.RELEASED
    return None


def _prompt(
    session: Session, rules: Rules, message: OutboundMessage, person: Person, *, now: datetime, home: ZoneInfo
) -> Verdict:
    """An automatic text: what stops it for good comes before what only puts it off."""
    if _overtaken(session, message):
        return _no(Hold.ANSWERED)
    if hold := prompt_hold(session, person, rules, now=now, home=home):
        return _no(hold, later=_wait(session, person, hold, rules, now) if message.kind in _WAITS else None)
    zone = circumstances.zone_of(session, person.id, now, home)
    window = slots.window_of(person, rules, zone)
    if not window.is_open(now):
        return _no(Hold.WINDOW, later=window.next_open(now))
    text = Counted(id=message.id, kind=message.kind, day=day_of(now, zone), check_in_id=message.check_in_id)
    if not ceiling.has_room(session, person.id, text, rules, zone, only_left=True):
        waits = message.kind in _WAITS
        return _no(Hold.CEILING, later=window.next_open(ceiling.waits_until(now, zone)) if waits else None)
    return _YES


def _overtaken(session: Session, message: OutboundMessage) -> bool:
    """The check-in that it asks about, or asks again about, no longer waits for an answer."""
    check_in = session.get(CheckIn, message.check_in_id) if message.check_in_id else None
    return check_in is not None and check_in.state is not CheckInState.OPEN


def prompt_hold(
    session: Session, person: Person, rules: Rules, *, now: datetime, home: ZoneInfo
) -> Hold | None:
    """Why nothing automatic may go to this person now, whatever the hour; None when it may."""
    enrolled = people.enrolment(session, person.id)
    if enrolled is None or not enrolled.safe_to_text:
        return Hold.NOT_ENROLLED
    if stopped := circumstances.prompts_stopped(session, person, day_of(now, home), home=home):
        return stopped
    if person.paused_until is not None and person.paused_until > now:
        return Hold.PAUSED
    return Hold.ALERT_NOW if quiet_until(session, person.id, rules, now=now) else None


def quiet_until(session: Session, person_id: UUID, rules: Rules, *, now: datetime) -> datetime | None:
    """While an alert ``now`` is open, and for a time after, nothing automatic goes: until when, at least."""
    if alerts.has_open_now(session, person_id):
        return now + _LOOK_AGAIN
    closed = alerts.last_now_closed_at(session, person_id)
    if closed is None or closed + rules.quiet_after_now <= now:
        return None
    return closed + rules.quiet_after_now


def _wait(session: Session, person: Person, hold: Hold, rules: Rules, now: datetime) -> datetime | None:
    """When a text that only waits is tried again; None where its reason does not pass by itself."""
    if hold is Hold.PAUSED:
        return person.paused_until
    return quiet_until(session, person.id, rules, now=now) if hold is Hold.ALERT_NOW else None
