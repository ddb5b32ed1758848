"""Pages to whoever keeps the service running."""

from collections.abc import Iterator

import pytest

from messages.channel import ChannelName
from office import MORNING, OPERATOR_PHONE, Office
from scheduler.operator import page_operator, ways_to_operator
from storage.database import Database
from storage.sealing import Keyring


@pytest.fixture
def embedded(sqlite_database_url: str, keyring: Keyring) -> Iterator[Database]:
    opened = Database(sqlite_database_url, keyring=keyring)
    yield opened
    opened.close()


def page(office: Office, key: str = "fault") -> int:
    with office.database.begin() as session:
        return page_operator(
            session, office.services, key=key, words="No text has left for 15 minutes.", now=MORNING
        )


def test_the_same_fault_pages_once(embedded: Database) -> None:
    office = Office(embedded)
    assert (page(office), page(office), page(office, "another")) == (1, 0, 1)
    first, _ = office.queued()
    assert first.body == "Keep in Touch needs you: No text has left for 15 minutes. https://kit.example.org"


def test_only_ways_that_are_set_up_are_used(embedded: Database) -> None:
    every = (ChannelName.SMS, ChannelName.EMAIL, ChannelName.WEBHOOK)
    office = Office(embedded, channels=every, operator_email="operator@example.org")
    assert ways_to_operator(office.services) == [
        (ChannelName.SMS, OPERATOR_PHONE),
        (ChannelName.EMAIL, "operator@example.org"),
    ]
    assert page(office) == 2


def test_without_any_way_nothing_is_queued(embedded: Database) -> None:
    assert page(Office(embedded, channels=(ChannelName.EMAIL,))) == 0
