"""Opening an alert and walking up its chain: everybody is told who must have been told by now.

The texts are queued in the transaction that opens the alert: either both are there or neither.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from messages.kinds import ALERT_TERMS, AlertKind, Deadline
from scheduler import chain, recipients, rules, telling
from scheduler.chain import Rung, Situation
from scheduler.rules import Rules
from scheduler.services import Services
from scheduler.telling import Round
from scheduler.working_time import end_of_working_day, is_working, next_working_time
from storage import alerts, audit, people
from storage.alerts import Alert, AlertStep, Restriction, StepRole
from storage.inbound import InboundMessage
from storage.people import AllocationRole, Person, Risk
from storage.staff import Staff

#: About a worker: to the manager, with the thread kept from the worker from that text on.
ABOUT_A_WORKER = frozenset({AlertKind.ALLEGATION, AlertKind.COMPLAINT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """What raised an alert: the texts (all parts, in order) and the words in them that decided."""

    texts: tuple[str, ...] = ()
    why: tuple[str, ...] = ()

    def as_json(self) -> str:
        return json.dumps({"texts": self.texts, "why": self.why}, ensure_ascii=False)

    @classmethod
    def of(cls, alert: Alert) -> "Cause":
        kept = json.loads(alert.cause or "{}")
        return cls(texts=tuple(kept.get("texts", ())), why=tuple(kept.get("why", ())))


def open_alert(
    session: Session,
    services: Services,
    *,
    kind: AlertKind,
    key: str,
    now: datetime,
    person_id: UUID | None = None,
    inbound_id: UUID | None = None,
    check_in_id: UUID | None = None,
    cause: Cause | None = None,
    watched: bool = False,
    about_staff_id: UUID | None = None,
    risk: Risk | None = None,
) -> Alert | None:
    """Raise an alert and tell the first of its chain; None when ``key`` has raised one before.

    ``about_staff_id`` is never told. An allegation or a complaint that names nobody is taken to be about
    the adviser. Open it before other alerts of the same text, so that they keep away from that worker too.
    """
    if alerts.by_key(session, key) is not None:
        return None
    person = session.get(Person, person_id) if person_id else None
    if kind in ABOUT_A_WORKER and about_staff_id is None and person is not None:
        adviser = people.allocated(session, person.id, AllocationRole.ADVISER, now)
        about_staff_id = adviser.id if adviser else None
    alert = Alert(
        key=key,
        kind=kind,
        deadline=ALERT_TERMS[kind].deadline,
        person_id=person_id,
        inbound_id=inbound_id,
        check_in_id=check_in_id,
        cause=cause.as_json() if cause else None,
        watched=watched or kind == AlertKind.WATCHED_PHONE or (person is not None and person.watched),
        restricted=kind in ABOUT_A_WORKER,
        about_staff_id=about_staff_id,
        opened_at=now,
        chain_from=now,
        next_step_at=now,
    )
    try:
        with session.begin_nested():
            session.add(alert)
    except IntegrityError:
        if alerts.by_key(session, key) is not None:
            return None
        raise
    if alert.restricted:
        _restrict(session, alert, now=now)
    walk(session, services, alert, now=now, risk=risk)
    return alert


def restart(alert: Alert, *, now: datetime) -> None:
    """The chain begins anew at ``now`` with a round of its own; :func:`walk` then tells its first."""
    alert.round += 1
    alert.chain_from = now
    alert.unanswered_at = None


def walk(
    session: Session, services: Services, alert: Alert, *, now: datetime, risk: Risk | None = None
) -> int:
    """Tell whoever must have been told by ``now`` and has not, and set when to look again.

    Whatever was missed is told at once; a rung that reaches nobody brings the next one forward. Returns how
    many recipients were told or found unreachable.
    """
    values = rules.load(session)
    case = recipients.case_of(session, services.council, alert, now)
    situation = recipients.situation_of(session, case)
    if risk is not None:
        situation = replace(situation, risk=risk)
    rungs = chain.ladder(situation, values, now)
    steps = _steps(session, alert)
    before = len(steps)
    if _goes_round(situation, values, rungs, steps, now):
        alert.round += 1
        steps, before = [], 0
    told_at = _last_told(rungs, steps) or now
    by = _next(situation, values, rungs, told_at, now)
    this = Round(session=session, services=services, case=case, by=by, now=now)
    steps = _climb(this, rungs, steps)
    alert.next_step_at = _next(situation, values, rungs, _last_told(rungs, steps) or now, now)
    _mind_the_banner(alert, values, now)
    for staff in this.faulty:
        _fix_contact(session, services, staff, now=now)
    return len(steps) - before


def _climb(this: Round, rungs: Sequence[Rung], steps: Sequence[AlertStep]) -> Sequence[AlertStep]:
    """Tell each rung that is due, and those after it for as long as nobody is reached. All steps then."""
    carried = False
    for rung in (*rungs, *_last_resort(rungs, this.now)):
        if not carried and rung.at > this.now:
            break
        told = {step.role for step in steps}
        if fresh := [role for role in rung.roles if role not in told]:
            telling.tell(this, fresh)
            steps = _steps(this.session, this.alert)
        carried = not telling.reached(this, steps, rung.roles)
    return steps


def _last_resort(rungs: Sequence[Rung], now: datetime) -> list[Rung]:
    """Behind every chain stand the managers and the operator; told only when nobody before was reached."""
    on_chain = {role for rung in rungs for role in rung.roles}
    never_by_time = now + timedelta(days=1)
    last = (StepRole.MANAGER, StepRole.OPERATOR)
    return [Rung(at=never_by_time, roles=(role,)) for role in last if role not in on_chain]


def _goes_round(
    situation: Situation, values: Rules, rungs: Sequence[Rung], steps: Sequence[AlertStep], now: datetime
) -> bool:
    """Everybody was told, long enough ago for everybody to be told again."""
    last = _last_told(rungs, steps)
    due = all(rung.at <= now for rung in rungs)
    return (
        due and last is not None and now >= chain.again_at(situation.deadline, last, values, situation.hours)
    )


def _last_told(rungs: Sequence[Rung], steps: Sequence[AlertStep]) -> datetime | None:
    """When this round came to its end: with the operator, where the chain ends there."""
    ends_there = any(StepRole.OPERATOR in rung.roles for rung in rungs)
    times = [step.at for step in steps if step.role == StepRole.OPERATOR or not ends_there]
    return max(times, default=None)


def _next(
    situation: Situation, values: Rules, rungs: Sequence[Rung], told_at: datetime, now: datetime
) -> datetime:
    """When to look again: the next rung, else the next round; earlier when the kind or the hour asks it."""
    rung = min((rung.at for rung in rungs if rung.at > now), default=None)
    times = [rung or chain.again_at(situation.deadline, told_at, values, situation.hours)]
    if situation.deadline == Deadline.NOW:
        working = is_working(now, situation.hours)
        times.append((end_of_working_day if working else next_working_time)(now, situation.hours))
    if situation.kind == AlertKind.HELP_WORD and situation.deadline == Deadline.TODAY:
        times.append(situation.since + timedelta(minutes=values.help_unread_minutes))
    return min((at for at in times if at > now), default=now + timedelta(minutes=values.now_again_minutes))


def _steps(session: Session, alert: Alert) -> Sequence[AlertStep]:
    """Who has been told in this round."""
    return [step for step in alerts.steps(session, alert.id) if step.round == alert.round]


def _mind_the_banner(alert: Alert, values: Rules, now: datetime) -> None:
    late = now >= alert.chain_from + timedelta(minutes=values.now_operator_minutes)
    if alert.deadline == Deadline.NOW and late and alert.unanswered_at is None:
        alert.unanswered_at = now


def _restrict(session: Session, alert: Alert, *, now: datetime) -> None:
    """From the text on, the thread is kept from the worker it is about."""
    if alert.person_id is None or alert.about_staff_id is None:
        return
    text = session.get(InboundMessage, alert.inbound_id) if alert.inbound_id else None
    from_at = min(text.happened_at, now) if text else now
    since = alerts.restricted_from(session, alert.person_id, alert.about_staff_id)
    if since is not None and since <= from_at:
        return
    session.add(
        Restriction(
            person_id=alert.person_id, staff_id=alert.about_staff_id, alert_id=alert.id, from_at=from_at
        )
    )
    audit.note(session, "restriction.began", now=now, subject="person", subject_id=alert.person_id)


def _fix_contact(session: Session, services: Services, staff: Staff, *, now: datetime) -> None:
    """Once: somebody must see to it that this colleague can be alerted."""
    if alerts.open_fix_contact(session, staff.id):
        return
    open_alert(
        session,
        services,
        kind=AlertKind.FIX_CONTACT,
        key=f"fix-contact:{staff.id}:{staff.phone_failed_at or 'no-phone'}",
        about_staff_id=staff.id,
        now=now,
    )
