"""Unread texts: what a person must read and nobody has read in time becomes an alert.

Word lists find some dangers, never all; so every text that is more than an answer we asked for is owed a
reader (DOMAIN 5: every unread reply still ages into an alert).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from messages.kinds import AlertKind
from scheduler.alerts import open_alert
from scheduler.services import Services
from scheduler.turn import Turn, take_turns
from storage import alerts, inbound
from storage.base import Place
from storage.inbound import InboundMessage


def age_unread(services: Services, now: datetime) -> dict[str, int]:
    """Job: one alert for each person (or number) whose text nobody read in time."""

    def due(session: Session, beyond: Place | None, limit: int) -> Sequence[InboundMessage]:
        return inbound.overdue_for_reading(session, now, beyond=beyond, limit=limit)

    return take_turns(services, now, due, _by_deadline, _age)


def _by_deadline(message: InboundMessage) -> Place:
    return message.read_due_at or message.received_at, message.id


def _age(turn: Turn, message: InboundMessage) -> Iterable[str]:
    message.read_due_at = None
    if message.person_id and alerts.has_open(turn.session, message.person_id, AlertKind.UNREAD):
        return ["already_told"]
    open_alert(
        turn.session,
        turn.services,
        kind=AlertKind.UNREAD,
        key=f"unread:{message.id}",
        person_id=message.person_id,
        inbound_id=message.id,
        now=turn.now,
    )
    return ["told"]
