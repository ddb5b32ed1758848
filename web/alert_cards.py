"""Alerts in a list: by deadline, with time left, their words, and who is told next. Five queries in all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from messages.kinds import AlertKind, Deadline
from scheduler.alerts import Cause
from scheduler.rules import Rules
from scheduler.working_time import add_working_days, add_working_hours, hours_of
from storage.alerts import Alert, AlertState
from storage.people import Person
from storage.staff import Staff, Team
from web import access, formats, once, words
from web.shapes.alerts import AlertCard
from web.shapes.pieces import Fact, Link, PostButton

#: Stands in place of words that are kept from the reader.
WORDS_KEPT = "What was written is being handled by your manager."
_ORDER = {Deadline.NOW: 0, Deadline.TODAY: 1, Deadline.SOON: 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the cards of one page need beside the alerts."""

    people: dict[UUID, Person]
    staff: dict[UUID, Staff]
    teams: dict[UUID, Team]
    rules: Rules
    #: Alerts whose words this reader may not read.
    wordless: frozenset[UUID]


def open_alerts(session: Session, reader: Staff, now: datetime) -> Sequence[Alert]:
    """What this reader may see and is not closed, the most urgent first."""
    found = session.scalars(
        select(Alert)
        .where(Alert.state != AlertState.CLOSED, access.alerts_seen(session, reader, now))
        .order_by(Alert.opened_at)
    ).all()
    return sorted(found, key=lambda alert: (_ORDER[alert.deadline], alert.opened_at))


def known(session: Session, reader: Staff, alerts: Sequence[Alert], rules: Rules) -> Known:
    people = session.scalars(select(Person).where(Person.id.in_({one.person_id for one in alerts}))).all()
    ids = {one.taken_by_id for one in alerts} | {one.about_staff_id for one in alerts}
    staff = session.scalars(select(Staff).where(Staff.id.in_(ids))).all()
    teams = session.scalars(select(Team)).all()
    return Known(
        people={one.id: one for one in people},
        staff={one.id: one for one in staff},
        teams={one.id: one for one in teams},
        rules=rules,
        wordless=access.without_words(session, reader, alerts),
    )


def cause_of(alert: Alert, facts: Known) -> Cause:
    """What raised it, as far as the reader may know: no words of a text that is kept from them."""
    cause = Cause.of(alert)
    return Cause() if alert.id in facts.wordless and cause.texts else cause


def read_on(alerts: Sequence[Alert], facts: Known) -> list[Alert]:
    """Those of these alerts whose words stand on the page."""
    return [one for one in alerts if cause_of(one, facts).texts]


def due_at(alert: Alert, facts: Known) -> datetime:
    """Until when the first who was told has time to take it."""
    person = facts.people.get(alert.person_id) if alert.person_id else None
    team = facts.teams.get(person.team_id) if person and person.team_id else None
    match alert.deadline:
        case Deadline.NOW:
            return alert.chain_from + timedelta(minutes=facts.rules.now_cover_minutes)
        case Deadline.TODAY:
            return add_working_hours(alert.chain_from, facts.rules.today_working_hours, hours_of(team))
        case Deadline.SOON:
            return add_working_days(alert.chain_from, facts.rules.soon_cover_days, hours_of(team))


def name_of(alert: Alert, facts: Known) -> str:
    """Whom an alert is about, for those who may open it."""
    person = facts.people.get(alert.person_id) if alert.person_id else None
    if person is not None:
        return words.full_name(person)
    worker = facts.staff.get(alert.about_staff_id) if alert.about_staff_id else None
    return worker.name if worker is not None and alert.kind is AlertKind.FIX_CONTACT else "Unknown number"


def card(alert: Alert, reader: Staff, facts: Known, now: datetime) -> AlertCard:
    name, why = name_of(alert, facts), words.after_name(alert.kind)
    cause = cause_of(alert, facts)
    timing = formats.deadline(due_at(alert, facts), now)
    person = facts.people.get(alert.person_id) if alert.person_id else None
    plan = person.quiet_plan if person and alert.kind in (AlertKind.NO_REPLY, AlertKind.LOST_TOUCH) else None
    untaken = alert.state is AlertState.OPEN
    href = f"/alerts/{alert.id}"
    return AlertCard(
        id=str(alert.id),
        deadline=alert.deadline,
        left=timing.left if untaken else f"Taken {formats.ago(alert.taken_at or now, now)}",
        by=timing.by if untaken else "",
        name=name,
        href=href,
        why=why,
        lead=f"{words.first_name(person)}’s plan for going quiet:"
        if person and plan
        else WORDS_KEPT
        if alert.id in facts.wordless
        else "",
        words=words.spans(plan) if plan else words.spans(" ".join(cause.texts), cause.why),
        lang=person.language if person else "",
        then=_then(alert, cause, now),
        take=take_button(alert, f"{name} {why}") if untaken else None,
        taken="" if untaken else taken_by(alert, reader, facts),
        links=(_link(untaken, href, name),),
        watched=alert.watched,
    )


def take_button(alert: Alert, hidden: str) -> PostButton:
    action = f"/alerts/{alert.id}/take"
    return PostButton(label="I have this", action=action, hidden=hidden, idempotency=once.token())


def taken_by(alert: Alert, reader: Staff, facts: Known) -> str:
    if alert.taken_by_id == reader.id:
        return "You have this. It closes when you write down what happened."
    taker = facts.staff.get(alert.taken_by_id) if alert.taken_by_id else None
    return f"{taker.name if taker else alert.taken_via} has this. What happened is still to be written down."


def _link(untaken: bool, href: str, name: str) -> Link:  # noqa: FBT001  (two words of one sentence)
    label, hidden = (
        ("Open", f"the alert about {name}") if untaken else ("Write what happened", f"with {name}")
    )
    return Link(label=label, href=href, hidden=hidden)


def _then(alert: Alert, cause: Cause, now: datetime) -> str:
    said = f"{formats.moment(alert.opened_at, now)}."
    if not cause.texts and cause.why:
        said += f" {'. '.join(cause.why)}."
    if alert.state is AlertState.OPEN and alert.next_step_at:
        said += f" If nobody takes it, more people are told: {formats.moment(alert.next_step_at, now)}."
    return said


def terms(rules: Rules) -> tuple[Fact, ...]:
    """Who is told, and when: the rules in force."""
    return (
        Fact(
            term="Now",
            value="Somebody at once",
            more=f"After {rules.now_cover_minutes} minutes cover and duty, after {rules.now_manager_minutes} "
            "the manager",
        ),
        Fact(
            term="Today",
            value=formats.plural(rules.today_working_hours, "working hour"),
            more="Then cover, duty and manager together",
        ),
        Fact(
            term="Soon",
            value=formats.plural(rules.soon_cover_days, "working day"),
            more="Then cover and duty, later the manager",
        ),
    )
