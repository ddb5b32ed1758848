"""Make the demo's year of history: the real clock and the real webhooks, lived through by the cast.

``python -m tools.demo_data`` takes some minutes and writes ``bot/demo/data/history.json.xz``.
"""

import argparse
import json
import logging
import tempfile
import time
from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import Column, Table, Uuid, select, text
from sqlalchemy.orm import Mapper, Session

from bot.demo import cast, network, town
from bot.demo.cast import Character
from bot.demo.clock import StoodClock
from bot.demo.history import HISTORY, INDEX_OF_ADDRESS, History, kept_columns, kept_tables
from bot.demo.lives import lives_of
from bot.demo.living import Act
from bot.demo.population import careless
from bot.demo.travel import Traveller
from bot.demo.world import World, build
from scheduler.local_time import LONDON, wall
from storage import migrations
from storage.addresses import Address
from storage.database import Database
from storage.inbound import InboundMessage
from storage.markers import Marker
from storage.sealing import Keyring
from storage.tables import Base

#: A Monday. What comes after it is kept as changes, so that every weekday and hour can be "now".
ANCHOR = wall(date(2026, 11, 16), clock_time(0), LONDON)
WEEKS = 52
AFTER = timedelta(weeks=1)
PUBLIC_URL = "https://kit.westhaven.example"
_WEEK = timedelta(weeks=1)


class Beginnings:
    """Who is enrolled when, and when states begin: the acts that make the year's frame."""

    def __init__(self, world: World, start: datetime) -> None:
        self._world = world
        self._start = start

    def acts(self, session: Session, since: datetime, until: datetime) -> Iterator[Act]:
        for place, character in enumerate(cast.PEOPLE):
            at = _enrolled_at(character, place, self._start)
            if since < at <= until:
                yield Act(at=at, do=lambda who=character, at=at: self._take_in(who, at))  # type: ignore[misc]
            state_at = ANCHOR - character.state_since * _WEEK + timedelta(hours=15)
            if character.state and since < state_at <= until:
                yield Act(at=state_at, do=lambda who=character, at=state_at: self._state(who, at))  # type: ignore[misc]

    def _take_in(self, character: Character, now: datetime) -> None:
        with self._world.services.database.begin() as session:
            town.take_in(session, self._world.services, character, now=now)

    def _state(self, character: Character, now: datetime) -> None:
        with self._world.services.database.begin() as session:
            town.begin_state(session, character, now=now)


def _enrolled_at(character: Character, place: int, start: datetime) -> datetime:
    weeks = 50 if character.joined is None else character.joined
    begins = max(ANCHOR - weeks * _WEEK, start)
    day = begins.astimezone(LONDON).date() + timedelta(days=place % 4)
    return wall(day, clock_time(9 + place % 7, place * 11 % 60), LONDON)


def live(database: Database, *, weeks: int) -> Iterator[datetime]:
    """Live through the year and the week after it; each step's moment."""
    start = ANCHOR - weeks * _WEEK
    clock = StoodClock(start)
    world = build(database, clock, public_url=PUBLIC_URL, secret="history")  # noqa: S106  (nothing secret)
    with database.begin() as session:
        town.found_council(session, start=start, today=ANCHOR)
    traveller = Traveller(
        services=world.services,
        clock=clock,
        lives=(
            Beginnings(world, start),
            *lives_of(world, anchor=ANCHOR),
        ),
        longest_step=timedelta(hours=4),
    )
    while clock() < ANCHOR + AFTER:
        until = ANCHOR if clock() < ANCHOR else ANCHOR + AFTER
        yield traveller.step(until)
    print(json.dumps(dict(sorted(traveller.numbers.items())), indent=1))


# Dumping


class Dump:
    """Reads rows of a database as the file holds them."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def table(self, table: Table, ids: Collection[str] | None = None) -> list[list[Any]]:
        """All rows of a table, or those of ``ids`` (as the database keeps them)."""
        mapper = next(one for one in Base.registry.mappers if one.local_table is table)
        columns = kept_columns(table)
        query = select(mapper.class_)
        if ids is not None:
            key = columns[0]
            wanted = [UUID(one) for one in ids] if isinstance(key.type, Uuid) else ids
            query = query.where(key.in_(wanted))
        rows = self._session.scalars(query)
        return [[self._plain(row, mapper, column) for column in columns] for row in rows if _is_kept(row)]

    def _plain(self, row: Any, mapper: Mapper[Any], column: Column[Any]) -> Any:
        value = getattr(row, mapper.get_property_by_column(column).key)
        if (column.table.name, column.name) == INDEX_OF_ADDRESS:
            return self._addresses()[value]
        return plain(value)

    def _addresses(self) -> dict[bytes, str]:
        keyring: Keyring = self._session.info["keyring"]
        values = [row.value for row in self._session.scalars(select(Address))]
        values += [row.sender for row in self._session.scalars(select(InboundMessage))]
        return {keyring.index(value): value for value in values}


def _is_kept(row: object) -> bool:
    """Of the markers, only what the network wrote on phones."""
    return not isinstance(row, Marker) or row.name.startswith(network.PREFIX)


def plain(value: Any) -> Any:
    """A column's value as JSON."""
    match value:
        case datetime():
            return round(value.timestamp(), 3)
        case UUID():
            return value.hex
        case bytes():
            return value.hex()
        case date() | clock_time():
            return value.isoformat()
        case str():
            return str(value)
    return value


def dump_all(session: Session) -> dict[str, dict[str, Any]]:
    dump = Dump(session)
    return {
        table.name: {
            "columns": [column.name for column in kept_columns(table)],
            "rows": dump.table(table),
        }
        for table in kept_tables()
    }


class Changes:
    """Which rows were written since the last look: by triggers, so that nothing is overlooked."""

    def __init__(self, database: Database) -> None:
        self._database = database
        with database.begin() as session:
            session.execute(text("CREATE TABLE changed (name TEXT, id TEXT)"))
            for table in kept_tables():
                key = next(column.name for column in table.primary_key.columns)
                for when in ("INSERT", "UPDATE"):
                    note = f"INSERT INTO changed VALUES ('{table.name}', NEW.{key})"  # noqa: S608  (our own names)
                    trigger = f"CREATE TRIGGER seen_{when}_{table.name} AFTER {when} ON {table.name}"
                    session.execute(text(f"{trigger} BEGIN {note}; END"))

    def taken(self, at: datetime) -> list[tuple[float, str, list[Any]]]:
        with self._database.begin() as session:
            found: dict[str, set[str]] = {}
            for name, row_id in session.execute(text("SELECT DISTINCT name, id FROM changed")):
                found.setdefault(name, set()).add(row_id)
            session.execute(text("DELETE FROM changed"))
            dump = Dump(session)
            seconds = round((at - ANCHOR).total_seconds(), 3)
            tables = Base.metadata.tables
            return [
                (seconds, name, row) for name, ids in found.items() for row in dump.table(tables[name], ids)
            ]


def make(folder: Path, *, weeks: int) -> History:
    database = Database(f"sqlite:///{folder / 'kit.db'}", keyring=Keyring.fresh())
    careless(database)
    migrations.upgrade(database)
    began, tables, changes = time.monotonic(), None, None
    later: list[tuple[float, str, list[Any]]] = []
    for at in live(database, weeks=weeks):
        if at < ANCHOR:
            continue
        if changes is None:
            with database.read() as session:
                tables = dump_all(session)
            changes = Changes(database)
            print(f"the year took {time.monotonic() - began:.0f} s", flush=True)
        else:
            later += changes.taken(at)
    database.close()
    return History(anchor=ANCHOR, public_url=PUBLIC_URL, tables=tables or {}, later=later)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weeks", type=int, default=WEEKS)
    parser.add_argument("--out", type=Path, default=HISTORY)
    parser.add_argument("--keep", type=Path, help="leave the database in this folder")
    asked = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with tempfile.TemporaryDirectory() as folder:
        history = make(asked.keep or Path(folder), weeks=asked.weeks)
    size = history.write(asked.out)
    counts = {name: len(table["rows"]) for name, table in history.tables.items() if table["rows"]}
    print(json.dumps(counts, indent=1))
    print(f"{len(history.later)} changes in the week after, {size / 1e6:.2f} MB in all")


if __name__ == "__main__":
    main()
