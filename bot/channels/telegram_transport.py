"""python-telegram-bot over ``requests``: safe from any thread, with no event loop.

A ``Bot`` shared across ``asyncio.run`` calls fails on alternate calls after the text has left, and a
loop per call costs forty times the send. Over this transport nothing inside a ``Bot`` method waits on
a loop, so its coroutine runs to its end in one step.
"""

import json
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.channels.answers import Answer, NoAnswer
from bot.channels.http_exchange import HttpExchange
from messages.errors import KitError

T = TypeVar("T")

#: Beyond this, sending in parallel only makes each one slower.
MOST_IN_FLIGHT = 16

#: Seconds: what Telegram allows a chat when it does not say, and the longest wait that is believed.
_USUAL_WAIT = 1.0
_DAY = 86_400


class SuspendedError(KitError):
    """A Bot method waited on an event loop: this release of python-telegram-bot does not fit."""


class NotProcessed(NetworkError):
    """Telegram cannot have acted on the request: it was not written, or cleanly turned away."""


class TooFast(TelegramError):
    """Telegram asks us to wait ``seconds``. (The library's own error warns whenever it is made.)"""

    def __init__(self, seconds: float) -> None:
        super().__init__("too fast")
        self.seconds = seconds


def drive(coroutine: Coroutine[Any, Any, T]) -> T:
    """The coroutine's result, or :class:`SuspendedError` when it cannot finish in one step."""
    try:
        coroutine.send(None)
    except StopIteration as done:
        result: T = done.value
        return result
    coroutine.close()
    raise SuspendedError


class TelegramTransport(BaseRequest):
    """The transport. Errors carry no address, because the bot's token is in it."""

    def __init__(self, base_url: str, *, timeout: float, most_in_flight: int = MOST_IN_FLIGHT) -> None:
        self._timeout = timeout
        self._exchange = HttpExchange(base_url, timeout=timeout)
        self._room = threading.BoundedSemaphore(most_in_flight)

    @property
    def read_timeout(self) -> float:
        return self._timeout

    async def initialize(self) -> None:
        """Sessions open at their first use."""

    async def shutdown(self) -> None:
        """Sessions close with their threads."""

    @staticmethod
    def parse_json_payload(payload: bytes) -> Any:
        """As the base class does, but the base class writes what it cannot read to the log."""
        try:
            return json.loads(payload.decode("utf-8", "replace"))
        except (ValueError, RecursionError):
            unreadable = TelegramError("Telegram's answer is not JSON")
        raise unreadable

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        del write_timeout, connect_timeout, pool_timeout
        timeout = read_timeout if isinstance(read_timeout, int | float) else self._timeout
        fields = request_data.json_parameters if request_data else None
        answer = self._exchanged(method, url, fields, timeout)
        if answer.status >= 500 or answer.status == 429:
            raise _fault(answer)
        return answer.status, answer.body

    def _exchanged(self, method: str, url: str, fields: dict[str, str] | None, timeout: float) -> Answer:
        if not self._room.acquire(timeout=timeout):
            raise NotProcessed("too many texts in flight")
        try:
            return self._exchange.send(method, url, data=fields, timeout=timeout)
        except NoAnswer as lost:
            failed = TimedOut(lost.reason) if lost.written else NotProcessed(lost.reason)
        finally:
            self._room.release()
        raise failed


def _fault(answer: Answer) -> TelegramError:
    """A 5xx in Telegram's own JSON is a refusal; any other comes from between us: it may have left."""
    try:
        told = json.loads(answer.body)
    except (ValueError, RecursionError):
        told = None
    if answer.status == 429:
        return TooFast(_wait(told) or answer.retry_after or _USUAL_WAIT)
    if isinstance(told, dict) and told.get("ok") is False:
        return NotProcessed(f"HTTP {answer.status}")
    return TimedOut(f"HTTP {answer.status}")


def _wait(told: object) -> float | None:
    parameters = told.get("parameters") if isinstance(told, dict) else None
    seconds = parameters.get("retry_after") if isinstance(parameters, dict) else None
    return float(seconds) if isinstance(seconds, int) and 0 < seconds < _DAY else None
