"""Check-ins: what was asked in which slot, and what came of it."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.check_ins import CheckIn
from storage.exports.batches import batches, case_ids, within
from storage.exports.shapes import Export, Kind, Row, Span, columns


def _rows(session: Session, span: Span) -> Iterator[Row]:
    query = select(CheckIn).where(*within(span, CheckIn.due_at))
    for batch in batches(session, query, CheckIn.id, CheckIn):
        persons = case_ids(session, {check_in.person_id for check_in in batch})
        for check_in in batch:
            yield (
                str(check_in.id),
                persons.get(check_in.person_id),
                check_in.slot,
                check_in.due_at,
                check_in.state.value,
                check_in.reason or None,
                check_in.answered_at,
                check_in.mood,
                check_in.next_step.value if check_in.next_step else None,
                check_in.next_step_at,
            )


EXPORT = Export(
    name="check-ins",
    rows=_rows,
    columns=columns(
        check_in_id=Kind.TEXT,
        person_id=Kind.TEXT,
        slot=Kind.DATE,
        due_at=Kind.TIME,
        state=Kind.TEXT,
        reason=Kind.TEXT,
        answered_at=Kind.TIME,
        mood=Kind.NUMBER,
        next_step=Kind.TEXT,
        next_step_at=Kind.TIME,
    ),
)
