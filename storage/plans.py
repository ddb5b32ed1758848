"""Visits, pathway plan reviews, and the plans that re-establish lost contact."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, Sealed, new_id, partial_index


class Visit(Base, kw_only=True):
    __tablename__ = "visits"

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    visited_on: Mapped[date]
    #: False: nobody was met; it is a try.
    seen: Mapped[bool] = mapped_column(default=True)
    note: Mapped[str | None] = mapped_column(Sealed(), default=None, repr=False)
    staff_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"), default=None)
    contact_id: Mapped[UUID | None] = mapped_column(ForeignKey("contacts.id"), default=None)
    recorded_at: Mapped[datetime]


class PlanReview(Base, kw_only=True):
    __tablename__ = "plan_reviews"

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    reviewed_on: Mapped[date]
    note: Mapped[str | None] = mapped_column(Sealed(), default=None, repr=False)
    staff_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"), default=None)
    recorded_at: Mapped[datetime]


class LostTouchEnd(StrEnum):
    REGAINED = "regained"
    CLOSED = "closed"


class LostTouchPlan(Base, kw_only=True):
    """Open from the day somebody is out of touch until touch is regained or a manager closes it.

    Its attempts are the contacts that name it.
    """

    __tablename__ = "lost_touch_plans"
    __table_args__ = (
        partial_index("uq_lost_touch_plans_open", "person_id", where="ended_at IS NULL", unique=True),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    opened_at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    end: Mapped[LostTouchEnd | None] = mapped_column(default=None)
    reason: Mapped[str | None] = mapped_column(Sealed(), default=None, repr=False)
    ended_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"), default=None)


def last_seen_on(session: Session, person_id: UUID) -> date | None:
    return session.scalars(
        select(Visit.visited_on)
        .where(Visit.person_id == person_id, Visit.seen.is_(True))
        .order_by(Visit.visited_on.desc())
        .limit(1)
    ).one_or_none()


def last_reviewed_on(session: Session, person_id: UUID) -> date | None:
    return session.scalars(
        select(PlanReview.reviewed_on)
        .where(PlanReview.person_id == person_id)
        .order_by(PlanReview.reviewed_on.desc())
        .limit(1)
    ).one_or_none()


def open_lost_touch(session: Session, person_id: UUID) -> LostTouchPlan | None:
    return session.scalars(
        select(LostTouchPlan).where(LostTouchPlan.person_id == person_id, LostTouchPlan.ended_at.is_(None))
    ).one_or_none()


def last_lost_touch_end(session: Session, person_id: UUID) -> datetime | None:
    """When the newest of a person's ended plans ended."""
    return session.scalars(
        select(func.max(LostTouchPlan.ended_at)).where(LostTouchPlan.person_id == person_id)
    ).one()
