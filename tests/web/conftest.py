"""The staff web over a small invented town, on SQLite."""

from collections.abc import Iterator

import pytest
from flask import Flask

from browsing import Browser, SignIn, signed_in_as
from storage.database import Database
from storage.sealing import Keyring
from town import Phone, Town
from web.app import create_app
from web.templating import StrictShape


@pytest.fixture
def town(sqlite_database_url: str, keyring: Keyring) -> Iterator[Town]:
    database = Database(sqlite_database_url, keyring=keyring)
    yield Town(database)
    database.close()


@pytest.fixture
def app(town: Town) -> Flask:
    made = create_app(town.services, session_key="for tests only", demo=False, secure_cookies=False)
    made.jinja_env.undefined = StrictShape
    return made


@pytest.fixture
def signed_in(app: Flask, town: Town) -> SignIn:
    def sign_in(who: Phone) -> Browser:
        return signed_in_as(app, town, who)

    return sign_in


@pytest.fixture
def sam(signed_in: SignIn, town: Town) -> Browser:
    """The adviser of everybody whom the town makes."""
    return signed_in(town.sam)
