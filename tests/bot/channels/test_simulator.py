"""The demo's channel: shown on screen, reported through the real webhook, and never on a network."""

import uuid
from urllib.parse import urlsplit

import pytest

from bot.channels.parsing import parse_form
from bot.channels.simulated_requests import TwilioSigner
from bot.channels.simulator import Simulator
from bot.channels.twilio_signature import SIGNATURE_HEADER, Verdict, WebhookSecrets, check
from bot.channels.twilio_webhook import parse_status
from messages.channel import ChannelName, DeliveryStatus, OutboundText

CALLBACK = "http://127.0.0.1:8000/webhooks/twilio/status"
TEXT = OutboundText(id=uuid.uuid4(), to="+447700900123", body="Hi, how are things?")


class Web:
    """Keeps what would be posted to our webhook."""

    def __init__(self) -> None:
        self.posted: list[tuple[str, bytes, dict[str, str]]] = []

    def post(self, url: str, body: bytes, headers: dict[str, str]) -> None:
        self.posted.append((url, body, headers))


def test_a_text_is_shown_and_reported_with_a_true_signature() -> None:
    web, phone = Web(), list[tuple[OutboundText, str]]()
    channel = Simulator(
        ChannelName.SMS,
        lambda text, provider_id: phone.append((text, provider_id)),
        blocked=lambda address: False,
        post=web.post,
        signer=TwilioSigner(account_sid="AC1", secret="token"),
        callback_url=CALLBACK,
    )
    accepted = channel.send(TEXT)
    assert phone == [(TEXT, accepted.provider_id)]
    reports = []
    for url, body, headers in web.posted:
        form = parse_form(body)
        secrets = WebhookSecrets(auth_tokens=("token",))
        assert check(url, form, headers[SIGNATURE_HEADER], secrets=secrets) is Verdict.OK
        reports.append(parse_status(form, body, urlsplit(url).query.encode()))
    assert [report.status for report in reports if report] == [DeliveryStatus.SENT, DeliveryStatus.DELIVERED]
    for report in reports:
        assert report is not None
        assert (report.outbound_id, report.provider_id) == (TEXT.id, accepted.provider_id)


def test_telegram_has_no_reports() -> None:
    web = Web()
    channel = Simulator(
        ChannelName.TELEGRAM,
        lambda text, provider_id: None,
        blocked=lambda address: False,
        post=web.post,
        signer=TwilioSigner(account_sid="AC1", secret="token"),
        callback_url=CALLBACK,
    )
    accepted = channel.send(OutboundText(id=TEXT.id, to="8001", body="hi"))
    assert accepted.provider_id.startswith("8001:")
    assert web.posted == []


def test_only_the_channels_of_young_people_are_simulated() -> None:
    with pytest.raises(KeyError):
        Simulator(ChannelName.EMAIL, lambda text, provider_id: None, blocked=lambda address: False)
