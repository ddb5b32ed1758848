"""The Twilio adapter, call by call: what it asks of Twilio and what it makes of the answers."""

import logging
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import parse_qs

import pytest
import requests
import responses
from responses import matchers

from bot.channels.twilio_sms import TwilioSms, callback_address
from messages.channel import Accepted, Failure, OutboundText, SendError

SID = "AC" + "0" * 32
API = f"https://api.twilio.com/2010-04-01/Accounts/{SID}/Messages.json"
CALLBACK = "https://kit.example.org/webhooks/twilio/status"
TEXT = OutboundText(
    id=uuid.UUID("0193b6b2-5f2c-7000-8000-000000000001"),
    to="+447700900123",
    body="Hi Amina, how are things?",
    valid_for=300,
)
CREATED = {"sid": "SM1", "status": "accepted", "num_segments": "2", "body": TEXT.body, "to": TEXT.to}


@pytest.fixture
def http() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock(assert_all_requests_are_fired=True) as mock:
        yield mock


def adapter(**changed: str) -> TwilioSms:
    sender = changed or {"messaging_service_sid": "MG1"}
    return TwilioSms(SID, "secret-token", callback_url=CALLBACK, **sender)  # type: ignore[arg-type]


def test_a_send_names_service_callback_and_validity(http: responses.RequestsMock) -> None:
    http.post(API, json=CREATED, status=201)
    assert adapter().send(TEXT) == Accepted(provider_id="SM1", segments=2)
    request = http.calls[0].request
    assert parse_qs(str(request.body)) == {
        "To": [TEXT.to],
        "Body": [TEXT.body],
        "MessagingServiceSid": ["MG1"],
        "StatusCallback": [f"{CALLBACK}?outbound={TEXT.id}"],
        "ValidityPeriod": ["300"],
    }
    assert request.headers["Authorization"].startswith("Basic ")


def test_a_council_with_one_number_sends_from_it(http: responses.RequestsMock) -> None:
    http.post(API, json=CREATED, status=201)
    adapter(from_="+447700900100").send(TEXT)
    fields = parse_qs(str(http.calls[0].request.body))
    assert fields["From"] == ["+447700900100"]
    assert "MessagingServiceSid" not in fields


def test_neither_service_nor_number_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="Messaging Service or a number"):
        TwilioSms(SID, "secret-token", callback_url=CALLBACK)


@pytest.mark.parametrize(
    ("place", "url"),
    [
        ({"region": "ie1", "edge": "dublin"}, API.replace("api.twilio", "api.dublin.ie1.twilio")),
        (
            {"base_url": "http://127.0.0.1:9/twilio/"},
            API.replace("https://api.twilio.com", "http://127.0.0.1:9/twilio"),
        ),
    ],
)
def test_where_the_api_is(http: responses.RequestsMock, place: dict[str, str], url: str) -> None:
    http.post(url, json=CREATED, status=201)
    assert adapter(messaging_service_sid="MG1", **place).send(TEXT).provider_id == "SM1"


@pytest.mark.parametrize(("wished", "asked"), [(0, "1"), (14_400, "14400"), (10**9, "36000")])
def test_validity_stays_within_what_twilio_takes(
    http: responses.RequestsMock, wished: int, asked: str
) -> None:
    http.post(API, json=CREATED, status=201)
    adapter().send(OutboundText(id=TEXT.id, to=TEXT.to, body="hi", valid_for=wished))
    assert parse_qs(str(http.calls[0].request.body))["ValidityPeriod"] == [asked]


@pytest.mark.parametrize(
    ("status", "told", "failure"),
    [
        (400, {"code": 21610, "message": f"unsubscribed {TEXT.to}"}, Failure.CONSENT),
        (400, {"code": 21211}, Failure.INVALID_ADDRESS),
        (401, {"code": 20003}, Failure.CONFIGURATION),
        (429, {"code": 20429}, Failure.THROTTLED),
        (500, {"code": 20500}, Failure.TRANSIENT),
        (502, {}, Failure.AMBIGUOUS),
        (201, {}, Failure.AMBIGUOUS),
        (201, {"sid": ""}, Failure.AMBIGUOUS),
    ],
)
def test_answers(
    http: responses.RequestsMock, status: int, told: dict[str, object], failure: Failure
) -> None:
    http.post(API, json=told, status=status)
    with pytest.raises(SendError) as refused:
        adapter().send(TEXT)
    assert refused.value.failure is failure
    assert TEXT.to not in str(refused.value)


def test_an_answer_that_is_not_json_may_have_left(http: responses.RequestsMock) -> None:
    http.post(API, body="<html>", status=201)
    with pytest.raises(SendError) as refused:
        adapter().send(TEXT)
    assert refused.value.failure is Failure.AMBIGUOUS


def test_too_fast_says_how_long_to_wait(http: responses.RequestsMock) -> None:
    http.post(API, json={"code": 20429}, status=429, headers={"Retry-After": "34"})
    with pytest.raises(SendError) as refused:
        adapter().send(TEXT)
    assert refused.value.retry_after == 34


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        (requests.ConnectTimeout(), Failure.TRANSIENT),
        (requests.exceptions.ProxyError(), Failure.TRANSIENT),
        (requests.ReadTimeout(), Failure.AMBIGUOUS),
        (requests.ConnectionError("reset by peer"), Failure.AMBIGUOUS),
        (requests.exceptions.ChunkedEncodingError(), Failure.AMBIGUOUS),
    ],
)
def test_a_lost_connection(http: responses.RequestsMock, error: Exception, failure: Failure) -> None:
    http.post(API, body=error)
    with pytest.raises(SendError) as refused:
        adapter().send(TEXT)
    assert refused.value.failure is failure


def listed(**changed: object) -> dict[str, object]:
    return (
        CREATED | {"direction": "outbound-api", "date_created": "Sun, 04 Oct 2026 10:00:00 +0000"} | changed
    )


@pytest.mark.parametrize(
    ("message", "found"),
    [
        pytest.param(listed(), True, id="ours"),
        pytest.param(listed(body=TEXT.body + " "), True, id="a space more"),
        pytest.param(listed(body="other words"), False, id="other words"),
        pytest.param(listed(direction="inbound"), False, id="their text to us"),
        pytest.param(listed(date_created="Sun, 04 Oct 2026 09:50:00 +0000"), False, id="older"),
        pytest.param(listed(date_created=None), False, id="no date"),
        pytest.param(listed(date_created="soon"), False, id="odd date"),
    ],
)
def test_find_reads_the_list(http: responses.RequestsMock, message: dict[str, object], found: bool) -> None:
    http.get(
        API,
        json={"messages": [message], "page_size": 100, "next_page_uri": None},
        match=[matchers.query_param_matcher({"To": TEXT.to, "PageSize": "100"})],
    )
    since = datetime(2026, 10, 4, 9, 59, 59, tzinfo=UTC)
    expected = Accepted(provider_id="SM1", segments=2) if found else None
    assert adapter().find(TEXT, since=since) == expected


@pytest.mark.parametrize("status", [401, 429, 500])
def test_find_that_cannot_say_says_nothing(http: responses.RequestsMock, status: int) -> None:
    http.get(API, json={"code": 20003}, status=status)
    assert adapter().find(TEXT, since=datetime(2026, 10, 4, tzinfo=UTC)) is None


def test_no_number_word_or_secret_reaches_a_log(
    http: responses.RequestsMock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    http.post(API, json={"code": 21610}, status=400)
    http.get(API, json={"messages": []})
    sms = adapter()
    with pytest.raises(SendError):
        sms.send(TEXT)
    sms.find(TEXT, since=datetime(2026, 10, 4, tzinfo=UTC))
    for secret in ("7700900123", "Amina", "secret-token"):
        assert secret not in caplog.text


@pytest.mark.parametrize(
    ("base", "address"),
    [
        (CALLBACK, f"{CALLBACK}?outbound={TEXT.id}"),
        (f"{CALLBACK}?a=1", f"{CALLBACK}?a=1&outbound={TEXT.id}"),
        (f"{CALLBACK}#rc=5", f"{CALLBACK}?outbound={TEXT.id}#rc=5"),
    ],
)
def test_the_callback_address_carries_our_id(base: str, address: str) -> None:
    assert callback_address(base, TEXT.id) == address
