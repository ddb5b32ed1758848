"""Many providers' connections at once: threads that post signed requests and keep what was answered."""

import threading
import time
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

from bot.channels.simulated_requests import WebhookRequest

#: An answer that says "again later", and no answer at all.
_AGAIN = (0, 503)


@dataclass(slots=True, kw_only=True)
class Calls:
    """What came of a burst. ``statuses`` counts answers; 0 is no answer."""

    statuses: Counter[int] = field(default_factory=Counter)
    #: Seconds that each answered request took.
    took: list[float] = field(default_factory=list)
    #: Places of the requests, as given, that were answered with 2xx.
    acknowledged: set[int] = field(default_factory=set)
    seconds: float = 0.0

    def __str__(self) -> str:
        ranked = sorted(self.took) or [0.0]
        p50, p99 = (ranked[int(len(ranked) * share)] * 1000 for share in (0.5, 0.99))
        rate = len(self.took) / self.seconds if self.seconds else 0
        return (
            f"{len(self.took)} answers in {self.seconds:.1f} s ({rate:.0f}/s), p50 {p50:.0f} ms, "
            f"p99 {p99:.0f} ms, max {ranked[-1] * 1000:.0f} ms, {dict(self.statuses)}"
        )


@dataclass(kw_only=True)
class Callers:
    """``clients`` connections that share a list of requests. ``insist``: post again what was not taken."""

    requests: Sequence[WebhookRequest]
    clients: int = 16
    insist: bool = False
    calls: Calls = field(default_factory=Calls, init=False)

    def __post_init__(self) -> None:
        self._left = deque(range(len(self.requests)))
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._call, daemon=True) for _ in range(self.clients)]

    def start(self) -> None:
        self._began = time.perf_counter()
        for thread in self._threads:
            thread.start()

    @property
    def busy(self) -> bool:
        return any(thread.is_alive() for thread in self._threads)

    def finish(self, seconds: float) -> Calls:
        """Wait for all answers; what is left after ``seconds`` is given up."""
        until = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))
        self._stop.set()
        self.calls.seconds = time.perf_counter() - self._began
        return self.calls

    def _call(self) -> None:
        connection: HTTPConnection | None = None
        while not self._stop.is_set():
            try:
                place = self._left.popleft()
            except IndexError:
                break
            began = time.perf_counter()
            connection, status = _post(connection, self.requests[place])
            self._note(place, status, time.perf_counter() - began)
            if self.insist and status in _AGAIN:
                self._left.append(place)
                self._stop.wait(0.1)
        if connection is not None:
            connection.close()

    def _note(self, place: int, status: int, took: float) -> None:
        with self._lock:
            self.calls.statuses[status] += 1
            if status:
                self.calls.took.append(took)
            if 200 <= status < 300:
                self.calls.acknowledged.add(place)


def _post(connection: HTTPConnection | None, request: WebhookRequest) -> tuple[HTTPConnection | None, int]:
    """Post on a kept connection, or on a new one; the connection to keep, and the status or 0."""
    parts = urlsplit(request.url)
    if connection is None:
        connection = HTTPConnection(parts.hostname or "", parts.port or 80, timeout=15)
    try:
        connection.request("POST", parts.path, request.body, request.headers)
        answer = connection.getresponse()
        answer.read()
        return connection, answer.status
    except (OSError, HTTPException):
        connection.close()
        return None, 0
