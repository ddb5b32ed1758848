"""Eight weeks of contact as eight dots, for one person or for a page of people in two queries."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage import contacts
from storage.contacts import Contact, Direction, Layer
from web import formats
from web.shapes.pieces import WeekDot, WeekLine

WEEKS = 8
_WEIGHT = {WeekDot.NOTHING: 0, WeekDot.TRIED: 1, WeekDot.HEARD: 2, WeekDot.SEEN: 3}


def week_lines(session: Session, names: Mapping[UUID, str], now: datetime) -> dict[UUID, WeekLine]:
    """``names``: the first name of each person whose line is wanted."""
    rows = session.execute(
        select(Contact.id, Contact.person_id, Contact.at, Contact.direction, Contact.layer).where(
            Contact.person_id.in_(names), Contact.at > now - timedelta(weeks=WEEKS), Contact.at <= now
        )
    ).all()
    judged = contacts.corrections(session, [row.id for row in rows])
    dots = {person_id: [WeekDot.NOTHING] * WEEKS for person_id in names}
    for row in rows:
        counts = judged[row.id].counts if row.id in judged else row.direction is Direction.TWO_WAY
        dot = _dot(row.direction, row.layer, counts=counts)
        week = WEEKS - 1 - min((now - row.at).days // 7, WEEKS - 1)
        dots[row.person_id][week] = max(dots[row.person_id][week], dot, key=_WEIGHT.__getitem__)
    return {person_id: line(names[person_id], found) for person_id, found in dots.items()}


def _dot(direction: Direction, layer: Layer | None, *, counts: bool) -> WeekDot:
    if counts:
        return WeekDot.SEEN if layer is Layer.SEEN else WeekDot.HEARD
    return WeekDot.TRIED if direction is Direction.ATTEMPT else WeekDot.NOTHING


def line(name: str, dots: Sequence[WeekDot]) -> WeekLine:
    """The dots, oldest first, and the same in words."""
    words = (
        _weeks("heard from", dots, WeekDot.HEARD),
        _weeks("seen", dots, WeekDot.SEEN),
        _weeks("tried", dots, WeekDot.TRIED),
    )
    said = ", ".join(word for word in words if word)
    if not (WeekDot.HEARD in dots or WeekDot.SEEN in dots):
        said = f"not heard from, {said}" if said else "not heard from"
    return WeekLine(dots=tuple(dots), words=f"{name}, last {WEEKS} weeks: {said}")


def _weeks(verb: str, dots: Sequence[WeekDot], kind: WeekDot) -> str:
    numbers = [str(at) for at, dot in enumerate(dots, start=1) if dot is kind]
    if not numbers:
        return ""
    return f"{verb} in {'week' if len(numbers) == 1 else 'weeks'} {formats.joined(numbers)}"
