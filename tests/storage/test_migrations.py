"""The schema: one line of revisions, up and down, and never different from the mapped classes."""

import threading
from datetime import UTC, datetime

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import select, text

from messages.channel import ChannelName
from messages.kinds import AlertKind, Deadline
from storage import migrations
from storage.alerts import Alert
from storage.database import Database
from storage.inbound import InboundMessage
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


def test_a_text_that_others_refer_to_survives_the_way_up_and_down(empty: Database) -> None:
    migrations.upgrade(empty)
    now = datetime(2026, 11, 24, 10, tzinfo=UTC)
    with empty.begin() as session:
        text_in = InboundMessage(
            channel=ChannelName.SMS, provider_id="IN1", received_at=now, sender="+447700900101", body="alrite"
        )
        session.add(text_in)
        session.flush()
        session.add(
            Alert(
                key="unknown",
                kind=AlertKind.UNKNOWN_SENDER,
                deadline=Deadline.SOON,
                inbound_id=text_in.id,
                opened_at=now,
                chain_from=now,
            )
        )
    migrations.downgrade(empty, "0002")
    migrations.upgrade(empty)
    with empty.read() as session:
        assert session.scalars(select(Alert.inbound_id)).one() == text_in.id
        assert session.get_one(InboundMessage, text_in.id).body == "alrite"
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
