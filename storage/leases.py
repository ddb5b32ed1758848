"""Leases on outbound rows: how one worker, and only one, gets to send a text or to look for a lost one.

A claim is one statement and commits before anything is sent. States are written into the statements as
literals: neither engine uses a partial index for a bound parameter.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, any_, func, literal_column, select, update
from sqlalchemy.orm import Session

from messages.channel import ChannelName
from storage.base import new_id
from storage.outbound import OutboundMessage, OutboundState

#: A lease covers the provider's time-out (10 s) and the time to record what came of it.
URGENT_LEASE = timedelta(seconds=15)
LEASE = timedelta(seconds=60)

#: Below this a text is an alert, a danger answer or an operator page.
_ORDINARY = 1

_QUEUED = OutboundMessage.state == literal_column("'queued'")
_UNSETTLED = OutboundMessage.state.in_([literal_column("'sending'"), literal_column("'unknown'")])
_UNREPORTED = (
    OutboundMessage.state == literal_column("'sent'"),
    OutboundMessage.delivery.is_(None),
    OutboundMessage.channel == literal_column("'sms'"),
)


def due(session: Session, now: datetime) -> bool:
    """Whether anything waits to be sent or to be given up: the cheap look before a claim."""
    waiting = select(OutboundMessage.id).where(_QUEUED, OutboundMessage.due_at <= now)
    stale = select(OutboundMessage.id).where(_QUEUED, OutboundMessage.expires_at <= now)
    return any(session.execute(look.limit(1)).first() is not None for look in (waiting, stale))


def claim(
    session: Session,
    now: datetime,
    *,
    channels: Collection[ChannelName],
    urgent: bool,
    limit: int,
) -> list[OutboundMessage]:
    """Lease what is due and still worth sending on ``channels``, most urgent first, under one token.

    ``urgent``: alerts, danger answers and operator pages only; otherwise everything but those. Until
    :func:`begin`, a claimed row has certainly not left: its ``tried_at`` is empty.
    """
    priority = OutboundMessage.priority
    waiting = (
        select(OutboundMessage.id)
        .where(
            _QUEUED,
            priority < _ORDINARY if urgent else priority >= _ORDINARY,
            OutboundMessage.due_at <= now,
            OutboundMessage.expires_at > now,
            OutboundMessage.channel.in_(channels),
        )
        .order_by(priority, OutboundMessage.due_at)
        .limit(limit)
    )
    lease = URGENT_LEASE if urgent else LEASE
    claimed = _change(
        session,
        waiting,
        state=OutboundState.SENDING,
        tried_at=None,
        lease_until=now + lease,
        lease_token=new_id(),
    )
    return sorted(claimed, key=lambda message: (message.priority, message.due_at, message.id))


def begin(session: Session, claimed: Sequence[OutboundMessage], now: datetime) -> set[UUID]:
    """The last step before the provider: from here on these rows may have left. Those still ours.

    A worker that slept past its lease finds here that it has lost it, and sends nothing.
    """
    statement = (
        update(OutboundMessage)
        .where(
            OutboundMessage.id.in_([message.id for message in claimed]),
            OutboundMessage.lease_token.in_({message.lease_token for message in claimed}),
            OutboundMessage.state == OutboundState.SENDING,
            OutboundMessage.lease_until > now,
        )
        .values(tried_at=now)
        .returning(OutboundMessage.id)
        .execution_options(synchronize_session=False)
    )
    return set(session.scalars(statement))


def expire(session: Session, now: datetime, *, reason: str, limit: int = 200) -> Sequence[OutboundMessage]:
    """Give up what waited until it was not worth sending."""
    stale = select(OutboundMessage.id).where(_QUEUED, OutboundMessage.expires_at <= now).limit(limit)
    return _change(session, stale, state=OutboundState.SKIPPED, reason=reason)


def claim_unsettled(
    session: Session, now: datetime, *, limit: int, lease: timedelta = LEASE
) -> Sequence[OutboundMessage]:
    """Lease texts that may or may not have left: the look for proof is due, or their worker died."""
    unsettled = (
        select(OutboundMessage.id)
        .where(_UNSETTLED, OutboundMessage.lease_until <= now)
        .order_by(OutboundMessage.lease_until)
        .limit(limit)
    )
    return _change(
        session,
        unsettled,
        state=OutboundState.UNKNOWN,
        lease_until=now + lease,
        lease_token=new_id(),
    )


def locked(session: Session, ids: Collection[UUID]) -> dict[UUID, OutboundMessage]:
    """These rows as they are now, held until the unit of work ends. In the order of their ids."""
    rows = session.scalars(
        select(OutboundMessage)
        .where(OutboundMessage.id.in_(ids))
        .order_by(OutboundMessage.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {row.id: row for row in rows}


def unreported(session: Session, *, since: datetime, before: datetime) -> int:
    """How many texts the provider took in this time and never spoke of again."""
    counted = select(func.count()).where(
        *_UNREPORTED, OutboundMessage.sent_at > since, OutboundMessage.sent_at <= before
    )
    return session.scalars(counted).one()


def _change(session: Session, chosen: Select[UUID], **values: object) -> Sequence[OutboundMessage]:
    """One statement that changes the chosen rows, leaving out those that another worker holds."""
    statement = (
        update(OutboundMessage)
        .where(_among(session, chosen.with_for_update(skip_locked=True)))
        .values(**values)
        .returning(OutboundMessage)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    return session.scalars(statement).all()


def _among(session: Session, chosen: Select[UUID]) -> ColumnElement[bool]:
    # PostgreSQL plans IN (SELECT .. SKIP LOCKED) as a join that may run the look twice or scan the table;
    # an array is made once. SQLite has no arrays, drops SKIP LOCKED, and has one writer.
    if session.get_bind().dialect.name == "postgresql":
        return OutboundMessage.id == any_(func.array(chosen.scalar_subquery()))
    return OutboundMessage.id.in_(chosen)
