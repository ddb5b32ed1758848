"""The doors in: signature first, stored before it is a 200, one row whatever is repeated."""

import json
from dataclasses import replace
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from bot.app import assemble
from bot.channels.simulated_requests import (
    TelegramCaller,
    TwilioSigner,
    WebhookRequest,
    twilio_inbound,
    twilio_status,
)
from bot.channels.twilio_signature import WebhookSecrets
from bot.webhooks import MAX_BODY, WebhookKeys
from storage.database import Database
from storage.inbound import InboundMessage
from storage.outbound import OutboundMessage, OutboundState
from storage.sealing import Keyring
from town import MORNING, Town

PUBLIC = "https://kit.example.org"
SIGNER = TwilioSigner(account_sid="AC1", secret="token")
CALLER = TelegramCaller(url=f"{PUBLIC}/webhooks/telegram", secret="hush")
KEYS = WebhookKeys(twilio=WebhookSecrets(auth_tokens=("token",)), telegram_secret="hush")


@pytest.fixture
def pressed() -> list[str]:
    return []


@pytest.fixture
def app(town: Town, pressed: list[str]) -> Flask:
    return assemble(town.services, KEYS, session_key="k" * 40, demo=False, acknowledge=pressed.append)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def _send(client: FlaskClient, request: WebhookRequest, **headers: str) -> TestResponse:
    path = request.url.removeprefix(PUBLIC)
    # buffered: the server closes the response, and what hangs on that (handling) happens.
    return client.post(path, data=request.body, headers=request.headers | headers, buffered=True)


def _text(body: str, *, sender: str, sid: str = "SM1") -> WebhookRequest:
    return twilio_inbound(
        SIGNER, url=f"{PUBLIC}/webhooks/twilio/inbound", sid=sid, sender=sender, to="+447700900000", text=body
    )


def _rows(town: Town) -> int:
    with town.database.read() as session:
        return session.scalar(select(func.count()).select_from(InboundMessage)) or 0


def test_a_signed_text_is_stored_handled_and_answered(town: Town, client: FlaskClient) -> None:
    jay = town.young_person()
    response = _send(client, _text("1", sender=jay.address))
    assert (response.status_code, response.mimetype) == (200, "text/xml")
    assert response.data.endswith(b"<Response/>")
    town.deliver()
    jay.hears_one()


def test_five_times_the_same_text_is_one(town: Town, client: FlaskClient) -> None:
    jay = town.young_person()
    for _ in range(5):
        assert _send(client, _text("i want to die", sender=jay.address)).status_code == 200
    assert _rows(town) == 1
    assert town.kinds(jay) == ["danger_to_life"]


def test_host_and_forwarded_headers_change_nothing(town: Town, client: FlaskClient) -> None:
    request = _text("1", sender="+447700900001")
    response = _send(client, request, Host="evil.example", **{"X-Forwarded-Host": "evil.example"})
    assert response.status_code == 200


@pytest.mark.parametrize("signature", [None, "", "nonsense", "é", "A" * 28, "\udcff"])
def test_without_a_good_signature_nothing_is_kept(
    town: Town, client: FlaskClient, signature: str | None
) -> None:
    request = _text("hello", sender="+447700900001")
    headers = {name: value for name, value in request.headers.items() if name != "X-Twilio-Signature"}
    environ = {"HTTP_X_TWILIO_SIGNATURE": signature} if signature is not None else {}
    response = client.post(
        "/webhooks/twilio/inbound", data=request.body, headers=headers, environ_overrides=environ
    )
    assert response.status_code == 403
    assert _rows(town) == 0


def test_a_changed_body_is_refused(client: FlaskClient) -> None:
    request = _text("hello", sender="+447700900001")
    changed = replace(request, body=request.body.replace(b"hello", b"hallo"))
    assert _send(client, changed).status_code == 403


def test_64_kib_and_not_a_byte_more(town: Town, client: FlaskClient) -> None:
    def form(size: int) -> WebhookRequest:
        fields = {"MessageSid": f"SM{size}", "From": "+447700900001", "Body": ""}
        fields["Body"] = "a" * (size - len(urlencode(fields)))
        return SIGNER.request(f"{PUBLIC}/webhooks/twilio/inbound", fields)

    assert _send(client, form(MAX_BODY)).status_code == 200
    assert _send(client, form(MAX_BODY + 1)).status_code == 413
    assert _rows(town) == 1


@pytest.mark.parametrize(
    "body",
    ["", "\x00", "a\x00b", "\u202eevil", "su\u200bicide", "é" * 1600, "\U0001f600" * 500, "\ufffd"],
)
def test_odd_texts_are_kept(town: Town, client: FlaskClient, body: str) -> None:
    assert _send(client, _text(body, sender="+447700900001")).status_code == 200
    assert _rows(town) == 1


def test_a_report_before_our_own_send_returned_finds_its_text(town: Town, client: FlaskClient) -> None:
    jay = town.young_person()
    jay.texts("hello", settle=False)
    with town.database.read() as session:
        queued = session.scalars(select(OutboundMessage)).one()
    url = f"{PUBLIC}/webhooks/twilio/status?outbound={queued.id}"
    report = twilio_status(SIGNER, url=url, sid="SM77", to=jay.address, sender="+44", status="delivered")
    assert _send(client, report).status_code == 200
    assert _send(client, report).status_code == 200
    with town.database.read() as session:
        assert session.get_one(OutboundMessage, queued.id).state is OutboundState.DELIVERED


def test_a_report_about_a_text_we_do_not_know_is_no_error(client: FlaskClient) -> None:
    url = f"{PUBLIC}/webhooks/twilio/status?outbound={uuid4()}"
    report = twilio_status(SIGNER, url=url, sid="SM9", to="+447700900001", sender="+44", status="sent")
    assert _send(client, report).status_code == 200


def test_telegram_texts_presses_and_edits_come_in(
    town: Town, client: FlaskClient, pressed: list[str]
) -> None:
    jay = town.young_person()
    chat = town.telegram_chat(jay, "5550001")
    hello = CALLER.text(update_id=1, chat_id=5550001, message_id=7, text="hello", sent_at=MORNING)
    assert _send(client, hello).status_code == 200
    assert _send(client, hello).status_code == 200
    assert _rows(town) == 1
    town.deliver()
    chat.hears_one()
    town.asks(jay)
    press = CALLER.press(
        update_id=2, chat_id=5550001, message_id=8, callback_id="c1", value="1", sent_at=MORNING
    )
    assert _send(client, press).status_code == 200
    assert pressed == ["c1"]


@pytest.mark.parametrize("secret", ["", "wrong", "hush "])
def test_telegram_without_its_secret_is_refused(town: Town, client: FlaskClient, secret: str) -> None:
    update = CALLER.text(update_id=1, chat_id=5, message_id=7, text="hello", sent_at=MORNING)
    headers = {"X-Telegram-Bot-Api-Secret-Token": secret}
    assert client.post("/webhooks/telegram", data=update.body, headers=headers).status_code == 403
    assert _rows(town) == 0


@pytest.mark.parametrize("body", [b"", b"not json", b"[1, 2]", b'"text"', b"\xff\xfe"])
def test_what_is_no_update_is_refused(client: FlaskClient, body: bytes) -> None:
    assert client.post("/webhooks/telegram", data=body, headers=CALLER_HEADERS).status_code == 400


@pytest.mark.parametrize(
    "update",
    [
        {},
        {"update_id": 1},
        {"update_id": 2, "poll": {}},
        {"update_id": "x", "message": 7},
        {"message": {"chat": []}},
    ],
)
def test_shapes_that_we_do_not_use_are_kept_and_never_sent_again(
    town: Town, client: FlaskClient, update: dict[str, object]
) -> None:
    response = client.post("/webhooks/telegram", data=json.dumps(update), headers=CALLER_HEADERS)
    assert response.status_code == 200
    assert _rows(town) == 1


CALLER_HEADERS = {"X-Telegram-Bot-Api-Secret-Token": "hush", "Content-Type": "application/json"}


def test_with_the_database_away_nobody_is_told_that_a_text_was_kept(
    tmp_path: object, keyring: Keyring, town: Town
) -> None:
    away = Database("postgresql://nobody@127.0.0.1:1/none", keyring=keyring)
    services = replace(town.services, database=away)
    client = assemble(services, KEYS, session_key="k" * 40, demo=False).test_client()
    assert _send(client, _text("hello", sender="+447700900001")).status_code == 503
    update = CALLER.text(update_id=1, chat_id=5, message_id=7, text="hello", sent_at=MORNING)
    response = _send(client, update)
    assert (response.status_code, response.headers["Retry-After"]) == (503, "5")
    assert client.get("/healthz").status_code == 503
    assert client.get("/readyz").status_code == 503
    away.close()


def test_health_is_for_balancers_and_readiness_for_monitors(town: Town, client: FlaskClient) -> None:
    assert client.get("/healthz").status_code == 200
    ready = client.get("/readyz")
    assert (ready.status_code, ready.get_json()["worker"]) == (503, False)
    town.tick()
    assert client.get("/readyz").status_code == 200
