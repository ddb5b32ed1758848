"""The schema: one line of revisions, up and down, and never different from the mapped classes."""

import threading

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from storage import migrations
from storage.database import Database
from storage.sealing import Keyring
from storage.tables import Base


@pytest.fixture
def empty(empty_database_url: str, keyring: Keyring) -> Database:
    return Database(empty_database_url, keyring=keyring)


def test_there_is_one_head() -> None:
    assert len(ScriptDirectory.from_config(migrations.config()).get_heads()) == 1


def test_up_down_up(empty: Database) -> None:
    migrations.upgrade(empty)
    assert migrations.current(empty) == migrations.newest()
    migrations.downgrade(empty, "base")
    assert migrations.current(empty) is None
    migrations.upgrade(empty)
    migrations.upgrade(empty)
    empty.close()


def test_the_schema_is_what_the_classes_say(empty: Database) -> None:
    migrations.upgrade(empty)
    with empty.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
    empty.close()


def test_two_upgrades_at_once_are_harmless(empty: Database) -> None:
    threads = [threading.Thread(target=migrations.upgrade, args=(empty,)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert migrations.current(empty) == migrations.newest()
    empty.close()


def test_a_newer_schema_is_refused_in_words(empty: Database) -> None:
    migrations.upgrade(empty)
    with empty.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(migrations.NewerSchema, match="newer release"):
        migrations.upgrade(empty)
    empty.close()
