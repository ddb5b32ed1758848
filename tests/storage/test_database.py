"""The unit of work, the promises of SQLite's settings, and columns that seal themselves."""

import threading
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import StatementError

from messages.channel import ChannelName
from storage.addresses import Address, holders
from storage.base import new_id
from storage.database import BadDatabaseUrl, Database, NestedWrite, parsed_url
from storage.people import Person, Status, by_case_id
from storage.sealing import Keyring
from storage.staff import Role, Staff, Team

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)


def _jay(**facts: object) -> Person:
    return Person(
        case_id="WH-1",
        first_name="Jay",
        last_name="Whitlock",
        date_of_birth=date(2006, 5, 4),
        status=Status.FORMER_RELEVANT,
        created_at=NOW,
    )


def _save(database: Database, row: Person) -> None:
    with database.begin() as session:
        session.add(row)


def _fail_after_writing(database: Database) -> None:
    with database.begin() as session:
        session.add(Team(name="Harbour"))
        session.flush()
        raise ZeroDivisionError


def _insert_past_the_orm(database: Database) -> None:
    row = {"id": new_id(), "email": "a@b.example", "name": "A", "role": Role.DUTY, "phone": "+447700900001"}
    with database.begin() as session:
        session.execute(insert(Staff), [row | {"social_worker": False, "created_at": NOW}])


def test_sealed_columns_hold_no_plain_text(database: Database) -> None:
    with database.begin() as session:
        session.add(_jay())
    with database.read() as session:
        stored = session.execute(text("SELECT first_name FROM people")).scalar_one()
        assert b"Jay" not in bytes(stored)
        jay = by_case_id(session, "WH-1")
        assert jay is not None
        assert (jay.first_name, jay.last_name, jay.preferred_name) == ("Jay", "Whitlock", None)
        assert "Jay" not in repr(jay)


def test_a_change_is_sealed_anew_and_a_copied_value_for_its_new_row(database: Database) -> None:
    with database.begin() as session:
        jay = _jay()
        session.add(jay)
        session.flush()
        jay.preferred_name = jay.first_name
    with database.begin() as session:
        jay = session.get_one(Person, jay.id)
        jay.first_name = "Jaye"
    with database.read() as session:
        jay = session.get_one(Person, jay.id)
        assert (jay.first_name, jay.preferred_name) == ("Jaye", "Jay")


def test_an_address_is_found_by_its_blind_index_alone(database: Database) -> None:
    keyring = database.keyring
    with database.begin() as session:
        jay = _jay()
        session.add(jay)
        session.flush()
        session.add(Address(person_id=jay.id, channel=ChannelName.SMS, value="+447700900001", starts_at=NOW))
    with database.read() as session:
        (found,) = holders(session, ChannelName.SMS, keyring.indexes("+447700900001"))
        assert found.value == "+447700900001"
        assert not holders(session, ChannelName.SMS, keyring.indexes("+447700900002"))


def test_a_sealed_column_without_its_row_is_never_written_in_plain(database: Database) -> None:
    with pytest.raises(StatementError, match="sealed column"):
        _insert_past_the_orm(database)


def test_an_error_leaves_nothing(database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        _fail_after_writing(database)
    with database.read() as session:
        assert session.scalars(select(Team)).all() == []


def test_a_naive_time_is_refused(database: Database) -> None:
    jay = _jay()
    jay.created_at = datetime(2026, 11, 24, 10)  # noqa: DTZ001  (that is the point)
    with pytest.raises(StatementError, match="without a zone"):
        _save(database, jay)


def test_times_come_back_in_utc(database: Database) -> None:
    with database.begin() as session:
        jay = _jay()
        jay.created_at = datetime(2026, 7, 1, 10, tzinfo=ZoneInfo("Europe/London"))
        session.add(jay)
    with database.read() as session:
        stored = session.get_one(Person, jay.id).created_at
        assert stored == datetime(2026, 7, 1, 9, tzinfo=UTC)
        assert stored.tzinfo is UTC


def test_every_sqlite_connection_keeps_the_promises(sqlite_database_url: str, keyring: Keyring) -> None:
    database = Database(sqlite_database_url, keyring=keyring)
    connections = [database.engine.connect() for _ in range(3)]
    for connection in connections:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "busy_timeout", "foreign_keys")
        }
        assert found == {"journal_mode": "wal", "synchronous": 2, "busy_timeout": 10_000, "foreign_keys": 1}
        connection.close()
    database.close()


def test_writers_queue_and_none_is_lost(database: Database) -> None:
    def write(number: int) -> None:
        with database.begin() as session:
            session.add(Team(name=f"team {number}"))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.read() as session:
        assert len(session.scalars(select(Team)).all()) == 16


def test_a_unit_of_work_inside_another_is_refused(sqlite_database_url: str, keyring: Keyring) -> None:
    database = Database(sqlite_database_url, keyring=keyring)
    with pytest.raises(NestedWrite), database.begin(), database.begin():
        pass
    with database.begin() as session:
        session.add(Team(name="after"))
    database.close()


@pytest.mark.parametrize(
    ("given", "driver"),
    [
        ("postgres://kit@db/kit", "postgresql+psycopg"),
        ("postgresql://kit@db/kit", "postgresql+psycopg"),
        ("sqlite:///kit.db", "sqlite"),
    ],
)
def test_database_urls_of_hosting_platforms_are_understood(given: str, driver: str) -> None:
    assert parsed_url(given).drivername == driver


@pytest.mark.parametrize("given", ["", "nonsense", "mysql://kit@db/kit", "sqlite://", "sqlite:///:memory:"])
def test_other_database_urls_are_refused_in_words(given: str) -> None:
    with pytest.raises(BadDatabaseUrl, match="sqlite:///"):
        Database(given, keyring=Keyring.fresh())
