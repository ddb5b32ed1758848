"""Check-ins: what was asked, in which slot, what came of it, and the next step if nothing comes."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, Place, after_place, new_id, partial_index


class CheckInState(StrEnum):
    #: Asked and not answered. Nobody waits any more where there is no next step: ``reason`` says why.
    OPEN = "open"
    ANSWERED = "answered"
    #: The adviser was told; a late answer still counts and makes it answered.
    MISSED = "missed"
    #: Never asked, with the reason.
    SKIPPED = "skipped"


class SilenceStep(StrEnum):
    NUDGE = "nudge"
    SECOND_CHANNEL = "second_channel"
    ADVISER = "adviser"


class CheckIn(Base, kw_only=True):
    __tablename__ = "check_ins"
    __table_args__ = (
        UniqueConstraint("person_id", "slot"),
        partial_index("ix_check_ins_next_step_at_due", "next_step_at", where="next_step_at IS NOT NULL"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    #: The local date it belongs to: one check-in a person and slot, whatever the clocks do.
    slot: Mapped[date]
    due_at: Mapped[datetime]
    state: Mapped[CheckInState] = mapped_column(default=CheckInState.OPEN)
    reason: Mapped[str] = mapped_column(String(200), default="")
    #: The step that ``next_step_at`` will take.
    next_step: Mapped[SilenceStep | None] = mapped_column(default=None)
    next_step_at: Mapped[datetime | None] = mapped_column(default=None)
    answered_at: Mapped[datetime | None] = mapped_column(default=None)
    answer_id: Mapped[UUID | None] = mapped_column(ForeignKey("inbound_messages.id"), default=None)
    #: -1 low, 0 ok, 1 good.
    mood: Mapped[int | None] = mapped_column(default=None)
    created_at: Mapped[datetime]


def due_steps(session: Session, now: datetime, *, beyond: Place | None, limit: int) -> Sequence[CheckIn]:
    """Check-ins whose next step is due, longest first, locked where the engine can."""
    due = CheckIn.next_step_at
    return session.scalars(
        after_place(select(CheckIn).where(due.is_not(None), due <= now), due, CheckIn.id, beyond)
        .limit(limit)
        .with_for_update(skip_locked=True, of=CheckIn)
    ).all()


def in_slot(session: Session, person_id: UUID, slot: date) -> CheckIn | None:
    return session.scalars(
        select(CheckIn).where(CheckIn.person_id == person_id, CheckIn.slot == slot)
    ).one_or_none()


def last_slot(session: Session, person_id: UUID) -> date | None:
    """The newest slot, asked or skipped."""
    return session.scalars(select(func.max(CheckIn.slot)).where(CheckIn.person_id == person_id)).one()


def waiting(session: Session, person_id: UUID) -> Sequence[CheckIn]:
    """Asked and not answered, the adviser not told either, newest first."""
    return session.scalars(
        select(CheckIn)
        .where(CheckIn.person_id == person_id, CheckIn.state == CheckInState.OPEN)
        .order_by(CheckIn.due_at.desc())
    ).all()


def asked_between(
    session: Session, person_ids: Sequence[UUID], after: datetime, until: datetime
) -> dict[UUID, list[datetime]]:
    """When each person was asked in a span of time, oldest first."""
    found: dict[UUID, list[datetime]] = {}
    rows = session.execute(
        select(CheckIn.person_id, CheckIn.due_at)
        .where(
            CheckIn.person_id.in_(person_ids),
            CheckIn.due_at > after,
            CheckIn.due_at <= until,
            CheckIn.state != CheckInState.SKIPPED,
        )
        .order_by(CheckIn.due_at)
    )
    for person_id, due_at in rows:
        found.setdefault(person_id, []).append(due_at)
    return found


def latest(session: Session, person_id: UUID, *, count: int = 1) -> Sequence[CheckIn]:
    """The newest check-ins that were asked, newest first."""
    return session.scalars(
        select(CheckIn)
        .where(CheckIn.person_id == person_id, CheckIn.state != CheckInState.SKIPPED)
        .order_by(CheckIn.due_at.desc())
        .limit(count)
    ).all()
