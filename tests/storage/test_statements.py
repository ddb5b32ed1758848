"""Statements made ready once: they write what the mapped class reads, and outlive a lost connection."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from messages.channel import CarrierKeyword, ChannelName, Inbound, InboundKind, Media
from storage import inbound, tables
from storage.database import Database
from storage.inbound import InboundMessage
from storage.statements import Prepared

NOW = datetime(2026, 11, 24, 10, 30, 15, 123456, tzinfo=UTC)


def message(provider_id: str = "SM1") -> Inbound:
    return Inbound(
        channel=ChannelName.SMS,
        provider_id=provider_id,
        sender="+447700900123",
        text="grüße 👋",
        raw=b"Body=\x00\xff",
        kind=InboundKind.EDIT,
        sent_at=NOW.astimezone(timezone(timedelta(hours=5, minutes=45))),
        media=(Media(url="https://example.org/p", content_type="image/jpeg"),),
        carrier_keyword=CarrierKeyword.STOP,
        edit_of="SM0",
    )


def test_what_is_written_by_hand_is_read_by_the_mapped_class(database: Database) -> None:
    sent = message()
    row_id = inbound.record(database, sent, now=NOW)
    with database.read() as session:
        [row] = session.scalars(select(InboundMessage)).all()
        assert (row.id, row.received_at, row.sent_at) == (row_id, NOW, NOW)
        assert (row.channel, row.kind, row.carrier_keyword) == (sent.channel, sent.kind, sent.carrier_keyword)
        assert (row.provider_id, row.edit_of, row.sender, row.body) == ("SM1", "SM0", sent.sender, sent.text)
        assert row.files == list(sent.media)
        assert database.keyring.open_bytes("inbound_messages.raw", row.id, row.raw) == sent.raw
        assert (row.attempts, row.restricted) == (0, False)


def test_it_is_durable_before_anybody_commits(database: Database) -> None:
    inbound.record(database, message(), now=NOW)
    other = Database(str(database.url.render_as_string(hide_password=False)), keyring=database.keyring)
    with other.read() as session:
        assert session.scalars(select(InboundMessage.provider_id)).all() == ["SM1"]
    other.close()


def test_a_connection_that_was_lost_is_replaced(database: Database) -> None:
    inbound.record(database, message("SM1"), now=NOW)
    if not database.is_sqlite:
        with database.engine.connect() as connection:
            connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            )
    assert inbound.record(database, message("SM2"), now=NOW) is not None
    assert inbound.record(database, message("SM2"), now=NOW) is None


def test_the_drivers_errors_come_out_as_the_engines(database: Database) -> None:
    table = tables.Base.metadata.tables["markers"]
    prepared = Prepared.of(table.insert(), database.engine.dialect)
    row = {"name": "canary", "at": NOW, "value": {}}
    assert database.execute_durably(prepared, row) == 1
    with pytest.raises(IntegrityError):
        database.execute_durably(prepared, row)
    with database.begin() as session:
        session.execute(text("DROP TABLE markers"))
    with pytest.raises(DBAPIError) as broken:
        database.execute_durably(prepared, row | {"name": "zebracanary"})
    assert "zebracanary" not in str(broken.value)
