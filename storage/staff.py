"""Staff: teams, people who work in them, their leave, cover and rota, and their signed-in sessions."""

from collections.abc import Sequence
from datetime import datetime, time
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, Sealed, new_id


class Role(StrEnum):
    ADVISER = "adviser"
    DUTY = "duty"
    MANAGER = "manager"
    PARTICIPATION = "participation"
    SENIOR = "senior"
    ADMIN = "admin"


class RotaRole(StrEnum):
    #: Answers for what belongs to nobody, in working time.
    DUTY = "duty"
    #: Outside working time.
    ON_CALL = "on_call"


class Team(Base, kw_only=True):
    __tablename__ = "teams"

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    #: Working time on Mondays to Fridays that are not bank holidays, Europe/London wall time.
    works_from: Mapped[time] = mapped_column(default=time(9))
    works_to: Mapped[time] = mapped_column(default=time(17))


class Staff(Base, kw_only=True):
    """Somebody who works for the council. The phone is sealed; name and e-mail are not secret there."""

    __tablename__ = "staff"

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    role: Mapped[Role]
    team_id: Mapped[UUID | None] = mapped_column(ForeignKey("teams.id"), default=None, index=True)
    #: A social worker's account: beside the adviser for the under-18s.
    social_worker: Mapped[bool] = mapped_column(default=False)
    phone: Mapped[str | None] = mapped_column(Sealed(index="phone_index"), default=None, repr=False)
    phone_index: Mapped[bytes | None] = mapped_column(LargeBinary(16), default=None, index=True, repr=False)
    #: The last alert to this phone failed for good, or its owner texted STOP: skip it, fix the contact.
    phone_failed_at: Mapped[datetime | None] = mapped_column(default=None)
    password_hash: Mapped[str | None] = mapped_column(String(200), default=None, repr=False)
    #: Who stands in when no cover is named for a leave.
    cover_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"), default=None)
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None] = mapped_column(default=None)

    @property
    def first_name(self) -> str:
        return self.name.split()[0]


class Leave(Base, kw_only=True):
    __tablename__ = "leave"

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"), index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    cover_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"), default=None)


class RotaShift(Base, kw_only=True):
    __tablename__ = "rota_shifts"

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    role: Mapped[RotaRole]
    #: None: for every team.
    team_id: Mapped[UUID | None] = mapped_column(ForeignKey("teams.id"), default=None)
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    starts_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime] = mapped_column(index=True)


class StaffSession(Base, kw_only=True):
    """A signed-in browser. The cookie holds the token, the row only its SHA-256."""

    __tablename__ = "staff_sessions"

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True, repr=False)
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"), index=True)
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    device: Mapped[str] = mapped_column(String(200), default="")


def by_email(session: Session, email: str) -> Staff | None:
    return session.scalars(select(Staff).where(Staff.email == email.strip().lower())).one_or_none()


def by_phone(session: Session, indexes: Sequence[bytes]) -> Staff | None:
    """The active member of staff whose registered phone has one of these blind indexes."""
    return session.scalars(
        select(Staff).where(Staff.phone_index.in_(indexes), Staff.disabled_at.is_(None)).limit(1)
    ).one_or_none()


def covers_in_a_circle(session: Session, staff_id: UUID, cover_id: UUID) -> bool:
    """With ``cover_id`` as standing cover, the covers of ``staff_id`` would lead back to where they began."""
    met: set[UUID] = {staff_id}
    current: UUID | None = cover_id
    while current is not None and current not in met:
        met.add(current)
        cover = session.get(Staff, current)
        current = cover.cover_id if cover else None
    return current is not None


def sharing_phone(session: Session, staff: Staff) -> Sequence[Staff]:
    """Active staff who use this one's phone, this one included."""
    if staff.phone_index is None:
        return [staff]
    return session.scalars(
        select(Staff).where(Staff.phone_index == staff.phone_index, Staff.disabled_at.is_(None))
    ).all()


def of_role(session: Session, role: Role, *, team_id: UUID | None = None) -> Sequence[Staff]:
    """Active staff of a role; with ``team_id``, those of that team only."""
    query = select(Staff).where(Staff.role == role, Staff.disabled_at.is_(None)).order_by(Staff.name)
    if team_id is not None:
        query = query.where(Staff.team_id == team_id)
    return session.scalars(query).all()


def leave_at(session: Session, staff_id: UUID, now: datetime) -> Leave | None:
    return session.scalars(
        select(Leave)
        .where(Leave.staff_id == staff_id, Leave.starts_at <= now, Leave.ends_at > now)
        .order_by(Leave.starts_at.desc())
        .limit(1)
    ).one_or_none()


def on_rota(
    session: Session, role: RotaRole, now: datetime, *, team_id: UUID | None = None
) -> Sequence[Staff]:
    """Active staff on this rota now: the team's own shifts first, then those for every team."""
    shifts = (
        select(Staff)
        .join(RotaShift, RotaShift.staff_id == Staff.id)
        .where(
            RotaShift.role == role,
            RotaShift.starts_at <= now,
            RotaShift.ends_at > now,
            RotaShift.team_id.is_(None) | (RotaShift.team_id == team_id),
            Staff.disabled_at.is_(None),
        )
        .order_by(RotaShift.team_id.is_(None), RotaShift.starts_at)
    )
    return session.scalars(shifts).unique().all()
