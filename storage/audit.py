"""The audit trail: append-only, tamper-evident.

``hash = HMAC-SHA-256(chain key, previous hash | canonical JSON of the row)``, and the row holds only a
digest of its payload: a payload can be erased by law and the chain still verifies. Writers queue on the
single head row, so that the order is one.
"""

import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, String, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, Sealed, new_id
from storage.sealing import Keyring, SealBroken

#: What stands before the first event.
GENESIS = bytes(32)
_PAGE = 500


class AuditEvent(Base, kw_only=True):
    __tablename__ = "audit_events"

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    number: Mapped[int] = mapped_column(unique=True)
    at: Mapped[datetime]
    #: None: the service itself, or the command line.
    staff_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"), default=None)
    action: Mapped[str] = mapped_column(String(60), index=True)
    #: What it was done to: ``person``, ``alert``...
    subject: Mapped[str] = mapped_column(String(40), default="")
    subject_id: Mapped[str] = mapped_column(String(64), default="", index=True)
    payload: Mapped[str | None] = mapped_column(Sealed(), default=None, repr=False)
    payload_digest: Mapped[bytes] = mapped_column(LargeBinary(32), repr=False)
    chain_key_id: Mapped[bytes] = mapped_column(LargeBinary(4), repr=False)
    hash: Mapped[bytes] = mapped_column(LargeBinary(32), repr=False)


class AuditHead(Base, kw_only=True):
    """The newest number and hash; one row, locked by each writer."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]
    hash: Mapped[bytes] = mapped_column(LargeBinary(32), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a walk along the chain found. ``broken_at``: the first number that does not fit, or None."""

    events: int
    broken_at: int | None = None

    @property
    def whole(self) -> bool:
        return self.broken_at is None


def note(
    session: Session,
    action: str,
    *,
    now: datetime,
    staff_id: UUID | None = None,
    subject: str = "",
    subject_id: object = "",
    **payload: Any,
) -> AuditEvent:
    """Write one event in this transaction. ``payload`` is sealed; keep names and bodies out of it even so."""
    keyring: Keyring = session.info["keyring"]
    head = _locked_head(session)
    text = json.dumps(payload, sort_keys=True, default=str)
    key_id, _ = keyring.chain_key()
    event = AuditEvent(
        number=head.number + 1,
        at=now,
        staff_id=staff_id,
        action=action,
        subject=subject,
        subject_id=str(subject_id),
        payload=text,
        payload_digest=hashlib.sha256(text.encode()).digest(),
        chain_key_id=key_id,
        hash=b"",
    )
    event.hash = link(keyring, head.hash, event)
    head.number, head.hash = event.number, event.hash
    session.add(event)
    session.flush()
    return event


def verify(session: Session) -> Verdict:
    """Walk the whole chain: a changed, removed, added or moved row breaks it, and so does a cut tail."""
    keyring: Keyring = session.info["keyring"]
    previous, number = GENESIS, 0
    while page := _after(session, number):
        for event in page:
            number += 1
            if event.number != number or not _fits(keyring, previous, event):
                return Verdict(events=number, broken_at=number)
            previous = event.hash
        session.expunge_all()
    head = session.get(AuditHead, 1)
    at_head = (head.number, head.hash) if head else (0, GENESIS)
    return Verdict(events=number, broken_at=None if at_head == (number, previous) else number + 1)


def _locked_head(session: Session) -> AuditHead:
    """The head row, this transaction's until it ends; made by whoever writes first."""
    head = session.get(AuditHead, 1, with_for_update=True)
    if head is None:
        dialect = {"sqlite": sqlite, "postgresql": postgresql}[session.get_bind().dialect.name]
        first = dialect.insert(AuditHead).values(id=1, number=0, hash=GENESIS)
        session.execute(first.on_conflict_do_nothing())
        head = session.get_one(AuditHead, 1, with_for_update=True)
    return head


def _after(session: Session, number: int) -> Sequence[AuditEvent]:
    return session.scalars(
        select(AuditEvent).where(AuditEvent.number > number).order_by(AuditEvent.number).limit(_PAGE)
    ).all()


def _fits(keyring: Keyring, previous: bytes, event: AuditEvent) -> bool:
    try:
        linked = link(keyring, previous, event)
    except SealBroken:
        return False
    payload_kept = event.payload is None or (
        hashlib.sha256(event.payload.encode()).digest() == event.payload_digest
    )
    return hmac.compare_digest(linked, event.hash) and payload_kept


def link(keyring: Keyring, previous: bytes, event: AuditEvent) -> bytes:
    """The hash of ``event`` behind ``previous``; its other columns must be set."""
    _, key = keyring.chain_key(event.chain_key_id)
    row = [
        event.number,
        event.at.isoformat(),
        str(event.staff_id or ""),
        event.action,
        event.subject,
        event.subject_id,
        event.payload_digest.hex(),
    ]
    return hmac.digest(key, previous + json.dumps(row).encode(), "sha256")
