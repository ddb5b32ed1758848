"""The triage tray: texts that are nobody's or several people's, that no rule could read, or are unread."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from flask import Blueprint, abort, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from messages.channel import ChannelName, InboundKind
from messages.kinds import ContactMethod, NotCounted
from scheduler import taking
from scheduler.contacts import correct_contact
from storage import addresses, audit, contacts, inbound, people
from storage.alerts import Alert, AlertState
from storage.audit import AuditEvent
from storage.contacts import Contact, Direction
from storage.inbound import InboundMessage
from storage.people import Person
from storage.staff import Staff
from web import access, chrome, current, formats, forms, guard, once, talk, words
from web.shapes.people import TriagePage, TriageRow
from web.shapes.pieces import Choice, Errors, Link, PostButton
from web.shapes.site import ChoosePage

pages = Blueprint("triage", __name__)

_KINDS = (InboundKind.TEXT, InboundKind.EDIT, InboundKind.PRESS)
_METHODS = {ChannelName.SMS: ContactMethod.TEXT, ChannelName.TELEGRAM: ContactMethod.TELEGRAM}
#: So many of each are shown; the oldest first, so that what waits longest is never the one left out.
_MOST = 100
#: A text that came this lately may still be on its way through the rules.
_SETTLES = timedelta(seconds=60)
_REFERENCE = "reference"
_NOBODY = "nobody"
_ELSEWHERE = "It was somebody else’s text: say again whether it counts."


@pages.get("/triage")
def tray() -> str:
    reader, now = current.reader(), current.now()
    with current.services().database.read() as session:
        nobodys = _nobodys(session, reader, now)
        unread = _unread(session, reader, now)
        names = {one.id: words.full_name(one) for one in _people(session, unread)}
        missable = inbound.may_be_missed(session, unread)
        fresh = not guard.is_poll() or not _seen_lately(session, reader, now)
    if fresh:
        with current.services().database.begin() as session:
            audit.note(session, "triage.viewed", now=now, staff_id=reader.id)
    return chrome.rendered(
        "triage.html",
        TriagePage(
            lead=_lead(nobodys, unread, now),
            unknown=tuple(_stranger(row, now) for row in nobodys),
            unread=tuple(_known(row, names, missable, now) for row in unread),
        ),
        place="Triage",
    )


def _seen_lately(session: Session, reader: Staff, now: datetime) -> bool:
    """A page that refreshes itself is the same view for a while."""
    lately = select(AuditEvent.id).where(
        AuditEvent.action == "triage.viewed",
        AuditEvent.staff_id == reader.id,
        AuditEvent.at > now - talk.SAME_VIEW,
    )
    return session.scalars(lately.limit(1)).first() is not None


def _nobodys(session: Session, reader: Staff, now: datetime) -> Sequence[InboundMessage]:
    """Handled or parked, and nobody's: unknown senders, shared and disputed numbers."""
    return session.scalars(
        select(InboundMessage)
        .where(
            InboundMessage.person_id.is_(None),
            InboundMessage.staff_id.is_(None),
            InboundMessage.read_at.is_(None),
            InboundMessage.kind.in_(_KINDS),
            InboundMessage.handled_at.is_not(None) | (InboundMessage.received_at < now - _SETTLES),
            access.readable(reader),
        )
        .order_by(InboundMessage.received_at)
        .limit(_MOST)
    ).all()


def _unread(session: Session, reader: Staff, now: datetime) -> Sequence[InboundMessage]:
    """Texts of people on the reader's list that nobody has had on a screen."""
    return session.scalars(
        select(InboundMessage)
        .join(Person, Person.id == InboundMessage.person_id)
        .where(
            access.caseload(session, reader, now),
            InboundMessage.read_at.is_(None),
            InboundMessage.kind.in_(_KINDS),
            access.readable(reader),
        )
        .order_by(InboundMessage.received_at)
        .limit(_MOST)
    ).all()


def _may_read(session: Session, reader: Staff, row: InboundMessage) -> bool:
    since = access.kept_from(session, reader, row.person_id) if row.person_id else None
    return access.may_read(reader, row, since)


def _people(session: Session, rows: Sequence[InboundMessage]) -> Sequence[Person]:
    return session.scalars(select(Person).where(Person.id.in_({row.person_id for row in rows}))).all()


def _lead(nobodys: Sequence[InboundMessage], unread: Sequence[InboundMessage], now: datetime) -> str:
    if not nobodys and not unread:
        return "Nothing waits here."
    first = min(row.received_at for row in (*nobodys, *unread))
    verb = "belongs" if len(nobodys) == 1 else "belong"
    waiting = formats.spelled(len(unread), "text")
    said = f"{formats.spelled(len(nobodys), 'text')} {verb} to nobody, {waiting} unread."
    return f"{said[:1].upper()}{said[1:]} The first came {formats.ago(first, now)}."


def _stranger(row: InboundMessage, now: datetime) -> TriageRow:
    sender = words.address(row.channel, row.sender)
    return TriageRow(
        sender=sender,
        when=formats.moment(row.received_at, now),
        words=words.spans(row.body or "(no words)"),
        lang=words.language_of(words.reading_of(row.reading), ""),
        meta=_meta(row),
        button=Link(label="Say whose it is", href=f"/triage/{row.id}/whose", hidden=sender),
    )


def _known(
    row: InboundMessage, names: dict[UUID, str], missable: frozenset[UUID], now: datetime
) -> TriageRow:
    name = names[row.person_id] if row.person_id else ""
    return TriageRow(
        sender=name,
        href=f"/people/{row.person_id}",
        when=formats.moment(row.received_at, now),
        words=words.spans(row.body or "(no words)"),
        lang=words.language_of(words.reading_of(row.reading), ""),
        meta=_meta(row),
        button=PostButton(label="Read", action=f"/triage/{row.id}/read", hidden=f"{name}’s text"),
        links=(talk.missed_link(row, name),) if row.id in missable else (),
    )


def _meta(row: InboundMessage) -> str:
    if row.parked_at is not None:
        return "No rule could read this: please do."
    read = words.read_as(words.reading_of(row.reading))
    return f"We read: {', '.join(read)}." if read else ""


def _message(
    session: Session, message_id: UUID, *, nobodys: bool = False, lock: bool = False
) -> InboundMessage:
    """A text that the reader may handle; 404 for any other."""
    row = session.get(InboundMessage, message_id, with_for_update=lock)
    if row is None or row.staff_id is not None or (nobodys and row.person_id is not None):
        abort(404)
    reader, now = current.reader(), current.now()
    if not _may_read(session, reader, row) or (
        row.person_id is not None and not access.may_see_person(session, reader, row.person_id, now)
    ):
        abort(404)
    return row


@pages.post("/triage/<uuid:message_id>/read")
def read(message_id: UUID) -> ResponseReturnValue:
    reader, now = current.reader(), current.now()
    with current.services().database.begin() as session:
        row = _message(session, message_id)
        if row.read_at is None:
            row.read_at, row.read_by_id = now, reader.id
            audit.note(
                session, "text.read", now=now, staff_id=reader.id, subject="message", subject_id=row.id
            )
    return redirect("/triage", 303)


@pages.get("/triage/<uuid:message_id>/whose")
def whose(message_id: UUID) -> ResponseReturnValue:
    return _whose(message_id)


def _whose(message_id: UUID, reference: str = "", errors: Errors | None = None) -> ResponseReturnValue:
    with current.services().database.begin() as session:
        row = _message(session, message_id, nobodys=True)
        holders = _holders(session, row)
        audit.note(
            session,
            "text.viewed",
            now=current.now(),
            staff_id=current.reader().id,
            subject="message",
            subject_id=row.id,
        )
    page = ChoosePage(
        heading="Whose text is this?",
        lead=f"{words.address(row.channel, row.sender)}, {formats.moment(row.received_at, current.now())}. "
        "It joins their conversation and is not counted until you say so; their number stays as it is.",
        quote=row.body,
        back=Link(label="Triage", href="/triage"),
        action=f"/triage/{message_id}/whose",
        idempotency=once.token(),
        name="person",
        legend="It is from",
        choices=(
            *(Choice(value=str(one.id), label=words.full_name(one), hint=one.case_id) for one in holders),
            Choice(value=_REFERENCE, label="Somebody else, by their reference"),
            Choice(
                value=_NOBODY,
                label="Nobody of ours",
                hint="It leaves this list as read and counts for nobody. An alert that it raised stays open",
            ),
        ),
        text_name="reference",
        text_label="Their reference",
        text_value=reference,
        button="Save",
        errors=errors or {},
    )
    return chrome.rendered("choose.html", page, place="Triage"), 422 if errors else 200


def _holders(session: Session, row: InboundMessage) -> Sequence[Person]:
    """Those of the reader's people who have this number."""
    held = addresses.holders(session, row.channel, session.info["keyring"].indexes(row.sender))
    return session.scalars(
        select(Person).where(
            Person.id.in_({one.person_id for one in held}),
            access.caseload(session, current.reader(), current.now()),
        )
    ).all()


@pages.post("/triage/<uuid:message_id>/whose")
def match(message_id: UUID) -> ResponseReturnValue:
    reader, now = current.reader(), current.now()
    chosen, reference = request.form.get("person", ""), forms.text(request.form, "reference")
    with current.services().database.begin() as session:
        row = _message(session, message_id, lock=True)
        if row.person_id is None:  # else it is done already: sent twice, or a colleague was quicker
            if person := _chosen(session, row, chosen, reference):
                _give(session, reader, row, person, now=now)
            elif chosen == _NOBODY:
                row.read_at, row.read_by_id = row.read_at or now, row.read_by_id or reader.id
        settled = row.person_id is not None or chosen == _NOBODY
    if settled:
        return redirect("/triage", 303)
    if chosen == _REFERENCE:
        return _whose(message_id, reference, {"reference": "Nobody on your list has this reference"})
    return _whose(message_id, reference, {"person": "Say whose it is"})


def _chosen(session: Session, row: InboundMessage, chosen: str, reference: str) -> Person | None:
    if chosen == _REFERENCE:
        found = people.by_case_id(session, reference)
    else:
        found = next((one for one in _holders(session, row) if str(one.id) == chosen), None)
    if found is None or not access.may_see_person(session, current.reader(), found.id, current.now()):
        return None
    return found


def _give(session: Session, reader: Staff, row: InboundMessage, person: Person, *, now: datetime) -> None:
    """This text and what the same sender wrote before become this person's: received, not yet counted."""
    indexes = session.info["keyring"].indexes(row.sender)
    theirs = session.scalars(
        select(InboundMessage).where(
            InboundMessage.channel == row.channel,
            InboundMessage.sender_index.in_(indexes),
            InboundMessage.person_id.is_(None),
            InboundMessage.staff_id.is_(None),
            InboundMessage.received_at <= row.received_at,
        )
    ).all()
    held = addresses.holders(session, row.channel, indexes)
    several = len({one.person_id for one in held}) > 1
    moved = [row] if several else theirs
    noted = contacts.of_texts(session, [one.id for one in moved])
    for one in moved:
        one.person_id = person.id
        one.read_at, one.read_by_id = one.read_at or now, one.read_by_id or reader.id
        if one.id in noted:
            _hand_over(session, reader, noted[one.id], person, now=now)
        elif one.kind is not InboundKind.EDIT:
            session.add(
                Contact(
                    person_id=person.id,
                    at=one.happened_at,
                    direction=Direction.RECEIVED,
                    method=_METHODS.get(one.channel, ContactMethod.OTHER),
                    not_counted=NotCounted.SHARED_NUMBER if several else NotCounted.UNCONFIRMED_ADDRESS,
                    begun_by_person=True,
                    inbound_id=one.id,
                    staff_id=reader.id,
                    recorded_at=now,
                )
            )
    _give_alerts(session, moved, person, now=now)
    audit.note(session, "text.matched", now=now, staff_id=reader.id, subject="message", subject_id=row.id)


def _hand_over(session: Session, reader: Staff, contact: Contact, person: Person, *, now: datetime) -> None:
    """A text from a disputed number was noted as a contact of the number's owner, not counted. It stays that
    contact; what was judged of it there does not hold for anybody else.
    """
    if contact.person_id == person.id:
        return
    contact.person_id = person.id
    if contacts.corrections(session, [contact.id]):
        correct_contact(session, contact, counts=False, reason=_ELSEWHERE, staff_id=reader.id, now=now)


def _give_alerts(session: Session, moved: Sequence[InboundMessage], person: Person, *, now: datetime) -> None:
    """What these texts raised and is still open is about this person from now on."""
    raised = session.scalars(
        select(Alert).where(
            Alert.inbound_id.in_([one.id for one in moved]),
            Alert.person_id.is_(None),
            Alert.state != AlertState.CLOSED,
        )
    ).all()
    for alert in raised:
        taking.give(session, alert, person, now=now)
