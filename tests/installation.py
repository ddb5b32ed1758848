"""An installation as a council runs it: real processes of ``kit``, from its Procfile, on a fresh database.

Twilio is the stand-in, over real HTTP. The processes live in groups of their own, and no group outlives the
test: it is killed when the installation is closed, and, whatever happens, when Python ends.
"""

import atexit
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Self

from bot.channels.simulated_requests import TwilioSigner, WebhookRequest, twilio_inbound
from standins.twilio import TwilioStandIn
from standins.twilio_records import ACCOUNT_SID, AUTH_TOKEN, NUMBER, SERVICE_SID
from storage import tables  # noqa: F401  (every table known, whatever a test imports)
from storage.database import Database
from storage.sealing import Keyring, new_key

ROOT = Path(__file__).resolve().parent.parent
#: Long enough for a process to start on a machine that is busy with other tests.
PATIENCE = 90.0

_groups: set[int] = set()


@atexit.register
def _end_groups() -> None:
    for group in list(_groups):
        _end_group(group)


def _end_group(group: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)
    _groups.discard(group)


def wait_until(true: Callable[[], bool], *, what: str, seconds: float = PATIENCE, every: float = 0.1) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, f"still waiting for: {what}"
        time.sleep(every)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def noon_zone(now: datetime) -> str:
    """A time zone where it is about noon at ``now``: processes live by the real clock, prompts by the day."""
    return f"Etc/GMT{now.hour - 12:+d}"


def procfile() -> dict[str, str]:
    lines = (ROOT / "Procfile").read_text().splitlines()
    return dict(line.split(": ", 1) for line in lines)


@dataclass(kw_only=True)
class Process:
    """One process and its children, in a group of their own."""

    popen: subprocess.Popen[bytes]

    @property
    def running(self) -> bool:
        return self.popen.poll() is None

    def kill(self) -> None:
        """SIGKILL for the whole group: what a power cut or the kernel does."""
        _end_group(self.popen.pid)
        self.popen.wait()

    def end(self) -> int:
        """Ask it to finish, as a host does; its exit code."""
        self.popen.terminate()
        try:
            return self.popen.wait(timeout=PATIENCE)
        finally:
            self.kill()


@dataclass(kw_only=True)
class Installation:
    """``folder``: its own, for data and logs. ``url``: of its database."""

    folder: Path
    url: str
    twilio: TwilioStandIn
    changes: Mapping[str, str] = field(default_factory=dict)
    processes: list[Process] = field(default_factory=list, init=False)
    encryption_key: str = field(default_factory=new_key, init=False)
    index_key: str = field(default_factory=new_key, init=False)
    port: int = field(default_factory=free_port, init=False)
    _logs: Iterator[int] = field(default_factory=count, init=False)

    def __post_init__(self) -> None:
        self._bin().mkdir(parents=True)
        kit = self._bin() / "kit"
        kit.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m bot.cli "$@"\n')
        kit.chmod(0o755)
        self.twilio.inbound_url = f"{self.address}/webhooks/twilio/inbound"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in self.processes:
            process.kill()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        ours = {
            "PATH": f"{self._bin()}:{os.environ['PATH']}",
            "HOME": str(self.folder),
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
            "KIT_ENV": "development",
            "KIT_COUNCIL": "Westhaven",
            "KIT_DATA_DIR": str(self.folder / "data"),
            "KIT_SECRET_KEY": "not-secret-" * 4,
            "KIT_ENCRYPTION_KEYS": self.encryption_key,
            "KIT_INDEX_KEY": self.index_key,
            "KIT_PUBLIC_URL": self.address,
            "KIT_TIMEZONE": noon_zone(datetime.now(UTC)),
            "KIT_OUT_OF_HOURS_ALERT": "+447700900999",
            "PORT": str(self.port),
            "DATABASE_URL": self.url,
            "TWILIO_ACCOUNT_SID": ACCOUNT_SID,
            "TWILIO_AUTH_TOKEN": AUTH_TOKEN,
            "TWILIO_MESSAGING_SERVICE_SID": SERVICE_SID,
            "TWILIO_API_BASE_URL": self.twilio.url,
        }
        return ours | dict(self.changes)

    def database(self) -> Database:
        """The same database, opened from here."""
        keyring = Keyring(encryption_keys=self.encryption_key, index_keys=self.index_key)
        return Database(self.url, keyring=keyring)

    def start(self, line: str) -> Process:
        """Start a line of the Procfile as a host does, by a shell."""
        return self._start(f"exec {line}")

    def run(self, line: str, **changes: str) -> subprocess.CompletedProcess[str]:
        """Run a command of ``kit`` to its end; its words are kept with the logs too."""
        done = subprocess.run(
            ["sh", "-c", f"exec {line}"],
            cwd=self.folder,
            env=self.environment | changes,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        self._log().write_text(done.stdout + done.stderr)
        return done

    def release(self) -> None:
        done = self.run(procfile()["release"])
        assert done.returncode == 0, done.stderr

    def web(self) -> Process:
        return self.start(procfile()["web"])

    def worker(self) -> Process:
        return self.start(procfile()["worker"])

    def wait_for_web(self) -> None:
        try:
            wait_until(self.answers, what="the web process")
        except AssertionError as error:
            # What it said is why; the folder is gone by the time anybody could look.
            error.add_note(self.logs()[-3000:])
            raise

    def answers(self) -> bool:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()

    def text(self, sender: str, body: str, sid: str) -> WebhookRequest:
        """The signed request for one text to our number. ``sid``: 32 hexadecimal digits after ``SM``."""
        return twilio_inbound(
            TwilioSigner(account_sid=ACCOUNT_SID, secret=AUTH_TOKEN),
            url=self.twilio.inbound_url,
            sid=sid,
            sender=sender,
            to=NUMBER,
            text=body,
            messaging_service_sid=SERVICE_SID,
        )

    def logs(self) -> str:
        """Everything that every process said, on both streams."""
        return "".join(path.read_text(errors="replace") for path in sorted(self.folder.glob("*.log")))

    def _start(self, command: str) -> Process:
        with self._log().open("wb") as log:
            popen = subprocess.Popen(
                ["sh", "-c", command],
                cwd=self.folder,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        _groups.add(popen.pid)
        process = Process(popen=popen)
        self.processes.append(process)
        return process

    def _log(self) -> Path:
        return self.folder / f"{next(self._logs):03}.log"

    def _bin(self) -> Path:
        return self.folder / "bin"
