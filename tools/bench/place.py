"""Somewhere to measure: fresh databases of both kinds, servers as processes, and nothing left behind."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPConnection
from itertools import count
from pathlib import Path

import psycopg
from sqlalchemy.engine import make_url

from databases import finish_run, migrate, prepare_run, server_url, sqlite_url
from installation import free_port
from storage import tables  # noqa: F401  (every table known)
from storage.database import Database
from storage.sealing import Keyring, new_key
from tools.bench import ROOT
from tools.bench.load import ACCOUNT, TOKEN

ENGINES = ("sqlite", "postgresql")
#: Names the application that a server of ours shall serve.
CHOICE = "KIT_BENCH_APP"


@dataclass(kw_only=True)
class Place:
    """A folder on a real disk, and a PostgreSQL whose commits are durable."""

    folder: Path
    encryption_key: str = field(default_factory=new_key)
    index_key: str = field(default_factory=new_key)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def fresh(self, engine: str) -> str:
        """The URL of a new database with all tables."""
        number = next(self._numbers)
        if engine == "sqlite":
            url = sqlite_url(self.folder / f"{number}.db")
        else:
            server = server_url(durable=True)
            with psycopg.connect(server, autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE bench_{number}")
            url = make_url(server).set(database=f"bench_{number}").render_as_string(hide_password=False)
        migrate(url)
        return url

    def open(self, url: str) -> Database:
        return Database(url, keyring=Keyring(encryption_keys=self.encryption_key, index_keys=self.index_key))

    def environment(self, url: str, *, public: str, port: int) -> dict[str, str]:
        return {
            **{name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ},
            "PYTHONPATH": str(ROOT),
            "KIT_ENV": "development",
            "KIT_DATA_DIR": str(self.folder / "data"),
            "KIT_SECRET_KEY": "not-secret-" * 4,
            "KIT_ENCRYPTION_KEYS": self.encryption_key,
            "KIT_INDEX_KEY": self.index_key,
            "KIT_PUBLIC_URL": public,
            "DATABASE_URL": url,
            "PORT": str(port),
            "TWILIO_ACCOUNT_SID": ACCOUNT,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "TWILIO_FROM": "+447700900100",
        }


@contextmanager
def place() -> Iterator[Place]:
    prepare_run()
    try:
        with tempfile.TemporaryDirectory(prefix="kit-bench-") as folder:
            yield Place(folder=Path(folder))
    finally:
        finish_run()


@contextmanager
def served(module: str, environment: Mapping[str, str], folder: Path) -> Iterator[int]:
    """``python -m module PORT`` as a process that answers HTTP; its port."""
    port = free_port()
    child = subprocess.Popen(
        [sys.executable, "-m", module, str(port)],
        cwd=folder,
        env={**environment, "PORT": str(port)},
        stdin=subprocess.DEVNULL,
    )
    try:
        _wait(port, child)
        yield port
    finally:
        child.terminate()
        try:
            child.wait(timeout=30)
        except subprocess.TimeoutExpired:
            child.kill()


def _wait(port: int, child: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while child.poll() is None and time.monotonic() < until:
        connection = HTTPConnection("127.0.0.1", port, timeout=2)
        try:
            connection.request("GET", "/")
            connection.getresponse()
        except OSError:
            time.sleep(0.1)
        else:
            return
        finally:
            connection.close()
    raise RuntimeError("a server did not start")


def now() -> datetime:
    return datetime.now(UTC)
