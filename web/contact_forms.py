"""Writing a contact down, and saying whether a reply counts as one."""

from uuid import UUID

from flask import Blueprint, abort, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from messages.kinds import ContactMethod, NotCounted
from scheduler.contacts import WrongDay, correct_contact, log_contact
from storage import audit, contacts
from storage.contacts import Contact, Direction
from storage.inbound import InboundMessage
from storage.people import Person
from web import access, chrome, current, formats, forms, once, talk, words
from web.formats import in_london
from web.shapes.person import ContactCorrectPage, LogContactPage
from web.shapes.pieces import Choice, DateField, Errors, Link, MessageBubble, Side

pages = Blueprint("contacts", __name__)

_METHODS = (
    Choice(value=ContactMethod.CALL, label="Call"),
    Choice(value=ContactMethod.VISIT, label="Visit"),
    Choice(value=ContactMethod.LETTER, label="Letter"),
    Choice(
        value=ContactMethod.AGENCY, label="Through another agency", hint="For example, college or housing"
    ),
    Choice(value=ContactMethod.OTHER, label="Something else"),
)
_REASONS = (
    Choice(value=NotCounted.AUTOREPLY, label="A phone or mailbox answered by itself"),
    Choice(value=NotCounted.WRONG_PERSON, label="It is somebody else’s number"),
    Choice(value=NotCounted.THIRD_PARTY, label="Somebody else wrote it"),
    Choice(value=NotCounted.NOISE, label="Sent by mistake, or nothing in it"),
)


@pages.get("/people/<uuid:person_id>/log")
def log_form(person_id: UUID) -> ResponseReturnValue:
    now = in_london(current.now())
    return _log_page(person_id, on=forms.date_field_of(now.date()), at=formats.time_of_day(now))


def _log_page(
    person_id: UUID,
    *,
    method: str = "",
    two_way: str = "",
    on: DateField,
    at: str,
    note: str = "",
    errors: Errors | None = None,
) -> ResponseReturnValue:
    with current.services().database.read() as session:
        person = session.get_one(Person, person_id)
    page = LogContactPage(
        name=words.full_name(person),
        first_name=words.first_name(person),
        back=Link(label=words.full_name(person), href=f"/people/{person_id}"),
        action=f"/people/{person_id}/log",
        idempotency=once.token(),
        methods=_METHODS,
        method=method,
        two_way=two_way,
        on=on,
        at=at,
        note=note,
        errors=errors or {},
    )
    return chrome.rendered("log_contact.html", page, place="People"), 422 if errors else 200


@pages.post("/people/<uuid:person_id>/log")
def log(person_id: UUID) -> ResponseReturnValue:
    method = forms.one_of(request.form, "method", (choice.value for choice in _METHODS))
    two_way = forms.one_of(request.form, "two_way", ("yes", "no"))
    on, typed = forms.date_field(request.form, "on"), forms.text(request.form, "at")
    day, at, note = forms.date_of(on), forms.time_of(typed), forms.text(request.form, "note")
    checks = {
        "method": "" if method else "Choose what it was",
        "two_way": "" if two_way else "Say whether you reached them",
        "on": "" if day else "Write the date like 24 11 2026",
        "at": "" if at else "Write the time like 5:15pm",
        "note": forms.too_long(note),
    }
    errors = {name: words for name, words in checks.items() if words}

    def again(errors: Errors) -> ResponseReturnValue:
        return _log_page(person_id, method=method, two_way=two_way, on=on, at=typed, note=note, errors=errors)

    if errors or day is None or at is None:
        return again(errors)
    reader, now = current.reader(), current.now()
    try:
        with current.services().database.begin() as session:
            if once.first_time(session, now=now):
                contact = log_contact(
                    session,
                    person_id,
                    method=ContactMethod(method),
                    direction=Direction.TWO_WAY if two_way == "yes" else Direction.ATTEMPT,
                    at=forms.moment_of(day, at),
                    staff_id=reader.id,
                    note=note or None,
                    now=now,
                )
                audit.note(
                    session,
                    "contact.logged",
                    now=now,
                    staff_id=reader.id,
                    subject="contact",
                    subject_id=contact.id,
                )
    except WrongDay as error:
        return again({"on": str(error)})
    return redirect(f"/people/{person_id}?tab=contacts", 303)


def _contact(session: Session, person_id: UUID, contact_id: UUID) -> tuple[Person, Contact, InboundMessage]:
    """A reply of this person's that the reader may read; 404 for any other."""
    contact = session.get(Contact, contact_id)
    if contact is None or contact.person_id != person_id or contact.inbound_id is None:
        abort(404)
    message = session.get_one(InboundMessage, contact.inbound_id)
    if not access.may_read(current.reader(), message, access.kept_from(session, current.reader(), person_id)):
        abort(404)
    return session.get_one(Person, person_id), contact, message


@pages.get("/people/<uuid:person_id>/contacts/<uuid:contact_id>/correct")
def correct_form(person_id: UUID, contact_id: UUID) -> ResponseReturnValue:
    return _correct_page(person_id, contact_id)


def _correct_page(
    person_id: UUID,
    contact_id: UUID,
    *,
    counts: str = "",
    reason: str = "",
    note: str = "",
    errors: Errors | None = None,
) -> ResponseReturnValue:
    with current.services().database.read() as session:
        person, contact, message = _contact(session, person_id, contact_id)
        judged = contacts.corrections(session, [contact.id]).get(contact.id)
    why = talk.why_not_counted(contact, judged)
    page = ContactCorrectPage(
        name=words.full_name(person),
        first_name=words.first_name(person),
        back=Link(label=words.full_name(person), href=f"/people/{person_id}"),
        action=f"/people/{person_id}/contacts/{contact_id}/correct",
        idempotency=once.token(),
        message=MessageBubble(
            id=str(message.id),
            side=Side.IN,
            body=words.spans(message.body),
            who=words.first_name(person),
            when=formats.day_and_time(message.received_at),
            lang=words.language_of(words.reading_of(message.reading), person.language),
        ),
        standing=f"Received, not counted: {why}." if why else "It counts as in touch.",
        reasons=_REASONS,
        counts=counts,
        reason=reason,
        note=note,
        errors=errors or {},
    )
    _audit_view(person_id)
    return chrome.rendered("contact_correct.html", page, place="People"), 422 if errors else 200


def _audit_view(person_id: UUID) -> None:
    with current.services().database.begin() as session:
        talk.note_view(session, current.reader(), person_id, now=current.now(), again=False)


@pages.post("/people/<uuid:person_id>/contacts/<uuid:contact_id>/correct")
def correct(person_id: UUID, contact_id: UUID) -> ResponseReturnValue:
    counts = forms.one_of(request.form, "counts", ("yes", "no"))
    reason = forms.one_of(request.form, "reason", (choice.value for choice in _REASONS))
    note = forms.text(request.form, "note")
    errors = {} if counts else {"counts": "Say whether it counts"}
    if counts == "no" and not reason:
        errors["reason"] = "Say why it does not count"
    if counts == "yes" and not note:
        errors["note"] = "Say how you know that they wrote it"
    elif fault := forms.too_long(note):
        errors["note"] = fault
    if errors:
        return _correct_page(person_id, contact_id, counts=counts, reason=reason, note=note, errors=errors)
    said = next((choice.label for choice in _REASONS if choice.value == reason), "") if counts == "no" else ""
    reader, now = current.reader(), current.now()
    with current.services().database.begin() as session:
        _, contact, _ = _contact(session, person_id, contact_id)
        if once.first_time(session, now=now):
            correct_contact(
                session,
                contact,
                counts=counts == "yes",
                reason=". ".join(part for part in (said, note) if part),
                staff_id=reader.id,
                now=now,
            )
            audit.note(
                session,
                "contact.corrected",
                now=now,
                staff_id=reader.id,
                subject="contact",
                subject_id=contact_id,
            )
    return redirect(f"/people/{person_id}?tab=contacts", 303)
