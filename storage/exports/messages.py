"""Texts from and to young people and unknown numbers, about in order of time. Those to staff are not here."""

import heapq
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from storage import restrictions
from storage.exports.batches import batches, case_ids, staff_emails, within
from storage.exports.shapes import RESTRICTED, Export, Kind, Row, Span, columns
from storage.inbound import InboundMessage
from storage.outbound import OutboundMessage

_Timed = tuple[datetime, str, Row]


def _rows(session: Session, span: Span) -> Iterator[Row]:
    for _, _, row in heapq.merge(_inbound(session, span), _outbound(session, span)):
        yield row


def _inbound(session: Session, span: Span) -> Iterator[_Timed]:
    query = select(InboundMessage).where(
        InboundMessage.staff_id.is_(None), *within(span, InboundMessage.received_at)
    )
    for batch in batches(session, query, InboundMessage.id, InboundMessage):
        persons = case_ids(session, {text.person_id for text in batch})
        since = _kept_since(session, batch)
        for text in batch:
            kept = since.get(text.person_id)
            restricted = text.restricted or (kept is not None and text.happened_at >= kept)
            hidden = restricted and not span.show_restricted
            row: Row = (
                str(text.id),
                "in",
                persons.get(text.person_id),
                text.received_at,
                text.channel.value,
                text.kind.value,
                text.sender,
                RESTRICTED if hidden else text.body,
                _handling(text),
                None,
                None,
                len(text.files),
                None,
                None,
                restricted,
            )
            yield text.received_at, str(text.id), row


def _handling(text: InboundMessage) -> str:
    if text.handled_at is not None:
        return "handled"
    return "parked" if text.parked_at is not None else "waiting"


def _outbound(session: Session, span: Span) -> Iterator[_Timed]:
    emails = staff_emails(session)
    at = func.coalesce(OutboundMessage.sent_at, OutboundMessage.due_at)
    query = select(OutboundMessage).where(OutboundMessage.staff_id.is_(None), *within(span, at))
    for batch in batches(session, query, OutboundMessage.id, OutboundMessage):
        texts = [text for text in batch if not text.kind.to_staff]
        persons = case_ids(session, {text.person_id for text in texts})
        kept = _restricted(session, texts)
        for text in texts:
            restricted = text.id in kept
            moment = text.sent_at or text.due_at
            row: Row = (
                str(text.id),
                "out",
                persons.get(text.person_id),
                moment,
                text.channel.value,
                text.kind.value,
                text.to,
                RESTRICTED if restricted and not span.show_restricted else text.body,
                text.state.value,
                text.reason or None,
                text.delivery.value if text.delivery else None,
                0,
                text.segments,
                emails.get(text.author_id),
                restricted,
            )
            yield moment, str(text.id), row


def _restricted(session: Session, texts: Sequence[OutboundMessage]) -> set[UUID]:
    """Answers to a restricted text, and what was sent in a thread while it is kept from a worker."""
    answered = [text.inbound_id for text in texts if text.inbound_id]
    about = set(
        session.scalars(
            select(InboundMessage.id).where(
                InboundMessage.id.in_(answered), InboundMessage.restricted.is_(True)
            )
        )
    )
    since = _kept_since(session, texts)
    return {
        text.id
        for text in texts
        if text.inbound_id in about or (text.person_id in since and text.created_at >= since[text.person_id])
    }


def _kept_since(
    session: Session, texts: Sequence[InboundMessage] | Sequence[OutboundMessage]
) -> Mapping[UUID | None, datetime]:
    """Since when the threads that these texts are of are kept from a worker, both directions."""
    since = restrictions.restricted_since(session, {text.person_id for text in texts if text.person_id})
    return dict(since.items())


EXPORT = Export(
    name="messages",
    rows=_rows,
    columns=columns(
        message_id=Kind.TEXT,
        direction=Kind.TEXT,
        person_id=Kind.TEXT,
        at=Kind.TIME,
        channel=Kind.TEXT,
        kind=Kind.TEXT,
        address=Kind.PHONE,
        body=Kind.TEXT,
        state=Kind.TEXT,
        reason=Kind.TEXT,
        delivery=Kind.TEXT,
        attachments=Kind.NUMBER,
        segments=Kind.NUMBER,
        author_email=Kind.TEXT,
        restricted=Kind.YES_NO,
    ),
)
