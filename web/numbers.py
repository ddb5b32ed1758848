"""The number of somebody who is enrolled: confirmed with them, or ended by another one that is."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from flask import Blueprint, abort, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from messages import phones
from messages.phones import PhoneError
from scheduler import circumstances, numbers, rules
from storage import addresses, audit, people
from storage.addresses import Address, AddressHealth
from storage.people import Enrolment, Person, PersonState
from storage.staff import Staff
from web import access, current, enrolment, formats, forms, once, person, reachable, words
from web.formats import in_london
from web.forms import Declared
from web.person_page import About
from web.policy import CASEWORK
from web.shapes.person import NumberForm
from web.shapes.pieces import Declaration, Errors, Link

pages = Blueprint("numbers", __name__)

_CHANGED = "The number on record changed in the meantime: check the one shown now"
_NO_TEXTS = "This number cannot take texts: ask for a mobile number"
_NOT_ENROLLED = "There is no declaration yet: make it on this page"
_CLOSED = "Their record is closed"


def form_for(this: About, *, asked: bool) -> NumberForm | None:
    """The form on a person's page: there while the newest mobile is in doubt, and when ``asked`` for."""
    if not _may_confirm(this):
        return None
    mobile, released = (
        numbers.newest(this.own),
        circumstances.released_by(this.session, this.person.id, this.now),
    )
    in_doubt = not reachable.is_checked(mobile, released) if mobile else not this.own
    if not asked and not in_doubt:
        return None
    return _form(this.person, mobile, released, Declaration(), once.token())


def link_to_form(this: About) -> Link | None:
    if not _may_confirm(this):
        return None
    return Link(label="Change or confirm the number", href=f"/people/{this.person.id}?number#number")


def _may_confirm(this: About) -> bool:
    """Enrolled, and neither closed nor in a state in which nothing goes to a mobile."""
    return (
        this.reader.role in CASEWORK
        and this.enrolled is not None
        and this.kept_from is None
        and this.person.closed_at is None
        and words.silencing(this.states) is None
    )


def _form(
    who: Person,
    mobile: Address | None,
    released: datetime | None,
    declaration: Declaration,
    idempotency: str,
    *,
    typed: str | None = None,
) -> NumberForm:
    checked = mobile is not None and reachable.is_checked(mobile, released)
    shown = words.address(mobile.channel, mobile.value) if mobile else ""
    return NumberForm(
        action=f"/people/{who.id}/number",
        idempotency=idempotency,
        heading="Change or confirm the number" if checked else "Confirm this number",
        lead=_lead(words.first_name(who), mobile, shown, released, checked=checked),
        mobile=shown if typed is None else typed,
        declaration=declaration,
        address=str(mobile.id) if mobile else "",
    )


def _lead(name: str, mobile: Address | None, shown: str, released: datetime | None, *, checked: bool) -> str:
    if mobile is None:
        return f"We have no mobile number of {name}’s. Write down the one that you have checked with them."
    if checked and mobile.confirmed_at is not None:
        return f"{shown} was checked with {name} {formats.full_day(in_london(mobile.confirmed_at).date())}."
    doubt = reachable.doubt_of(mobile, name, released=reachable.is_checked(mobile, None))
    return f"{shown}: {doubt[:1].lower()}{doubt[1:]} Nothing automatic goes to it before."


@pages.post("/people/<uuid:person_id>/number")
def confirm(person_id: UUID) -> ResponseReturnValue:
    services, reader, now = current.services(), current.reader(), current.now()
    form, typed = forms.declaration(request.form), forms.text(request.form, "mobile")
    with services.database.read() as session:
        if access.kept_from(session, reader, person_id) is not None:
            abort(404)
        name = words.first_name(session.get_one(Person, person_id))
        longest_ago = rules.load(session).name_needs_confirmation_within
        released = circumstances.released_by(session, person_id, now)
    declared, errors = forms.declared(form, name, now=now, longest_ago=longest_ago, again=True)
    if declared and released and declared.confirmed_on < (out := in_london(released).date()):
        errors = {"confirmed_on": f"{name} left custody {formats.full_day(out)}: check it again since then"}
    try:
        number = phones.parse(typed, allow_drama=services.council.drama_numbers)
    except PhoneError as error:
        number, errors = "", {"mobile": str(error), **errors}
    if declared is None or errors:
        return _again(person_id, form, typed, errors)
    why_not = ""
    with services.database.begin() as session:
        if once.first_time(session, now=now):
            shown = request.form.get("address", "")
            why_not = _confirm(session, reader, person_id, number, declared, shown=shown, now=now)
    if why_not:
        return _again(person_id, form, typed, {"mobile": why_not}, refused=number)
    return redirect(f"/people/{person_id}", 303)


def _confirm(
    session: Session,
    reader: Staff,
    person_id: UUID,
    number: str,
    declared: Declared,
    *,
    shown: str,
    now: datetime,
) -> str:
    """Write down that ``number`` is theirs; the one on record when the form was made was ``shown`` (its id).
    Why not; empty when it is done.

    Two at once are done one after the other.
    """
    who = session.scalars(select(Person).where(Person.id == person_id).with_for_update()).one()
    mobile = numbers.newest(addresses.of_person(session, person_id))
    states = people.states_on(session, person_id, in_london(now).date())
    if why_not := _why_not(who, people.enrolment(session, person_id), states):
        return why_not
    if shown != (str(mobile.id) if mobile else ""):
        return _CHANGED
    if mobile is None or mobile.value != number:
        mobile = numbers.begin(session, person_id, number, now=now)
        audit.note(
            session, "number.changed", now=now, staff_id=reader.id, subject="person", subject_id=person_id
        )
    elif mobile.health is AddressHealth.INVALID:
        return _NO_TEXTS
    enrolment.declare(session, reader, who, mobile, declared, now=now)
    audit.note(
        session, "number.confirmed", now=now, staff_id=reader.id, subject="person", subject_id=person_id
    )
    return ""


def _why_not(who: Person, enrolled: Enrolment | None, states: Sequence[PersonState]) -> str:
    if who.closed_at is not None:
        return _CLOSED
    if enrolled is None:
        return _NOT_ENROLLED
    state = words.silencing(states)
    return f"{words.STATE_WORDS[state.kind]}: nothing is sent to a mobile" if state else ""


def _again(
    person_id: UUID, declaration: Declaration, typed: str, errors: Errors, *, refused: str = ""
) -> ResponseReturnValue:
    """The form as it was typed, beside the number on record by now. A ``refused`` number that was theirs
    before gives way to the one on record, lest the next click brings it back.
    """
    with current.services().database.read() as session:
        who = session.get_one(Person, person_id)
        mobile = numbers.newest(addresses.of_person(session, person_id))
        released = circumstances.released_by(session, person_id, current.now())
        theirs = bool(refused) and addresses.was_theirs(session, person_id, refused)
    token = once.token() if refused else once.given()
    form = _form(who, mobile, released, declaration, token, typed=None if theirs else typed)
    return person.shown(person_id, form=form, errors=errors)
