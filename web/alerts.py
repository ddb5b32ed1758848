"""The list of open alerts and the page of one: take it, write down what happened, pass it on."""

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, abort, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler import rules, taking
from scheduler.taking import AlreadyClosed, NobodyToPassTo, NotTaken, NotTheirs
from storage import alerts, restrictions
from storage.alerts import Alert, AlertState, Outcome
from storage.staff import Staff
from web import alert_cards, alert_page, chrome, current, formats, forms, guard, once, talk, words
from web.policy import READERS
from web.shapes.alerts import AlertsPage, OutcomeForm
from web.shapes.pieces import Choice, Errors, Link
from web.shapes.site import ChoosePage

pages = Blueprint("alerts", __name__)


@pages.get("/alerts")
def listed() -> str:
    reader, now = current.reader(), current.now()
    with current.services().database.read() as session:
        values = rules.load(session)
        found = alert_cards.open_alerts(session, reader, now)
        facts = alert_cards.known(session, reader, found, values)
        cards = {one.id: alert_cards.card(one, reader, facts, now) for one in found}
        read = alert_cards.read_on(found, facts)
        seen = talk.fresh_words(session, reader, read, now=now, again=guard.is_poll())
    if seen:
        with current.services().database.begin() as session:
            talk.note_words(session, reader, seen, now=now)
    waiting = [one for one in found if one.state is AlertState.OPEN]
    return chrome.rendered(
        "alerts.html",
        AlertsPage(
            stamp=formats.stamp(now),
            lead=_lead(waiting, facts),
            cards=tuple(cards[one.id] for one in waiting),
            taken=tuple(cards[one.id] for one in found if one.state is not AlertState.OPEN),
            terms=alert_cards.terms(values),
        ),
        place="Alerts",
    )


def _lead(waiting: Sequence[Alert], facts: alert_cards.Known) -> str:
    if not waiting:
        return "Nobody is waiting for you."
    first, now = waiting[0], current.now()
    due = formats.deadline(alert_cards.due_at(first, facts), now)
    person = facts.people.get(first.person_id) if first.person_id else None
    name = words.first_name(person) if person else "An alert"
    comes = f"{name} comes first: {due.sentence}."
    rest = len(waiting) - 1
    return f"{comes} After that: {formats.spelled(rest, 'alert')}." if rest else comes


@pages.get("/alerts/<uuid:alert_id>")
def one(alert_id: UUID) -> ResponseReturnValue:
    return _shown(alert_id)


def _shown(
    alert_id: UUID,
    *,
    form: OutcomeForm | None = None,
    unsaved: str = "",
    errors: Errors | None = None,
) -> ResponseReturnValue:
    """The page; what it shows of a conversation is audited, and counts as read."""
    reader, now, services = current.reader(), current.now(), current.services()
    with services.database.read() as session:
        alert = session.get_one(Alert, alert_id)
        this = alert_page.look(session, services.council, reader, alert, rules=rules.load(session), now=now)
        page, shown = alert_page.page(this, form=form, unsaved=unsaved, errors=errors)
        strays = [] if alert.person_id else [alert]
        seen = talk.fresh_words(session, reader, strays, now=now, again=guard.is_poll())
    raised_by = [alert.inbound_id] if alert.inbound_id and page.words else []
    with services.database.begin() as session:
        talk.note_words(session, reader, seen, now=now)
        if alert.person_id is not None:
            talk.note_view(session, reader, alert.person_id, now=now, again=guard.is_poll())
        if not guard.is_poll():
            talk.mark_read(session, reader, [*shown, *raised_by], now=now)
    strips = (chrome.WATCHED,) if alert.watched else ()
    return chrome.rendered("alert.html", page, place="Alerts", strips=strips), (
        409 if unsaved else 422 if errors else 200
    )


@pages.post("/alerts/<uuid:alert_id>/take")
def take(alert_id: UUID) -> ResponseReturnValue:
    with current.services().database.begin() as session:
        alert = session.get_one(Alert, alert_id)
        try:
            taking.take(session, alert, staff_id=current.reader().id, via=taking.WEB, now=current.now())
        except NotTheirs:
            abort(404)
    return redirect(f"/alerts/{alert_id}", 303)


@pages.post("/alerts/<uuid:alert_id>/outcome")
def outcome(alert_id: UUID) -> ResponseReturnValue:
    chosen = forms.one_of(request.form, "outcome", Outcome)
    note = forms.text(request.form, "note")
    errors = {} if chosen else {"outcome": "Choose how it ended"}
    if not note:
        errors["note"] = "Write what you did, and what comes next"
    elif fault := forms.too_long(note):
        errors["note"] = fault
    if errors:
        return _shown(alert_id, form=_again(alert_id, chosen, note), errors=errors)
    services, reader, now = current.services(), current.reader(), current.now()
    try:
        with services.database.begin() as session:
            alert = session.get_one(Alert, alert_id)
            if request.form.get("take") == "yes":
                taking.take(session, alert, staff_id=reader.id, via=taking.WEB, now=now)
            taking.record_outcome(
                session,
                alert,
                staff_id=reader.id,
                outcome=Outcome(chosen),
                note=note,
                now=now,
            )
    except NotTheirs:
        abort(404)
    except NotTaken as error:
        return _shown(alert_id, form=_again(alert_id, chosen, note), errors={"outcome": str(error)})
    except AlreadyClosed:
        with services.database.read() as session:
            alert = session.get_one(Alert, alert_id)
        if (alert.closed_by_id, alert.outcome_note) != (reader.id, note):
            return _shown(alert_id, unsaved=note)  # a colleague was quicker
    return redirect(f"/alerts/{alert_id}", 303)


def _again(alert_id: UUID, chosen: str, note: str) -> OutcomeForm:
    return OutcomeForm(
        action=f"/alerts/{alert_id}/outcome",
        idempotency=once.given(),
        kinds=words.OUTCOMES,
        chosen=chosen,
        note=note,
    )


@pages.get("/alerts/<uuid:alert_id>/pass-on")
def pass_on_form(alert_id: UUID) -> ResponseReturnValue:
    return _whom(alert_id)


def _whom(alert_id: UUID, errors: Errors | None = None) -> ResponseReturnValue:
    with current.services().database.read() as session:
        alert = session.get_one(Alert, alert_id)
        facts = alert_cards.known(session, current.reader(), [alert], rules.load(session))
        colleagues = _colleagues(session, current.reader(), alert)
    page = ChoosePage(
        heading="Who can take this?",
        lead=f"{alert_cards.name_of(alert, facts)} {words.after_name(alert.kind)}. The colleague you choose "
        "is told at once, and everybody else in turn until somebody takes it.",
        back=Link(label="The alert", href=f"/alerts/{alert_id}"),
        action=f"/alerts/{alert_id}/pass-on",
        idempotency=once.token(),
        name="staff",
        legend="Pass it on to",
        choices=colleagues,
        button="Pass it on",
        errors=errors or {},
    )
    return chrome.rendered("choose.html", page, place="Alerts"), 422 if errors else 200


def _colleagues(session: Session, reader: Staff, alert: Alert) -> tuple[Choice, ...]:
    """Those who may be told: the own team first, never the worker it is about."""
    roles = alerts.READ_RESTRICTED if alert.restricted else frozenset(READERS)
    found = session.scalars(
        select(Staff).where(
            Staff.disabled_at.is_(None),
            Staff.role.in_(roles),
            Staff.id.not_in({reader.id, *restrictions.kept_from(session, alert)}),
        )
    ).all()
    ordered = sorted(found, key=lambda staff: (staff.team_id != reader.team_id, staff.name))
    return tuple(
        Choice(value=str(staff.id), label=staff.name, hint=staff.role.value.capitalize()) for staff in ordered
    )


@pages.post("/alerts/<uuid:alert_id>/pass-on")
def pass_on(alert_id: UUID) -> ResponseReturnValue:
    services, reader = current.services(), current.reader()
    with services.database.read() as session:
        offered = _colleagues(session, reader, session.get_one(Alert, alert_id))
    chosen = forms.one_of(request.form, "staff", (choice.value for choice in offered))
    if not chosen:
        return _whom(alert_id, {"staff": "Choose a colleague"})
    try:
        with services.database.begin() as session:
            alert = session.get_one(Alert, alert_id)
            if once.first_time(session, now=current.now()):
                taking.pass_on(
                    session, services, alert, staff_id=reader.id, to_staff_id=UUID(chosen), now=current.now()
                )
    except NobodyToPassTo as error:
        return _whom(alert_id, {"staff": str(error)})
    except NotTheirs:
        abort(404)
    except AlreadyClosed:
        pass  # its page says how it ended
    return redirect(f"/alerts/{alert_id}", 303)
