"""Texts from staff: a registered phone, or the out-of-hours line, takes an alert by ``OK CODE``."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from bot.conversation.danger import alert_kind
from messages.channel import CarrierKeyword, ChannelName
from messages.kinds import AlertKind, OutboundKind
from messages.understand import understand
from messages.understanding import Context, Danger
from scheduler import taking
from scheduler.alerts import Cause, open_alert
from scheduler.outbox import About, enqueue
from scheduler.turn import Turn
from storage import addresses, staff
from storage.inbound import InboundMessage
from storage.staff import Staff

#: What the carrier takes for STOP and START when it stands alone (Twilio, "Advanced Opt-Out").
_STOPS = frozenset({"stop", "stopall", "unsubscribe", "end", "quit", "cancel", "revoke", "optout"})
_STARTS = frozenset({"start", "unstop", "yes"})


def handled(turn: Turn, message: InboundMessage) -> bool:
    """True when the text came from a staff phone, and everything about it is done.

    A number that is also a young person's is theirs, unless the text is an ``OK CODE``.
    """
    if message.channel is not ChannelName.SMS:
        return False
    session, services = turn.session, turn.services
    indexes = services.database.keyring.indexes(message.sender)
    worker = staff.by_phone(session, indexes)
    if worker is None and message.sender != services.council.out_of_hours_alert:
        return False
    words = taking.take_by_code(session, services, worker, message.body, now=turn.now)
    if words is None and addresses.holders(session, message.channel, indexes):
        return False
    message.staff_id = worker.id if worker else None
    if words is not None:
        _say(turn, message, words)
    elif worker is not None and _says(message, CarrierKeyword.STOP, _STOPS):
        worker.phone_failed_at = turn.now
    elif _says(message, CarrierKeyword.START, _STARTS) and _is_shut(session, worker, indexes):
        addresses.opt_in(session, message.channel, indexes, now=turn.now)
        if worker is not None:
            worker.phone_failed_at = None
    else:
        _tell_duty(turn, message)
    return True


def _says(message: InboundMessage, keyword: CarrierKeyword, words: frozenset[str]) -> bool:
    """Whether the carrier has taken this for its keyword; without its advanced opt-out it does not say so."""
    return message.carrier_keyword is keyword or message.body.strip().casefold() in words


def _is_shut(session: Session, worker: Staff | None, indexes: Sequence[bytes]) -> bool:
    """Whether alerts to this phone have stopped; while they come, a colleague's "yes" is for somebody."""
    failed = worker is not None and worker.phone_failed_at is not None
    return failed or addresses.opted_out(session, ChannelName.SMS, indexes)


def _say(turn: Turn, message: InboundMessage, words: str) -> None:
    enqueue(
        turn.session,
        key=f"answer:{message.id}:staff",
        kind=OutboundKind.ALERT_CONFIRMATION,
        channel=message.channel,
        to=message.sender,
        body=words,
        about=About(staff_id=message.staff_id, inbound_id=message.id),
        now=turn.now,
    )


def _tell_duty(turn: Turn, message: InboundMessage) -> None:
    """A colleague wrote something else to this number. Danger is read in it too; it never just vanishes."""
    understood = understand(message.body, Context.NONE)
    urgent = understood.urgent
    kind = alert_kind(understood.detail.dangers or {Danger.OWN_LIFE}) if urgent else AlertKind.UNREAD
    open_alert(
        turn.session,
        turn.services,
        kind=kind,
        key=f"staff-text:{message.id}",
        inbound_id=message.id,
        cause=Cause(texts=(message.body,), why=understood.why),
        now=turn.now,
    )
