"""Alerts to staff, the steps of their chain, and the threads kept from the worker they are about."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Index,
    Select,
    SQLColumnExpression,
    String,
    UniqueConstraint,
    and_,
    func,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from messages.channel import Failure
from messages.kinds import AlertKind, Deadline, OutboundKind
from storage.base import Base, Sealed, new_id, partial_index
from storage.outbound import OutboundMessage, OutboundState
from storage.staff import Role

#: Who reads what is about a worker, unless it is about them.
READ_RESTRICTED = frozenset({Role.MANAGER, Role.SENIOR})


class AlertState(StrEnum):
    #: Nobody has it: the chain goes on.
    OPEN = "open"
    #: A named person (or a shared line) has it; an outcome is still owed.
    TAKEN = "taken"
    #: A named person wrote down what came of it.
    CLOSED = "closed"


class Outcome(StrEnum):
    SPOKE = "spoke"
    SAW = "saw"
    EMERGENCY_SERVICES = "emergency_services"
    PASSED_ON = "passed_on"
    NO_ANSWER = "no_answer"
    FALSE_ALARM = "false_alarm"
    DONE = "done"


class StepRole(StrEnum):
    """Whom a step of a chain tells."""

    #: The colleague it was passed on to.
    NAMED = "named"
    ADVISER = "adviser"
    #: Adviser and social worker outside working time: told without being asked to act.
    INFORMED = "informed"
    SOCIAL_WORKER = "social_worker"
    COVER = "cover"
    DUTY = "duty"
    ON_CALL = "on_call"
    OUT_OF_HOURS = "out_of_hours"
    MANAGER = "manager"
    SENIOR = "senior"
    OPERATOR = "operator"


class Alert(Base, kw_only=True):
    __tablename__ = "alerts"
    __table_args__ = (
        partial_index("ix_alerts_next_step_at_due", "next_step_at", where="next_step_at IS NOT NULL"),
        Index("ix_alerts_state_deadline", "state", "deadline"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    #: What makes it unique (e.g. ``inbound:<id>:danger_to_life``): the same cause raises it once.
    key: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[AlertKind]
    deadline: Mapped[Deadline]
    #: None: from a number that belongs to nobody.
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"), default=None, index=True)
    inbound_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("inbound_messages.id"), default=None, index=True
    )
    check_in_id: Mapped[UUID | None] = mapped_column(ForeignKey("check_ins.id"), default=None)
    #: JSON: the texts that raised it (all parts) and the words that decided.
    cause: Mapped[str | None] = mapped_column(Sealed(), default=None, repr=False)
    #: "This phone may be watched": said before any number or button to call.
    watched: Mapped[bool] = mapped_column(default=False)
    #: About a worker: goes to manager and senior, never to ``about_staff_id``.
    restricted: Mapped[bool] = mapped_column(default=False)
    about_staff_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"), default=None)
    opened_at: Mapped[datetime]

    # The chain
    state: Mapped[AlertState] = mapped_column(default=AlertState.OPEN)
    #: When the chain (re)started: opened, passed on, made ``now``, or taken without an outcome.
    chain_from: Mapped[datetime]
    #: 0 the first time round; one more each time everybody is told again.
    round: Mapped[int] = mapped_column(default=0)
    #: The colleague it was passed on to: the chain starts with them instead of the adviser.
    passed_to_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"), default=None)
    #: When the clock must look at it again; None only when it is closed.
    next_step_at: Mapped[datetime | None] = mapped_column(default=None)
    #: Nobody took a ``now`` in 15 minutes: operator page and red banner.
    unanswered_at: Mapped[datetime | None] = mapped_column(default=None)

    # Who has it
    taken_at: Mapped[datetime | None] = mapped_column(default=None)
    taken_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"), default=None)
    #: ``web``, ``text``, or the registered name of a shared line.
    taken_via: Mapped[str] = mapped_column(String(80), default="")
    reminded_at: Mapped[datetime | None] = mapped_column(default=None)
    manager_reminded_at: Mapped[datetime | None] = mapped_column(default=None)
    outcome: Mapped[Outcome | None] = mapped_column(default=None)
    outcome_note: Mapped[str | None] = mapped_column(Sealed(), default=None, repr=False)
    closed_at: Mapped[datetime | None] = mapped_column(default=None)
    closed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"), default=None)


class AlertStep(Base, kw_only=True):
    """One telling of one recipient: kept for "who was told, when, and how"."""

    __tablename__ = "alert_steps"
    __table_args__ = (UniqueConstraint("alert_id", "round", "role", "recipient"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    alert_id: Mapped[UUID] = mapped_column(ForeignKey("alerts.id"), index=True)
    round: Mapped[int]
    role: Mapped[StepRole]
    #: The staff id as text, or ``out_of_hours`` / ``operator``.
    recipient: Mapped[str] = mapped_column(String(40))
    staff_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"), default=None)
    at: Mapped[datetime]
    #: What happened, for staff: "SMS and e-mail", "no phone: skipped to the next".
    words: Mapped[str] = mapped_column(String(200), default="")
    #: The random code of this recipient; None once used or superseded.
    code: Mapped[str | None] = mapped_column(String(8), default=None, index=True, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    """What became of one text to staff."""

    key: str
    state: OutboundState
    failure: Failure | None

    @property
    def lost(self) -> bool:
        """It has told nobody so far: given up, or refused and waiting for another try."""
        waits = self.state == OutboundState.QUEUED and self.failure is not None
        return waits or self.state in (OutboundState.FAILED, OutboundState.SKIPPED)


class Restriction(Base, kw_only=True):
    """From this time on, a person's thread is kept from a worker it is about."""

    __tablename__ = "restrictions"

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"), index=True)
    alert_id: Mapped[UUID] = mapped_column(ForeignKey("alerts.id"))
    from_at: Mapped[datetime]
    lifted_at: Mapped[datetime | None] = mapped_column(default=None)
    lifted_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"), default=None)


def of_person(session: Session, person_id: UUID, *, open_only: bool = False) -> Sequence[Alert]:
    """A person's alerts, newest first."""
    query = select(Alert).where(Alert.person_id == person_id).order_by(Alert.opened_at.desc())
    return session.scalars(query.where(Alert.state != AlertState.CLOSED) if open_only else query).all()


def by_key(session: Session, key: str) -> Alert | None:
    return session.scalars(select(Alert).where(Alert.key == key)).one_or_none()


def steps(session: Session, alert_id: UUID) -> Sequence[AlertStep]:
    return session.scalars(
        select(AlertStep).where(AlertStep.alert_id == alert_id).order_by(AlertStep.at, AlertStep.id)
    ).all()


def due(session: Session, now: datetime, *, furthest: timedelta, limit: int = 500) -> Sequence[UUID]:
    """Alerts that the clock must look at, the longest overdue first.

    A clock that was set back leaves open ``now`` alerts waiting for a time that is too far away: those
    whose next step lies more than ``furthest`` ahead are looked at as well.
    """
    open_now = and_(Alert.state == AlertState.OPEN, Alert.deadline == Deadline.NOW)
    waiting = select(Alert.id).where(Alert.next_step_at <= now).order_by(Alert.next_step_at).limit(limit)
    astray = select(Alert.id).where(open_now, Alert.next_step_at > now + furthest).limit(limit)
    return [*session.scalars(waiting), *session.scalars(astray)]


def open_fix_contact(session: Session, staff_id: UUID) -> bool:
    """Somebody has already been asked to repair how this member of staff is reached."""
    return (
        session.scalars(
            select(Alert.id)
            .where(
                Alert.kind == AlertKind.FIX_CONTACT,
                Alert.about_staff_id == staff_id,
                Alert.state != AlertState.CLOSED,
            )
            .limit(1)
        ).one_or_none()
        is not None
    )


def locked(session: Session, alert_id: UUID, *, wait: bool = True) -> Alert | None:
    """The alert as it is now, for change; without ``wait``, None while another process holds it."""
    return session.scalars(
        select(Alert)
        .where(Alert.id == alert_id)
        .with_for_update(skip_locked=not wait)
        .execution_options(populate_existing=True)
    ).one_or_none()


def unanswered(
    session: Session, *, reader_id: UUID | None = None, limit: int | None = None
) -> Sequence[Alert]:
    """``now`` alerts that nobody took in time, without those kept from ``reader_id``. Oldest first."""
    free = true() if reader_id is None else ~is_kept_from(reader_id)
    return session.scalars(
        select(Alert)
        .where(
            Alert.state == AlertState.OPEN,
            Alert.deadline == Deadline.NOW,
            Alert.unanswered_at.is_not(None),
            free,
        )
        .order_by(Alert.opened_at)
        .limit(limit)
    ).all()


def has_open(session: Session, person_id: UUID, kind: AlertKind) -> bool:
    """Whether an alert of this kind about this person has not ended."""
    query = select(Alert.id).where(
        Alert.person_id == person_id, Alert.kind == kind, Alert.state != AlertState.CLOSED
    )
    return session.scalars(query.limit(1)).one_or_none() is not None


def has_open_now(session: Session, person_id: UUID) -> bool:
    query = select(Alert.id).where(
        Alert.person_id == person_id, Alert.deadline == Deadline.NOW, Alert.state != AlertState.CLOSED
    )
    return session.scalars(query.limit(1)).one_or_none() is not None


def last_now_closed_at(session: Session, person_id: UUID) -> datetime | None:
    """When the newest ``now`` alert of this person ended."""
    return session.scalar(
        select(func.max(Alert.closed_at)).where(Alert.person_id == person_id, Alert.deadline == Deadline.NOW)
    )


def step_with_code(session: Session, recipients: Collection[str], code: str) -> AlertStep | None:
    """The step that gave one of these recipients this code, while the code lives."""
    return session.scalars(
        select(AlertStep)
        .where(AlertStep.code == code, AlertStep.recipient.in_(recipients))
        .order_by(AlertStep.at.desc())
        .limit(1)
    ).one_or_none()


def end_codes(session: Session, alert_id: UUID, recipient: str | None = None) -> None:
    """The codes of an alert die: those of one recipient, or of all."""
    living = select(AlertStep).where(AlertStep.alert_id == alert_id, AlertStep.code.is_not(None))
    if recipient is not None:
        living = living.where(AlertStep.recipient == recipient)
    for step in session.scalars(living):
        step.code = None
    session.flush()


def sends(session: Session, alert_id: UUID) -> Sequence[Send]:
    """The texts to staff that this alert queued."""
    rows = session.execute(
        select(OutboundMessage.key, OutboundMessage.state, OutboundMessage.failure).where(
            OutboundMessage.alert_id == alert_id, OutboundMessage.kind == OutboundKind.ALERT
        )
    )
    return [Send(key=key, state=state, failure=failure) for key, state, failure in rows]


def take_back(session: Session, alert_id: UUID, *, reason: str) -> None:
    """Texts of this alert that have not left stay here: it no longer needs anybody told."""
    session.execute(
        update(OutboundMessage)
        .where(
            OutboundMessage.alert_id == alert_id,
            OutboundMessage.kind == OutboundKind.ALERT,
            OutboundMessage.state == OutboundState.QUEUED,
        )
        .values(state=OutboundState.CANCELLED, reason=reason)
        .execution_options(synchronize_session=False)
    )


def restricted_staff(session: Session, person_id: UUID) -> frozenset[UUID]:
    """The workers from whom this person's thread is kept."""
    return frozenset(
        session.scalars(
            select(Restriction.staff_id).where(
                Restriction.person_id == person_id, Restriction.lifted_at.is_(None)
            )
        )
    )


def restricted_from(session: Session, person_id: UUID, staff_id: UUID) -> datetime | None:
    """Since when this person's thread is kept from the worker it is about; None when it is not."""
    return session.scalar(
        select(func.min(Restriction.from_at)).where(
            Restriction.person_id == person_id,
            Restriction.staff_id == staff_id,
            Restriction.lifted_at.is_(None),
        )
    )


def is_kept_from(staff_id: UUID) -> ColumnElement[bool]:
    """As a condition on :class:`Alert`: it is about this worker, or of a thread kept from them by then."""
    kept = restrictions(Alert.person_id, Alert.opened_at).where(Restriction.staff_id == staff_id)
    return or_(Alert.about_staff_id.is_not_distinct_from(staff_id), kept.exists())


def restrictions(
    person_id: SQLColumnExpression[UUID | None], at: SQLColumnExpression[datetime]
) -> Select[UUID]:
    """The restrictions of a person that are in force and began by then."""
    return select(Restriction.id).where(
        Restriction.person_id == person_id, Restriction.lifted_at.is_(None), Restriction.from_at <= at
    )
