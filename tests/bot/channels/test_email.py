"""E-mail to staff, against a mail server that takes, refuses, and goes away."""

import logging
import socket
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from bot.channels.email import EmailAlerts
from messages.channel import ChannelName, Failure, OutboundText, SendError
from standins.mail import MailFault, MailStandIn

SENDER = "Keep in Touch <alerts@westhaven.example>"


@pytest.fixture
def far_side() -> Iterator[MailStandIn]:
    with MailStandIn() as stand_in:
        yield stand_in


def text(**changed: str) -> OutboundText:
    parts = {
        "to": "duty@westhaven.example",
        "subject": "AB: may be in danger",
        "body": "Open: https://kit/a/1",
    }
    return OutboundText(id=uuid.uuid4(), **(parts | changed))  # type: ignore[arg-type]


def failure_of(channel: EmailAlerts, sent: OutboundText) -> Failure:
    with pytest.raises(SendError) as refused:
        channel.send(sent)
    assert "westhaven" not in str(refused.value)
    return refused.value.failure


def test_it_arrives_whole(far_side: MailStandIn) -> None:
    channel, sent = EmailAlerts(far_side.url, SENDER), text(body="Zoë: open\n.\nhttps://kit/a/1")
    accepted = channel.send(sent)
    (mail,) = far_side.mails
    assert (mail["To"], mail["From"], mail["Subject"]) == (sent.to, SENDER, sent.subject)
    assert mail.get_content().splitlines() == sent.body.splitlines()
    assert mail["Message-ID"] == accepted.provider_id == f"<{sent.id}@westhaven.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert channel.name is ChannelName.EMAIL
    assert channel.find(sent, since=datetime(2026, 10, 4, tzinfo=UTC)) is None


def test_a_line_break_in_a_subject_makes_no_header(far_side: MailStandIn) -> None:
    EmailAlerts(far_side.url, SENDER).send(text(subject="AB\r\nBcc: other@example.org"))
    assert far_side.mails[0]["Subject"] == "AB Bcc: other@example.org"
    assert far_side.mails[0]["Bcc"] is None


@pytest.mark.parametrize("address", ["", "duty", "a@b@c", "a@b, c@d", "a@b\r\nRCPT TO:<c@d>", "<a@b>"])
def test_what_is_no_address_is_refused_here(far_side: MailStandIn, address: str) -> None:
    assert failure_of(EmailAlerts(far_side.url, SENDER), text(to=address)) is Failure.INVALID_ADDRESS
    assert far_side.mails == []


@pytest.mark.parametrize(
    ("fault", "failure", "taken"),
    [
        (MailFault.NO_MAILBOX, Failure.UNKNOWN_ADDRESS, 0),
        (MailFault.BUSY, Failure.TRANSIENT, 0),
        (MailFault.SENDER_REFUSED, Failure.CONFIGURATION, 0),
        (MailFault.WORDS_REFUSED, Failure.FILTERED, 0),
        (MailFault.CLOSE_AT_GREETING, Failure.TRANSIENT, 0),
        (MailFault.HANG, Failure.TRANSIENT, 0),
        (MailFault.ACCEPT_THEN_CLOSE, Failure.AMBIGUOUS, 1),
    ],
)
def test_faults(far_side: MailStandIn, fault: MailFault, failure: Failure, taken: int) -> None:
    far_side.fault = fault
    started = time.monotonic()
    assert failure_of(EmailAlerts(far_side.url, SENDER, timeout=0.5), text()) is failure
    assert time.monotonic() - started < 5
    assert len(far_side.mails) == taken


def test_nobody_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert failure_of(EmailAlerts(f"smtp://127.0.0.1:{port}", SENDER), text()) is Failure.TRANSIENT


def test_sign_in(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with MailStandIn(user="kit", password="s3cret-word") as far_side:
        EmailAlerts(far_side.url, SENDER).send(text())
        wrong = far_side.url.replace("s3cret-word", "wrong")
        assert failure_of(EmailAlerts(wrong, SENDER), text()) is Failure.CONFIGURATION
        assert len(far_side.mails) == 1
    assert "s3cret-word" not in caplog.text


def test_a_password_never_crosses_the_network_without_tls(
    far_side: MailStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The stand-in offers no STARTTLS; ``mail.example`` leads to it but is not this machine by name."""
    real, port = socket.create_connection, far_side.url.rpartition(":")[2]
    monkeypatch.setattr(
        socket,
        "create_connection",
        lambda address, *rest, **more: real(("127.0.0.1", address[1]), *rest, **more),
    )
    channel = EmailAlerts(f"smtp://kit:s3cret@mail.example:{port}", SENDER)
    assert failure_of(channel, text()) is Failure.CONFIGURATION
    assert far_side.mails == []


def test_tls_that_does_not_shake_hands_is_a_setting(far_side: MailStandIn) -> None:
    url = far_side.url.replace("smtp:", "smtps:")
    assert failure_of(EmailAlerts(url, SENDER, timeout=2), text()) is Failure.CONFIGURATION


@pytest.mark.parametrize("url", ["", "https://mail.example", "smtp://", "mail.example:25"])
def test_an_odd_setting_is_refused_at_once(url: str) -> None:
    with pytest.raises(ValueError, match="smtp"):
        EmailAlerts(url, SENDER)
