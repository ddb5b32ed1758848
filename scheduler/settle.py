"""Texts that may or may not have left: their worker died, or the provider's answer was lost.

What a dead worker had claimed and not begun goes back into the queue. The rest is settled by a delivery
report (:mod:`scheduler.reports`), or by this job, which looks in the provider's own list. Where nothing
proves that they left, alerts, danger answers and operator pages are sent again, marked; everything else is
given up: a young person is never asked twice.
"""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import cache

import structlog
from sqlalchemy.orm import Session

from messages.channel import Accepted
from messages.kinds import OutboundKind
from scheduler import outbox, outcomes
from scheduler.delivery import text_of
from scheduler.services import Services
from storage import leases
from storage.addresses import Address
from storage.alerts import Alert, AlertState
from storage.outbound import OutboundMessage

#: A text that must arrive is sent again when this long nothing proved that it left.
REPEAT_AFTER = timedelta(seconds=30)
REPEATS = 2
MARK = "(repeat) "
#: Any other is given up after this.
GIVE_UP_AFTER = timedelta(minutes=15)
_LOOK_EVERY = timedelta(minutes=2)
#: Looking is a call of up to ten seconds.
_LOOK_LEASE = timedelta(seconds=60)
_LOOKERS = 8
_BATCH = 24
#: A provider that took a text and says nothing of it for this long is counted.
SILENT_AFTER = timedelta(minutes=10)
_COUNTED_FOR = timedelta(days=1)
_REPEATED = ":repeat"

log = structlog.get_logger()


def settle_unknown(services: Services, now: datetime) -> dict[str, int]:
    """Look for every text whose look is due. Numbers of each end, and ``unreported``."""
    numbers: Counter[str] = Counter()
    with services.database.begin() as session:
        taken = leases.claim_unsettled(session, now, limit=_BATCH, lease=_LOOK_LEASE)
    began = services.clock()
    found = list(_pool().map(lambda message: _look(services, message, now), taken)) if taken else []
    at = now + max(services.clock() - began, timedelta(0))
    for message, proof in zip(taken, found, strict=True):
        try:
            with services.database.begin() as session:
                numbers[_settle(session, message, proof, at)] += 1
        except Exception as error:  # noqa: BLE001  (one bad row must not stop the rest)
            log.warning("settle_failed", outbound=str(message.id), error=type(error).__name__)
    with services.database.read() as session:
        silent = leases.unreported(session, since=now - _COUNTED_FOR, before=now - SILENT_AFTER)
    return dict(numbers) | ({"unreported": silent} if silent else {})


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(_LOOKERS, thread_name_prefix="settle")


def _look(services: Services, message: OutboundMessage, now: datetime) -> Accepted | None:
    channel = services.channels.get(message.channel)
    if channel is None or message.tried_at is None:
        return None
    try:
        return channel.find(text_of(message, now), since=message.tried_at)
    except Exception as error:  # noqa: BLE001  (no answer is no proof, whatever the reason)
        log.warning("look_failed", outbound=str(message.id), error=type(error).__name__)
        return None


def _settle(session: Session, looked: OutboundMessage, proof: Accepted | None, at: datetime) -> str:
    message = leases.locked(session, [looked.id])[looked.id]
    if proof is not None:
        outcomes.accepted(session, message, proof, message.tried_at or at)
        return "found"
    if message.lease_token != looked.lease_token or message.state is not looked.state:
        return "settled"  # a report, or the worker after all, was quicker
    if message.tried_at is None:
        outcomes.put_back(message)
        return "put_back"
    doubt = at - message.tried_at
    if message.kind.repeatable:
        if doubt < REPEAT_AFTER:
            return _look_later(message, REPEAT_AFTER - doubt, at)
        return _repeat(session, message, at)
    if doubt < GIVE_UP_AFTER:
        return _look_later(message, min(_LOOK_EVERY, GIVE_UP_AFTER - doubt), at)
    _close(message, "It may or may not have left; it is not sent twice.")
    return "given_up"


def _look_later(message: OutboundMessage, wait: timedelta, at: datetime) -> str:
    message.lease_until = at + wait
    return "waiting"


def _close(message: OutboundMessage, reason: str) -> None:
    """It stays unknown for good, unless a report comes after all."""
    message.reason, message.lease_until, message.lease_token = reason, None, None


def _repeat(session: Session, message: OutboundMessage, at: datetime) -> str:
    first, _, number = message.key.partition(_REPEATED)
    count = int(number or 0) + 1
    if count > REPEATS or not _still_wanted(session, message, at):
        _close(message, "It may or may not have left.")
        return "given_up"
    outbox.enqueue(
        session,
        key=f"{first}{_REPEATED}{count}",
        kind=message.kind,
        channel=message.channel,
        to=message.to,
        body=message.body if message.body.startswith(MARK) else MARK + message.body,
        now=at,
        about=outcomes.about(message),
        buttons=message.choices,
        wording=message.wording,
        language=message.language,
        subject=message.subject,
        address=session.get(Address, message.address_id) if message.address_id else None,
    )
    _close(message, "It may or may not have left: sent again.")
    return "repeated"


def _still_wanted(session: Session, message: OutboundMessage, at: datetime) -> bool:
    if message.expires_at <= at:
        return False
    alert = session.get(Alert, message.alert_id) if message.alert_id else None
    told = message.kind is OutboundKind.ALERT and alert is not None
    return not told or alert is None or alert.state is AlertState.OPEN
