"""The transport on a real socket: faults, threads and the limit on what is in flight."""

import asyncio
import json
import logging
import threading
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.channels.telegram import TelegramChat
from bot.channels.telegram_transport import (
    NotProcessed,
    SuspendedError,
    TelegramTransport,
    drive,
)
from messages.channel import Failure, OutboundText, SendError
from standins.server import Behaviour, Reply, Request
from standins.telegram import SECRET, TOKEN, TelegramStandIn

SECONDS = 0.6


@pytest.fixture
def far_side() -> Iterator[TelegramStandIn]:
    with TelegramStandIn() as stand_in:
        yield stand_in


def text(body: str = "hi", to: str = "8001") -> OutboundText:
    return OutboundText(id=uuid.uuid4(), to=to, body=body)


def failure_of(chat: TelegramChat, sent: OutboundText) -> Failure:
    with pytest.raises(SendError) as refused:
        chat.send(sent)
    return refused.value.failure


@pytest.mark.parametrize(
    ("behaviour", "failure", "taken"),
    [
        (Behaviour.ERROR_500, Failure.TRANSIENT, 0),
        (Behaviour.THROTTLE, Failure.THROTTLED, 0),
        (Behaviour.GATEWAY_502, Failure.AMBIGUOUS, 0),
        (Behaviour.HANG, Failure.AMBIGUOUS, 0),
        (Behaviour.ACCEPT_THEN_RESET, Failure.AMBIGUOUS, 1),
        (Behaviour.SLOW_DRIP, Failure.AMBIGUOUS, 1),
        (Behaviour.GARBAGE, Failure.AMBIGUOUS, 1),
    ],
)
def test_what_was_taken_is_never_called_refused(
    far_side: TelegramStandIn, behaviour: Behaviour, failure: Failure, taken: int
) -> None:
    chat = TelegramChat(TOKEN, far_side.url, timeout=SECONDS)
    far_side.script(behaviour)
    started = time.monotonic()
    assert failure_of(chat, text()) is failure
    assert time.monotonic() - started < 10 * SECONDS
    assert len(far_side.accepted) == taken


def test_refusals_of_the_stand_in(far_side: TelegramStandIn) -> None:
    far_side.blocked.add(8002)
    far_side.unknown.add(8003)
    chat = TelegramChat(TOKEN, far_side.url)
    assert failure_of(chat, text(to="8002")) is Failure.CONSENT
    assert failure_of(chat, text(to="8003")) is Failure.UNKNOWN_ADDRESS
    assert failure_of(chat, text("x" * 4_097)) is Failure.UNKNOWN
    assert failure_of(TelegramChat("1:wrong", far_side.url), text()) is Failure.CONFIGURATION


def test_the_rate_says_how_long_to_wait(far_side: TelegramStandIn) -> None:
    far_side.per_second, far_side.retry_after = 1, 34
    chat = TelegramChat(TOKEN, far_side.url)
    chat.send(text())
    with pytest.raises(SendError) as refused:
        chat.send(text())
    assert (refused.value.failure, refused.value.retry_after) == (Failure.THROTTLED, 34)


class Counting(TelegramStandIn):
    """Counts how many sends are inside at once."""

    def __init__(self) -> None:
        super().__init__()
        self.inside = self.most = 0
        self.counting = threading.Lock()

    def answer(self, request: Request) -> Reply:
        with self.counting:
            self.inside += 1
            self.most = max(self.most, self.inside)
        time.sleep(0.02)
        try:
            return super().answer(request)
        finally:
            with self.counting:
                self.inside -= 1


def test_no_more_than_sixteen_are_in_flight() -> None:
    with Counting() as far_side, ThreadPoolExecutor(24) as pool:
        chat = TelegramChat(TOKEN, far_side.url)
        list(pool.map(lambda number: chat.send(text(f"{number}")), range(72)))
        assert len(far_side.accepted) == 72
        assert 1 < far_side.most <= 16


def test_the_token_reaches_no_log_on_a_real_connection(
    far_side: TelegramStandIn, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    chat = TelegramChat(TOKEN, far_side.url, timeout=SECONDS)
    far_side.script(Behaviour.OK, Behaviour.ACCEPT_THEN_RESET)
    chat.send(text("Hi Amina"))
    failure_of(chat, text("Hi Amina"))
    assert TOKEN not in caplog.text
    assert "Amina" not in caplog.text


def test_no_room_in_time_means_nothing_was_written(far_side: TelegramStandIn) -> None:
    transport = TelegramTransport(far_side.url, timeout=0.05, most_in_flight=0)
    with pytest.raises(NotProcessed):
        drive(transport.do_request(f"{far_side.url}/bot{TOKEN}/getMe", "POST"))
    assert far_side.requests == []


def test_a_coroutine_that_waits_is_refused() -> None:
    with pytest.raises(SuspendedError):
        drive(asyncio.sleep(0))


def test_a_coroutine_that_raises_raises() -> None:
    async def broken() -> None:
        raise KeyError("x")

    with pytest.raises(KeyError):
        drive(broken())


def test_polling_reads_what_waits_and_confirms_it(far_side: TelegramStandIn) -> None:
    chat = TelegramChat(TOKEN, far_side.url)
    far_side.writes(8001, "first")
    far_side.writes(8001, "second")
    first = [json.loads(update) for update in chat.get_updates(0, timeout=0)]
    assert [update["message"]["text"] for update in first] == ["first", "second"]
    assert chat.get_updates(first[-1]["update_id"] + 1, timeout=0) == []
    assert far_side.pending == []


def test_polling_beside_a_webhook_is_a_setting_to_change(far_side: TelegramStandIn) -> None:
    chat = TelegramChat(TOKEN, far_side.url)
    far_side.writes(8001, "waits")
    chat.set_webhook("http://127.0.0.1:9/webhooks/telegram", SECRET)
    assert chat.webhook_info().pending == 1
    with pytest.raises(SendError) as refused:
        chat.get_updates(0, timeout=0)
    assert refused.value.failure is Failure.CONFIGURATION
    chat.remove_webhook()
    assert len(chat.get_updates(0, timeout=0)) == 1
