"""Outbound messages: every text that leaves is a row here first, and leaves only from here.

``key`` says who, what and which slot, and is unique: whatever happens twice, the row happens once.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, String, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from messages.channel import Button, ChannelName, DeliveryStatus, Failure
from messages.kinds import OutboundKind
from storage.base import Base, Sealed, new_id, partial_index


class OutboundState(StrEnum):
    QUEUED = "queued"
    #: Leased by a worker that is talking to the provider.
    SENDING = "sending"
    #: It may have left; waiting for proof.
    UNKNOWN = "unknown"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    #: Taken back before it left (undo, died, replaced by a later answer).
    CANCELLED = "cancelled"
    #: Never sent, with the reason (gave way, stale, no consent, state).
    SKIPPED = "skipped"


class OutboundMessage(Base, kw_only=True):
    __tablename__ = "outbound_messages"
    __table_args__ = (
        partial_index("ix_outbound_messages_queued", "priority", "due_at", where="state = 'queued'"),
        partial_index(
            "ix_outbound_messages_unsettled", "lease_until", where="state IN ('sending', 'unknown')"
        ),
        partial_index("ix_outbound_messages_expiring", "expires_at", where="state = 'queued'"),
        partial_index(
            "ix_outbound_messages_unreported",
            "sent_at",
            where="state = 'sent' AND delivery IS NULL AND channel = 'sms'",
        ),
        Index("ix_outbound_messages_person_time", "person_id", "due_at"),
        Index("ix_outbound_messages_to_time", "to_index", "due_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[OutboundKind]
    priority: Mapped[int]
    channel: Mapped[ChannelName]
    to: Mapped[str] = mapped_column(Sealed(index="to_index"), repr=False)
    to_index: Mapped[bytes | None] = mapped_column(LargeBinary(16), default=None, repr=False)
    body: Mapped[str] = mapped_column(Sealed(), repr=False)
    subject: Mapped[str] = mapped_column(String(200), default="")
    #: JSON list of ``[label, value]``.
    buttons: Mapped[str | None] = mapped_column(String(1000), default=None)
    #: The wording it was made from, e.g. ``check_in/en/2``; empty for what staff wrote.
    wording: Mapped[str] = mapped_column(String(80), default="")
    #: The answer to a young person names the kind of answer (e.g. ``danger_neutral``).
    language: Mapped[str] = mapped_column(String(8), default="en")
    segments: Mapped[int] = mapped_column(default=1)

    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"), default=None)
    address_id: Mapped[UUID | None] = mapped_column(ForeignKey("addresses.id"), default=None)
    staff_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"), default=None)
    #: Who wrote it, for a staff text.
    author_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"), default=None)
    inbound_id: Mapped[UUID | None] = mapped_column(ForeignKey("inbound_messages.id"), default=None)
    check_in_id: Mapped[UUID | None] = mapped_column(ForeignKey("check_ins.id"), default=None, index=True)
    alert_id: Mapped[UUID | None] = mapped_column(ForeignKey("alerts.id"), default=None, index=True)

    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    #: Not worth sending any more after this.
    expires_at: Mapped[datetime]
    state: Mapped[OutboundState] = mapped_column(default=OutboundState.QUEUED)
    #: Why it was skipped, cancelled or failed, in words for staff.
    reason: Mapped[str] = mapped_column(String(300), default="")
    failure: Mapped[Failure | None] = mapped_column(default=None)
    attempts: Mapped[int] = mapped_column(default=0)
    #: When a worker last took it to send it: it cannot have left before.
    tried_at: Mapped[datetime | None] = mapped_column(default=None)
    #: While sending, when the worker's lease ends; while unknown, when to look for proof next.
    lease_until: Mapped[datetime | None] = mapped_column(default=None)
    #: Fencing: only the holder of the newest lease records an outcome.
    lease_token: Mapped[UUID | None] = mapped_column(default=None)
    provider_id: Mapped[str | None] = mapped_column(String(100), default=None, index=True)
    #: The highest status a report gave; never goes down.
    delivery: Mapped[DeliveryStatus | None] = mapped_column(default=None)
    sent_at: Mapped[datetime | None] = mapped_column(default=None)
    delivered_at: Mapped[datetime | None] = mapped_column(default=None)

    @property
    def choices(self) -> tuple[Button, ...]:
        return tuple(Button(label=label, value=value) for label, value in json.loads(self.buttons or "[]"))


class DeliveryEvent(Base, kw_only=True):
    """Each report as it came, once for each (text, status): the history behind ``delivery``."""

    __tablename__ = "delivery_events"
    __table_args__ = (Index("uq_delivery_events_once", "channel", "provider_id", "status", unique=True),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    channel: Mapped[ChannelName]
    provider_id: Mapped[str] = mapped_column(String(100))
    status: Mapped[DeliveryStatus]
    code: Mapped[str] = mapped_column(String(20), default="")
    outbound_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("outbound_messages.id"), default=None, index=True
    )
    received_at: Mapped[datetime]


def queue(session: Session, message: OutboundMessage) -> bool:
    """Add a row unless its key exists. True when it is new."""
    if session.scalars(select(OutboundMessage.id).where(OutboundMessage.key == message.key)).first():
        return False
    try:
        with session.begin_nested():
            session.add(message)
    except IntegrityError:
        if session.scalars(select(OutboundMessage.id).where(OutboundMessage.key == message.key)).first():
            return False
        raise
    return True


def keep_event(session: Session, event: DeliveryEvent) -> bool:
    """Keep a report unless it is here already. True when it is new."""
    same = (
        DeliveryEvent.channel == event.channel,
        DeliveryEvent.provider_id == event.provider_id,
        DeliveryEvent.status == event.status,
    )
    if session.scalars(select(DeliveryEvent.id).where(*same)).first():
        return False
    try:
        with session.begin_nested():
            session.add(event)
    except IntegrityError:
        if session.scalars(select(DeliveryEvent.id).where(*same)).first():
            return False
        raise
    return True


def by_key(session: Session, key: str) -> OutboundMessage | None:
    return session.scalars(select(OutboundMessage).where(OutboundMessage.key == key)).one_or_none()


def to_person_since(
    session: Session, person_id: UUID, after: datetime, kinds: Sequence[OutboundKind]
) -> Sequence[OutboundMessage]:
    """What was queued for or sent to a person after ``after`` and not taken back, oldest first."""
    return session.scalars(
        select(OutboundMessage)
        .where(
            OutboundMessage.person_id == person_id,
            OutboundMessage.due_at > after,
            OutboundMessage.kind.in_(kinds),
            OutboundMessage.state.not_in([OutboundState.CANCELLED, OutboundState.SKIPPED]),
        )
        .order_by(OutboundMessage.due_at)
    ).all()
