"""The demo's clock: real time and a shift, which web and worker read from one marker."""

import fcntl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from storage import markers
from storage.database import Database

MARKER = "demo:clock"
#: For how long a process may go by the shift that it read last.
_FRESH_SECONDS = 0.5


class MovableClock(Protocol):
    """A clock that whoever goes through time can set."""

    def __call__(self) -> datetime: ...

    def move_to(self, now: datetime) -> None: ...


@dataclass(slots=True)
class StoodClock:
    """A clock that stands still until it is moved: for making history, where no time passes by itself."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def move_to(self, now: datetime) -> None:
        self.now = now


class DemoClock:
    """Now, in the demo. All its processes agree within half a second."""

    def __init__(self, database: Database, real: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._database = database
        self._real = real
        self._shift = timedelta(0)
        self._read_at = float("-inf")

    def __call__(self) -> datetime:
        if time.monotonic() - self._read_at > _FRESH_SECONDS:
            self._read_at = time.monotonic()
            self._shift = self._stored()
        return self._real() + self._shift

    def move_to(self, now: datetime) -> None:
        """From here on it is ``now``, in every process."""
        real = self._real()
        shift = now - real
        with self._database.begin() as session:
            markers.put(session, MARKER, {"seconds": shift.total_seconds()}, now=real)
        self._shift, self._read_at = shift, time.monotonic()

    def forget(self) -> None:
        """The next look reads the marker, however fresh the last one was."""
        self._read_at = float("-inf")

    def _stored(self) -> timedelta:
        with self._database.read() as session:
            marker = markers.get(session, MARKER)
        return timedelta(seconds=marker.value["seconds"]) if marker else timedelta(0)


class Turnstile:
    """While somebody winds the clock, nobody else works: many may pass together, or one alone.

    Between threads and processes, by ``flock`` on a file beside the database. A worker in the middle of a
    pass would otherwise find its leases lapsed by hours.
    """

    def __init__(self, path: Path, clock: DemoClock) -> None:
        self._path = path
        self._clock = clock
        self._waiting = threading.Lock()

    @contextmanager
    def passing(self) -> Iterator[None]:
        with self._waiting:
            pass  # somebody of this process wants to be alone: let them in first
        with self._held(fcntl.LOCK_SH):
            yield

    @contextmanager
    def alone(self) -> Iterator[None]:
        with self._waiting, self._held(fcntl.LOCK_EX):
            yield

    @contextmanager
    def _held(self, how: int) -> Iterator[None]:
        with self._path.open("ab") as file:
            fcntl.flock(file, how)
            self._clock.forget()
            yield
