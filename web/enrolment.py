"""The declaration without which nobody is texted: on a person's page, or for several named people at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID

from flask import Blueprint, abort, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from messages.channel import ChannelName
from scheduler import rules, slots, states
from scheduler.local_time import LONDON, wall
from storage import audit, people, restrictions
from storage.addresses import Address, AddressHealth
from storage.people import Enrolment, Person, PersonState, StateKind
from storage.staff import Staff
from web import access, chrome, current, formats, forms, once, person, replying, words
from web.formats import in_london
from web.forms import Declared
from web.person_page import About
from web.shapes.people import Candidate, EnrolBulkPage
from web.shapes.person import Enrolment as EnrolmentForm
from web.shapes.pieces import Declaration, Errors

pages = Blueprint("enrolment", __name__)

_NOON = time(12)
_BAD = {
    AddressHealth.SUSPECT: "the network says that there is no such number: ask for the right one.",
    AddressHealth.INVALID: "this number cannot take texts: ask for a mobile number.",
    AddressHealth.DISPUTED: "somebody else answered from this number: ask for the right one.",
}
_NOT_NOW = {
    StateKind.DIED: "they have died.",
    StateKind.DEATH_REPORTED: "a death was reported: a manager decides what happens next.",
    StateKind.CUSTODY: "they are in custody: nothing is sent to a mobile.",
    StateKind.MISSING: "they are missing: enrol them when they are back.",
}
_CLOSED = "their record is closed."
_KEPT = "this is being handled by your manager."
_STOPPED = "they stopped the texts to this number: agree another way to keep in touch."
_NO_NUMBER = "there is no mobile number yet."
_NOT_DONE = "open their page and try there."
_ENROLLED = "they are enrolled already."
_CHANGED = "their number changed in the meantime: check the new one with them."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ready:
    """Whether somebody can be enrolled on ``mobile``; ``problem`` says why not yet."""

    mobile: Address | None
    problem: str

    @property
    def number(self) -> str:
        return words.address(self.mobile.channel, self.mobile.value) if self.mobile else ""


def _ready(session: Session, reader: Staff, found: Sequence[Person], now: datetime) -> dict[UUID, _Ready]:
    """For each of these people, in the same few queries however many they are."""
    ids = [one.id for one in found]
    mobiles = _mobiles(session, ids)
    stopped = replying.stopped(session, list(mobiles.values()))
    kept = restrictions.kept_since(session, ids, reader)
    states = _states(session, ids, now)
    ready = {}
    for one in found:
        mobile = mobiles.get(one.id)
        problems = (
            _CLOSED if one.closed_at else "",
            _KEPT if one.id in kept else "",
            next((_NOT_NOW[kind] for kind in _NOT_NOW if kind in states.get(one.id, ())), ""),
            "" if mobile else _NO_NUMBER,
            _BAD.get(mobile.health, "") if mobile else "",
            _STOPPED if mobile and mobile.id in stopped else "",
        )
        ready[one.id] = _Ready(mobile=mobile, problem=next(filter(None, problems), ""))
    return ready


def _states(session: Session, ids: Sequence[UUID], now: datetime) -> dict[UUID, set[StateKind]]:
    today = in_london(now).date()
    found: dict[UUID, set[StateKind]] = {}
    for state in session.scalars(
        select(PersonState).where(PersonState.person_id.in_(ids), PersonState.starts_on <= today)
    ):
        if state.holds_on(today):
            found.setdefault(state.person_id, set()).add(state.kind)
    return found


def form_for(this: About, declaration: Declaration | None = None) -> EnrolmentForm:
    """The form on a person's page; ``blocked`` says why it cannot be made yet."""
    ready = _ready(this.session, this.reader, [this.person], this.now)[this.person.id]
    return _form(this.person.id, ready, declaration or Declaration(), once.token())


def _form(person_id: UUID, ready: _Ready, declaration: Declaration, idempotency: str) -> EnrolmentForm:
    return EnrolmentForm(
        action=f"/people/{person_id}/enrol",
        idempotency=idempotency,
        number=ready.number,
        declaration=declaration,
        address=str(ready.mobile.id) if ready.mobile else "",
        blocked=_sentence(ready.problem),
    )


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"


def enrol(
    session: Session, reader: Staff, person_id: UUID, declared: Declared, *, shown: str, now: datetime
) -> str:
    """Write the declaration down, for the number that was ``shown`` (its id). Why not; empty when it is done.

    Two declarations at once are made one after the other.
    """
    person = session.scalars(select(Person).where(Person.id == person_id).with_for_update()).one()
    ready = _ready(session, reader, [person], now)[person_id]
    mobile = ready.mobile
    if people.enrolment(session, person_id) is not None:
        return _ENROLLED
    if ready.problem or mobile is None:
        return ready.problem
    if str(mobile.id) != shown:
        return _CHANGED
    declare(session, reader, person, mobile, declared, now=now)
    audit.note(
        session, "person.enrolled", now=now, staff_id=reader.id, subject="person", subject_id=person.id
    )
    return ""


def declare(
    session: Session, reader: Staff, person: Person, mobile: Address, declared: Declared, *, now: datetime
) -> None:
    """What was declared holds from now on, for this number, which is confirmed with it. An earlier
    declaration ends; who was welcomed on this very number is not welcomed again.
    """
    running = people.enrolment(session, person.id)
    welcomed = running.welcomed_at if running and mobile.starts_at <= running.created_at else None
    if running is not None:
        running.ended_at = now
    session.add(
        Enrolment(
            person_id=person.id,
            enrolled_on=now.astimezone(LONDON).date(),
            number_confirmed_on=declared.confirmed_on,
            safe_to_text=declared.safe_to_text,
            safe_to_ring=declared.safe_to_ring,
            others_see_phone=declared.others_who or None,
            told_how_to_stop=True,
            declared_by_id=reader.id,
            created_at=now,
            welcomed_at=welcomed,
        )
    )
    mobile.safe_to_text, mobile.safe_to_ring = declared.safe_to_text, declared.safe_to_ring
    mobile.shared = mobile.shared or declared.shared
    person.discreet = person.discreet or declared.watched
    session.flush()
    states.confirm_address(session, mobile, now=now)
    # It was checked on the day that they say, which may lie before a release from custody.
    mobile.confirmed_at = min(now, wall(declared.confirmed_on, _NOON, LONDON))
    session.flush()
    slots.plan_next(session, person, rules.load(session), now=now)


@pages.post("/people/<uuid:person_id>/enrol")
def one(person_id: UUID) -> ResponseReturnValue:
    services, reader, now = current.services(), current.reader(), current.now()
    form = forms.declaration(request.form)
    with services.database.read() as session:
        longest_ago = rules.load(session).name_needs_confirmation_within
        name = words.first_name(session.get_one(Person, person_id))
        kept = access.kept_from(session, reader, person_id) is not None
    if kept:
        abort(404)
    declared, errors = forms.declared(form, name, now=now, longest_ago=longest_ago)
    if declared is None:
        return _again(person_id, form, errors)
    why_not = ""
    with services.database.begin() as session:
        if once.first_time(session, now=now):
            why_not = enrol(
                session, reader, person_id, declared, shown=request.form.get("address", ""), now=now
            )
    if why_not and why_not != _ENROLLED:
        return _again(person_id, form, {"number_confirmed": _sentence(why_not)})
    return redirect(f"/people/{person_id}", 303)


def _again(person_id: UUID, form: Declaration, errors: Errors) -> ResponseReturnValue:
    """The form as it was typed. Its number is the one on record by now, so that it can be checked."""
    with current.services().database.read() as session:
        found = session.get_one(Person, person_id)
        ready = _ready(session, current.reader(), [found], current.now())[person_id]
    token = once.token() if "number_confirmed" in errors else once.given()
    return person.shown(person_id, form=_form(person_id, ready, form, token), errors=errors)


@pages.get("/enrol")
def bulk_form() -> ResponseReturnValue:
    return _bulk(Declaration(), frozenset(), {})


@pages.post("/enrol")
def bulk() -> ResponseReturnValue:
    services, reader, now = current.services(), current.reader(), current.now()
    form, ticked = forms.declaration(request.form), frozenset(request.form.getlist("people"))
    with services.database.read() as session:
        longest_ago = rules.load(session).name_needs_confirmation_within
    declared, errors = forms.declared(form, "each person ticked", now=now, longest_ago=longest_ago)
    if not ticked:
        errors = {"people": "Tick at least one person", **errors}
    if declared is None or errors:
        return _bulk(form, ticked, errors)
    with services.database.begin() as session:
        first = once.first_time(session, now=now)
        theirs = [one for one in _on_the_list(session, reader, now) if str(one.id) in ticked]
        done: list[tuple[Person, str]] = []
        for one in theirs:
            shown = request.form.get(f"address-{one.id}", "")
            why_not = enrol(session, reader, one.id, declared, shown=shown, now=now) if first else ""
            done.append((one, why_not))
        if not first:  # the same form again: what it did then stands
            done = [(one, "" if people.enrolment(session, one.id) else _NOT_DONE) for one in theirs]
    return _bulk(Declaration(), frozenset(), {}, _told(done, strangers=len(ticked) - len(theirs)))


def _told(done: Sequence[tuple[Person, str]], *, strangers: int) -> tuple[str, ...]:
    """Who was enrolled, and who was not and why, one sentence each."""
    names = [words.full_name(one) for one, why_not in done if not why_not]
    said = [f"Enrolled: {formats.joined(names)}." if names else "Nobody was enrolled."]
    said += [f"{words.full_name(one)} was not enrolled: {why_not}" for one, why_not in done if why_not]
    if strangers:
        said.append(f"{formats.plural(strangers, 'tick')} did not belong to anybody on your list.")
    return tuple(said)


def _bulk(
    form: Declaration, ticked: frozenset[str], errors: Errors, done: tuple[str, ...] = ()
) -> ResponseReturnValue:
    reader, now = current.reader(), current.now()
    with current.services().database.read() as session:
        found = _unenrolled(session, reader, now)
        ready = _ready(session, reader, found, now)
    page = EnrolBulkPage(
        lead="Nothing automatic is sent to anybody here yet. Each person ticked gets one welcome text, "
        "then check-ins.",
        action="/enrol",
        idempotency=once.token(),
        candidates=tuple(_candidate(one, ready[one.id], ticked) for one in found),
        declaration=form,
        done=done,
        errors=errors,
    )
    return chrome.rendered("enrol_bulk.html", page, place="People"), 422 if errors else 200


def _on_the_list(session: Session, reader: Staff, now: datetime) -> list[Person]:
    found = session.scalars(
        select(Person).where(access.caseload(session, reader, now), Person.closed_at.is_(None))
    )
    return sorted(found, key=lambda one: words.full_name(one).casefold())


def _unenrolled(session: Session, reader: Staff, now: datetime) -> list[Person]:
    """Those on the reader's list for whom no declaration is in force, by name."""
    enrolled = set(session.scalars(select(Enrolment.person_id).where(Enrolment.ended_at.is_(None))))
    return [one for one in _on_the_list(session, reader, now) if one.id not in enrolled]


def _mobiles(session: Session, ids: Sequence[UUID]) -> dict[UUID, Address]:
    """The newest mobile of each."""
    rows = session.scalars(
        select(Address)
        .where(Address.person_id.in_(ids), Address.channel == ChannelName.SMS, Address.ended_at.is_(None))
        .order_by(Address.starts_at, Address.id)
    )
    return {row.person_id: row for row in rows}


def _candidate(one: Person, ready: _Ready, ticked: frozenset[str]) -> Candidate:
    return Candidate(
        id=str(one.id),
        name=words.full_name(one),
        href=f"/people/{one.id}",
        detail=f"{ready.number}. {one.case_id}." if ready.number else one.case_id,
        address=str(ready.mobile.id) if ready.mobile else "",
        ticked=str(one.id) in ticked,
        problem=ready.problem,
    )
