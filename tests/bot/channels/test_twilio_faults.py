"""The adapter against a Twilio that misbehaves on a real socket: is "may have left" always the truth?"""

import logging
import socket
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from bot.channels.twilio_sms import TwilioSms
from messages.channel import Failure, OutboundText, SendError
from standins.server import Behaviour
from standins.twilio import TwilioStandIn
from standins.twilio_records import ACCOUNT_SID, AUTH_TOKEN, NUMBER, SERVICE_SID

SECONDS = 0.6


@pytest.fixture
def far_side() -> Iterator[TwilioStandIn]:
    with TwilioStandIn() as stand_in:
        yield stand_in


def adapter(url: str, token: str = AUTH_TOKEN) -> TwilioSms:
    return TwilioSms(
        ACCOUNT_SID,
        token,
        messaging_service_sid=SERVICE_SID,
        callback_url="http://127.0.0.1:9/status",
        base_url=url,
        timeout=SECONDS,
    )


def text(body: str = "hi") -> OutboundText:
    return OutboundText(id=uuid.uuid4(), to="+447700900123", body=body)


def failure_of(sms: TwilioSms, sent: OutboundText) -> Failure:
    with pytest.raises(SendError) as refused:
        sms.send(sent)
    return refused.value.failure


@pytest.mark.parametrize(
    ("behaviour", "failure", "taken"),
    [
        (Behaviour.ERROR_500, Failure.TRANSIENT, 0),
        (Behaviour.ERROR_503, Failure.TRANSIENT, 0),
        (Behaviour.THROTTLE, Failure.THROTTLED, 0),
        (Behaviour.GATEWAY_502, Failure.AMBIGUOUS, 0),
        (Behaviour.RESET_BEFORE_ACCEPT, Failure.AMBIGUOUS, 0),
        (Behaviour.HANG, Failure.AMBIGUOUS, 0),
        (Behaviour.ACCEPT_THEN_RESET, Failure.AMBIGUOUS, 1),
        (Behaviour.ACCEPT_THEN_HANG, Failure.AMBIGUOUS, 1),
        (Behaviour.SLOW_DRIP, Failure.AMBIGUOUS, 1),
        (Behaviour.GARBAGE, Failure.AMBIGUOUS, 1),
    ],
)
def test_what_was_taken_is_never_called_refused(
    far_side: TwilioStandIn, behaviour: Behaviour, failure: Failure, taken: int
) -> None:
    """And a look at the list settles what was ambiguous, either way."""
    sms, sent, started = adapter(far_side.url), text(), datetime.now(UTC)
    far_side.script(behaviour)
    assert failure_of(sms, sent) is failure
    assert len(far_side.accepted) == taken
    found = sms.find(sent, since=started)
    assert (found.provider_id if found else None) == (far_side.accepted[0].sid if taken else None)
    sms.send(text("the next one works"))


@pytest.mark.parametrize("behaviour", [Behaviour.HANG, Behaviour.SLOW_DRIP])
def test_the_time_is_for_the_whole_answer(far_side: TwilioStandIn, behaviour: Behaviour) -> None:
    """A drip sends a byte well within any read's own time-out, for minutes."""
    far_side.script(behaviour)
    started = time.monotonic()
    failure_of(adapter(far_side.url), text())
    assert time.monotonic() - started < 10 * SECONDS


def test_nobody_there_means_nothing_was_written() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert failure_of(adapter(f"http://127.0.0.1:{port}"), text()) is Failure.TRANSIENT


def test_a_failed_tls_handshake_means_nothing_was_written(far_side: TwilioStandIn) -> None:
    assert failure_of(adapter(far_side.url.replace("http:", "https:")), text()) is Failure.TRANSIENT
    assert far_side.requests == []


@pytest.mark.parametrize("url", ["http://127.0.0.1:99999", "127.0.0.1", "http://[::1"])
def test_an_address_that_cannot_be_called_means_nothing_was_written(url: str) -> None:
    assert failure_of(adapter(url), text()) is Failure.TRANSIENT


def test_a_wrong_token_is_a_setting(far_side: TwilioStandIn) -> None:
    assert failure_of(adapter(far_side.url, "wrong"), text()) is Failure.CONFIGURATION


def test_stop_is_remembered_until_start(far_side: TwilioStandIn) -> None:
    far_side.inbound_url = "http://127.0.0.1:9/inbound"
    sms = adapter(far_side.url)
    far_side.texts("+447700900123", " stop ")
    assert failure_of(sms, text()) is Failure.CONSENT
    far_side.texts("+447700900123", "START", to=NUMBER)
    sms.send(text())


@pytest.mark.parametrize(("code", "failure"), [(21614, Failure.NOT_MOBILE), (21211, Failure.INVALID_ADDRESS)])
def test_refused_numbers(far_side: TwilioStandIn, code: int, failure: Failure) -> None:
    far_side.refused["+447700900123"] = code
    assert failure_of(adapter(far_side.url), text()) is failure


def test_the_rate(far_side: TwilioStandIn) -> None:
    far_side.per_second = 2
    sms = adapter(far_side.url)
    sms.send(text())
    sms.send(text())
    assert failure_of(sms, text()) is Failure.THROTTLED


def test_no_number_reaches_a_log_on_a_real_connection(
    far_side: TwilioStandIn, caplog: pytest.LogCaptureFixture
) -> None:
    """The libraries below write the address of each request, and a look at the list has the number in it."""
    caplog.set_level(logging.DEBUG)
    sms, sent = adapter(far_side.url), text()
    sms.send(sent)
    assert sms.find(sent, since=datetime.now(UTC)) is not None
    assert "7700900123" not in caplog.text


def test_one_connection_serves_many_texts(far_side: TwilioStandIn) -> None:
    sms = adapter(far_side.url)
    for _ in range(5):
        sms.send(text())
    assert far_side.connections == 1
