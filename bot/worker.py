"""The worker process: the clock, delivery, and the texts that the web process left."""

import signal
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta

import structlog

from bot.conversation.handle import handle
from scheduler import jobs
from scheduler.delivery import deliver_due, deliver_urgent
from scheduler.services import Services
from scheduler.ticker import Ticker
from storage import inbound

log = structlog.get_logger()

#: An empty, indexed claim costs under a millisecond.
DELIVERY_PAUSE = 0.25
PICK_UP_PAUSE = 1.0
#: The web process handles a text at once; after this long it will not.
LEFT_FOR = timedelta(seconds=5)


def pick_up(services: Services) -> int:
    """Handle the texts that nobody has handled; the number that this process did."""
    now = services.clock()
    with services.database.read() as session:
        waiting = inbound.waiting(session, older_than=now - LEFT_FOR, now=now)
    return sum(handle(services, message_id, services.clock()) for message_id in waiting)


def deliver_all(services: Services, stopping: threading.Event | None = None) -> int:
    """Deliver until nothing is due; the number of rows that were claimed."""
    total = 0
    while claimed := deliver_due(services, services.clock(), stopping=stopping).get("claimed", 0):
        total += claimed
    return total


class Worker:
    """The clock and three loops in one process. :meth:`run` returns when asked to stop, nothing half done."""

    def __init__(
        self, services: Services, passing: Callable[[], AbstractContextManager[object]] = nullcontext
    ) -> None:
        """``passing`` is gone through for each pass of the clock and of a loop."""
        self._services = services
        self._passing = passing
        self._stop = threading.Event()
        self._ticker = Ticker(self._tick)
        self._loops = [
            self._loop(self._deliver, DELIVERY_PAUSE, "delivery"),
            # A slow batch of check-ins must not hold up an alert.
            self._loop(self._deliver_urgent, DELIVERY_PAUSE, "urgent"),
            self._loop(self._pick_up, PICK_UP_PAUSE, "pick-up"),
        ]

    def run(self) -> None:
        log.info("worker_started")
        self._tick()
        self._ticker.start()
        for loop in self._loops:
            loop.start()
        self._stop.wait()
        self._ticker.stop()
        for loop in self._loops:
            loop.join(timeout=25)
        log.info("worker_stopped")

    def stop(self, *_signal: object) -> None:
        self._stop.set()

    def stop_on_signals(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.stop)

    def _tick(self) -> None:
        with self._passing():
            jobs.run_all(self._services, self._services.clock())

    def _deliver(self) -> None:
        deliver_all(self._services, self._stop)

    def _deliver_urgent(self) -> None:
        deliver_urgent(self._services, self._services.clock(), stopping=self._stop)

    def _pick_up(self) -> None:
        pick_up(self._services)

    def _loop(self, work: Callable[[], None], pause: float, name: str) -> threading.Thread:
        return threading.Thread(target=self._repeat, args=(work, pause), name=name)

    def _repeat(self, work: Callable[[], None], pause: float) -> None:
        while not self._stop.is_set():
            try:
                with self._passing():
                    work()
            except Exception as error:  # noqa: BLE001  (logged; the next pass tries again)
                log.error("loop_failed", loop=threading.current_thread().name, error=type(error).__name__)
            self._stop.wait(pause)
