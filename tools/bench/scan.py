"""What the clock's look for due check-ins costs, by how many people there are and how many are due."""

import time
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any, cast

from sqlalchemy import String, Table, func, insert, literal, select, text
from sqlalchemy import cast as cast_as

from scheduler.turn import CHUNK
from storage import people
from storage.base import Place as RowPlace
from storage.database import Database
from storage.people import Cadence, Person, Risk, Status
from tools.bench.place import ENGINES, Place, now

DUE = 1_000
_STEP = 50_000
_PEOPLE = cast("Table", Person.__table__)


def measure(place: Place, *, rounds: int, populations: tuple[int, ...]) -> Iterator[dict[str, Any]]:
    for engine in ENGINES:
        database = place.open(place.fresh(engine))
        try:
            yield {"engine": engine, "due": DUE, "scans": _grow(database, populations, rounds=rounds)}
        finally:
            database.close()


def _grow(database: Database, populations: tuple[int, ...], *, rounds: int) -> list[dict[str, Any]]:
    today = now()
    _add_due(database, today)
    scans, there = [], DUE
    for population in populations:
        while there < population:
            # In steps that stay within the statement time-out.
            step = min(_STEP, population - there)
            _add_others(database, step, since=there, due_at=today + timedelta(days=7))
            there += step
        _tidy(database)
        scans.append(
            {
                "people": population,
                "empty_ms": _milliseconds(lambda: _scan(database, today - timedelta(days=1)), 20 * rounds),
                "due_ms": _milliseconds(lambda: _scan(database, today), rounds),
                "whole_table_ms": _milliseconds(lambda: _whole_table(database, today), rounds),
            }
        )
    return scans


def _scan(database: Database, at: datetime) -> int:
    """As the job does it: chunk by chunk, each in a unit of work of its own."""
    found, beyond = 0, cast("RowPlace | None", None)
    while True:
        with database.begin() as session:
            rows = people.due_check_ins(session, at, beyond=beyond, limit=CHUNK)
        if not rows:
            return found
        found += len(rows)
        beyond = (rows[-1].next_check_in_at or at, rows[-1].id)


def _whole_table(database: Database, at: datetime) -> int:
    """The same question without the index: what it would cost to look at everybody."""
    due = func.coalesce(Person.next_check_in_at, at)
    with database.read() as session:
        return session.scalars(select(func.count()).select_from(Person).where(due <= at)).one()


def _milliseconds(look: Callable[[], object], times: int) -> float:
    look()
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        look()
        taken.append((time.perf_counter() - began) * 1000)
    return round(median(taken), 2)


def _add_due(database: Database, at: datetime) -> None:
    with database.begin() as session:
        session.add_all(
            Person(
                case_id=f"DUE-{number}",
                first_name="Jay",
                last_name="Whitlock",
                date_of_birth=date(2006, 5, 4),
                status=Status.FORMER_RELEVANT,
                next_check_in_at=at - timedelta(seconds=number % 3600),
                created_at=at,
            )
            for number in range(DUE)
        )


def _add_others(database: Database, count: int, *, since: int, due_at: datetime) -> None:
    """People who are not due, made inside the database; nobody ever opens their names."""
    numbers = select(literal(1).label("n")).cte("numbers", recursive=True)
    numbers = numbers.union_all(select(numbers.c.n + 1).where(numbers.c.n < count))
    row_id = func.lower(func.hex(func.randomblob(16))) if database.is_sqlite else func.gen_random_uuid()
    fixed: dict[str, Any] = {
        "date_of_birth": date(2006, 5, 4),
        "status": Status.FORMER_RELEVANT,
        "language": "en",
        "risk": Risk.STANDARD,
        "in_area": True,
        "discreet": False,
        "controlled": False,
        "cadence": Cadence.FORTNIGHTLY,
        "next_check_in_at": due_at,
        "touch_check_at": due_at,
        "created_at": due_at,
    }
    sealed = ("first_name", "last_name")
    values = [literal(value, _PEOPLE.c[name].type).label(name) for name, value in fixed.items()]
    names = [literal(b"\x00" * 35).label(name) for name in sealed]
    case = cast_as(numbers.c.n + since, String)
    chosen = select(row_id, case, *names, *values).select_from(numbers)
    with database.begin() as session:
        session.execute(insert(_PEOPLE).from_select(["id", "case_id", *sealed, *fixed], chosen))


def _tidy(database: Database) -> None:
    """Statistics as a database in service has them."""
    with database.engine.connect().execution_options(
        **({} if database.is_sqlite else {"isolation_level": "AUTOCOMMIT"})
    ) as connection:
        connection.execute(text("ANALYZE" if database.is_sqlite else "VACUUM ANALYZE"))
        connection.commit()
