"""What we do when the provider does not take a text, or could not bring it.

A row that is refused before the provider took it may go back into the queue; one that failed later never
does. Refusals of the moment, of the account and of the pace burn nothing but time.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from messages.channel import ChannelName, Failure, SendError
from scheduler import outbox, undeliverable
from scheduler.outcomes import Result, about, never_left, put_back
from scheduler.pace import Pace, gates
from scheduler.services import Services
from storage.addresses import Address
from storage.outbound import OutboundMessage, OutboundState

#: Seconds between two tries of a text that the provider refused for the moment; the last one repeats.
BACK_OFF = (1, 5, 30, 120)
#: An alert that the provider has not taken after this goes on to the next person.
_ALERT_PATIENCE = timedelta(seconds=60)
#: A text that met a fault of the account steps aside for others, in case the fault is its own.
_STEP_ASIDE = timedelta(seconds=60)
#: When to look for the proof of a text that may have left: a report is usually quicker than this.
FIRST_LOOK = timedelta(seconds=10)
#: This many texts refused for their words within an hour are somebody's task.
_FILTERED_LIMIT = 3
_A_DAY = timedelta(days=1)
_AGAIN = ":again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a text was not accepted, or did not arrive. ``words`` are for staff."""

    failure: Failure
    words: str
    code: str = ""
    retry_after: float | None = None

    @classmethod
    def of(cls, error: SendError) -> "Refusal":
        return cls(failure=error.failure, words=error.words, code=error.code, retry_after=error.retry_after)


def refused(
    session: Session,
    services: Services,
    message: OutboundMessage,
    refusal: Refusal,
    *,
    at: datetime,
    paces: Mapping[ChannelName, Pace],
) -> Result:
    """The provider did not take it at ``at``: wait, try again, look for proof, or give up."""
    match refusal.failure:
        case Failure.THROTTLED:
            with gates(session, [message.channel], paces, at) as opened:
                opened[message.channel].throttled(at, refusal.retry_after)
            put_back(message)
            return Result.HELD
        case Failure.CONFIGURATION:
            _account_fault(session, services, message, refusal, at=at, paces=paces)
            put_back(message, due_at=at + _STEP_ASIDE)
            return Result.HELD
        case Failure.AMBIGUOUS:
            message.attempts += 1
            message.state, message.reason = OutboundState.UNKNOWN, refusal.words
            message.failure, message.lease_until = refusal.failure, at + FIRST_LOOK
            return Result.UNKNOWN
        case Failure.TRANSIENT:
            message.attempts += 1
            return _try_again(session, services, message, refusal, at=at)
        case _:
            message.attempts += 1
            failed(session, services, message, refusal, at=at, paces=paces)
            return Result.FAILED


def failed(
    session: Session,
    services: Services,
    message: OutboundMessage,
    refusal: Refusal,
    *,
    at: datetime,
    paces: Mapping[ChannelName, Pace],
) -> None:
    """It did not arrive and will not be tried again under this row."""
    message.state, message.failure = OutboundState.FAILED, refusal.failure
    message.reason, message.lease_until = refusal.words[:300], None
    undeliverable.follow_up(session, services, message, refusal.failure, now=at)
    match refusal.failure:
        case Failure.UNREACHABLE:
            _ask_again(session, message, now=at)
        case Failure.FILTERED:
            _refused_words(session, services, message, at=at, paces=paces)
        case Failure.CONFIGURATION:
            _account_fault(session, services, message, refusal, at=at, paces=paces)


def _try_again(
    session: Session, services: Services, message: OutboundMessage, refusal: Refusal, *, at: datetime
) -> Result:
    step = min(message.attempts, len(BACK_OFF))
    jitter = random.Random(f"{message.id}:{message.attempts}").uniform(0.8, 1.2)
    due_at = at + timedelta(seconds=BACK_OFF[step - 1] * jitter)
    if step == len(BACK_OFF):
        undeliverable.hurry(session, message, by=max(at, message.created_at + _ALERT_PATIENCE))
    if due_at < message.expires_at:
        put_back(message, due_at=due_at)
        message.failure, message.reason = refusal.failure, refusal.words[:300]
        return Result.RETRY
    message.state, message.failure = OutboundState.FAILED, refusal.failure
    message.reason = refusal.words[:300]
    never_left(session, message, now=at)
    return Result.FAILED


def _account_fault(
    session: Session,
    services: Services,
    message: OutboundMessage,
    refusal: Refusal,
    *,
    at: datetime,
    paces: Mapping[ChannelName, Pace],
) -> None:
    with gates(session, [message.channel], paces, at) as opened:
        opened[message.channel].refused_altogether(at)
    if message.failure is not Failure.CONFIGURATION:
        undeliverable.hurry(session, message, by=at)  # by another channel, or to the next person
    message.failure, message.reason = refusal.failure, refusal.words[:300]
    undeliverable.page(
        session,
        services,
        key=f"sender-refused:{message.channel}:{at:%Y-%m-%dT%H}",
        words=f"{message.channel} refuses our texts (code {refusal.code or 'none'}): {refusal.words}"
        " They wait in the queue.",
        now=at,
    )


def _refused_words(
    session: Session,
    services: Services,
    message: OutboundMessage,
    *,
    at: datetime,
    paces: Mapping[ChannelName, Pace],
) -> None:
    with gates(session, [message.channel], paces, at) as opened:
        count = opened[message.channel].refused_words(at)
    if count >= _FILTERED_LIMIT:
        undeliverable.page(
            session,
            services,
            key=f"filtered:{message.channel}:{at:%Y-%m-%dT%H}",
            words=f"The network refused the words of {count} texts by {message.channel} within an hour.",
            now=at,
        )


def _ask_again(session: Session, message: OutboundMessage, *, now: datetime) -> None:
    """A prompt that met a phone without signal goes once more, at the same time on the next day."""
    if not message.kind.automatic or message.key.endswith(_AGAIN):
        return
    due_at = max(message.due_at, now - _A_DAY) + _A_DAY
    outbox.enqueue(
        session,
        key=message.key + _AGAIN,
        kind=message.kind,
        channel=message.channel,
        to=message.to,
        body=message.body,
        now=now,
        about=about(message),
        due_at=due_at,
        buttons=message.choices,
        wording=message.wording,
        language=message.language,
        subject=message.subject,
        address=session.get(Address, message.address_id) if message.address_id else None,
    )
