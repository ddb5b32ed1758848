"""A burst: every text is stored and answered at once, and a few requests handle those of all the others."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from uuid import UUID

import pytest
from flask import Flask

from bot.channels.simulated_requests import TwilioSigner, twilio_inbound
from bot.channels.twilio_signature import WebhookSecrets
from bot.webhooks import TAILS, WebhookKeys, webhooks
from scheduler.services import Services
from storage.database import Database
from town import Town

SIGNER = TwilioSigner(account_sid="AC" + "0" * 32, secret="not-a-real-token")


class Slow:
    """Handles nothing until it may."""

    def __init__(self) -> None:
        self.may, self.begun = threading.Event(), threading.Semaphore(0)
        self.handled: list[UUID] = []
        self.fails = False

    def __call__(self, services: Services, message_id: UUID, now: datetime) -> bool:
        self.begun.release()
        assert self.may.wait(30)
        self.handled.append(message_id)
        if self.fails:
            raise RuntimeError("broken")
        return True


@pytest.fixture
def slow() -> Slow:
    return Slow()


@pytest.fixture
def app(database: Database, slow: Slow) -> Iterator[Flask]:
    keys = WebhookKeys(twilio=WebhookSecrets(auth_tokens=(SIGNER.secret,)))
    made = Flask(__name__)
    made.register_blueprint(webhooks(Town(database).services, keys, handle=slow))
    yield made
    slow.may.set()


def send(app: Flask, number: int) -> int:
    request = twilio_inbound(
        SIGNER,
        url="https://kit.example.org/webhooks/twilio/inbound",
        sid=f"SM{number:032x}",
        sender="+447700900321",
        to="+447700900100",
        text="hi",
    )
    with app.test_client() as client:
        answer = client.post("/webhooks/twilio/inbound", data=request.body, headers=request.headers)
        answer.close()
        return answer.status_code


def test_tails_that_are_busy_do_not_hold_up_the_next_text(app: Flask, slow: Slow) -> None:
    with ThreadPoolExecutor(TAILS) as busy:
        held = [busy.submit(send, app, number) for number in range(TAILS)]
        for _ in held:
            assert slow.begun.acquire(timeout=30)
        # Were there no limit, this thread would now wait in a tail of its own.
        assert [send(app, TAILS + number) for number in range(5)] == [200] * 5
        assert not slow.handled
        slow.may.set()
        assert [one.result(timeout=30) for one in held] == [200] * TAILS
    assert len(set(slow.handled)) == len(slow.handled) == TAILS + 5


def test_a_text_that_cannot_be_handled_does_not_stop_the_rest(app: Flask, slow: Slow) -> None:
    slow.fails = True
    slow.may.set()
    assert [send(app, number) for number in range(3)] == [200] * 3
    assert len(slow.handled) == 3


def test_a_repeated_text_is_handled_once(app: Flask, slow: Slow) -> None:
    slow.may.set()
    assert [send(app, 1) for _ in range(3)] == [200] * 3
    assert len(slow.handled) == 1
