"""Taking an alert, writing down what came of it, and passing it on.

An alert ends only when a named person has taken it and recorded an outcome. The worker whom it is about
can do neither.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from messages.errors import KitError
from messages.wordings import WordingKey
from scheduler import alert_words, chain, rules
from scheduler.alerts import restart, walk
from scheduler.chain import Owed
from scheduler.local_time import LONDON
from scheduler.recipients import OUT_OF_HOURS, OUT_OF_HOURS_NAME
from scheduler.rules import Rules
from scheduler.services import Services
from scheduler.working_time import WorkingHours, hours_of
from storage import alerts, audit, people, restrictions
from storage import staff as staff_rows
from storage.alerts import Alert, AlertState, AlertStep, Outcome, Restriction
from storage.inbound import InboundMessage
from storage.people import AllocationRole, Person
from storage.staff import Staff, Team

WEB = "web"
TEXT = "text"


class NotTheirs(KitError):
    """This alert is being handled by your manager."""


class NotTaken(KitError):
    """Take the alert first: it ends with a named person and an outcome."""


class AlreadyClosed(KitError):
    """This alert has ended: its outcome is written down."""


class NobodyToPassTo(KitError):
    """This colleague cannot take the alert: choose somebody who is here and whom it is not about."""


def take(session: Session, alert: Alert, *, staff_id: UUID | None, via: str, now: datetime) -> bool:
    """``staff_id`` has it from now on. False when somebody else took it before, or it has ended.

    ``staff_id`` None: a shared line under its registered name, given as ``via``; a named person may take
    it over from there.
    """
    alert = alerts.locked(session, alert.id) or alert
    _must_be_theirs(session, alert, staff_id)
    if alert.state == AlertState.CLOSED:
        return False
    if alert.state == AlertState.TAKEN and (alert.taken_by_id is not None or staff_id is None):
        return alert.taken_by_id == staff_id
    if alert.state == AlertState.OPEN:
        alert.state, alert.taken_at = AlertState.TAKEN, now
        alert.reminded_at = alert.manager_reminded_at = None
        alert.next_step_at = owed_times(session, alert).taker_at
        alerts.take_back(session, alert.id, reason="Taken before it left.")
    alert.taken_by_id, alert.taken_via = staff_id, via
    recipient = str(staff_id) if staff_id else OUT_OF_HOURS
    alerts.end_codes(session, alert.id, recipient)
    _note(session, "alert.taken", alert, now=now, staff_id=staff_id, via=via)
    return True


def take_by_code(
    session: Session, services: Services, staff: Staff | None, text: str, *, now: datetime
) -> str | None:
    """Act on ``OK CODE`` from a staff phone; the words to answer with, None when it is another text.

    ``staff`` None: the text came from the out-of-hours team's shared line.
    """
    code = alert_words.code_in(text)
    if code is None:
        return None
    step = alerts.step_with_code(session, _recipients(session, services, staff), code) if code else None
    alert = session.get(Alert, step.alert_id) if step else None
    if step is None and alert_words.says_more(text):
        return None
    if step is None or alert is None:
        link = f"{services.council.public_url}/alerts"
        return _words(services, WordingKey.ALERT_CODE_UNKNOWN, link=link)
    return _taken_by(session, services, alert, step, staff, now=now)


def record_outcome(
    session: Session,
    alert: Alert,
    *,
    staff_id: UUID,
    outcome: Outcome,
    note: str = "",
    now: datetime,
) -> None:
    """Write down what came of it, by name. This ends the alert."""
    alert = alerts.locked(session, alert.id) or alert
    _must_be_theirs(session, alert, staff_id)
    if alert.state == AlertState.CLOSED:
        raise AlreadyClosed
    if alert.state != AlertState.TAKEN:
        raise NotTaken
    if alert.taken_by_id is None:
        alert.taken_by_id = staff_id  # the name that the shared line still owed
    alert.state, alert.next_step_at = AlertState.CLOSED, None
    alert.outcome, alert.outcome_note = outcome, note or None
    alert.closed_at, alert.closed_by_id = now, staff_id
    alerts.end_codes(session, alert.id)
    _note(session, "alert.outcome", alert, now=now, staff_id=staff_id, outcome=outcome)


def pass_on(
    session: Session, services: Services, alert: Alert, *, staff_id: UUID, to_staff_id: UUID, now: datetime
) -> None:
    """Hand it to a colleague: the chain starts again, with them first, until somebody takes it."""
    alert = alerts.locked(session, alert.id) or alert
    _must_be_theirs(session, alert, staff_id)
    if alert.state == AlertState.CLOSED:
        raise AlreadyClosed
    colleague = session.get(Staff, to_staff_id)
    if (
        colleague is None
        or colleague.disabled_at is not None
        or to_staff_id in restrictions.kept_from(session, alert)
    ):
        raise NobodyToPassTo
    if alert.restricted and colleague.role not in alerts.READ_RESTRICTED:
        raise NobodyToPassTo
    alerts.end_codes(session, alert.id)
    reopen(alert, now=now)
    alert.passed_to_id = to_staff_id
    _note(session, "alert.passed_on", alert, now=now, staff_id=staff_id, to=to_staff_id)
    walk(session, services, alert, now=now)


def give(session: Session, alert: Alert, person: Person, *, now: datetime) -> None:
    """Somebody found out whose text raised it: from now on it is an alert about ``person``.

    What it says of a worker is taken to be about the adviser, as for a text whose sender is known.
    """
    alert.person_id, alert.watched = person.id, alert.watched or person.watched
    text = session.get(InboundMessage, alert.inbound_id) if alert.inbound_id else None
    if alert.restricted and alert.about_staff_id is None:
        adviser = people.allocated(session, person.id, AllocationRole.ADVISER, now)
        alert.about_staff_id = adviser.id if adviser else None
    if alert.restricted and alert.about_staff_id is not None:
        session.add(
            Restriction(
                person_id=person.id,
                staff_id=alert.about_staff_id,
                alert_id=alert.id,
                from_at=min(text.happened_at, alert.opened_at) if text else alert.opened_at,
            )
        )
        audit.note(session, "restriction.began", now=now, subject="person", subject_id=person.id)
    session.flush()


def reopen(alert: Alert, *, now: datetime) -> None:
    """Nobody has it any more; its chain starts anew."""
    alert.state = AlertState.OPEN
    alert.taken_at = alert.taken_by_id = alert.reminded_at = alert.manager_reminded_at = None
    alert.taken_via = ""
    alert.passed_to_id = None
    restart(alert, now=now)


def owed_times(session: Session, alert: Alert, values: Rules | None = None) -> Owed:
    """When the outcome of a taken alert is asked for."""
    taken_at = alert.taken_at or alert.opened_at
    return chain.owed(alert.deadline, taken_at, values or rules.load(session), hours_for(session, alert))


def hours_for(session: Session, alert: Alert) -> WorkingHours:
    """The working time of the team that an alert belongs to."""
    person = session.get(Person, alert.person_id) if alert.person_id else None
    team = session.get(Team, person.team_id) if person and person.team_id else None
    return hours_of(team, LONDON)


def taker_of(session: Session, alert: Alert) -> str:
    """The name of who has it; the registered name of a shared line."""
    taker = session.get(Staff, alert.taken_by_id) if alert.taken_by_id else None
    return taker.name if taker else alert.taken_via


def _taken_by(
    session: Session, services: Services, alert: Alert, step: AlertStep, staff: Staff | None, *, now: datetime
) -> str:
    """``step`` gave the code. Two colleagues on one phone: the one it was given to."""
    named = staff if staff and staff.id not in restrictions.kept_from(session, alert) else None
    taker_id = step.staff_id or (named.id if named else None)
    via = TEXT if taker_id else OUT_OF_HOURS_NAME
    initials = alert_words.about(session, alert)
    if take(session, alert, staff_id=taker_id, via=via, now=now):
        link = alert_words.link_to(services, alert)
        return _words(services, WordingKey.ALERT_TAKEN, initials=initials, link=link)
    taker = taker_of(session, alert)
    return _words(services, WordingKey.ALERT_ALREADY_TAKEN, initials=initials, taker=taker)


def _recipients(session: Session, services: Services, staff: Staff | None) -> list[str]:
    """Whom a code may have been given to that now comes from this phone."""
    if staff is None:
        return [OUT_OF_HOURS]
    line = [OUT_OF_HOURS] if staff.phone == services.council.out_of_hours_alert else []
    return [*(str(each.id) for each in staff_rows.sharing_phone(session, staff)), *line]


def _must_be_theirs(session: Session, alert: Alert, staff_id: UUID | None) -> None:
    if staff_id is not None and staff_id in restrictions.kept_from(session, alert):
        raise NotTheirs


def _words(services: Services, key: WordingKey, **values: str) -> str:
    return services.wordings.render(key, "en", variant=0, **values).text


def _note(
    session: Session, action: str, alert: Alert, *, now: datetime, staff_id: UUID | None, **payload: object
) -> None:
    audit.note(session, action, now=now, staff_id=staff_id, subject="alert", subject_id=alert.id, **payload)
