"""Lost touch: a plan to re-establish contact opens when somebody is out of touch, and ends when they are not.

Each person carries the time at which to look again, so that a tick touches only those whose time has come.
Beside it, the clocks of visits and pathway plans.
"""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from messages.kinds import AlertKind
from scheduler import alerts
from scheduler.alerts import Cause
from scheduler.circumstances import hold_of
from scheduler.holds import Hold
from scheduler.in_touch import InTouch, Standing, standing
from scheduler.local_time import LONDON, day_of
from scheduler.rules import Rules
from scheduler.services import Services
from scheduler.turn import Turn, take_turns
from scheduler.working_time import hours_of, next_working_time
from storage import people, plans
from storage.base import Place
from storage.people import Enrolment, Person, Status
from storage.plans import LostTouchEnd, LostTouchPlan
from storage.staff import Team

_WEEK = timedelta(weeks=1)
_NOBODY_TO_FIND = (Hold.DIED, Hold.DEATH_REPORTED)


def follow_lost_touch(services: Services, now: datetime) -> dict[str, int]:
    """Job: open a plan for whoever went out of touch, close it for whoever is back."""

    def due(session: Session, beyond: Place | None, limit: int) -> Sequence[Person]:
        return people.due_touch_checks(session, now, beyond=beyond, limit=limit)

    def place(person: Person) -> Place:
        return person.touch_check_at, person.id

    return take_turns(services, now, due, place, _look)


def _look(turn: Turn, person: Person) -> Iterable[str]:
    today = day_of(turn.now, turn.home)
    gone = hold_of(people.states(turn.session, person.id), today) in _NOBODY_TO_FIND
    if gone or person.closed_at is not None or person.status is Status.NONE:
        person.touch_check_at = turn.now + 4 * _WEEK
        return []
    stands = standing(turn.session, person.id, turn.rules, now=turn.now)
    if plans.open_lost_touch(turn.session, person.id) is not None:
        person.touch_check_at = turn.now + _WEEK
        if stands.state is InTouch.OUT_OF_TOUCH:
            return []
        regain(turn.session, person.id, now=turn.now)
        return ["regained"]
    return _open_if_lost(turn, person, stands)


def _open_if_lost(turn: Turn, person: Person, stands: Standing) -> Iterable[str]:
    """Open the plan, but in working time: nobody is told at night that eight weeks have passed."""
    enrolled = people.enrolment(turn.session, person.id)
    lost_at = _counts_from(turn.session, person, enrolled, stands) + turn.rules.in_touch_for
    team = turn.session.get(Team, person.team_id) if person.team_id else None
    at = next_working_time(max(lost_at, turn.now), hours_of(team, turn.home))
    if at > turn.now:
        person.touch_check_at = at
        return []
    person.touch_check_at = turn.now + _WEEK
    plan = LostTouchPlan(person_id=person.id, opened_at=turn.now)
    turn.session.add(plan)
    turn.session.flush()
    if enrolled is not None:
        _tell(turn, person, plan, stands)
    return ["opened"]


def _counts_from(session: Session, person: Person, enrolled: Enrolment | None, stands: Standing) -> datetime:
    """The eight weeks run from the last contact; at the earliest from when we began, or a plan was closed."""
    began = enrolled.created_at if enrolled else person.created_at
    ended = plans.last_lost_touch_end(session, person.id)
    return max(at for at in (began, stands.last_two_way_at, ended) if at is not None)


def _tell(turn: Turn, person: Person, plan: LostTouchPlan, stands: Standing) -> None:
    last = stands.last_two_way_at
    since = day_of(last, turn.home) if last else None
    why = f"Last contact {since:%a} {since.day} {since:%b %Y}" if since else "Never in contact"
    alerts.open_alert(
        turn.session,
        turn.services,
        kind=AlertKind.LOST_TOUCH,
        key=f"lost_touch:{plan.id}",
        now=turn.now,
        person_id=person.id,
        cause=Cause(texts=(), why=(why,)),
        watched=person.watched,
        risk=person.risk,
    )


def regain(session: Session, person_id: UUID, *, now: datetime) -> LostTouchPlan | None:
    """A two-way contact happened: the open plan, if there is one, has reached its end."""
    plan = plans.open_lost_touch(session, person_id)
    if plan is not None:
        plan.ended_at, plan.end = now, LostTouchEnd.REGAINED
    return plan


def close_plan(session: Session, plan: LostTouchPlan, *, reason: str, staff_id: UUID, now: datetime) -> None:
    """A manager ends a plan although touch was not regained. Eight weeks on, the clock may open another."""
    plan.ended_at, plan.end = now, LostTouchEnd.CLOSED
    plan.reason, plan.ended_by_id = reason, staff_id


def visit_due_on(session: Session, person: Person, rules: Rules, *, zone: ZoneInfo = LONDON) -> date:
    """By when somebody must have seen this person; at once when no visit was ever recorded."""
    seen = plans.last_seen_on(session, person.id)
    return seen + rules.visit_every if seen else day_of(person.created_at, zone)


def plan_review_due_on(session: Session, person: Person, rules: Rules, *, zone: ZoneInfo = LONDON) -> date:
    """By when the pathway plan must be reviewed; at once when no review was ever recorded."""
    reviewed = plans.last_reviewed_on(session, person.id)
    if reviewed is None:
        return day_of(person.created_at, zone)
    return months_after(reviewed, rules.plan_review_every_months)


def months_after(day: date, months: int) -> date:
    """The same day of the month, or the month's last one: 31 August and six months is 28 February."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
