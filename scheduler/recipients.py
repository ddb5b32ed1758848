"""Who stands behind a role at this moment. Leave, cover and rota are read when it is asked, not before.

Each role answers with tiers: the people to tell, and who takes their place if none of them can be reached.
The worker whom an alert is about is in none of them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from messages.kinds import AlertKind
from scheduler.chain import Situation
from scheduler.local_time import day_of
from scheduler.services import Council
from scheduler.working_time import WorkingHours, hours_of
from storage import alerts, check_ins, people
from storage import staff as staff_rows
from storage.alerts import Alert, StepRole
from storage.check_ins import CheckInState
from storage.people import AllocationRole, Person, Risk
from storage.staff import Role, RotaRole, Staff, Team

OUT_OF_HOURS = "out_of_hours"
OPERATOR = "operator"
#: The name under which the shared line takes an alert.
OUT_OF_HOURS_NAME = "Out-of-hours team"
_ADULT = 18
#: How far back the check-in before a missed one is looked for.
_RECENT = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Somebody or some shared line that an alert is told to. ``key``: the staff id, or the line's name."""

    key: str
    staff: Staff | None = None


Tiers = Sequence[Sequence[Recipient]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """An alert with everything that decides who is told of it."""

    alert: Alert
    person: Person | None
    team_id: UUID | None
    hours: WorkingHours
    adviser: Staff | None
    social_worker: Staff | None
    under_18: bool
    #: Never told: the worker it is about, and those from whom this person's thread is kept.
    excluded: frozenset[UUID]

    @property
    def about_worker(self) -> bool:
        """Adviser and cover are left out: it is about a worker, or the adviser may not see the thread."""
        if self.alert.kind == AlertKind.FIX_CONTACT:
            return False
        kept_from_adviser = self.adviser is not None and self.adviser.id in self.excluded
        return kept_from_adviser or self.alert.about_staff_id is not None


def case_of(session: Session, council: Council, alert: Alert, now: datetime) -> Case:
    person = session.get(Person, alert.person_id) if alert.person_id else None
    about = session.get(Staff, alert.about_staff_id) if alert.about_staff_id else None
    team_id = person.team_id if person else about.team_id if about else None
    restricted = alerts.restricted_staff(session, person.id) if person else frozenset[UUID]()
    zone = council.time_zone
    return Case(
        alert=alert,
        person=person,
        team_id=team_id,
        hours=hours_of(session.get(Team, team_id) if team_id else None, zone),
        adviser=_allocated(session, person, AllocationRole.ADVISER, now),
        social_worker=_allocated(session, person, AllocationRole.SOCIAL_WORKER, now),
        under_18=person is not None and person.age_on(day_of(now, zone)) < _ADULT,
        excluded=restricted | ({about.id} if about else set()),
    )


def situation_of(session: Session, case: Case) -> Situation:
    """What the chain of this alert depends on."""
    return Situation(
        kind=case.alert.kind,
        deadline=case.alert.deadline,
        since=case.alert.chain_from,
        hours=case.hours,
        risk=case.person.risk if case.person else Risk.STANDARD,
        has_adviser=case.adviser is not None,
        under_18=case.under_18,
        about_worker=case.about_worker,
        passed_on=case.alert.passed_to_id is not None,
        missed_twice=_missed_twice(session, case.alert),
    )


def tiers(session: Session, case: Case, role: StepRole, now: datetime) -> Tiers:
    """Recipients of a role, best first; a later tier is asked when nobody of an earlier one is reached."""
    match role:
        case StepRole.OUT_OF_HOURS:
            return [[Recipient(key=OUT_OF_HOURS)]]
        case StepRole.OPERATOR:
            return [[Recipient(key=OPERATOR)]]
    found = (_present(tier, case) for tier in _staff_tiers(session, case, role, now))
    return [tier for tier in found if tier]


def acting_for(session: Session, staff: Staff, now: datetime) -> Staff | None:
    """``staff``, or who covers for them while they are away, and so on; None when it leads to nobody."""
    current, met = staff, {staff.id}
    while leave := staff_rows.leave_at(session, current.id, now):
        cover_id = leave.cover_id or current.cover_id
        if cover_id is None or cover_id in met:
            return None
        met.add(cover_id)
        cover = session.get(Staff, cover_id)
        if cover is None:
            return None
        current = cover
    return current


def cover_of(session: Session, staff: Staff, now: datetime) -> Staff | None:
    """Who stands in for ``staff``: the leave's cover, else the standing one; never themselves."""
    leave = staff_rows.leave_at(session, staff.id, now)
    cover_id = (leave.cover_id if leave else None) or staff.cover_id
    cover = session.get(Staff, cover_id) if cover_id else None
    acting = acting_for(session, cover, now) if cover else None
    return None if acting is None or acting.id == staff.id else acting


def _staff_tiers(
    session: Session, case: Case, role: StepRole, now: datetime
) -> Iterable[Iterable[Staff | None]]:
    """The same in staff, before the excluded are taken out."""
    match role:
        case StepRole.NAMED:
            named = session.get(Staff, case.alert.passed_to_id) if case.alert.passed_to_id else None
            return [[named if named and _is_here(session, named, now) else None]]
        case StepRole.ADVISER:
            return [[case.adviser if case.adviser and _is_here(session, case.adviser, now) else None]]
        case StepRole.COVER:
            return [[cover_of(session, case.adviser, now) if case.adviser else None]]
        case StepRole.SOCIAL_WORKER:
            return [[acting_for(session, case.social_worker, now) if case.social_worker else None]]
        case StepRole.INFORMED:
            return [[case.adviser, case.social_worker if case.under_18 else None]]
        case StepRole.ON_CALL:
            rota = staff_rows.on_rota(session, RotaRole.ON_CALL, now, team_id=case.team_id)
            return [[acting_for(session, each, now) for each in rota]]
        case StepRole.DUTY:
            rota = staff_rows.on_rota(session, RotaRole.DUTY, now, team_id=case.team_id)
            return [
                [acting_for(session, each, now) for each in rota],
                *_of_role(session, case, Role.DUTY, now),
            ]
        case StepRole.MANAGER:
            return _of_role(session, case, Role.MANAGER, now)
    return [[acting_for(session, each, now) for each in staff_rows.of_role(session, Role.SENIOR)]]


def _of_role(session: Session, case: Case, role: Role, now: datetime) -> list[list[Staff | None]]:
    """Those of the team, then all of them; away means their cover."""
    everybody = staff_rows.of_role(session, role)
    team = [each for each in everybody if case.team_id is not None and each.team_id == case.team_id]
    return [[acting_for(session, each, now) for each in tier] for tier in (team, everybody)]


def _present(tier: Iterable[Staff | None], case: Case) -> list[Recipient]:
    """Each of a tier once, without those who must not be told."""
    allowed = {each.id: each for each in tier if each is not None and each.id not in case.excluded}
    return [Recipient(key=str(staff_id), staff=staff) for staff_id, staff in allowed.items()]


def _is_here(session: Session, staff: Staff, now: datetime) -> bool:
    return staff_rows.leave_at(session, staff.id, now) is None


def _allocated(session: Session, person: Person | None, role: AllocationRole, now: datetime) -> Staff | None:
    return people.allocated(session, person.id, role, now) if person else None


def _missed_twice(session: Session, alert: Alert) -> bool:
    """This alert is about a missed check-in, and the one before it was missed too."""
    if alert.kind != AlertKind.NO_REPLY or alert.person_id is None or alert.check_in_id is None:
        return False
    recent = check_ins.latest(session, alert.person_id, count=_RECENT)
    ids = [each.id for each in recent]
    if alert.check_in_id not in ids:
        return False
    before = recent[ids.index(alert.check_in_id) + 1 :]
    return bool(before) and before[0].state == CheckInState.MISSED
