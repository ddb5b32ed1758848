"""Opening the database and the unit of work.

``with database.begin() as session`` is one transaction that writes: it commits at the end or leaves
nothing. ``with database.read() as session`` only looks. Nothing is ever sent inside either.

SQLite: WAL, ``synchronous=FULL`` (a commit survives power loss), ``BEGIN IMMEDIATE`` for writers, and all
writers, of all processes, queue on one ``flock`` beside the file, since SQLite's own busy handler polls
and starves (ten times worse at the 99th percentile when measured).
"""

import fcntl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from messages.errors import KitError
from storage.sealing import Keyring
from storage.statements import Prepared, execute

BUSY_TIMEOUT_MS = 10_000  # Twilio gives a webhook 15 seconds in all


class BadDatabaseUrl(KitError):
    """DATABASE_URL is not a database address: use sqlite:///path/kit.db or postgresql://user@host/name."""


class DatabaseAway(KitError):
    """The database did not take the row: nothing was stored."""


class NestedWrite(KitError):
    """A unit of work was begun inside another one of the same thread: pass the session instead."""


def parsed_url(url: str) -> URL:
    """``url`` as SQLAlchemy takes it; ``postgres://`` (hosting platforms) becomes ``postgresql+psycopg``."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise BadDatabaseUrl from None
    if parsed.drivername in ("postgres", "postgresql"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.get_backend_name() not in ("sqlite", "postgresql"):
        raise BadDatabaseUrl
    return parsed


class _WriterLock:
    """One writer at a time: threads by a lock, processes by ``flock`` on a file beside the database."""

    def __init__(self, path: Path) -> None:
        self._threads = threading.Lock()
        self._path = path
        self._file: IO[bytes] | None = None

    @contextmanager
    def held(self) -> Iterator[None]:
        with self._threads:
            if self._file is None:
                self._file = self._path.open("ab")
            fcntl.flock(self._file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.flock(self._file, fcntl.LOCK_UN)

    def close(self) -> None:
        with self._threads:
            if self._file is not None:
                self._file.close()
                self._file = None


class Database:
    """A database and its keys. Cheap to share between threads; each process opens its own."""

    def __init__(self, url: str, *, keyring: Keyring, pool_size: int = 10) -> None:
        self.url = parsed_url(url)
        self.keyring = keyring
        self.engine = _sqlite(self.url) if self.is_sqlite else _postgresql(self.url, pool_size)
        info = {"keyring": keyring}
        self._readers = sessionmaker(self.engine, expire_on_commit=False, info=info)
        self._units = sessionmaker(
            self.engine.execution_options(writes=True), expire_on_commit=False, info=info
        )
        self._autocommit = self.engine if self.is_sqlite else _postgresql(self.url, pool_size, at_once=True)
        self._writers = _WriterLock(Path(f"{self.url.database}.lock")) if self.is_sqlite else None
        self._local = threading.local()

    @property
    def is_sqlite(self) -> bool:
        return self.url.get_backend_name() == "sqlite"

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """One unit of work: commit at the end, nothing at all on an error."""
        with self.writing(), self._units.begin() as session:
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A look at one consistent state; never commits."""
        with self._readers() as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the writers' place (SQLite); a no-op on PostgreSQL. For Core statements on the hot path."""
        if self._writers is None:
            yield
            return
        if getattr(self._local, "writing", False):
            raise NestedWrite
        with self._writers.held():
            self._local.writing = True
            try:
                yield
            finally:
                self._local.writing = False

    def execute_durably(self, prepared: Prepared, values: Mapping[str, Any]) -> int:
        """One insert by itself, outside any unit of work: durable when this returns. The number of rows.

        On PostgreSQL it is one round trip, without a ping before it: where the connection turns out to be
        lost it is made once more, so it must bear being done twice.
        """
        with self.writing():
            try:
                return self._execute(prepared, values)
            except OperationalError as error:
                if not error.connection_invalidated:
                    raise
                self._autocommit.dispose()
                return self._execute(prepared, values)

    def _execute(self, prepared: Prepared, values: Mapping[str, Any]) -> int:
        try:
            connection = self._autocommit.raw_connection()
        except self.engine.dialect.loaded_dbapi.Error:
            # Connecting by hand brings the driver's own error, which may quote host and user.
            raise DatabaseAway from None
        try:
            return execute(self.engine, connection.driver_connection, prepared, values)
        finally:
            connection.close()

    def reachable(self) -> bool:
        try:
            with self.engine.connect() as connection:
                connection.execute(text("SELECT 1"))
        except SQLAlchemyError:
            return False
        return True

    def close(self) -> None:
        self.engine.dispose()
        self._autocommit.dispose()
        if self._writers is not None:
            self._writers.close()


def _sqlite(url: URL) -> Engine:
    if not url.database or url.database == ":memory:":
        raise BadDatabaseUrl("SQLite needs a file: sqlite:///path/kit.db")
    Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, hide_parameters=True, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000})

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, below
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            f"busy_timeout={BUSY_TIMEOUT_MS}",
            "foreign_keys=ON",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _postgresql(url: URL, pool_size: int, *, at_once: bool = False) -> Engine:
    """``at_once``: each statement is its own transaction, on connections that are not tried before."""
    return create_engine(
        url,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_pre_ping=not at_once,
        **({"isolation_level": "AUTOCOMMIT"} if at_once else {}),
        hide_parameters=True,
        connect_args={"connect_timeout": 5, "options": "-c statement_timeout=10000 -c timezone=UTC"},
    )
