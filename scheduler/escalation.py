"""The clock of alerts: goes up their chains, and asks for outcomes that are owed."""

from collections import Counter
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from messages.kinds import AlertKind, Deadline, OutboundKind
from messages.wordings import WordingKey
from scheduler import alert_words, chain, recipients, rules, taking, telling
from scheduler.alerts import restart, walk
from scheduler.operator import page_operator
from scheduler.outbox import About, enqueue
from scheduler.recipients import OUT_OF_HOURS, Recipient
from scheduler.rules import Rules
from scheduler.services import Services
from storage import alerts, audit
from storage.alerts import Alert, AlertState, StepRole
from storage.inbound import InboundMessage
from storage.staff import Staff

__all__ = ["advance_alerts", "page_operator"]

_log = structlog.get_logger(__name__)
_SUBJECT = "An outcome is owed"


def advance_alerts(services: Services, now: datetime) -> dict[str, int]:
    """Look at every alert that is due, each in its own unit of work. A fault in one pages the operator."""
    with services.database.read() as session:
        furthest = timedelta(minutes=rules.load(session).now_operator_minutes)
        due = alerts.due(session, now, furthest=furthest)
    done: Counter[str] = Counter()
    for alert_id in due:
        try:
            with services.database.begin() as session:
                done[_advance(session, services, alert_id, now=now)] += 1
        except Exception as error:  # noqa: BLE001  (whatever one alert brings, the others go on)
            _log.error("alert_not_advanced", alert=str(alert_id), error=type(error).__name__)
            done["failed"] += 1
            _page_fault(services, alert_id, now=now)
    done.pop("unchanged", None)
    return dict(done)


def _advance(session: Session, services: Services, alert_id: UUID, *, now: datetime) -> str:
    """What was done, as the numbers of the job name it. The state is read here, under the lock."""
    alert = alerts.locked(session, alert_id, wait=False)
    if alert is None or alert.next_step_at is None or alert.state == AlertState.CLOSED:
        return "unchanged"
    values = rules.load(session)
    if alert.state == AlertState.TAKEN:
        return _ask_for_outcome(session, services, values, alert, now=now)
    _follow_clock(session, alert, now=now)
    if _help_is_unread(session, values, alert, now=now):
        alert.deadline = Deadline.NOW
        restart(alert, now=now)
    return "told" if walk(session, services, alert, now=now) else "unchanged"


def _follow_clock(session: Session, alert: Alert, *, now: datetime) -> None:
    """The clock was set back: what it says lies ahead has happened, and must not hold the chain up."""
    alert.chain_from = min(alert.chain_from, now)
    for step in alerts.steps(session, alert.id):
        step.at = min(step.at, now)


def _help_is_unread(session: Session, values: Rules, alert: Alert, *, now: datetime) -> bool:
    """A lone HELP that no person has opened in time is ``now``."""
    if alert.kind != AlertKind.HELP_WORD or alert.deadline == Deadline.NOW:
        return False
    text = session.get(InboundMessage, alert.inbound_id) if alert.inbound_id else None
    late = now >= alert.opened_at + timedelta(minutes=values.help_unread_minutes)
    return late and (text is None or text.read_at is None)


def _ask_for_outcome(
    session: Session, services: Services, values: Rules, alert: Alert, *, now: datetime
) -> str:
    owed = taking.owed_times(session, alert, values)
    if owed.back_at is not None and now >= owed.back_at:
        audit.note(session, "alert.back_in_chain", now=now, subject="alert", subject_id=alert.id)
        taking.reopen(alert, now=now)
        walk(session, services, alert, now=now)
        return "back_in_chain"
    done = "unchanged"
    if alert.reminded_at is None and now >= owed.taker_at:
        _remind_taker(session, services, alert, now=now)
        alert.reminded_at, done = now, "reminded"
    hours = taking.hours_for(session, alert)
    last = alert.manager_reminded_at
    ask_manager_at = owed.manager_at if last is None else chain.again_at(alert.deadline, last, values, hours)
    if now >= ask_manager_at and (last is None or owed.back_at is None):
        _tell_manager(session, services, alert, now=now)
        alert.manager_reminded_at, done = now, "manager_reminded"
        ask_manager_at = chain.again_at(alert.deadline, now, values, hours)
    times = [owed.taker_at, ask_manager_at, owed.back_at]
    alert.next_step_at = min(at for at in times if at is not None and at > now)
    return done


def _remind_taker(session: Session, services: Services, alert: Alert, *, now: datetime) -> None:
    taker = session.get(Staff, alert.taken_by_id) if alert.taken_by_id else None
    recipient = Recipient(key=str(taker.id), staff=taker) if taker else Recipient(key=OUT_OF_HOURS)
    _send(session, services, alert, recipient, WordingKey.ALERT_OUTCOME_REMINDER, now=now)


def _tell_manager(session: Session, services: Services, alert: Alert, *, now: datetime) -> None:
    """The first managers who can be reached hear that an outcome is owed, and by whom."""
    case = recipients.case_of(session, services.council, alert, now)
    for tier in recipients.tiers(session, case, StepRole.MANAGER, now):
        reachable = [each for each in tier if telling.ways_to(services, each)]
        for each in reachable:
            taker = taking.taker_of(session, alert)
            _send(session, services, alert, each, WordingKey.ALERT_OUTCOME_OWED, now=now, taker=taker)
        if reachable:
            return
    page_operator(
        session,
        services,
        key=f"owed:{alert.id}:{now:%Y-%m-%d}",
        words="An alert has no outcome and no manager can be reached",
        link=alert_words.link_to(services, alert),
        alert_id=alert.id,
        now=now,
    )


def _send(
    session: Session,
    services: Services,
    alert: Alert,
    recipient: Recipient,
    key: WordingKey,
    *,
    now: datetime,
    **more: str,
) -> None:
    initials, link = alert_words.about(session, alert), alert_words.link_to(services, alert)
    text = services.wordings.render(key, "en", variant=0, initials=initials, link=link, **more).text
    for channel, to in telling.ways_to(services, recipient):
        enqueue(
            session,
            key=f"alert:{alert.id}:{alert.round}:{key}:{recipient.key}:{channel}:{now:%Y-%m-%dT%H%M}",
            kind=OutboundKind.REMINDER,
            channel=channel,
            to=to,
            body=text,
            subject=_SUBJECT,
            about=About(staff_id=recipient.staff.id if recipient.staff else None, alert_id=alert.id),
            now=now,
        )


def _page_fault(services: Services, alert_id: UUID, *, now: datetime) -> None:
    """An alert that cannot go on by itself needs a person at once; again each hour."""
    with services.database.begin() as session:
        page_operator(
            session,
            services,
            key=f"alert-fault:{alert_id}:{now:%Y-%m-%dT%H}",
            words="An alert cannot go on to the next person because of a fault in the service",
            link=f"{services.council.public_url}/alerts/{alert_id}",
            now=now,
        )
