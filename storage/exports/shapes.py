"""The shape of an export: its columns, the span of time it covers, and where its rows come from."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Self
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

Value = str | int | bool | date | datetime | None
Row = tuple[Value, ...]

#: Stands where a text is kept from readers.
RESTRICTED = "restricted"


#: A span to the end of time has no end.
_LAST_DAY = date(9999, 12, 30)


class Format(StrEnum):
    CSV = "csv"
    JSONL = "jsonl"
    XLSX = "xlsx"


class Kind(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    YES_NO = "yes_no"
    DATE = "date"
    TIME = "time"
    #: E.164, or a chat id.
    PHONE = "phone"
    #: An object as JSON; an object in JSON lines too.
    JSON = "json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    name: str
    kind: Kind = Kind.TEXT


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """``since`` and ``until`` (exclusive) in UTC; None: from the beginning, to the end."""

    now: datetime
    zone: ZoneInfo
    since: datetime | None = None
    until: datetime | None = None
    #: Also the words of texts that are kept from the worker they are about.
    show_restricted: bool = False

    @classmethod
    def between(
        cls,
        first: date | None,
        last: date | None,
        *,
        now: datetime,
        zone: ZoneInfo,
        show_restricted: bool = False,
    ) -> Self:
        """From the start of ``first`` to the end of ``last``, the council's days."""

        def midnight(day: date) -> datetime:
            return datetime.combine(day, time(0), zone).astimezone(UTC)

        return cls(
            now=now,
            zone=zone,
            since=midnight(first) if first else None,
            until=midnight(last + timedelta(days=1)) if last and last < _LAST_DAY else None,
            show_restricted=show_restricted,
        )

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """``rows`` streams: a few queries for each batch, whatever the size of the whole."""

    name: str
    columns: tuple[Column, ...]
    rows: Callable[[Session, Span], Iterator[Row]]
    #: When none is asked for.
    format: Format = Format.CSV


def columns(**kinds: Kind) -> tuple[Column, ...]:
    return tuple(Column(name=name, kind=kind) for name, kind in kinds.items())
