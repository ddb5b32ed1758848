"""What came of a text that was not refused: it left, was put off, or was never worth sending."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from messages.channel import Accepted, ChannelName
from messages.kinds import ContactMethod, OutboundKind
from scheduler import outbox, undeliverable
from scheduler.outbox import About
from storage.check_ins import CheckIn, CheckInState
from storage.contacts import Contact, Direction
from storage.outbound import OutboundMessage, OutboundState

#: These never give way to others: they wait, however long.
_ONLY_WAIT = (OutboundKind.WELCOME, OutboundKind.NEW_ADVISER)
_WAITING = {OutboundState.SENDING, OutboundState.UNKNOWN, OutboundState.QUEUED}


class Result(StrEnum):
    """How the numbers of a pass name what came of a text."""

    SENT = "sent"
    RETRY = "retry"
    HELD = "held"
    UNKNOWN = "unknown"
    FAILED = "failed"
    FENCED = "fenced"


def sent(session: Session, message: OutboundMessage, at: datetime) -> None:
    """There is proof that it left: by the provider's answer, a report, or its list. Once."""
    if message.state in _WAITING or message.state in (OutboundState.SKIPPED, OutboundState.CANCELLED):
        message.state = OutboundState.SENT
        message.reason, message.failure = "", None
    message.lease_until = None
    if message.sent_at is None:
        message.sent_at = at
        _log_attempt(session, message, at)


def accepted(session: Session, message: OutboundMessage, answer: Accepted, at: datetime) -> Result:
    message.provider_id = message.provider_id or answer.provider_id
    message.segments = answer.segments or message.segments
    message.attempts += 1
    sent(session, message, at)
    return Result.SENT


def _log_attempt(session: Session, message: OutboundMessage, at: datetime) -> None:
    ours = message.kind.automatic or message.kind is OutboundKind.STAFF_TEXT
    if message.person_id is None or not ours:
        return
    telegram = message.channel is ChannelName.TELEGRAM
    session.add(
        Contact(
            person_id=message.person_id,
            at=at,
            direction=Direction.ATTEMPT,
            method=ContactMethod.TELEGRAM if telegram else ContactMethod.TEXT,
            outbound_id=message.id,
            staff_id=message.author_id,
            via="by text",
            recorded_at=at,
        )
    )


def skipped(session: Session, message: OutboundMessage, reason: str, *, now: datetime) -> None:
    """It will never leave, for ``reason``. A check-in that was never asked waits for no answer."""
    message.state, message.reason = OutboundState.SKIPPED, reason
    never_left(session, message, now=now)


def never_left(session: Session, message: OutboundMessage, *, now: datetime) -> None:
    """What follows when ``message`` was given up before it left."""
    message.lease_until = None
    undeliverable.hurry(session, message, by=now)
    if message.kind is OutboundKind.CHECK_IN and message.check_in_id is not None:
        asked = select(OutboundMessage.id).where(
            OutboundMessage.check_in_id == message.check_in_id,
            OutboundMessage.kind == OutboundKind.CHECK_IN,
            OutboundMessage.id != message.id,
            OutboundMessage.state != OutboundState.SKIPPED,
        )
        check_in = session.get(CheckIn, message.check_in_id)
        if check_in is not None and session.execute(asked.limit(1)).first() is None:
            _not_asked(check_in, message.reason)


def _not_asked(check_in: CheckIn, reason: str) -> None:
    if check_in.state is CheckInState.OPEN:
        check_in.state, check_in.reason = CheckInState.SKIPPED, reason[:200]
        check_in.next_step = check_in.next_step_at = None


def put_back(message: OutboundMessage, *, due_at: datetime | None = None) -> None:
    """Into the queue again, as if it had not been claimed."""
    message.state = OutboundState.QUEUED
    message.lease_until = message.lease_token = message.tried_at = None
    message.due_at = due_at or message.due_at


def postponed(
    session: Session, message: OutboundMessage, until: datetime, reason: str, *, now: datetime
) -> bool:
    """Put off until then; skipped when it is not worth sending by then. True when put off."""
    if message.kind in _ONLY_WAIT:
        message.expires_at = max(message.expires_at, until + outbox.WORTH_SENDING[OutboundKind.CHECK_IN])
    if until >= message.expires_at:
        skipped(session, message, reason, now=now)
        return False
    put_back(message, due_at=until)
    return True


def about(message: OutboundMessage) -> About:
    """What ``message`` belongs to, for a row that goes in its place."""
    return About(
        person_id=message.person_id,
        staff_id=message.staff_id,
        author_id=message.author_id,
        inbound_id=message.inbound_id,
        check_in_id=message.check_in_id,
        alert_id=message.alert_id,
    )
