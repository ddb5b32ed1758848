"""Noting that a text should have raised an alert: for those who look after the reading. It alerts nobody."""

from uuid import UUID

from flask import Blueprint, abort, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from storage import audit, inbound
from storage.inbound import InboundMessage
from storage.people import Person
from web import access, chrome, current, formats, forms, once, talk, words
from web.shapes.pieces import Choice, Errors, Link
from web.shapes.site import ChoosePage

pages = Blueprint("missed", __name__)

_CHOICES = (
    Choice(value="yes", label="Yes, note it as missed"),
    Choice(value="no", label="No", hint="If it was noted as missed, that is taken back"),
)


def _text(session: Session, person_id: UUID, message_id: UUID, *, lock: bool = False) -> InboundMessage:
    """A text of this person's that the reader may read and that could have been missed; 404 for any other."""
    reader = current.reader()
    row = session.get(InboundMessage, message_id, with_for_update=lock)
    if (
        row is None
        or row.person_id != person_id
        or not access.may_read(reader, row, access.kept_from(session, reader, person_id))
        or not inbound.may_be_missed(session, [row])
    ):
        abort(404)
    return row


@pages.get("/people/<uuid:person_id>/texts/<uuid:message_id>/missed")
def form(person_id: UUID, message_id: UUID) -> ResponseReturnValue:
    return _page(person_id, message_id)


def _page(person_id: UUID, message_id: UUID, errors: Errors | None = None) -> ResponseReturnValue:
    now = current.now()
    with current.services().database.begin() as session:
        row = _text(session, person_id, message_id)
        person = session.get_one(Person, person_id)
        talk.note_view(session, current.reader(), person_id, now=now, again=False)
    name = words.first_name(person)
    page = ChoosePage(
        heading="Should this have raised an alert?",
        lead=f"{name}, {formats.moment(row.received_at, now)}. Noting it helps the reading: the text may go, "
        f"without names, to those who look after it. It alerts nobody. What {name} needs now is yours to do.",
        quote=row.body,
        back=Link(label=words.full_name(person), href=f"/people/{person_id}"),
        action=request.path,
        idempotency=once.token(),
        name="missed",
        legend="It should have raised an alert",
        choices=_CHOICES,
        button="Save",
        errors=errors or {},
    )
    return chrome.rendered("choose.html", page, place="People"), 422 if errors else 200


@pages.post("/people/<uuid:person_id>/texts/<uuid:message_id>/missed")
def note(person_id: UUID, message_id: UUID) -> ResponseReturnValue:
    chosen = forms.one_of(request.form, "missed", (choice.value for choice in _CHOICES))
    if not chosen:
        return _page(person_id, message_id, {"missed": "Say whether it should have raised an alert"})
    reader, now, missed = current.reader(), current.now(), chosen == "yes"
    with current.services().database.begin() as session:
        row = _text(session, person_id, message_id, lock=True)
        if once.first_time(session, now=now) and missed is (row.missed_at is None):
            row.missed_at, row.missed_by_id = (now, reader.id) if missed else (None, None)
            audit.note(
                session,
                "text.missed" if missed else "text.not_missed",
                now=now,
                staff_id=reader.id,
                subject="message",
                subject_id=message_id,
            )
    return redirect(f"/people/{person_id}{'?noted' if missed else ''}", 303)
