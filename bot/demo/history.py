"""The demo's year of history: how it is kept, and how it becomes rows of today.

``history.json.xz`` holds every table as rows of plain values (sealed columns open: everybody is invented), at
the *anchor*, a Monday 00:00 UK time, and each row that changed in the week after it with the moment of the
change. Loading moves all times by whole weeks of UK wall time, so that now falls into that week, plays the
week up to now, and seals everything with the keys of this installation.
"""

import hashlib
import json
import lzma
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any, cast
from uuid import UUID

from sqlalchemy import (
    JSON,
    BindParameter,
    Column,
    Date,
    LargeBinary,
    Table,
    Time,
    Uuid,
    bindparam,
    insert,
    text,
)
from sqlalchemy.orm import Session

from scheduler.local_time import LONDON
from storage.audit import GENESIS, AuditEvent, AuditHead, link
from storage.base import Sealed, UtcDateTime
from storage.sealing import Keyring
from storage.tables import Base

HISTORY = Path(__file__).parent / "data" / "history.json.xz"
#: Not history: sessions of browsers, and what is made anew from the rows.
LEFT_OUT = frozenset({"staff_sessions", "audit_head"})
#: Columns that are computed from others, by table.
COMPUTED = {
    "audit_events": frozenset({"payload_digest", "chain_key_id", "hash"}),
    "inbound_messages": frozenset({"raw"}),
}
#: A blind index without its own sealed column: kept as the address it stands for.
INDEX_OF_ADDRESS = ("opt_outs", "address_index")

_DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_SAID_DAY = re.compile(rf"\b({'|'.join(_DAYS)}) (\d{{1,2}}) ({'|'.join(_MONTHS)})(?: (\d{{4}}))?")
_ISO_DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}(?!\d)")
_WEEK = timedelta(weeks=1)

Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    anchor: datetime
    #: Where links pointed when it was made.
    public_url: str
    #: Rows by table, as stored in the file.
    tables: Mapping[str, Mapping[str, Any]]
    #: (seconds after the anchor, table, row), in order.
    later: list[tuple[float, str, list[Any]]] = field(default_factory=list)

    @classmethod
    def read(cls, path: Path = HISTORY) -> "History":
        kept = json.loads(lzma.decompress(path.read_bytes()))
        return cls(
            anchor=datetime.fromisoformat(kept["anchor"]),
            public_url=kept["public_url"],
            tables=kept["tables"],
            later=[tuple(change) for change in kept["later"]],
        )

    def write(self, path: Path = HISTORY) -> int:
        """Compress it into ``path``; its size in bytes."""
        kept = {
            "anchor": self.anchor.isoformat(),
            "public_url": self.public_url,
            "tables": self.tables,
            "later": self.later,
        }
        path.parent.mkdir(parents=True, exist_ok=True)
        data = json.dumps(kept, ensure_ascii=False, separators=(",", ":"))
        path.write_bytes(lzma.compress(data.encode(), preset=9 | lzma.PRESET_EXTREME))
        return path.stat().st_size

    def rows(self, table: str, *, until: timedelta) -> list[list[Any]]:
        """The rows of a table as they stood ``until`` after the anchor."""
        kept = {row[0]: row for row in self.tables[table]["rows"]}
        for seconds, changed, row in self.later:
            if seconds > until.total_seconds():
                break
            if changed == table:
                kept[row[0]] = row
        return list(kept.values())


def kept_columns(table: Table) -> list[Column[Any]]:
    """The columns of a table that the file holds, the primary key first."""
    indexes = {column.type.index for column in table.columns if isinstance(column.type, Sealed)}
    left_out = COMPUTED.get(table.name, frozenset()) | indexes
    columns = [column for column in table.columns if column.name not in left_out]
    return sorted(columns, key=lambda column: not column.primary_key)


def kept_tables() -> list[Table]:
    return [table for table in Base.metadata.sorted_tables if table.name not in LEFT_OUT]


# Moving in time


@dataclass(frozen=True, slots=True, kw_only=True)
class Redating:
    """Moves everything by whole weeks of UK wall time."""

    weeks: int
    anchor: datetime

    @classmethod
    def to(cls, anchor: datetime, now: datetime) -> "Redating":
        """So that ``now`` lies in the week that begins with the anchor."""
        local_now, local_anchor = (at.astimezone(LONDON).replace(tzinfo=None) for at in (now, anchor))
        return cls(weeks=(local_now - local_anchor) // _WEEK, anchor=anchor)

    def moment(self, seconds: float) -> datetime:
        """Seconds since 1970 as they stand in the file, moved."""
        return datetime.fromtimestamp(seconds + _moved(int(seconds // 3600), self.weeks), UTC)

    def day(self, day: date) -> date:
        return day + self.weeks * _WEEK

    def words(self, said: str) -> str:
        """Days that a text names ("Tue 8 Dec"), and those in keys ("2026-12-08")."""
        if self.weeks == 0:
            return said
        said = _SAID_DAY.sub(self._said_day, said)
        return _ISO_DAY.sub(self._iso_day, said)

    def _said_day(self, found: re.Match[str]) -> str:
        weekday, number, month, year = found.groups()
        years = [int(year)] if year else [self.anchor.year + by for by in (0, -1, 1)]
        for candidate in years:
            try:
                day = date(candidate, _MONTHS.index(month) + 1, int(number))
            except ValueError:
                continue
            if _DAYS[day.weekday()] == weekday:
                moved = self.day(day)
                said = f"{weekday} {moved.day} {_MONTHS[moved.month - 1]}"
                return f"{said} {moved.year}" if year else said
        return found.group()

    def _iso_day(self, found: re.Match[str]) -> str:
        try:
            return self.day(date.fromisoformat(found.group())).isoformat()
        except ValueError:
            return found.group()


@cache
def _moved(hour: int, weeks: int) -> float:
    """By how many seconds a time in this hour since 1970 moves: the weeks, and the clocks' changes."""
    at = datetime.fromtimestamp(hour * 3600, UTC)
    local = at.astimezone(LONDON)
    moved = (local.replace(tzinfo=None) + weeks * _WEEK).replace(tzinfo=LONDON, fold=local.fold)
    return (moved.astimezone(UTC) - at).total_seconds()


# Loading


def load(session: Session, history: History, *, now: datetime, public_url: str) -> dict[str, int]:
    """Write the history into empty tables, as of ``now``. How many rows each table got."""
    redating = Redating.to(history.anchor, now)
    until = now - redating.moment(history.anchor.timestamp())
    keyring: Keyring = session.info["keyring"]
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("PRAGMA defer_foreign_keys = ON"))
    counts = {}
    for table in kept_tables():
        if table.name not in history.tables:
            continue
        kept = history.tables[table.name]["columns"]
        read = _Reader(table, kept, redating, keyring, (history.public_url, public_url))
        rows = [read.row(values) for values in history.rows(table.name, until=until)]
        if table.name == "audit_events":
            rows = list(_chained(session, keyring, rows))
        if rows:
            session.execute(_insert(table, rows[0]), [read.sealed(row) for row in rows])
        counts[table.name] = len(rows)
    return counts


class _Reader:
    """Turns the file's rows of one table into rows of this installation."""

    def __init__(
        self, table: Table, kept: Sequence[str], redating: Redating, keyring: Keyring, url: tuple[str, str]
    ) -> None:
        self._table = table
        self._keyring = keyring
        self._redating = redating
        self._url = url
        # A column that has gone since the file was made is passed over, a new one has its default.
        self._readers = [(name, self._reader(table.c[name]) if name in table.c else None) for name in kept]
        self._sealed = [
            (column.name, f"{table.name}.{column.name}", column.type.index)
            for column in kept_columns(table)
            if isinstance(column.type, Sealed)
        ]

    def row(self, values: list[Any]) -> Row:
        return {
            name: None if value is None else read(value)
            for (name, read), value in zip(self._readers, values, strict=True)
            if read is not None
        }

    def sealed(self, row: Row) -> Row:
        """``row`` as it is stored: sealed columns sealed, blind indexes beside them."""
        for name, place, index in self._sealed:
            plain = row[name]
            if plain is not None:
                row[name] = self._keyring.seal(place, row["id"], plain)
            if index:
                row[index] = None if plain is None else self._keyring.index(plain)
        if self._table.name == "inbound_messages":
            row["raw"] = self._keyring.seal_bytes("inbound_messages.raw", row["id"], b"")
        return row

    def _reader(self, column: Column[Any]) -> Callable[[Any], Any]:
        if (self._table.name, column.name) == INDEX_OF_ADDRESS:
            return self._keyring.index
        match column.type:
            case UtcDateTime():
                return self._redating.moment
            case Date():
                return lambda kept: self._redating.day(date.fromisoformat(kept))
            case Time():
                return time.fromisoformat
            case Uuid():
                return UUID
            case LargeBinary():
                return bytes.fromhex
            case JSON():
                return lambda kept: json.loads(self._redating.words(json.dumps(kept)))
            case _:
                return self._words

    def _words(self, kept: Any) -> Any:
        return self._redating.words(kept).replace(*self._url) if isinstance(kept, str) else kept


def _insert(table: Table, row: Row) -> Any:
    """Sealed values are bytes already: they go past the column's own type."""
    values: dict[str, BindParameter[Any]] = {name: bindparam(name) for name in row}
    for column in table.columns:
        if isinstance(column.type, Sealed):
            values[column.name] = bindparam(column.name, type_=LargeBinary)
            if column.type.index:
                values[column.type.index] = bindparam(column.type.index)
    if table.name == "inbound_messages":
        values["raw"] = bindparam("raw")
    return insert(table).values(values)


def _chained(session: Session, keyring: Keyring, rows: list[Row]) -> Iterator[Row]:
    """The audit trail, linked anew under this installation's key."""
    key_id, _ = keyring.chain_key()
    previous = GENESIS
    rows.sort(key=lambda row: cast("int", row["number"]))
    for number, row in enumerate(rows, start=1):
        digest = hashlib.sha256((row["payload"] or "").encode()).digest()
        row |= {"number": number, "payload_digest": digest, "chain_key_id": key_id, "hash": b""}
        previous = row["hash"] = link(keyring, previous, AuditEvent(**row))
        yield row
    session.merge(AuditHead(id=1, number=len(rows), hash=previous))
