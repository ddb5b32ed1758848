"""Alerts: what was raised, who took it and when, and what came of it. Never the words that raised it."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage import restrictions
from storage.alerts import Alert
from storage.exports.batches import batches, case_ids, staff_emails, within
from storage.exports.shapes import RESTRICTED, Export, Kind, Row, Span, columns


def _rows(session: Session, span: Span) -> Iterator[Row]:
    emails = staff_emails(session)
    query = select(Alert).where(*within(span, Alert.opened_at))
    for batch in batches(session, query, Alert.id, Alert):
        persons = case_ids(session, {alert.person_id for alert in batch})
        since = restrictions.restricted_since(session, {one.person_id for one in batch if one.person_id})
        for alert in batch:
            hidden = not span.show_restricted and (alert.restricted or _is_kept(alert, since))
            yield (
                str(alert.id),
                persons.get(alert.person_id),
                alert.kind.value,
                alert.deadline.value,
                alert.opened_at,
                alert.state.value,
                alert.taken_at,
                emails.get(alert.taken_by_id),
                alert.taken_via or None,
                alert.unanswered_at,
                alert.outcome.value if alert.outcome else None,
                RESTRICTED if hidden and alert.outcome_note else alert.outcome_note,
                alert.closed_at,
                emails.get(alert.closed_by_id),
                alert.restricted,
            )


def _is_kept(alert: Alert, since: Mapping[UUID, datetime]) -> bool:
    """It ended while this person's thread was kept from a worker: so was what was noted then."""
    kept_since = since.get(alert.person_id) if alert.person_id else None
    return kept_since is not None and (alert.closed_at or alert.opened_at) >= kept_since


EXPORT = Export(
    name="alerts",
    rows=_rows,
    columns=columns(
        alert_id=Kind.TEXT,
        person_id=Kind.TEXT,
        kind=Kind.TEXT,
        deadline=Kind.TEXT,
        opened_at=Kind.TIME,
        state=Kind.TEXT,
        taken_at=Kind.TIME,
        taken_by=Kind.TEXT,
        taken_via=Kind.TEXT,
        unanswered_at=Kind.TIME,
        outcome=Kind.TEXT,
        outcome_note=Kind.TEXT,
        closed_at=Kind.TIME,
        closed_by=Kind.TEXT,
        restricted=Kind.YES_NO,
    ),
)
