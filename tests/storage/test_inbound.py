"""Recording a text: one row whatever is repeated or concurrent, and what came is kept as it came."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from messages.channel import ChannelName, Inbound, Media
from messages.cleaning import clean
from storage import inbound
from storage.base import new_id
from storage.database import Database
from storage.inbound import InboundMessage

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
JAY = "+447700900001"


def _text(words: str = "hi", provider_id: str = "SM1", **details: object) -> Inbound:
    return Inbound(
        channel=ChannelName.SMS,
        provider_id=provider_id,
        sender=JAY,
        text=words,
        raw=words.encode("utf-8", "surrogatepass"),
    )


def test_twenty_at_once_make_one_row(database: Database) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: inbound.record(database, _text(), now=NOW), range(20)))
    assert len([one for one in made if one]) == 1
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(InboundMessage)) == 1


def test_the_same_id_on_another_channel_is_another_text(database: Database) -> None:
    assert inbound.record(database, _text(), now=NOW)
    other = Inbound(channel=ChannelName.TELEGRAM, provider_id="SM1", sender="5", text="", raw=b"")
    assert inbound.record(database, other, now=NOW)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.text(max_size=200))
def test_any_text_is_kept_and_the_request_as_it_came(database: Database, words: str) -> None:
    provider_id = str(new_id())
    raw = words.encode("utf-8", "surrogatepass")
    message = Inbound(
        channel=ChannelName.SMS, provider_id=provider_id, sender=JAY, text=clean(words), raw=raw
    )
    message_id = inbound.record(database, message, now=NOW)
    assert message_id is not None
    with database.read() as session:
        row = session.get_one(InboundMessage, message_id)
        assert row.body == clean(words)
        assert database.keyring.open_bytes("inbound_messages.raw", row.id, row.raw) == raw


def test_media_is_kept_as_a_link(database: Database) -> None:
    media = (Media(url="https://example.org/1", content_type="image/jpeg"),)
    message = Inbound(channel=ChannelName.SMS, provider_id="MM1", sender=JAY, text="", raw=b"", media=media)
    message_id = inbound.record(database, message, now=NOW)
    with database.read() as session:
        assert tuple(session.get_one(InboundMessage, message_id).files) == media


def test_a_lease_is_one_processs_until_it_ends(database: Database) -> None:
    message_id = inbound.record(database, _text(), now=NOW)
    assert message_id is not None

    def claim(now: datetime) -> InboundMessage | None:
        with database.begin() as session:
            return inbound.claim(session, message_id, new_id(), now=now)

    first = claim(NOW)
    assert first is not None
    assert first.body == "hi"
    assert claim(NOW + timedelta(seconds=10)) is None
    again = claim(NOW + timedelta(seconds=16))
    assert again is not None
    assert again.attempts == 2


def test_what_waits_is_found_and_what_is_leased_or_young_is_not(database: Database) -> None:
    old = inbound.record(database, _text(provider_id="A"), now=NOW)
    leased = inbound.record(database, _text(provider_id="B"), now=NOW)
    inbound.record(database, _text(provider_id="C"), now=NOW + timedelta(seconds=9))
    assert leased is not None
    later = NOW + timedelta(seconds=10)
    with database.begin() as session:
        inbound.claim(session, leased, new_id(), now=later)
    with database.read() as session:
        assert inbound.waiting(session, older_than=NOW + timedelta(seconds=5), now=later) == [old]


@pytest.mark.parametrize("count", [25])
def test_the_texts_before_are_the_newest_few_oldest_first(database: Database, count: int) -> None:
    ids = [
        inbound.record(database, _text(provider_id=str(n)), now=NOW + timedelta(seconds=n))
        for n in range(count)
    ]
    with database.read() as session:
        last = session.get_one(InboundMessage, ids[-1])
        found = inbound.before(session, last, database.keyring.indexes(JAY), after=NOW - timedelta(days=1))
    assert [text.id for text in found] == ids[-21:-1]
