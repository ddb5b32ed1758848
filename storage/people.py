"""Young people: who they are, what they chose, their dated states, enrolment and allocations."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, String, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, Place, Sealed, after_place, new_id, partial_index
from storage.staff import Staff

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class Status(StrEnum):
    """Legal status (Children Act 1989, ss. 23A-24): decides duties and clocks."""

    ELIGIBLE = "eligible"
    RELEVANT = "relevant"
    FORMER_RELEVANT = "former_relevant"
    QUALIFYING = "qualifying"
    NONE = "none"


class Cadence(StrEnum):
    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    FOUR_WEEKLY = "four_weekly"
    EIGHT_WEEKLY = "eight_weekly"

    @property
    def days(self) -> int:
        return {"weekly": 7, "fortnightly": 14, "four_weekly": 28, "eight_weekly": 56}[self.value]


class Risk(StrEnum):
    STANDARD = "standard"
    RAISED = "raised"
    HIGH = "high"


class StateKind(StrEnum):
    CUSTODY = "custody"
    MISSING = "missing"
    HOSPITAL = "hospital"
    ABROAD = "abroad"
    #: Somebody said so and nobody has confirmed it: sending is frozen.
    DEATH_REPORTED = "death_reported"
    DIED = "died"


class AllocationRole(StrEnum):
    ADVISER = "adviser"
    SOCIAL_WORKER = "social_worker"


class Person(Base, kw_only=True):
    __tablename__ = "people"
    __table_args__ = (
        partial_index(
            "ix_people_next_check_in_at_due", "next_check_in_at", where="next_check_in_at IS NOT NULL"
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    #: The case system's id, the key of imports.
    case_id: Mapped[str] = mapped_column(String(64), unique=True)
    first_name: Mapped[str] = mapped_column(Sealed(), repr=False)
    last_name: Mapped[str] = mapped_column(Sealed(), repr=False)
    preferred_name: Mapped[str | None] = mapped_column(Sealed(), default=None, repr=False)
    #: The name that texts use where somebody else sees the phone.
    safe_name: Mapped[str | None] = mapped_column(Sealed(), default=None, repr=False)
    date_of_birth: Mapped[date]
    status: Mapped[Status]
    team_id: Mapped[UUID | None] = mapped_column(ForeignKey("teams.id"), default=None, index=True)
    language: Mapped[str] = mapped_column(String(8), default="en")
    risk: Mapped[Risk] = mapped_column(default=Risk.STANDARD)
    in_area: Mapped[bool] = mapped_column(default=True)
    #: Nothing that could show who writes: the neutral line instead of helplines, no names.
    discreet: Mapped[bool] = mapped_column(default=False)
    #: Somebody controls what this person may do; treated as discreet.
    controlled: Mapped[bool] = mapped_column(default=False)
    home_address: Mapped[str | None] = mapped_column(Sealed(), default=None, repr=False)
    #: "If I go quiet, do this", in their own words.
    quiet_plan: Mapped[str | None] = mapped_column(Sealed(), default=None, repr=False)
    quiet_plan_agreed_on: Mapped[date | None] = mapped_column(default=None)

    # What they chose
    cadence: Mapped[Cadence] = mapped_column(default=Cadence.FORTNIGHTLY)
    #: 0 is Monday; None: any working day.
    preferred_day: Mapped[int | None] = mapped_column(default=None)
    #: Their own window inside the council's, wall time where they are.
    window_from: Mapped[time | None] = mapped_column(default=None)
    window_to: Mapped[time | None] = mapped_column(default=None)
    preferred_channel: Mapped[str | None] = mapped_column(String(16), default=None)
    paused_until: Mapped[datetime | None] = mapped_column(default=None)

    # What the clock keeps
    next_check_in_at: Mapped[datetime | None] = mapped_column(default=None)
    #: When to look whether touch is lost; somebody new is looked at soon.
    touch_check_at: Mapped[datetime] = mapped_column(default=_LONG_AGO, index=True)
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None] = mapped_column(default=None)

    @property
    def watched(self) -> bool:
        """Somebody else may read or control this phone."""
        return self.discreet or self.controlled

    def age_on(self, day: date) -> int:
        born = self.date_of_birth
        return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


class Enrolment(Base, kw_only=True):
    """The declaration without which nothing automatic is sent. Ended by a new one, or by leaving."""

    __tablename__ = "enrolments"
    __table_args__ = (
        partial_index(
            "ix_enrolments_unwelcomed", "welcome_after", where="welcomed_at IS NULL AND ended_at IS NULL"
        ),
        partial_index("ix_enrolments_reconfirm_at_due", "reconfirm_at", where="reconfirm_at IS NOT NULL"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    enrolled_on: Mapped[date]
    number_confirmed_on: Mapped[date]
    safe_to_text: Mapped[bool]
    safe_to_ring: Mapped[bool]
    #: Who else sees the phone, in the adviser's words; None: nobody.
    others_see_phone: Mapped[str | None] = mapped_column(Sealed(), default=None, repr=False)
    told_how_to_stop: Mapped[bool]
    #: None: declared elsewhere and imported.
    declared_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"), default=None)
    import_id: Mapped[UUID | None] = mapped_column(ForeignKey("imports.id"), default=None)
    created_at: Mapped[datetime]
    #: The welcome could not be queued (no usable address): not before then. None: at once.
    welcome_after: Mapped[datetime | None] = mapped_column(default=None)
    #: When the welcome was queued.
    welcomed_at: Mapped[datetime | None] = mapped_column(default=None)
    #: When to see whether anything was ever answered; None: seen to, or not welcomed yet.
    reconfirm_at: Mapped[datetime | None] = mapped_column(default=None)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)


class PersonState(Base, kw_only=True):
    __tablename__ = "person_states"

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    kind: Mapped[StateKind]
    starts_on: Mapped[date]
    #: The first day on which it no longer holds; None: still on.
    ends_on: Mapped[date | None] = mapped_column(default=None)
    #: IANA name, for abroad.
    time_zone: Mapped[str | None] = mapped_column(String(64), default=None)
    #: For hospital: the adviser chose that texts stop.
    prompts_stopped: Mapped[bool] = mapped_column(default=True)
    note: Mapped[str | None] = mapped_column(Sealed(), default=None, repr=False)
    recorded_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"), default=None)
    recorded_at: Mapped[datetime]

    def holds_on(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)


class Allocation(Base, kw_only=True):
    """Who a young person's adviser (or social worker) was, from when to when."""

    __tablename__ = "allocations"

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"), index=True)
    role: Mapped[AllocationRole] = mapped_column(default=AllocationRole.ADVISER)
    starts_at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    note: Mapped[str | None] = mapped_column(Sealed(), default=None, repr=False)


def by_case_id(session: Session, case_id: str) -> Person | None:
    return session.scalars(select(Person).where(Person.case_id == case_id)).one_or_none()


def enrolment(session: Session, person_id: UUID) -> Enrolment | None:
    """The declaration in force, or None."""
    return session.scalars(
        select(Enrolment)
        .where(Enrolment.person_id == person_id, Enrolment.ended_at.is_(None))
        .order_by(Enrolment.created_at.desc())
        .limit(1)
    ).one_or_none()


def due_check_ins(session: Session, now: datetime, *, beyond: Place | None, limit: int) -> Sequence[Person]:
    """People whose check-in is due, longest first, locked where the engine can."""
    due = Person.next_check_in_at
    return session.scalars(
        after_place(select(Person).where(due.is_not(None), due <= now), due, Person.id, beyond)
        .limit(limit)
        .with_for_update(skip_locked=True, of=Person)
    ).all()


def due_touch_checks(
    session: Session, now: datetime, *, beyond: Place | None, limit: int
) -> Sequence[Person]:
    """People of whom somebody must see whether touch is lost, locked where the engine can."""
    due = Person.touch_check_at
    return session.scalars(
        after_place(select(Person).where(due <= now), due, Person.id, beyond)
        .limit(limit)
        .with_for_update(skip_locked=True, of=Person)
    ).all()


def unwelcomed(session: Session, now: datetime, *, beyond: Place | None, limit: int) -> Sequence[Enrolment]:
    """Declarations in force whose welcome is still owed, oldest first, locked where the engine can."""
    owed = select(Enrolment).where(
        Enrolment.welcomed_at.is_(None),
        Enrolment.ended_at.is_(None),
        or_(Enrolment.welcome_after.is_(None), Enrolment.welcome_after <= now),
    )
    return session.scalars(
        after_place(owed, Enrolment.created_at, Enrolment.id, beyond)
        .limit(limit)
        .with_for_update(skip_locked=True, of=Enrolment)
    ).all()


def due_reconfirmations(
    session: Session, now: datetime, *, beyond: Place | None, limit: int
) -> Sequence[Enrolment]:
    """Welcomes old enough to ask whether anybody ever answered, locked where the engine can."""
    due = Enrolment.reconfirm_at
    return session.scalars(
        after_place(select(Enrolment).where(due.is_not(None), due <= now), due, Enrolment.id, beyond)
        .limit(limit)
        .with_for_update(skip_locked=True, of=Enrolment)
    ).all()


def states(session: Session, person_id: UUID) -> Sequence[PersonState]:
    """Every state a person was ever in, oldest first."""
    return session.scalars(
        select(PersonState)
        .where(PersonState.person_id == person_id)
        .order_by(PersonState.starts_on, PersonState.recorded_at)
    ).all()


def states_on(session: Session, person_id: UUID, day: date) -> Sequence[PersonState]:
    return session.scalars(
        select(PersonState).where(
            PersonState.person_id == person_id,
            PersonState.starts_on <= day,
            or_(PersonState.ends_on.is_(None), PersonState.ends_on > day),
        )
    ).all()


def allocated(session: Session, person_id: UUID, role: AllocationRole, now: datetime) -> Staff | None:
    """Who holds this role for the person at ``now``, if still with the council."""
    return session.scalars(
        select(Staff)
        .join(Allocation, Allocation.staff_id == Staff.id)
        .where(
            Allocation.person_id == person_id,
            Allocation.role == role,
            Allocation.starts_at <= now,
            or_(Allocation.ended_at.is_(None), Allocation.ended_at > now),
            Staff.disabled_at.is_(None),
        )
        .order_by(Allocation.starts_at.desc())
        .limit(1)
    ).one_or_none()


def allocate(
    session: Session, person_id: UUID, staff_id: UUID, *, role: AllocationRole, now: datetime
) -> Allocation:
    """Hand a person to ``staff_id``: the running allocation of that role ends, and stays as history."""
    for running in session.scalars(
        select(Allocation).where(
            Allocation.person_id == person_id, Allocation.role == role, Allocation.ended_at.is_(None)
        )
    ):
        if running.staff_id == staff_id:
            return running
        running.ended_at = now
    allocation = Allocation(person_id=person_id, staff_id=staff_id, role=role, starts_at=now)
    session.add(allocation)
    return allocation
