"""Addresses: where a young person can be reached, with history; opt-outs; links that join a chat.

A number is never overwritten: it ends, and another begins. One number may belong to several people.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from messages.channel import ChannelName
from storage.base import Base, Sealed, new_id, partial_index


class AddressHealth(StrEnum):
    GOOD = "good"
    #: The network says there is no such number: stop, and ask the adviser.
    SUSPECT = "suspect"
    #: It cannot take texts.
    INVALID = "invalid"
    #: Somebody answered that they are not this person.
    DISPUTED = "disputed"


class OptOutSource(StrEnum):
    WORD = "word"
    CARRIER = "carrier"
    BLOCKED = "blocked"
    STAFF = "staff"


class Address(Base, kw_only=True):
    __tablename__ = "addresses"
    __table_args__ = (
        partial_index(
            "uq_addresses_active",
            "person_id",
            "channel",
            "value_index",
            where="ended_at IS NULL",
            unique=True,
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    channel: Mapped[ChannelName]
    #: E.164, or the chat id.
    value: Mapped[str] = mapped_column(Sealed(index="value_index"), repr=False)
    value_index: Mapped[bytes | None] = mapped_column(LargeBinary(16), default=None, index=True, repr=False)
    #: Others use it too: prompts carry no name.
    shared: Mapped[bool] = mapped_column(default=False)
    health: Mapped[AddressHealth] = mapped_column(default=AddressHealth.GOOD)
    #: When the person last confirmed that it is theirs; None: never.
    confirmed_at: Mapped[datetime | None] = mapped_column(default=None)
    safe_to_text: Mapped[bool] = mapped_column(default=False)
    safe_to_ring: Mapped[bool] = mapped_column(default=False)
    starts_at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    ended_why: Mapped[str | None] = mapped_column(String(64), default=None)
    #: "Phone off" three times in a row is a task.
    unreachable_count: Mapped[int] = mapped_column(default=0)


class OptOut(Base, kw_only=True):
    """Texting to one address has been ended. One row an address, channel and source, kept when it ends."""

    __tablename__ = "opt_outs"

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    channel: Mapped[ChannelName]
    address_index: Mapped[bytes] = mapped_column(LargeBinary(16), index=True, repr=False)
    source: Mapped[OptOutSource]
    inbound_id: Mapped[UUID | None] = mapped_column(ForeignKey("inbound_messages.id"), default=None)
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(default=None)


class LinkToken(Base, kw_only=True):
    """A one-time ``/start TOKEN`` that joins a Telegram chat to one person."""

    __tablename__ = "link_tokens"

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True, repr=False)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    created_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"), default=None)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None] = mapped_column(default=None)


def of_person(session: Session, person_id: UUID) -> Sequence[Address]:
    """Active addresses of a person, oldest first."""
    return session.scalars(
        select(Address)
        .where(Address.person_id == person_id, Address.ended_at.is_(None))
        .order_by(Address.starts_at, Address.id)
    ).all()


def was_theirs(session: Session, person_id: UUID, value: str) -> bool:
    """Whether this number or chat is, or ever was, an address of this person's."""
    indexes = session.info["keyring"].indexes(value)
    had = select(Address.id).where(Address.person_id == person_id, Address.value_index.in_(indexes))
    return session.scalars(had.limit(1)).first() is not None


def holders(session: Session, channel: ChannelName, indexes: Sequence[bytes]) -> Sequence[Address]:
    """Active addresses (of one person or several) that this number or chat belongs to."""
    return session.scalars(
        select(Address)
        .where(Address.channel == channel, Address.value_index.in_(indexes), Address.ended_at.is_(None))
        .order_by(Address.starts_at, Address.id)
    ).all()


def opted_out(
    session: Session, channel: ChannelName, indexes: Sequence[bytes], *, before: datetime | None = None
) -> bool:
    """Whether texting to this address is closed; with ``before``, whether it was closed before then."""
    closed = select(OptOut.id).where(
        OptOut.channel == channel, OptOut.address_index.in_(indexes), OptOut.ended_at.is_(None)
    )
    if before is not None:
        closed = closed.where(OptOut.started_at < before)
    return session.scalars(closed.limit(1)).one_or_none() is not None


def opt_out(
    session: Session,
    channel: ChannelName,
    indexes: Sequence[bytes],
    *,
    source: OptOutSource,
    now: datetime,
    inbound_id: UUID | None = None,
) -> None:
    """Close an address for texting, once for each source. ``indexes``: current key first."""
    already = select(OptOut.id).where(
        OptOut.channel == channel,
        OptOut.address_index.in_(indexes),
        OptOut.source == source,
        OptOut.ended_at.is_(None),
    )
    if session.scalars(already.limit(1)).first() is None:
        session.add(
            OptOut(
                channel=channel,
                address_index=indexes[0],
                source=source,
                started_at=now,
                inbound_id=inbound_id,
            )
        )
        session.flush()


def opt_in(
    session: Session,
    channel: ChannelName,
    indexes: Sequence[bytes],
    *,
    now: datetime,
    only: OptOutSource | None = None,
) -> None:
    """Open an address again; with ``only``, end what that source closed and leave the rest in force."""
    closed = select(OptOut).where(
        OptOut.channel == channel, OptOut.address_index.in_(indexes), OptOut.ended_at.is_(None)
    )
    for row in session.scalars(closed.where(OptOut.source == only) if only else closed):
        row.ended_at = now


def keep_stopped(
    session: Session, address: Address, *, now: datetime, inbound_id: UUID | None = None
) -> None:
    """STOP holds on every door of a person, also on one that comes later; START opens it again.

    What somebody else sent from a disputed number is not theirs.
    """
    keyring = session.info["keyring"]
    before = session.scalars(
        select(Address).where(
            Address.person_id == address.person_id,
            Address.id != address.id,
            Address.health != AddressHealth.DISPUTED,
            Address.ended_at.is_(None) | (Address.ended_at == address.starts_at),
        )
    ).all()
    if word_in_force(session, [(one.channel, keyring.indexes(one.value)) for one in before]):
        opt_out(
            session,
            address.channel,
            keyring.indexes(address.value),
            source=OptOutSource.WORD,
            now=now,
            inbound_id=inbound_id,
        )


def word_in_force(session: Session, person_addresses: Sequence[tuple[ChannelName, Sequence[bytes]]]) -> bool:
    """Whether the word STOP closes any of these addresses."""
    return any(
        session.scalars(
            select(OptOut.id)
            .where(
                OptOut.channel == channel,
                OptOut.address_index.in_(indexes),
                OptOut.source == OptOutSource.WORD,
                OptOut.ended_at.is_(None),
            )
            .limit(1)
        ).first()
        for channel, indexes in person_addresses
    )
