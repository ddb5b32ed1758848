"""A town for each test, on SQLite; the few tests that depend on the engine ask for ``both_towns``."""

from collections.abc import Iterator

import pytest

from storage.database import Database
from storage.sealing import Keyring
from town import Town


@pytest.fixture
def town(sqlite_database_url: str, keyring: Keyring) -> Iterator[Town]:
    database = Database(sqlite_database_url, keyring=keyring)
    yield Town(database)
    database.close()


@pytest.fixture
def both_towns(database: Database) -> Town:
    return Town(database)
