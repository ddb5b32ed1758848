"""A person's page: the conversation, the contacts, a reply that can be taken back for ten seconds."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from flask import Blueprint, abort, redirect, request
from flask.typing import ResponseReturnValue

from scheduler import rules, states
from storage import audit
from storage.people import Person, StateKind
from storage.staff import Role
from web import (
    access,
    chrome,
    current,
    enrolment,
    forms,
    guard,
    numbers,
    once,
    person_page,
    replying,
    talk,
    words,
)
from web.person_page import About
from web.policy import CASEWORK
from web.replying import Way
from web.shapes.person import DeathReport, Enrolment, NumberForm, PersonPage, PersonTab, ReplyBox
from web.shapes.pieces import Choice, Errors, NavItem

pages = Blueprint("person", __name__)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_RINGING = Choice(value="I'll ring you today.", label="I’ll ring you today")
_READY = (
    _RINGING,
    Choice(value="Thanks, that helps.", label="Thanks, that helps"),
    Choice(value="Can I pop round?", label="Can I pop round?"),
)


@pages.get("/people/<uuid:person_id>")
def page(person_id: UUID) -> ResponseReturnValue:
    return shown(person_id)


def shown(
    person_id: UUID,
    *,
    text: str = "",
    unsent: str = "",
    form: Enrolment | NumberForm | DeathReport | None = None,
    errors: Errors | None = None,
) -> ResponseReturnValue:
    """The page; what it shows of the conversation is audited, and counts as read."""
    reader, now, services = current.reader(), current.now(), current.services()
    with services.database.read() as session:
        values = rules.load(session)
        person = session.get_one(Person, person_id)
        this = person_page.about(session, services, reader, person, rules=values, now=now)
        way = replying.way_to(session, services, reader, person, rules=values, now=now)
        conversation = talk.conversation(session, reader, person, now=now, before=_before())
        page = _page(
            this, way, conversation, text=text or unsent, unsent=unsent, form=form, errors=errors or {}
        )
    with services.database.begin() as session:
        talk.note_view(session, reader, person_id, now=now, again=guard.is_poll())
        if page.tab is PersonTab.CONVERSATION and not guard.is_poll():
            talk.mark_read(session, reader, conversation.shown, now=now)
    strips = (chrome.WATCHED,) if person.watched else ()
    return chrome.rendered("person.html", page, place="People", strips=strips), 422 if errors else 200


def _page(
    this: About,
    way: Way,
    conversation: talk.Talk,
    *,
    text: str,
    unsent: str,
    form: Enrolment | NumberForm | DeathReport | None,
    errors: Errors,
) -> PersonPage:
    tab = _tab()
    href = f"/people/{this.person.id}"
    caseworker = this.reader.role in CASEWORK
    declares = caseworker and this.enrolled is None and this.kept_from is None
    earlier = conversation.earlier
    number = form if isinstance(form, NumberForm) else numbers.form_for(this, asked="number" in request.args)
    return PersonPage(
        name=words.full_name(this.person),
        first_name=this.name,
        facts=person_page.facts(this),
        state=person_page.badge(this),
        tab=tab,
        tabs=(
            NavItem(label="Conversation", href=href, current=tab is PersonTab.CONVERSATION),
            NavItem(label="Contacts", href=f"{href}?tab=contacts", current=tab is PersonTab.CONTACTS),
        ),
        actions=(person_page.log_link(this),) if caseworker else (),
        notice=person_page.notice(this, too_late="late" in request.args, noted="noted" in request.args),
        alerts=person_page.cards(this),
        death_report=form if isinstance(form, DeathReport) else _death_report(this),
        enrolment=form if isinstance(form, Enrolment) else (enrolment.form_for(this) if declares else None),
        number=number,
        days=conversation.days,
        earlier_href=f"{href}?before={(earlier - _EPOCH) // _MICROSECOND}" if earlier else "",
        reply=_reply_box(this, way, text) if way.address is not None else None,
        no_reply=way.why_not,
        unsent=unsent if way.address is None else "",
        contacts=person_page.contact_rows(this) if tab is PersonTab.CONTACTS else (),
        last_weeks=person_page.last_weeks(this),
        next_check_in=person_page.next_check_in(this),
        no_check_in=person_page.no_check_in(this),
        quiet_plan=person_page.quiet_plan(this),
        no_quiet_plan=f"No plan agreed yet: ask {this.name} when you next speak.",
        reach=person_page.reach(this),
        reach_link=None if number else numbers.link_to_form(this),
        due=person_page.due(this),
        errors=errors,
    )


def _death_report(this: About) -> DeathReport | None:
    """Only a manager takes a report back, and nobody a death that was confirmed."""
    kinds = {state.kind for state in this.states}
    if (
        this.reader.role is not Role.MANAGER
        or this.kept_from is not None
        or StateKind.DEATH_REPORTED not in kinds
        or StateKind.DIED in kinds
    ):
        return None
    return DeathReport(action=f"/people/{this.person.id}/not-so", idempotency=once.token())


def _tab() -> PersonTab:
    return PersonTab.CONTACTS if request.args.get("tab") == "contacts" else PersonTab.CONVERSATION


def _before() -> datetime | None:
    """Messages before this moment, in millionths of a second; None: the newest."""
    given = request.args.get("before", "")
    if not (given.isascii() and given.isdigit() and len(given) <= 16):
        return None
    return _EPOCH + int(given) * _MICROSECOND


def _reply_box(this: About, way: Way, text: str) -> ReplyBox:
    return ReplyBox(
        action=f"/people/{this.person.id}/reply",
        idempotency=once.token(),
        hint=person_page.hint(this, way),
        count=replying.count(text),
        text=text,
        lang=this.person.language,
        ready=_READY if person_page.may_ring(this) else tuple(one for one in _READY if one is not _RINGING),
    )


@pages.post("/people/<uuid:person_id>/reply")
def reply(person_id: UUID) -> ResponseReturnValue:
    """Send; or, without sending, count what is written or put a ready-made reply in the box."""
    text = forms.text(request.form, "reply")
    ready = forms.one_of(request.form, "ready", (choice.value for choice in _READY))
    if ready or request.form.get("do") == "count":
        return shown(person_id, text=f"{text} {ready}".strip())
    if not text:
        return shown(person_id, errors={"reply": "Write something first"})
    if len(text) > replying.LONGEST:
        too_long = f"At most {replying.LONGEST:,} characters fit in one text: send it in parts"
        return shown(person_id, text=text, errors={"reply": too_long})
    services, reader, now = current.services(), current.reader(), current.now()
    with services.database.begin() as session:
        person = session.get_one(Person, person_id)
        way = replying.way_to(session, services, reader, person, rules=rules.load(session), now=now)
        if way.address is not None:
            replying.queue_text(session, reader, person, way.address, text, key=once.key(session), now=now)
    if way.address is None:
        return shown(person_id, unsent=text, errors={"reply": way.why_not})
    return redirect(f"/people/{person_id}", 303)


@pages.post("/people/<uuid:person_id>/texts/<uuid:text_id>/undo")
def undo(person_id: UUID, text_id: UUID) -> ResponseReturnValue:
    with current.services().database.begin() as session:
        taken_back = replying.undo(session, current.reader(), person_id, text_id, now=current.now())
    if taken_back is None:
        abort(404)
    return redirect(f"/people/{person_id}{'' if taken_back else '?late'}", 303)


@pages.post("/people/<uuid:person_id>/not-so")
def not_so(person_id: UUID) -> ResponseReturnValue:
    """The death that was reported was none: a manager says how that is known."""
    services, reader, now = current.services(), current.reader(), current.now()
    reason = forms.text(request.form, "reason")
    fault = forms.too_long(reason) if reason else "Say how you know that it was not so"
    if fault:
        form = DeathReport(action=request.path, idempotency=once.given(), reason=reason)
        return shown(person_id, form=form, errors={"reason": fault})
    with services.database.begin() as session:
        if access.kept_from(session, reader, person_id) is not None:
            abort(404)
        if once.first_time(session, now=now) and states.refute_death(
            session, person_id, reason=reason, now=now, home=services.council.time_zone
        ):
            audit.note(
                session, "death.refuted", now=now, staff_id=reader.id, subject="person", subject_id=person_id
            )
    return redirect(f"/people/{person_id}", 303)
