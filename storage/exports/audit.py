"""The audit trail in its order, with each link's hash, so that a copy elsewhere can be compared."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.audit import AuditEvent
from storage.exports.batches import batches, staff_emails, within
from storage.exports.shapes import Export, Kind, Row, Span, columns


def _rows(session: Session, span: Span) -> Iterator[Row]:
    emails = staff_emails(session)
    query = select(AuditEvent).where(*within(span, AuditEvent.at))
    for batch in batches(session, query, AuditEvent.number, AuditEvent):
        for event in batch:
            yield (
                event.number,
                event.at,
                emails.get(event.staff_id),
                event.action,
                event.subject or None,
                event.subject_id or None,
                event.payload,
                event.hash.hex(),
            )


EXPORT = Export(
    name="audit",
    rows=_rows,
    columns=columns(
        number=Kind.NUMBER,
        at=Kind.TIME,
        staff_email=Kind.TEXT,
        action=Kind.TEXT,
        subject=Kind.TEXT,
        subject_id=Kind.TEXT,
        details=Kind.TEXT,
        hash=Kind.TEXT,
    ),
)
