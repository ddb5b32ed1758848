"""The ticker: APScheduler calls one function every ten seconds, in UTC, and keeps no state of its own.

Its job stores are not used: one database error in ``update_job`` kills its thread for good while
``running`` stays true. What is due lives in our tables; a watchdog outside the thread ends the process
when ticks stop, and whoever supervises it starts it again.
"""

import os
import threading
import time
from collections.abc import Callable
from datetime import UTC

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

log = structlog.get_logger()

TICK_SECONDS = 10
STALE_SECONDS = 60


def _end_process() -> None:
    os._exit(1)


class Ticker:
    """Runs ``tick`` every ten seconds until stopped; ends the process when ticks stop coming."""

    def __init__(
        self,
        tick: Callable[[], object],
        *,
        seconds: float = TICK_SECONDS,
        stale_after: float = STALE_SECONDS,
        on_stale: Callable[[], None] = _end_process,
    ) -> None:
        self._tick = tick
        self._stale_after = stale_after
        self._on_stale = on_stale
        self._last = time.monotonic()
        self._stopped = threading.Event()
        self._scheduler = BackgroundScheduler(timezone=UTC)
        self._scheduler.add_job(
            self._beat, "interval", seconds=seconds, coalesce=True, max_instances=1, misfire_grace_time=None
        )
        self._watchdog = threading.Thread(target=self._watch, name="watchdog", daemon=True)

    def start(self) -> None:
        self._last = time.monotonic()
        self._scheduler.start()
        self._watchdog.start()

    def stop(self) -> None:
        self._stopped.set()
        self._scheduler.shutdown(wait=True)

    def _beat(self) -> None:
        self._tick()
        self._last = time.monotonic()

    def _watch(self) -> None:
        while not self._stopped.wait(min(1.0, self._stale_after / 4)):
            if time.monotonic() - self._last > self._stale_after:
                log.error("ticks_stopped", seconds=round(time.monotonic() - self._last))
                self._on_stale()
                return
