"""Queueing: the one way a text to a young person, to staff or to the operator becomes an outbound row."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from messages import segments
from messages.channel import Button, ChannelName
from messages.kinds import OutboundKind
from storage import outbound
from storage.addresses import Address
from storage.outbound import OutboundMessage

#: How long each kind is worth sending (RELIABILITY 1.2); alerts go to the next channel soon instead.
WORTH_SENDING: dict[OutboundKind, timedelta] = {
    OutboundKind.ALERT: timedelta(minutes=15),
    OutboundKind.DANGER_ANSWER: timedelta(hours=1),
    OutboundKind.OPERATOR_PAGE: timedelta(hours=1),
    OutboundKind.CHECK_IN: timedelta(hours=4),
    OutboundKind.NUDGE: timedelta(hours=4),
    OutboundKind.ANSWER: timedelta(hours=12),
    OutboundKind.STAFF_TEXT: timedelta(days=2),
    OutboundKind.STOP_CONFIRMATION: timedelta(hours=12),
}
_OTHERWISE = timedelta(days=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a text belongs to."""

    person_id: UUID | None = None
    staff_id: UUID | None = None
    author_id: UUID | None = None
    inbound_id: UUID | None = None
    check_in_id: UUID | None = None
    alert_id: UUID | None = None


def enqueue(
    session: Session,
    *,
    key: str,
    kind: OutboundKind,
    channel: ChannelName,
    to: str,
    body: str,
    now: datetime,
    about: About,
    due_at: datetime | None = None,
    expires_at: datetime | None = None,
    buttons: tuple[Button, ...] = (),
    wording: str = "",
    language: str = "en",
    subject: str = "",
    address: Address | None = None,
) -> OutboundMessage | None:
    """Queue one text under its unique ``key``; None when that key is already queued or sent."""
    due = due_at or now
    row = OutboundMessage(
        key=key,
        kind=kind,
        priority=kind.priority,
        channel=channel,
        to=to,
        body=body,
        subject=subject,
        buttons=json.dumps([[button.label, button.value] for button in buttons]) if buttons else None,
        wording=wording,
        language=language,
        segments=segments.count(body).segments if channel == ChannelName.SMS else 1,
        person_id=about.person_id,
        address_id=address.id if address else None,
        staff_id=about.staff_id,
        author_id=about.author_id,
        inbound_id=about.inbound_id,
        check_in_id=about.check_in_id,
        alert_id=about.alert_id,
        created_at=now,
        due_at=due,
        expires_at=expires_at or due + WORTH_SENDING.get(kind, _OTHERWISE),
    )
    return row if outbound.queue(session, row) else None
