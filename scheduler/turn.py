"""A job's turns: small units of work over what is due, so that one bad row does not stop the others."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy.orm import Session

from scheduler import rules as council_rules
from scheduler.rules import Rules
from scheduler.services import Services
from storage.base import Place

#: Rows in one unit of work: few enough that a webhook never waits long for SQLite's one writer.
CHUNK = 25
Row = TypeVar("Row")

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One unit of work at one moment."""

    session: Session
    services: Services
    rules: Rules
    now: datetime

    @property
    def home(self) -> ZoneInfo:
        """The council's time zone."""
        return self.services.council.time_zone


def take_turns(
    services: Services,
    now: datetime,
    due: Callable[[Session, Place | None, int], Sequence[Row]],
    place: Callable[[Row], Place],
    act: Callable[[Turn, Row], Iterable[str]],
) -> dict[str, int]:
    """Do ``act`` to every row that is ``due``, in order, and count what it answers.

    A row whose ``act`` raises is left as it was, counted under ``failed`` and met again at the next tick.
    """
    counts: Counter[str] = Counter()
    beyond: Place | None = None
    while True:
        with services.database.begin() as session:
            rows = due(session, beyond, CHUNK)
            if not rows:
                return dict(counts)
            beyond = place(rows[-1])
            turn = Turn(session=session, services=services, rules=council_rules.load(session), now=now)
            for row in rows:
                counts.update(_try(turn, row, act))


def _try(turn: Turn, row: Row, act: Callable[[Turn, Row], Iterable[str]]) -> Iterable[str]:
    try:
        with turn.session.begin_nested():
            return list(act(turn, row))
    except Exception as error:  # noqa: BLE001  (whatever one row brings, the others have their turn)
        # The kind of error only: its words may quote what is sealed.
        _log.error("row_failed", job=act.__module__, error=type(error).__name__)
        return ["failed"]
