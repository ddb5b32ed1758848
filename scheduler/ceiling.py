"""How much is enough: texts that the clock may send to one person in a day and in seven, and what gives way.

Answers never count. A nudge that goes out on two channels on the same day counts as one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from messages.kinds import OutboundKind
from scheduler.holds import Hold
from scheduler.local_time import day_of, wall
from scheduler.rules import Rules
from storage import outbound
from storage.outbound import OutboundMessage, OutboundState

_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)
_AUTOMATIC = tuple(kind for kind in OutboundKind if kind.automatic)
#: What gives way first stands first; what is not here never gives way, it waits a day.
GIVES_WAY = (OutboundKind.NUDGE, OutboundKind.CHECK_IN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """One automatic text on the day that it left, or is to leave."""

    id: UUID
    kind: OutboundKind
    day: date
    check_in_id: UUID | None = None

    @property
    def unit(self) -> tuple[date, UUID]:
        """What counts as one: a text, or a nudge on all its channels in one day."""
        if self.kind is OutboundKind.NUDGE and self.check_in_id is not None:
            return self.day, self.check_in_id
        return self.day, self.id


def fits(text: Counted, others: Iterable[Counted], rules: Rules) -> bool:
    """Whether ``text`` may go on its day beside the others: pure."""
    units = {other.unit for other in others} | {text.unit}
    today = [unit for unit in units if unit[0] == text.day]
    week = [unit for unit in units if text.day - _WEEK < unit[0] <= text.day]
    return len(today) <= rules.texts_a_day and len(week) <= rules.texts_a_week


def has_room(
    session: Session,
    person_id: UUID,
    text: Counted,
    rules: Rules,
    zone: ZoneInfo,
    *,
    only_left: bool = False,
) -> bool:
    """Whether this person may get ``text``; ``only_left``: beside what has left or is leaving."""
    rows = _rows(session, person_id, text.day, zone)
    if only_left:
        rows = [row for row in rows if row.state is not OutboundState.QUEUED]
    return fits(text, [_counted(row, zone) for row in rows if row.id != text.id], rules)


def make_room(session: Session, person_id: UUID, text: Counted, rules: Rules, zone: ZoneInfo) -> bool:
    """As :func:`has_room`; what is queued and gives way sooner than ``text`` is skipped for it if needed."""
    rows = [row for row in _rows(session, person_id, text.day, zone) if row.id != text.id]
    lesser = _lesser(rows, text.kind)
    while not fits(text, [_counted(row, zone) for row in rows], rules):
        if not lesser:
            return False
        given = lesser.pop(0)
        given.state, given.reason = OutboundState.SKIPPED, Hold.GAVE_WAY.words
        rows.remove(given)
    return True


def waits_until(now: datetime, zone: ZoneInfo) -> datetime:
    """The start of the next local day: when a text that only waits is tried again."""
    return wall(day_of(now, zone) + _DAY, time(0), zone)


def _lesser(rows: Sequence[OutboundMessage], kind: OutboundKind) -> list[OutboundMessage]:
    """Queued texts that give way to ``kind``, the first to go first."""
    order = GIVES_WAY.index(kind) if kind in GIVES_WAY else len(GIVES_WAY)
    queued = [row for row in rows if row.state is OutboundState.QUEUED and row.kind in GIVES_WAY[:order]]
    return sorted(queued, key=lambda row: (GIVES_WAY.index(row.kind), row.due_at))


def _rows(session: Session, person_id: UUID, day: date, zone: ZoneInfo) -> list[OutboundMessage]:
    """Automatic texts of the seven days up to ``day``, without those that were refused outright."""
    # A text may have left days after it was due (a welcome that waited), so look back further.
    after = wall(day - 2 * _WEEK, time(0), zone)
    return [
        row
        for row in outbound.to_person_since(session, person_id, after, _AUTOMATIC)
        if row.state is not OutboundState.FAILED or row.provider_id is not None
    ]


def _counted(row: OutboundMessage, zone: ZoneInfo) -> Counted:
    return Counted(
        id=row.id, kind=row.kind, day=day_of(row.sent_at or row.due_at, zone), check_in_id=row.check_in_id
    )
