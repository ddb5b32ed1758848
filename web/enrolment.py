"""The declaration without which nobody is texted: on a person's page, or for several named people at once."""

from collections.abc import Sequence
from datetime import datetime, time
from uuid import UUID

from flask import Blueprint, abort, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from messages.channel import ChannelName
from scheduler import rules, slots, states
from scheduler.local_time import LONDON, wall
from scheduler.rules import Rules
from storage import addresses, audit, people
from storage.addresses import Address, AddressHealth
from storage.people import Enrolment, Person
from storage.staff import Staff
from web import access, chrome, current, forms, once, person, words
from web.alert_page import newest_mobile
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


def form_for(this: About, declaration: Declaration | None = None) -> EnrolmentForm:
    """The form on a person's page; ``blocked`` says why it cannot be made yet."""
    mobile = newest_mobile(this.own)
    return EnrolmentForm(
        action=f"/people/{this.person.id}/enrol",
        idempotency=once.token(),
        number=words.address(mobile.channel, mobile.value) if mobile else "",
        declaration=declaration or Declaration(),
        blocked=_sentence(_problem(mobile)),
    )


def _problem(mobile: Address | None) -> str:
    """Why somebody cannot be enrolled yet."""
    if mobile is None:
        return "there is no mobile number yet."
    return _BAD.get(mobile.health, "")


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"


def enrol(
    session: Session, reader: Staff, person: Person, declared: Declared, values: Rules, *, now: datetime
) -> bool:
    """Write the declaration down. False when one is in force already, or there is no number to declare."""
    mobile = newest_mobile(addresses.of_person(session, person.id))
    if people.enrolment(session, person.id) is not None or mobile is None or _problem(mobile):
        return False
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
    slots.plan_next(session, person, values, now=now)
    audit.note(
        session, "person.enrolled", now=now, staff_id=reader.id, subject="person", subject_id=person.id
    )
    return True


@pages.post("/people/<uuid:person_id>/enrol")
def one(person_id: UUID) -> ResponseReturnValue:
    services, reader, now = current.services(), current.reader(), current.now()
    form = forms.declaration(request.form)
    with services.database.read() as session:
        values = rules.load(session)
        name = words.first_name(session.get_one(Person, person_id))
        own = addresses.of_person(session, person_id)
    declared, errors = forms.declared(form, name, now=now, longest_ago=values.name_needs_confirmation_within)
    if declared is None:
        mobile = newest_mobile(own)
        again = EnrolmentForm(
            action=f"/people/{person_id}/enrol",
            idempotency=once.given(),
            number=words.address(mobile.channel, mobile.value) if mobile else "",
            declaration=form,
            blocked=_sentence(_problem(mobile)),
        )
        return person.shown(person_id, form=again, errors=errors)
    with services.database.begin() as session:
        if access.kept_from(session, reader, person_id) is not None:
            abort(404)
        if once.first_time(session, now=now):
            enrol(session, reader, _locked(session, person_id), declared, values, now=now)
    return redirect(f"/people/{person_id}", 303)


def _locked(session: Session, person_id: UUID) -> Person:
    """Two declarations at once are made one after the other."""
    return session.scalars(select(Person).where(Person.id == person_id).with_for_update()).one()


@pages.get("/enrol")
def bulk_form() -> ResponseReturnValue:
    return _bulk(Declaration(), frozenset(), {})


@pages.post("/enrol")
def bulk() -> ResponseReturnValue:
    services, reader, now = current.services(), current.reader(), current.now()
    form, ticked = forms.declaration(request.form), frozenset(request.form.getlist("people"))
    with services.database.read() as session:
        values = rules.load(session)
    declared, errors = forms.declared(
        form, "each person ticked", now=now, longest_ago=values.name_needs_confirmation_within
    )
    if not ticked:
        errors = {"people": "Tick at least one person", **errors}
    if declared is None or errors:
        return _bulk(form, ticked, errors)
    with services.database.begin() as session:
        if once.first_time(session, now=now):
            for one in _unenrolled(session, reader, now):
                if str(one.id) in ticked:
                    enrol(session, reader, _locked(session, one.id), declared, values, now=now)
    return redirect("/people", 303)


def _bulk(form: Declaration, ticked: frozenset[str], errors: Errors) -> ResponseReturnValue:
    with current.services().database.read() as session:
        found = _unenrolled(session, current.reader(), current.now())
        mobiles = _mobiles(session, [one.id for one in found])
    page = EnrolBulkPage(
        lead="Nothing automatic is sent to anybody here yet. Each person ticked gets one welcome text, "
        "then check-ins.",
        action="/enrol",
        idempotency=once.token(),
        candidates=tuple(_candidate(one, mobiles.get(one.id), ticked) for one in found),
        declaration=form,
        errors=errors,
    )
    return chrome.rendered("enrol_bulk.html", page, place="People"), 422 if errors else 200


def _unenrolled(session: Session, reader: Staff, now: datetime) -> list[Person]:
    """Those on the reader's list for whom no declaration is in force, by name."""
    enrolled = select(Enrolment.person_id).where(Enrolment.ended_at.is_(None))
    found = session.scalars(
        select(Person).where(
            access.caseload(session, reader, now), Person.closed_at.is_(None), Person.id.not_in(enrolled)
        )
    )
    return sorted(found, key=lambda one: words.full_name(one).casefold())


def _mobiles(session: Session, ids: Sequence[UUID]) -> dict[UUID, Address]:
    rows = session.scalars(
        select(Address)
        .where(Address.person_id.in_(ids), Address.channel == ChannelName.SMS, Address.ended_at.is_(None))
        .order_by(Address.starts_at, Address.id)
    )
    return {row.person_id: row for row in rows}


def _candidate(one: Person, mobile: Address | None, ticked: frozenset[str]) -> Candidate:
    return Candidate(
        id=str(one.id),
        name=words.full_name(one),
        href=f"/people/{one.id}",
        detail=f"{words.address(mobile.channel, mobile.value)}. {one.case_id}." if mobile else one.case_id,
        ticked=str(one.id) in ticked,
        problem=_problem(mobile),
    )
