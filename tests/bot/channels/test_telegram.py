"""The Telegram adapter, call by call; every Bot method used is driven without an event loop."""

import asyncio
import json
import logging
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from urllib.parse import parse_qs

import pytest
import requests
import responses

from bot.channels.telegram import ALLOWED_UPDATES, TelegramChat, WebhookInfo
from messages.channel import Accepted, Button, Failure, OutboundText, SendError

TOKEN = "110201543:not-a-real-token"
API = f"https://api.telegram.org/bot{TOKEN}"
TEXT = OutboundText(
    id=uuid.UUID("0193b6b2-5f2c-7000-8000-000000000001"), to="8001", body="Hi Amina, how are things?"
)
MESSAGE = {"message_id": 7, "date": 1_791_108_000, "chat": {"id": 8001, "type": "private"}, "text": TEXT.body}


@pytest.fixture
def http() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock(assert_all_requests_are_fired=True) as mock:
        yield mock


def ok(http: responses.RequestsMock, method: str, result: object) -> None:
    http.post(f"{API}/{method}", json={"ok": True, "result": result})


def refused(http: responses.RequestsMock, status: int, words: str, **parameters: int) -> None:
    told: dict[str, object] = {"ok": False, "error_code": status, "description": words}
    http.post(f"{API}/sendMessage", json=told | {"parameters": parameters}, status=status)


def asked(http: responses.RequestsMock) -> dict[str, object]:
    """The fields of the last call; JSON where Telegram takes JSON."""
    fields = parse_qs(str(http.calls[-1].request.body))
    return {name: _value(values[0]) for name, values in fields.items()}


def _value(text: str) -> object:
    return json.loads(text) if text[:1] in '[{"' else text


def chat() -> TelegramChat:
    return TelegramChat(TOKEN)


def test_a_send_shows_no_preview(http: responses.RequestsMock) -> None:
    ok(http, "sendMessage", MESSAGE)
    assert chat().send(TEXT) == Accepted(provider_id="8001:7", segments=1)
    assert asked(http) == {
        "chat_id": "8001",
        "text": TEXT.body,
        "link_preview_options": {"is_disabled": True},
    }


@pytest.mark.parametrize(
    ("labels", "rows"),
    [
        (("1", "2", "10", "\N{PENSIVE FACE}"), [["1", "2", "10", "\N{PENSIVE FACE}"]]),
        (("Yes please", "No"), [["Yes please"], ["No"]]),
    ],
)
def test_buttons(http: responses.RequestsMock, labels: tuple[str, ...], rows: list[list[str]]) -> None:
    ok(http, "sendMessage", MESSAGE)
    buttons = tuple(Button(label=label, value=f"v:{label}") for label in labels)
    chat().send(OutboundText(id=TEXT.id, to=TEXT.to, body=TEXT.body, buttons=buttons))
    keyboard = [[{"text": label, "callback_data": f"v:{label}"} for label in row] for row in rows]
    assert asked(http)["reply_markup"] == {"inline_keyboard": keyboard}


@pytest.mark.parametrize("address", ["", "-100123", "@somebody", "0", "８００１", "1" * 17, "+447700900123"])
def test_only_private_chats_are_texted(address: str) -> None:
    with pytest.raises(SendError) as wrong:
        chat().send(OutboundText(id=TEXT.id, to=address, body="hi"))
    assert wrong.value.failure is Failure.INVALID_ADDRESS


@pytest.mark.parametrize(
    ("status", "words", "parameters", "failure"),
    [
        (403, "Forbidden: bot was blocked by the user", {}, Failure.CONSENT),
        (403, "Forbidden: user is deactivated", {}, Failure.CONSENT),
        (429, "Too Many Requests: retry after 7", {"retry_after": 7}, Failure.THROTTLED),
        (400, "Bad Request: chat not found", {}, Failure.UNKNOWN_ADDRESS),
        (400, "Bad Request: group chat was upgraded", {"migrate_to_chat_id": -1001}, Failure.INVALID_ADDRESS),
        (400, "Bad Request: message is too long: Hi Amina", {}, Failure.UNKNOWN),
        (401, "Unauthorized", {}, Failure.CONFIGURATION),
        (404, "Not Found", {}, Failure.CONFIGURATION),
        (409, "Conflict: terminated by other getUpdates request", {}, Failure.CONFIGURATION),
        (500, "Internal Server Error", {}, Failure.TRANSIENT),
    ],
)
def test_refusals(
    http: responses.RequestsMock, status: int, words: str, parameters: dict[str, int], failure: Failure
) -> None:
    refused(http, status, words, **parameters)
    with pytest.raises(SendError) as error:
        chat().send(TEXT)
    assert error.value.failure is failure
    assert error.value.retry_after == parameters.get("retry_after")
    assert words not in str(error.value)


@pytest.mark.parametrize(
    ("status", "body", "failure"),
    [
        (502, "<html>Bad Gateway for Hi Amina</html>", Failure.AMBIGUOUS),
        (200, "<html>Hi Amina</html>", Failure.AMBIGUOUS),
        (200, "{}", Failure.AMBIGUOUS),
        (200, '{"ok": true, "result": {}}', Failure.AMBIGUOUS),
        (404, "<html>", Failure.CONFIGURATION),
    ],
)
def test_answers_that_are_not_telegrams(
    http: responses.RequestsMock, status: int, body: str, failure: Failure, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    http.post(f"{API}/sendMessage", body=body, status=status)
    with pytest.raises(SendError) as error:
        chat().send(TEXT)
    assert error.value.failure is failure
    assert "Amina" not in caplog.text


@pytest.mark.parametrize(
    ("lost", "failure"),
    [
        (requests.ConnectTimeout(f"/bot{TOKEN}/sendMessage"), Failure.TRANSIENT),
        (requests.ReadTimeout(f"/bot{TOKEN}/sendMessage"), Failure.AMBIGUOUS),
        (requests.ConnectionError(f"/bot{TOKEN}/sendMessage"), Failure.AMBIGUOUS),
    ],
)
def test_a_lost_connection_names_no_token(
    http: responses.RequestsMock, lost: Exception, failure: Failure, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    http.post(f"{API}/sendMessage", body=lost)
    with pytest.raises(SendError) as error:
        chat().send(TEXT)
    assert error.value.failure is failure
    chain: BaseException | None = error.value
    while chain is not None:
        assert TOKEN not in f"{chain!r} {chain}"
        chain = chain.__context__
    assert TOKEN not in caplog.text


def test_the_webhook_keeps_what_waits(http: responses.RequestsMock) -> None:
    ok(http, "setWebhook", True)
    chat().set_webhook("https://kit.example.org/webhooks/telegram", "a_secret")
    assert asked(http) == {
        "url": "https://kit.example.org/webhooks/telegram",
        "secret_token": "a_secret",
        "allowed_updates": list(ALLOWED_UPDATES),
        "drop_pending_updates": _value("false"),
    }


def test_webhook_info(http: responses.RequestsMock) -> None:
    told = {
        "url": "https://kit.example.org/webhooks/telegram",
        "has_custom_certificate": False,
        "pending_update_count": 3,
        "last_error_date": 1_791_108_000,
        "last_error_message": "Wrong response from the webhook: 503",
    }
    ok(http, "getWebhookInfo", told)
    assert chat().webhook_info() == WebhookInfo(
        url="https://kit.example.org/webhooks/telegram",
        pending=3,
        last_error_at=datetime(2026, 10, 4, 10, 0, tzinfo=UTC),
        last_error="Wrong response from the webhook: 503",
    )


def test_updates_come_as_the_webhook_would_get_them(
    http: responses.RequestsMock, recwarn: pytest.WarningsRecorder
) -> None:
    updates = [{"update_id": 1, "message": {"text": "\ud83d"}}, {"update_id": 2, "message": 7}]
    ok(http, "getUpdates", updates)
    assert [json.loads(update) for update in chat().get_updates(1, timeout=5)] == updates
    assert asked(http) == {"offset": "1", "timeout": "5", "allowed_updates": list(ALLOWED_UPDATES)}
    assert not recwarn.list


EVERY_CALL: dict[str, tuple[str, object, Callable[[TelegramChat], object]]] = {
    "send": ("sendMessage", MESSAGE, lambda bot: bot.send(TEXT)),
    "set_webhook": ("setWebhook", True, lambda bot: bot.set_webhook("https://kit.example.org/t", "s")),
    "remove_webhook": ("deleteWebhook", True, lambda bot: bot.remove_webhook()),
    "webhook_info": (
        "getWebhookInfo",
        {"url": "", "has_custom_certificate": False, "pending_update_count": 0},
        lambda bot: bot.webhook_info(),
    ),
    "get_updates": ("getUpdates", [], lambda bot: bot.get_updates(0)),
    "answer_callback": ("answerCallbackQuery", True, lambda bot: bot.answer_callback("1")),
    "bot_username": (
        "getMe",
        {"id": 1, "is_bot": True, "first_name": "W", "username": "westhaven_bot"},
        lambda bot: bot.bot_username(),
    ),
}


@pytest.mark.parametrize("call", EVERY_CALL)
def test_no_method_waits_on_a_loop(http: responses.RequestsMock, call: str) -> None:
    """Guards upgrades of the library: a method that waited would raise SuspendedError here."""
    method, result, made = EVERY_CALL[call]
    ok(http, method, result)
    made(chat())


@pytest.mark.parametrize("call", EVERY_CALL)
def test_every_refusal_is_ours_and_silent(
    http: responses.RequestsMock, call: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    method, _, made = EVERY_CALL[call]
    http.post(f"{API}/{method}", json={"ok": False, "description": "Unauthorized"}, status=401)
    with pytest.raises(SendError) as error:
        made(chat())
    assert error.value.failure is Failure.CONFIGURATION
    assert TOKEN not in caplog.text


def test_it_works_inside_a_running_loop(http: responses.RequestsMock) -> None:
    ok(http, "sendMessage", MESSAGE)

    async def handler() -> Accepted:
        return chat().send(TEXT)

    assert asyncio.run(handler()).provider_id == "8001:7"


def test_a_press_answered_too_late_is_no_error(http: responses.RequestsMock) -> None:
    told = {"ok": False, "description": "Bad Request: query is too old"}
    http.post(f"{API}/answerCallbackQuery", json=told, status=400)
    chat().answer_callback("1")


def test_the_bots_name(http: responses.RequestsMock) -> None:
    ok(http, "getMe", {"id": 1, "is_bot": True, "first_name": "W", "username": "westhaven_bot"})
    assert chat().bot_username() == "westhaven_bot"
