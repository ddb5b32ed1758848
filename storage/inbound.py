"""Inbound messages: one row for each thing that reached us, whatever is repeated or concurrent.

:func:`record` is the hot path: one Core statement, one durable commit, no ORM. After it a 2xx is honest.
"""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    CursorResult,
    ForeignKey,
    Index,
    LargeBinary,
    Table,
    UniqueConstraint,
    bindparam,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Mapped, Session, mapped_column

from messages.channel import CarrierKeyword, ChannelName, Inbound, InboundKind, Media
from messages.kinds import Deadline
from storage.alerts import Alert
from storage.base import Base, Place, Sealed, after_place, new_id, partial_index
from storage.database import Database
from storage.statements import Prepared

#: How long a handler may hold a text before another process takes it over (RELIABILITY 1.4).
LEASE = timedelta(seconds=15)
#: A text whose handler fails this often is parked: shown, owned, not tried again.
MAX_ATTEMPTS = 3
#: What holds words of the sender's own.
_WRITTEN = (InboundKind.TEXT, InboundKind.EDIT)


class InboundMessage(Base, kw_only=True):
    __tablename__ = "inbound_messages"
    __table_args__ = (
        UniqueConstraint("channel", "provider_id"),
        partial_index("ix_inbound_messages_unhandled", "received_at", where="handled_at IS NULL"),
        partial_index(
            "ix_inbound_messages_read_due_at_due",
            "read_due_at",
            where="read_due_at IS NOT NULL AND read_at IS NULL",
        ),
        Index("ix_inbound_messages_sender_time", "sender_index", "received_at"),
        Index("ix_inbound_messages_person_time", "person_id", "received_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    channel: Mapped[ChannelName]
    provider_id: Mapped[str]
    kind: Mapped[InboundKind] = mapped_column(default=InboundKind.TEXT)
    received_at: Mapped[datetime]
    #: The provider's time, when it gives one.
    sent_at: Mapped[datetime | None] = mapped_column(default=None)
    sender: Mapped[str] = mapped_column(Sealed(index="sender_index"), repr=False)
    sender_index: Mapped[bytes | None] = mapped_column(LargeBinary(16), default=None, repr=False)
    #: The clean text.
    body: Mapped[str] = mapped_column(Sealed(), repr=False)
    #: The request as it came, sealed by :func:`record`; opened with ``Keyring.open_bytes``.
    raw: Mapped[bytes] = mapped_column(LargeBinary, repr=False, default=b"")
    #: JSON list of ``{"url", "content_type"}``.
    media: Mapped[str | None] = mapped_column(Sealed(), default=None, repr=False)
    carrier_keyword: Mapped[CarrierKeyword | None] = mapped_column(default=None)
    edit_of: Mapped[str | None] = mapped_column(default=None)

    # Whose it is
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"), default=None)
    staff_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"), default=None)
    address_id: Mapped[UUID | None] = mapped_column(ForeignKey("addresses.id"), default=None)

    # Handling
    lease_until: Mapped[datetime | None] = mapped_column(default=None)
    lease_token: Mapped[UUID | None] = mapped_column(default=None)
    attempts: Mapped[int] = mapped_column(default=0)
    handled_at: Mapped[datetime | None] = mapped_column(default=None)
    parked_at: Mapped[datetime | None] = mapped_column(default=None)
    #: What was understood, as JSON in the words of INTERFACES; sealed, since ``why`` quotes the text.
    reading: Mapped[str | None] = mapped_column(Sealed(), default=None, repr=False)
    #: Kept from the worker it is about (allegations and complaints).
    restricted: Mapped[bool] = mapped_column(default=False)

    # Staff
    #: When a person must have read it; None: nobody has to, or they were told that nobody did.
    read_due_at: Mapped[datetime | None] = mapped_column(default=None)
    read_at: Mapped[datetime | None] = mapped_column(default=None)
    read_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"), default=None)
    #: When and by whom it was noted that it should have raised an alert *now*.
    missed_at: Mapped[datetime | None] = mapped_column(default=None)
    missed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"), default=None)

    @property
    def happened_at(self) -> datetime:
        return self.sent_at or self.received_at

    @property
    def files(self) -> list[Media]:
        return [Media(**item) for item in json.loads(self.media)] if self.media else []


_TABLE = cast("Table", InboundMessage.__table__)
_COLUMNS = (
    "id", "channel", "provider_id", "kind", "received_at", "sent_at", "sender_index", "carrier_keyword",
    "edit_of", "attempts", "restricted",
)  # fmt: skip
_SEALED = ("sender", "body", "raw", "media")
_VALUES: dict[str, BindParameter[Any]] = {name: bindparam(name) for name in _COLUMNS} | {
    name: bindparam(name, type_=LargeBinary) for name in _SEALED
}
_INSERTS = {
    name: Prepared.of(insert(_TABLE).values(_VALUES).on_conflict_do_nothing(), dialect)
    for name, insert, dialect in (
        ("sqlite", sqlite.insert, sqlite.dialect(paramstyle="qmark")),
        ("postgresql", postgresql.insert, make_url("postgresql+psycopg://").get_dialect()()),
    )
}


def record(database: Database, inbound: Inbound, *, now: datetime) -> UUID | None:
    """Store one text durably. The new row's id, or None when this provider id is already here."""
    row_id, keyring = new_id(), database.keyring
    media = json.dumps([{"url": m.url, "content_type": m.content_type} for m in inbound.media])
    values = {
        "id": row_id,
        "channel": inbound.channel,
        "provider_id": inbound.provider_id,
        "kind": inbound.kind,
        "received_at": now,
        "sent_at": inbound.sent_at,
        "sender": keyring.seal("inbound_messages.sender", row_id, inbound.sender),
        "sender_index": keyring.index(inbound.sender),
        "body": keyring.seal("inbound_messages.body", row_id, inbound.text),
        "raw": keyring.seal_bytes("inbound_messages.raw", row_id, inbound.raw),
        "media": keyring.seal("inbound_messages.media", row_id, media) if inbound.media else None,
        "carrier_keyword": inbound.carrier_keyword,
        "edit_of": inbound.edit_of,
        "attempts": 0,
        "restricted": False,
    }
    rows = database.execute_durably(_INSERTS[database.engine.dialect.name], values)
    return row_id if rows == 1 else None


def claim(session: Session, message_id: UUID, token: UUID, *, now: datetime) -> InboundMessage | None:
    """Lease one unhandled text for :data:`LEASE`; None when it is done, parked or another's."""
    claimed = session.execute(
        update(InboundMessage)
        .where(
            InboundMessage.id == message_id,
            InboundMessage.handled_at.is_(None),
            InboundMessage.parked_at.is_(None),
            or_(InboundMessage.lease_until.is_(None), InboundMessage.lease_until < now),
        )
        .values(lease_until=now + LEASE, lease_token=token, attempts=InboundMessage.attempts + 1)
        .execution_options(synchronize_session=False)
    )
    if cast("CursorResult[object]", claimed).rowcount != 1:
        return None
    return session.get(InboundMessage, message_id, populate_existing=True)


def waiting(session: Session, *, older_than: datetime, now: datetime, limit: int = 50) -> Sequence[UUID]:
    """Texts that no process is handling, oldest first: for the worker that picks up what web left."""
    return session.scalars(
        select(InboundMessage.id)
        .where(
            InboundMessage.handled_at.is_(None),
            InboundMessage.parked_at.is_(None),
            InboundMessage.received_at <= older_than,
            or_(InboundMessage.lease_until.is_(None), InboundMessage.lease_until < now),
        )
        .order_by(InboundMessage.received_at)
        .limit(limit)
    ).all()


def overdue_for_reading(
    session: Session, now: datetime, *, beyond: Place | None = None, limit: int = 25
) -> Sequence[InboundMessage]:
    """Texts that a person should have read by now, and has not."""
    query = (
        select(InboundMessage)
        .where(InboundMessage.read_due_at <= now, InboundMessage.read_at.is_(None))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return session.scalars(after_place(query, InboundMessage.read_due_at, InboundMessage.id, beyond)).all()


def before(
    session: Session, message: InboundMessage, indexes: Sequence[bytes], *, after: datetime, limit: int = 20
) -> Sequence[InboundMessage]:
    """What the same sender wrote before ``message`` and after ``after``: the newest few, oldest first."""
    newest = session.scalars(
        select(InboundMessage)
        .where(
            InboundMessage.channel == message.channel,
            InboundMessage.sender_index.in_(indexes),
            InboundMessage.received_at > after,
            InboundMessage.id != message.id,
            (InboundMessage.received_at < message.received_at)
            | (InboundMessage.received_at == message.received_at) & (InboundMessage.id < message.id),
        )
        .order_by(InboundMessage.received_at.desc(), InboundMessage.id.desc())
        .limit(limit)
    ).all()
    return newest[::-1]


def may_be_missed(session: Session, texts: Sequence[InboundMessage]) -> frozenset[UUID]:
    """Those of these texts that should perhaps have raised an alert *now*: words that went by without one."""
    gone_by = {
        text.id
        for text in texts
        if text.kind in _WRITTEN and text.body and (text.handled_at or text.parked_at)
    }
    raised = select(Alert.inbound_id).where(Alert.inbound_id.in_(gone_by), Alert.deadline == Deadline.NOW)
    return frozenset(gone_by - set(session.scalars(raised)))
