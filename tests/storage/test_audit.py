"""The audit chain: whatever is done to a row behind its back, the walk finds it."""

import threading
from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from storage import audit
from storage.database import Database

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)


def _write(database: Database, count: int = 5) -> None:
    for number in range(count):
        with database.begin() as session:
            audit.note(session, "person.viewed", now=NOW, subject="person", subject_id=number, why="test")


def _verify(database: Database) -> audit.Verdict:
    with database.read() as session:
        return audit.verify(session)


def test_an_untouched_chain_is_whole(database: Database) -> None:
    assert _verify(database).whole
    _write(database)
    assert _verify(database) == audit.Verdict(events=5)


def _behind_its_back(database: Database, *statements: str) -> None:
    """As somebody who may change the schema could do it: the guards are taken down first."""
    guards = (
        ["DROP TRIGGER audit_events_no_update", "DROP TRIGGER audit_events_no_delete"]
        if database.is_sqlite
        else ["ALTER TABLE audit_events DISABLE TRIGGER USER"]
    )
    with database.engine.begin() as connection:
        for statement in (*guards, *statements):
            connection.execute(text(statement))


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit_events SET action = 'person.erased' WHERE number = 3",
        "UPDATE audit_events SET hash = payload_digest",
        "DELETE FROM audit_events WHERE number = 5",
    ],
)
def test_the_trail_takes_no_change_and_loses_no_row(database: Database, change: str) -> None:
    _write(database)
    with database.engine.begin() as connection, pytest.raises(DatabaseError, match="append-only"):
        connection.execute(text(change))
    assert _verify(database) == audit.Verdict(events=5)


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE audit_events SET action = 'person.erased' WHERE number = 3",
        "UPDATE audit_events SET subject_id = '9' WHERE number = 3",
        "DELETE FROM audit_events WHERE number = 3",
        "DELETE FROM audit_events WHERE number = 5",
        "UPDATE audit_events SET number = 9 WHERE number = 5",
        "UPDATE audit_head SET number = 4",
    ],
)
def test_tampering_is_found(database: Database, tampering: str) -> None:
    _write(database)
    _behind_its_back(database, tampering)
    assert not _verify(database).whole


def test_two_swapped_rows_are_found(database: Database) -> None:
    _write(database)
    _behind_its_back(
        database,
        "UPDATE audit_events SET number = 99 WHERE number = 2",
        "UPDATE audit_events SET number = 2 WHERE number = 3",
        "UPDATE audit_events SET number = 3 WHERE number = 99",
    )
    assert not _verify(database).whole


def test_an_erased_payload_keeps_the_chain_whole(database: Database) -> None:
    _write(database)
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE audit_events SET payload = NULL WHERE number = 3"))
    assert _verify(database).whole


def test_writers_at_once_make_one_order(database: Database) -> None:
    threads = [threading.Thread(target=_write, args=(database, 5)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert _verify(database) == audit.Verdict(events=30)
