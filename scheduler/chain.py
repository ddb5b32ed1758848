"""The chain of an alert: who must have been told by when. Pure: no database, nothing is sent.

A chain is a ladder of rungs. The ladder of an alert ``now`` depends on the hour, so it is read anew each
time: whoever must have been told *by this hour's ladder* and has not been is told at once. That is what
catches up after an outage, and what brings in the on-call when a working day ends in mid-chain.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from messages.kinds import AlertKind, Deadline
from scheduler.local_time import day_of
from scheduler.rules import Rules
from scheduler.working_time import (
    WorkingHours,
    add_working_days,
    add_working_hours,
    end_of_working_day,
    is_working,
)
from storage.alerts import StepRole
from storage.people import Risk

R = StepRole
#: Nobody is told in these roles in order to act, or not alone: a rung that reached only them reached nobody.
BESIDE = frozenset({R.SOCIAL_WORKER, R.INFORMED})
#: Open for this many working days, a ``soon`` is told again (a ``today`` each working day).
_SOON_AGAIN_DAYS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What the chain of one alert depends on, as it is now."""

    kind: AlertKind
    deadline: Deadline
    #: When the chain (re)started.
    since: datetime
    hours: WorkingHours
    risk: Risk = Risk.STANDARD
    #: Somebody is allocated, and it is not about them.
    has_adviser: bool = True
    under_18: bool = False
    #: It is about a worker, or that worker's thread is restricted: adviser and cover are left out.
    about_worker: bool = False
    #: It was passed on to a named colleague, who comes first.
    passed_on: bool = False
    #: The check-in before this one was missed too.
    missed_twice: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """When somebody is reminded of an alert that was taken and has no outcome yet."""

    taker_at: datetime
    manager_at: datetime
    #: The chain takes it back; None: it does not.
    back_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """Roles that are told together, not before ``at``."""

    at: datetime
    roles: tuple[StepRole, ...]


def ladder(case: Situation, rules: Rules, now: datetime) -> tuple[Rung, ...]:
    """The chain as the hour of ``now`` has it, first rung first; no role stands on two rungs."""
    if case.deadline == Deadline.NOW:
        rungs = _now(case, rules, working=is_working(now, case.hours))
    else:
        rungs = _today(case, rules) if case.deadline == Deadline.TODAY else _soon(case, rules)
    return tuple(_each_role_once(rungs))


def planned(case: Situation, rules: Rules) -> tuple[Rung, ...]:
    """Every step to come if nobody takes it, by the hours at which they fall: for "who is told next"."""
    marks = {rung.at for rung in ladder(case, rules, case.since)}
    steps, told = [], set[StepRole]()
    for at in sorted(marks):
        roles = tuple(
            role
            for rung in ladder(case, rules, at)
            if rung.at <= at
            for role in rung.roles
            if role not in told
        )
        told.update(roles)
        if roles:
            steps.append(Rung(at=at, roles=roles))
    return tuple(steps)


def again_at(deadline: Deadline, last: datetime, rules: Rules, hours: WorkingHours) -> datetime:
    """When everybody is told again, if the last time was ``last``."""
    match deadline:
        case Deadline.NOW:
            return last + timedelta(minutes=rules.now_again_minutes)
        case Deadline.TODAY:
            return add_working_days(last, 1, hours)
        case Deadline.SOON:
            return add_working_days(last, _SOON_AGAIN_DAYS, hours)


def owed(deadline: Deadline, taken_at: datetime, rules: Rules, hours: WorkingHours) -> Owed:
    """The taker is reminded once, then the manager; a ``now`` goes back into its chain."""
    match deadline:
        case Deadline.NOW:
            taker = timedelta(minutes=rules.now_outcome_minutes)
            back = timedelta(minutes=rules.now_reenter_minutes)
            return Owed(
                taker_at=taken_at + taker, manager_at=taken_at + (taker + back) / 2, back_at=taken_at + back
            )
        case Deadline.TODAY:
            evening = end_of_working_day(taken_at, hours)
            return Owed(taker_at=evening, manager_at=add_working_hours(evening, 1, hours))
        case Deadline.SOON:
            return Owed(
                taker_at=add_working_days(taken_at, rules.soon_cover_days, hours),
                manager_at=add_working_days(taken_at, rules.soon_manager_days, hours),
            )


def _now(case: Situation, rules: Rules, *, working: bool) -> list[Rung]:
    operator = _minutes(case, rules.now_operator_minutes, R.OPERATOR)
    manager = _minutes(case, rules.now_manager_minutes, R.MANAGER)
    if case.kind == AlertKind.ALLEGATION:
        return [_minutes(case, 0, R.MANAGER, R.SENIOR), operator]
    if working:
        cover = (R.DUTY,) if case.about_worker else (R.COVER, R.DUTY)
        return [
            _minutes(case, 0, *_first(case)),
            _minutes(case, rules.now_cover_minutes, *cover),
            manager,
            operator,
        ]
    on_call = (R.ON_CALL, R.OUT_OF_HOURS, R.INFORMED)
    if case.passed_on:
        named = _minutes(case, 0, R.NAMED)
        return [named, _minutes(case, rules.now_cover_minutes, *on_call), manager, operator]
    return [_minutes(case, 0, *on_call), manager, operator]


def _today(case: Situation, rules: Rules) -> list[Rung]:
    later = add_working_hours(case.since, rules.today_working_hours, case.hours)
    first, then = _today_roles(case)
    return [Rung(at=case.since, roles=first), Rung(at=later, roles=then)]


def _today_roles(case: Situation) -> tuple[tuple[StepRole, ...], tuple[StepRole, ...]]:
    first = _first(case)
    together = (R.DUTY, R.MANAGER) if case.about_worker else (R.COVER, R.DUTY, R.MANAGER)
    match case.kind:
        case AlertKind.COMPLAINT:
            return (R.MANAGER,), (R.SENIOR,)
        case AlertKind.FIX_CONTACT:
            return (R.MANAGER,), (R.DUTY, R.SENIOR)
        case AlertKind.CANNOT_TEXT_BACK:
            return (*first, R.MANAGER), together
        case AlertKind.UNREADABLE:
            return (*first, R.DUTY), together
    return first, together


def _soon(case: Situation, rules: Rules) -> list[Rung]:
    cover = (R.DUTY,) if case.about_worker else (R.COVER, R.DUTY)
    manager_at = add_working_days(case.since, rules.soon_manager_days, case.hours)
    first = _first(case)
    if case.kind == AlertKind.NO_REPLY:
        if case.risk != Risk.STANDARD:
            manager_at = case.since + timedelta(days=1)
        if case.risk == Risk.HIGH and day_of(case.since, case.hours.zone).weekday() >= 5:
            first = (R.DUTY,)
        if case.missed_twice:
            first = (*first, R.MANAGER)
    cover_at = add_working_days(case.since, rules.soon_cover_days, case.hours)
    rungs = [Rung(at=cover_at, roles=cover), Rung(at=manager_at, roles=(R.MANAGER,))]
    return [Rung(at=case.since, roles=first), *sorted(rungs, key=lambda rung: rung.at)]


def _first(case: Situation) -> tuple[StepRole, ...]:
    """Who comes first in working time: the adviser, and the social worker beside them for the under-18s."""
    beside = (R.SOCIAL_WORKER,) if case.under_18 and case.deadline != Deadline.SOON else ()
    if case.passed_on:
        return (R.NAMED, *beside)
    adviser = R.ADVISER if case.has_adviser and not case.about_worker else R.DUTY
    return (adviser, *beside)


def _minutes(case: Situation, minutes: int, *roles: StepRole) -> Rung:
    return Rung(at=case.since + timedelta(minutes=minutes), roles=roles)


def _each_role_once(rungs: Iterable[Rung]) -> Iterable[Rung]:
    met: set[StepRole] = set()
    for rung in rungs:
        roles = tuple(dict.fromkeys(role for role in rung.roles if role not in met))
        met.update(roles)
        if roles:
            yield Rung(at=rung.at, roles=roles)
