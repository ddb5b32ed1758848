"""A person's conversation as bubbles: both directions by time, with what became of each text, in words."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from messages.channel import DeliveryStatus, InboundKind
from messages.kinds import OutboundKind
from storage import audit, contacts, inbound
from storage.alerts import Alert
from storage.audit import AuditEvent
from storage.contacts import Contact, ContactCorrection, Direction
from storage.inbound import InboundMessage
from storage.outbound import OutboundMessage, OutboundState
from storage.people import Person
from storage.staff import Staff
from web import access, formats, words
from web.shapes.pieces import ConversationDay, Link, MessageBubble, PostButton, Side, Span, Status

#: How many messages one page shows.
PAGE = 40
_TO_STAFF = tuple(kind for kind in OutboundKind if kind.to_staff)
_SHOWN = (InboundKind.TEXT, InboundKind.PRESS, InboundKind.EDIT, InboundKind.BLOCKED, InboundKind.LINK)
_NOTES = {InboundKind.BLOCKED: "Blocked us on Telegram", InboundKind.LINK: "Opened the Telegram link"}
HANDLED = "Being handled by your manager"
#: A page that refreshes itself is one view; so much later it is another.
SAME_VIEW = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """``earlier``: the moment before which there is more. ``shown``: theirs that the reader could read."""

    days: tuple[ConversationDay, ...]
    earlier: datetime | None
    shown: tuple[UUID, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """One message with its place in time."""

    at: datetime
    bubble: MessageBubble


def conversation(
    session: Session,
    reader: Staff,
    person: Person,
    *,
    now: datetime,
    before: datetime | None = None,
    limit: int = PAGE,
) -> Talk:
    """The newest ``limit`` messages before ``before``, oldest first, as this reader may see them."""
    since = access.kept_from(session, reader, person.id)
    theirs = _inbound(session, person.id, before, limit + 1)
    ours = _outbound(session, person.id, before, limit + 1)
    times = sorted([*(row.received_at for row in theirs), *(_left_at(row) for row in ours)], reverse=True)
    from_at = times[limit - 1] if len(times) > limit else None
    theirs = [row for row in theirs if from_at is None or row.received_at >= from_at]
    ours = [row for row in ours if from_at is None or _left_at(row) >= from_at]
    readable = [row for row in theirs if access.may_read(reader, row, since)]
    answers = {row.id for row in theirs if row not in readable}
    written = [
        row for row in ours if (since is None or _left_at(row) < since) and row.inbound_id not in answers
    ]
    told = [
        *_their_bubbles(session, person, readable),
        *_our_bubbles(session, reader, person, written, now),
        *_kept(
            person,
            [
                *(row.received_at for row in theirs if row not in readable),
                *(_left_at(row) for row in ours if row not in written),
            ],
        ),
    ]
    told.sort(key=lambda one: one.at)
    return Talk(days=_days(told, now), earlier=from_at, shown=tuple(row.id for row in readable))


def _inbound(session: Session, person_id: UUID, before: datetime | None, limit: int) -> list[InboundMessage]:
    query = select(InboundMessage).where(
        InboundMessage.person_id == person_id, InboundMessage.kind.in_(_SHOWN)
    )
    if before is not None:
        query = query.where(InboundMessage.received_at < before)
    return list(session.scalars(query.order_by(InboundMessage.received_at.desc()).limit(limit)))


def _outbound(
    session: Session, person_id: UUID, before: datetime | None, limit: int
) -> list[OutboundMessage]:
    query = select(OutboundMessage).where(
        OutboundMessage.person_id == person_id, OutboundMessage.kind.not_in(_TO_STAFF)
    )
    if before is not None:
        query = query.where(OutboundMessage.due_at < before)
    return list(session.scalars(query.order_by(OutboundMessage.due_at.desc()).limit(limit)))


def _left_at(row: OutboundMessage) -> datetime:
    return row.due_at


def _days(told: Sequence[_Told], now: datetime) -> tuple[ConversationDay, ...]:
    by_day = groupby(told, key=lambda one: formats.in_london(one.at).date())
    return tuple(
        ConversationDay(label=formats.day_divider(day, now), messages=tuple(one.bubble for one in messages))
        for day, messages in by_day
    )


def _kept(person: Person, times: Sequence[datetime]) -> list[_Told]:
    """One note in place of all that is kept from the reader."""
    if not times:
        return []
    at = min(times)
    bubble = MessageBubble(
        id=f"kept-{person.id}",
        side=Side.NOTE,
        body=(Span(text=HANDLED),),
        who=words.first_name(person),
        when=formats.time_of_day(at),
    )
    return [_Told(at=at, bubble=bubble)]


def _their_bubbles(session: Session, person: Person, rows: Sequence[InboundMessage]) -> list[_Told]:
    counted = {
        row.inbound_id: row
        for row in session.scalars(select(Contact).where(Contact.inbound_id.in_([row.id for row in rows])))
    }
    judged = contacts.corrections(session, [row.id for row in counted.values()])
    newest = {row.edit_of: row for row in reversed(rows) if row.kind is InboundKind.EDIT and row.edit_of}
    known = {row.provider_id for row in rows}
    missable = inbound.may_be_missed(session, rows)
    noters = _first_names(session, {row.missed_by_id for row in rows})
    return [
        _Told(
            at=row.received_at,
            bubble=_theirs(
                person,
                row,
                newest.get(row.provider_id),
                counted.get(row.id),
                judged,
                missable=missable,
                noters=noters,
            ),
        )
        for row in rows
        if not (row.kind is InboundKind.EDIT and row.edit_of in known)
    ]


def _theirs(
    person: Person,
    row: InboundMessage,
    edit: InboundMessage | None,
    contact: Contact | None,
    judged: dict[UUID, ContactCorrection],
    *,
    missable: frozenset[UUID],
    noters: dict[UUID, str],
) -> MessageBubble:
    note = _NOTES.get(row.kind)
    shown = edit or row
    noted = row if row.missed_by_id else shown
    reading = words.reading_of(shown.reading)
    raised = reading.get("why", ()) if reading.get("urgent") else ()
    why = why_not_counted(contact, judged.get(contact.id) if contact else None)
    return MessageBubble(
        id=str(row.id),
        side=Side.NOTE if note else Side.IN,
        body=(Span(text=note),) if note else words.spans(shown.body, raised) or (Span(text="(no words)"),),
        who=words.first_name(person),
        when=formats.time_of_day(row.received_at),
        lang=words.language_of(reading, person.language),
        read_as=() if note else words.read_as(reading),
        missed_by=noters[noted.missed_by_id] if noted.missed_by_id else "",
        missed=missed_link(noted, words.first_name(person)) if {row.id, shown.id} <= missable else None,
        not_counted=why,
        count_href=f"/people/{person.id}/contacts/{contact.id}/correct" if contact and why else "",
        first_version=row.body if edit else "",
        pictures=_pictures(row),
    )


def missed_link(row: InboundMessage, whose: str) -> Link:
    """To where it is said that a text should have raised an alert, or taken back."""
    return Link(
        label="Take back" if row.missed_at else "Should have alerted?",
        href=f"/people/{row.person_id}/texts/{row.id}/missed",
        hidden=f"{whose}’s text of {formats.time_of_day(row.received_at)}",
    )


def why_not_counted(contact: Contact | None, correction: ContactCorrection | None) -> str:
    """The clause after "Received, not counted"; empty for what counts."""
    if contact is None or contact.direction not in (Direction.RECEIVED, Direction.TWO_WAY):
        return ""
    if correction is not None:
        return "" if correction.counts else "corrected by staff"
    return words.NOT_COUNTED_WORDS[contact.not_counted] if contact.not_counted else ""


def _pictures(row: InboundMessage) -> tuple[Link, ...]:
    return tuple(
        Link(label=f"A file ({item.content_type})", href=item.url)
        for item in row.files
        if item.url.startswith("https://")
    )


def _first_names(session: Session, ids: Collection[UUID | None]) -> dict[UUID, str]:
    return {staff.id: staff.first_name for staff in session.scalars(select(Staff).where(Staff.id.in_(ids)))}


def _our_bubbles(
    session: Session, reader: Staff, person: Person, rows: Sequence[OutboundMessage], now: datetime
) -> list[_Told]:
    names = _first_names(session, {row.author_id for row in rows})
    return [
        _Told(
            at=_left_at(row), bubble=_ours(reader, person, row, names.get(row.author_id or row.id, ""), now)
        )
        for row in rows
    ]


def _ours(reader: Staff, person: Person, row: OutboundMessage, author: str, now: datetime) -> MessageBubble:
    by_staff = row.kind is OutboundKind.STAFF_TEXT
    undo = None
    if by_staff and row.author_id == reader.id and row.state is OutboundState.QUEUED and row.due_at > now:
        action = f"/people/{person.id}/texts/{row.id}/undo"
        undo = PostButton(
            label="Undo", action=action, hidden=f"the text of {formats.time_of_day(row.created_at)}"
        )
    return MessageBubble(
        id=str(row.id),
        side=Side.OUT if by_staff else Side.AUTO,
        body=(Span(text=row.body),),
        who=author if by_staff and author else words.KIND_WORDS.get(row.kind, "Staff"),
        when=formats.time_of_day(row.sent_at or _left_at(row)),
        lang=row.language,
        statuses=(status(row, now),),
        undo=undo,
    )


def status(row: OutboundMessage, now: datetime) -> Status:
    """Where a text is, in words. "Delivered" is never "read"."""
    match row.state:
        case OutboundState.QUEUED:
            return Status(words="Queued", then=_leaves(row, now))
        case OutboundState.SENDING:
            return Status(words="Sending")
        case OutboundState.UNKNOWN:
            return Status(words="Sent?", then="we are finding out whether it left")
        case OutboundState.CANCELLED:
            return Status(words="Taken back", then=row.reason)
        case OutboundState.SKIPPED:
            return Status(words="Not sent", then=row.reason)
        case OutboundState.FAILED:
            return Status(words=f"Failed: {row.reason or 'it did not arrive'}", failed=True)
    if row.state is OutboundState.DELIVERED or row.delivery is DeliveryStatus.DELIVERED:
        return Status(words="Delivered")
    if row.delivery in (DeliveryStatus.UNDELIVERED, DeliveryStatus.FAILED):
        return Status(words=f"Failed: {row.reason or 'it did not arrive'}", failed=True)
    return Status(words="Sent")


def _leaves(row: OutboundMessage, now: datetime) -> str:
    seconds = int((row.due_at - now).total_seconds())
    if seconds <= 0:
        return "leaves now"
    return (
        f"leaves in {formats.plural(seconds, 'second')}"
        if seconds <= 60
        else f"leaves {formats.moment(row.due_at, now)}"
    )


def note_view(session: Session, reader: Staff, person_id: UUID, *, now: datetime, again: bool) -> None:
    """Every view is audited. ``again``: the page refreshed itself, which is the same view for a while."""
    if again:
        lately = _lately(reader, "conversation.viewed", now).where(AuditEvent.subject_id == str(person_id))
        if session.scalars(lately.limit(1)).first() is not None:
            return
    audit.note(
        session, "conversation.viewed", now=now, staff_id=reader.id, subject="person", subject_id=person_id
    )


def fresh_words(
    session: Session, reader: Staff, shown: Iterable[Alert], *, now: datetime, again: bool
) -> list[str]:
    """The ids of these alerts whose words the reader now sees; with ``again``, those not seen lately."""
    ids = {str(one.id) for one in shown}
    if again and ids:
        for event in session.scalars(_lately(reader, "alerts.viewed", now)):
            ids -= set(json.loads(event.payload or "{}").get("alerts", ()))
    return sorted(ids)


def note_words(session: Session, reader: Staff, ids: Sequence[str], *, now: datetime) -> None:
    """One event for a list of alerts, however long it is."""
    if ids:
        audit.note(session, "alerts.viewed", now=now, staff_id=reader.id, subject="alerts", alerts=ids)


def _lately(reader: Staff, action: str, now: datetime) -> Select[AuditEvent]:
    return select(AuditEvent).where(
        AuditEvent.action == action, AuditEvent.staff_id == reader.id, AuditEvent.at > now - SAME_VIEW
    )


def mark_read(session: Session, reader: Staff, ids: Sequence[UUID], *, now: datetime) -> None:
    """The reader has these texts on the screen: whoever waits for somebody to read them need not any more."""
    session.execute(
        update(InboundMessage)
        .where(InboundMessage.id.in_(ids), InboundMessage.read_at.is_(None))
        .values(read_at=now, read_by_id=reader.id)
        .execution_options(synchronize_session=False)
    )
