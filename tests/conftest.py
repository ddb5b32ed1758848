"""What every test has at hand: a clean environment, databases of both kinds, a browser.

A test that takes ``database_url`` or ``database`` runs twice, on SQLite and on PostgreSQL.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, sync_playwright

from databases import (
    PostgresDatabases,
    copy_sqlite,
    finish_run,
    migrate,
    new_keyring,
    prepare_run,
    server_url,
    sqlite_url,
)
from storage.database import Database
from storage.sealing import Keyring
from tools.browser import ADVICE, find_chromium

BACKENDS = ("sqlite", "postgresql")
#: A developer's own settings must not reach a test. (KIT_TEST_... are meant for them.)
SETTINGS = ("DATABASE_URL", "KIT_", "PORT", "TELEGRAM_", "TWILIO_")

# No deadline: a slow machine is no fault. The same examples on every run of CI, others elsewhere.
settings.register_profile("kit", deadline=None, max_examples=60, derandomize="CI" in os.environ)
settings.load_profile("kit")


def pytest_configure(config: pytest.Config) -> None:
    for name in list(os.environ):
        if name.startswith(SETTINGS) and not name.startswith("KIT_TEST_"):
            del os.environ[name]
    if not hasattr(config, "workerinput"):
        prepare_run()


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        finish_run()


@pytest.fixture(scope="session")
def postgres_databases() -> Iterator[PostgresDatabases]:
    databases = PostgresDatabases(server_url())
    yield databases
    databases.close()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with all tables and no rows."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    migrate(sqlite_url(path))
    return path


@pytest.fixture
def sqlite_database_url(sqlite_template: Path, tmp_path: Path) -> str:
    return copy_sqlite(sqlite_template, tmp_path / "kit.db")


@pytest.fixture
def postgresql_database_url(postgres_databases: PostgresDatabases) -> Iterator[str]:
    url = postgres_databases.migrated()
    yield url
    postgres_databases.release(url)


@pytest.fixture(params=BACKENDS)
def database_url(request: pytest.FixtureRequest) -> str:
    """A database of its own for this test: all tables, no rows. One run for each backend."""
    return str(request.getfixturevalue(f"{request.param}_database_url"))


@pytest.fixture(params=BACKENDS)
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without even tables, for tests of migrations. One run for each backend."""
    if request.param == "sqlite":
        yield sqlite_url(tmp_path / "empty.db")
        return
    databases: PostgresDatabases = request.getfixturevalue("postgres_databases")
    url = databases.empty()
    yield url
    databases.release(url)


@pytest.fixture(scope="session")
def keyring() -> Keyring:
    return new_keyring()


@pytest.fixture
def database(database_url: str, keyring: Keyring) -> Iterator[Database]:
    """``database_url``, opened with ``keyring``."""
    opened = Database(database_url, keyring=keyring)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Headless Chromium. A module's, not the session's: while it is open, asyncio.run is not to be had."""
    path = find_chromium()
    if path is None:
        pytest.fail(ADVICE)
    quiet = [
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ]
    with sync_playwright() as playwright:
        # Chromium refuses its sandbox to root; only our own pages on loopback are opened.
        opened = playwright.chromium.launch(executable_path=path, args=quiet, chromium_sandbox=False)
        yield opened
        opened.close()
