"""Twilio's forms into our values, and back out of the builders that sign them."""

from urllib.parse import urlsplit
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.parsing import parse_form
from bot.channels.simulated_requests import TwilioSigner, twilio_inbound, twilio_status
from bot.channels.twilio_signature import SETTINGS_HEADER, SIGNATURE_HEADER, Verdict, WebhookSecrets, check
from bot.channels.twilio_webhook import parse_inbound, parse_status
from messages.channel import (
    CarrierKeyword,
    ChannelName,
    DeliveryReport,
    DeliveryStatus,
    Failure,
    Inbound,
    InboundKind,
    Media,
)

OUTBOUND = UUID("0193b6b2-5f2c-7000-8000-000000000001")
URL = "https://kit.example.org/webhooks/twilio/inbound"
SIGNER = TwilioSigner(account_sid="AC1", secret="token")


def inbound(body: bytes) -> Inbound:
    return parse_inbound(parse_form(body), body)


def status(body: bytes, query: bytes = b"") -> DeliveryReport | None:
    return parse_status(parse_form(body), body, query)


def test_a_text_with_a_picture() -> None:
    picture = Media(url="https://api.twilio.com/media/1", content_type="image/jpeg")
    request = twilio_inbound(
        SIGNER,
        url=URL,
        sid="SM1",
        sender="+447700900123",
        to="+447700900100",
        text=" not great tbh \N{PENSIVE FACE}",
        media=[picture],
    )
    assert inbound(request.body) == Inbound(
        channel=ChannelName.SMS,
        provider_id="SM1",
        sender="+447700900123",
        text=" not great tbh \N{PENSIVE FACE}",
        raw=request.body,
        kind=InboundKind.TEXT,
        media=(picture,),
    )


@pytest.mark.parametrize("signer", [SIGNER, TwilioSigner(account_sid="AC1", secret="k", shared_key_id="id")])
def test_what_the_builders_make_passes_the_check(signer: TwilioSigner) -> None:
    secrets = WebhookSecrets(auth_tokens=("token",), shared_keys=("k",))
    status_url = f"{URL}?outbound={OUTBOUND}"
    for request in (
        twilio_inbound(
            signer, url=f"{URL}#rc=5", sid="SM1", sender="+447700900123", to="+1", text="hi & bye"
        ),
        twilio_status(signer, url=status_url, sid="SM1", to="+447700900123", sender="+1", status="sent"),
    ):
        verdict = check(
            request.url,
            parse_form(request.body),
            request.headers[SIGNATURE_HEADER],
            secrets=secrets,
            settings_header=request.headers.get(SETTINGS_HEADER),
        )
        assert verdict is Verdict.OK


@pytest.mark.parametrize(
    ("stated", "keyword"),
    [
        ("STOP", CarrierKeyword.STOP),
        ("START", CarrierKeyword.START),
        ("help", CarrierKeyword.HELP),
        ("", None),
        ("OTHER", None),
    ],
)
def test_opt_out_type(stated: str, keyword: CarrierKeyword | None) -> None:
    assert inbound(f"MessageSid=SM1&OptOutType={stated}".encode()).carrier_keyword is keyword


def test_a_form_with_nothing_in_it_is_still_one_text_however_often_it_comes() -> None:
    first, again, other = inbound(b"x=1"), inbound(b"x=1"), inbound(b"x=2")
    assert first.provider_id == again.provider_id != other.provider_id
    assert (first.text, first.sender, first.media) == ("", "", ())


def test_a_repeated_body_hides_nothing() -> None:
    assert inbound(b"MessageSid=SM1&Body=ok&Body=help+me&Body=ok").text == "ok\nhelp me"


def test_odd_bytes_are_clean_in_the_text_and_true_in_the_raw() -> None:
    body = b"MessageSid=SM1&From=%2B447700900123&Body=a%00b%ff"
    read = inbound(body)
    assert read.text == "a\ufffdb\ufffd"
    assert read.raw == body


@given(st.binary(), st.binary())
def test_nothing_raises(body: bytes, query: bytes) -> None:
    read = inbound(body)
    assert read.provider_id
    read.text.encode()
    status(body, query)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("accepted", DeliveryStatus.ACCEPTED),
        ("scheduled", DeliveryStatus.ACCEPTED),
        ("queued", DeliveryStatus.ACCEPTED),
        ("sending", DeliveryStatus.SENDING),
        ("sent", DeliveryStatus.SENT),
        ("delivered", DeliveryStatus.DELIVERED),
        ("read", DeliveryStatus.DELIVERED),
        ("undelivered", DeliveryStatus.UNDELIVERED),
        ("failed", DeliveryStatus.FAILED),
        ("canceled", DeliveryStatus.FAILED),
    ],
)
def test_statuses(word: str, expected: DeliveryStatus) -> None:
    report = status(f"MessageSid=SM1&MessageStatus={word}".encode())
    assert report is not None
    assert report.status is expected


def test_a_failed_text_says_why_and_which_it_was() -> None:
    request = twilio_status(
        SIGNER,
        url=f"{URL}?outbound={OUTBOUND}",
        sid="SM1",
        to="+447700900123",
        sender="+447700900100",
        status="undelivered",
        error_code="30003",
    )
    report = status(request.body, urlsplit(request.url).query.encode())
    assert report is not None
    assert (report.provider_id, report.outbound_id, report.status) == (
        "SM1",
        OUTBOUND,
        DeliveryStatus.UNDELIVERED,
    )
    assert (report.failure, report.code) == (Failure.UNREACHABLE, "30003")
    assert report.words == "The phone is off or has no signal."
    assert report.raw == request.body


def test_a_failure_without_a_code_is_unknown_and_a_success_is_none() -> None:
    failed, sent = (
        status(b"MessageSid=SM1&MessageStatus=failed"),
        status(b"SmsSid=SM1&SmsStatus=sent&ErrorCode=0"),
    )
    assert failed is not None
    assert failed.failure is Failure.UNKNOWN
    assert sent is not None
    assert sent.failure is None


@pytest.mark.parametrize(
    "body", [b"", b"MessageSid=SM1", b"MessageStatus=sent", b"MessageSid=SM1&MessageStatus=received"]
)
def test_what_is_no_report_is_none(body: bytes) -> None:
    assert status(body) is None


@pytest.mark.parametrize("query", [b"", b"outbound=", b"outbound=x", b"other=1", b"\xff"])
def test_without_our_id_the_provider_id_must_do(query: bytes) -> None:
    report = status(b"MessageSid=SM1&MessageStatus=sent", query)
    assert report is not None
    assert report.outbound_id is None
