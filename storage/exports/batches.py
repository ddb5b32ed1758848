"""Walking a table in batches by its key, and the names that a batch refers to."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from storage.exports.shapes import Span
from storage.people import Person
from storage.staff import Staff

#: Rows fetched at a time.
BATCH = 500
_Thing = TypeVar("_Thing")


def batches(
    session: Session, query: Select[Any], key: InstrumentedAttribute[Any], kind: type[_Thing]
) -> Iterator[Sequence[_Thing]]:
    """The rows of ``query`` (of ``kind``) in the order of ``key``: of ids, the order in which rows came."""
    last: Any = None
    while True:
        rest = query if last is None else query.where(key > last)
        rows: Sequence[_Thing] = session.scalars(rest.order_by(key).limit(BATCH)).all()
        if rows:
            yield rows
        if len(rows) < BATCH:
            return
        last = getattr(rows[-1], key.key)


def within(span: Span, at: ColumnElement[Any] | InstrumentedAttribute[Any]) -> list[ColumnElement[bool]]:
    """The conditions that hold ``at`` inside the span."""
    return [
        *([at >= span.since] if span.since else []),
        *([at < span.until] if span.until else []),
    ]


def case_ids(session: Session, person_ids: Collection[UUID | None]) -> dict[UUID | None, str]:
    """The case system's id of each person."""
    wanted = {person_id for person_id in person_ids if person_id is not None}
    if not wanted:
        return {}
    return dict(session.execute(select(Person.id, Person.case_id).where(Person.id.in_(wanted))).all())


def staff_emails(session: Session) -> dict[UUID | None, str]:
    """Everybody on the staff, once for a whole export: a council has hundreds, not thousands."""
    return dict(session.execute(select(Staff.id, Staff.email)).all())
