"""A stand-in for Telegram's Bot API over real HTTP; ``accepted`` is the truth of what it took."""

import itertools
import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.channels.simulated_requests import TelegramCaller, WebhookRequest
from standins.server import Reply, Request, StandIn, json_reply, post

TOKEN = "110201543:not-a-real-token"
SECRET = "not_a_real_secret"

_LONGEST_TEXT = 4_096
_LONGEST_BUTTON = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A text that Telegram took. ``buttons``: (label, value) in reading order."""

    chat_id: int
    message_id: int
    text: str
    buttons: tuple[tuple[str, str], ...] = ()


class TelegramStandIn(StandIn):
    """Telegram. Updates go to the webhook that was set, or wait for ``getUpdates``."""

    def __init__(
        self,
        *,
        per_second: int | None = None,
        retry_after: int = 7,
        make_post: Callable[[WebhookRequest], int] = post,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        super().__init__()
        self.per_second = per_second
        self.retry_after = retry_after
        self.blocked: set[int] = set()
        self.unknown: set[int] = set()
        self.accepted: list[Sent] = []
        self.answered_callbacks: list[str] = []
        self.webhook: dict[str, object] = {}
        #: Updates that our webhook has not answered 2xx, oldest first.
        self.pending: list[dict[str, object]] = []
        self.username = "westhaven_bot"
        self._post = make_post
        self._now = now
        self._recent: list[float] = []
        self._message_ids = itertools.count(100)
        self._update_ids = itertools.count(5_000)

    def writes(self, chat_id: int, text: str) -> int:
        """Somebody writes to the bot; the message's id. Whether we took it shows in ``pending``."""
        message_id = next(self._message_ids)
        caller, now = self._caller, self._now()
        self._deliver(
            caller.text(
                update_id=next(self._update_ids),
                chat_id=chat_id,
                message_id=message_id,
                text=text,
                sent_at=now,
            )
        )
        return message_id

    def edits(self, chat_id: int, message_id: int, text: str) -> None:
        now = self._now()
        self._deliver(
            self._caller.text(
                update_id=next(self._update_ids),
                chat_id=chat_id,
                message_id=message_id,
                text=text,
                sent_at=now,
                edited_at=now,
            )
        )

    def presses(self, chat_id: int, message_id: int, value: str) -> str:
        """A button is pressed; the callback's id."""
        update_id = next(self._update_ids)
        callback_id = str(4_382_000_000 + update_id)
        self._deliver(
            self._caller.press(
                update_id=update_id,
                chat_id=chat_id,
                message_id=message_id,
                callback_id=callback_id,
                value=value,
                sent_at=self._now(),
            )
        )
        return callback_id

    def blocks(self, chat_id: int) -> None:
        self.blocked.add(chat_id)
        self._change(chat_id, blocked=True)

    def unblocks(self, chat_id: int) -> None:
        self.blocked.discard(chat_id)
        self._change(chat_id, blocked=False)

    def _change(self, chat_id: int, *, blocked: bool) -> None:
        self._deliver(
            self._caller.membership(
                update_id=next(self._update_ids), chat_id=chat_id, blocked=blocked, at=self._now()
            )
        )

    def redeliver(self) -> None:
        """Telegram's retries: everything that waits is posted again, oldest first."""
        with self._lock:
            waiting, self.pending = self.pending, []
        for update in waiting:
            self._deliver(self._caller.request(update))

    @property
    def _caller(self) -> TelegramCaller:
        return TelegramCaller(
            url=str(self.webhook.get("url", "")), secret=str(self.webhook.get("secret_token", ""))
        )

    def _deliver(self, request: WebhookRequest) -> None:
        if request.url and 200 <= self._post(request) < 300:
            return
        with self._lock:
            self.pending.append(json.loads(request.body))

    def is_send(self, request: Request) -> bool:
        return request.path.endswith("/sendMessage")

    def fault(self, status: int) -> Reply:
        if status == 429:
            return _refused(429, "Too Many Requests: retry later", retry_after=self.retry_after)
        return _refused(status, "Internal Server Error" if status == 500 else "Service Unavailable")

    def answer(self, request: Request) -> Reply:
        named = re.fullmatch(r"/bot([^/]+)/(\w+)", request.path)
        if named is None:
            return _refused(404, "Not Found")
        if named[1] != TOKEN:
            return _refused(401, "Unauthorized")
        method = {
            "sendMessage": self._send_message,
            "getMe": self._get_me,
            "setWebhook": self._set_webhook,
            "deleteWebhook": self._delete_webhook,
            "getWebhookInfo": self._webhook_info,
            "getUpdates": self._get_updates,
            "answerCallbackQuery": self._answer_callback,
        }.get(named[2])
        return method(request.form) if method else _refused(404, "Not Found: method not found")

    def _send_message(self, form: dict[str, str]) -> Reply:
        text, chat_id = form.get("text", ""), int(form.get("chat_id", "0"))
        if not text:
            return _refused(400, "Bad Request: message text is empty")
        if len(text.encode("utf-16-le")) // 2 > _LONGEST_TEXT:
            return _refused(400, "Bad Request: message is too long")
        if chat_id in self.unknown or chat_id <= 0:
            return _refused(400, "Bad Request: chat not found")
        if chat_id in self.blocked:
            return _refused(403, "Forbidden: bot was blocked by the user")
        buttons = _buttons(form)
        if any(len(value.encode()) > _LONGEST_BUTTON for _, value in buttons):
            return _refused(400, "Bad Request: BUTTON_DATA_INVALID")
        with self._lock:
            if not self._has_room():
                return self.fault(429)
            message_id = next(self._message_ids)
            self.accepted.append(Sent(chat_id=chat_id, message_id=message_id, text=text, buttons=buttons))
        chat = {"id": chat_id, "type": "private", "first_name": "Sam"}
        date = int(self._now().timestamp())
        return _ok({"message_id": message_id, "date": date, "chat": chat, "text": text, "from": self._me()})

    def _has_room(self) -> bool:
        if self.per_second is None:
            return True
        moment = time.monotonic()
        self._recent = [past for past in self._recent if past > moment - 1]
        if len(self._recent) >= self.per_second:
            return False
        self._recent.append(moment)
        return True

    def _me(self) -> dict[str, object]:
        return {"id": 110201543, "is_bot": True, "first_name": "Westhaven", "username": self.username}

    def _get_me(self, form: dict[str, str]) -> Reply:
        del form
        return _ok(self._me())

    def _set_webhook(self, form: dict[str, str]) -> Reply:
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", form.get("secret_token", "")):
            return _refused(400, "Bad Request: secret token contains unallowed characters")
        if form.get("drop_pending_updates") == "true":
            self.pending.clear()
        self.webhook = dict(form)
        return _ok(True)

    def _delete_webhook(self, form: dict[str, str]) -> Reply:
        if form.get("drop_pending_updates") == "true":
            self.pending.clear()
        self.webhook = {}
        return _ok(True)

    def _webhook_info(self, form: dict[str, str]) -> Reply:
        del form
        return _ok(
            {
                "url": self.webhook.get("url", ""),
                "has_custom_certificate": False,
                "pending_update_count": len(self.pending),
                "allowed_updates": json.loads(str(self.webhook.get("allowed_updates", "[]"))),
            }
        )

    def _get_updates(self, form: dict[str, str]) -> Reply:
        if self.webhook:
            return _refused(409, "Conflict: can't use getUpdates method while webhook is active")
        offset = int(form.get("offset", "0"))
        with self._lock:
            self.pending = [update for update in self.pending if _number(update) >= offset]
            return _ok(self.pending[: int(form.get("limit", "100"))])

    def _answer_callback(self, form: dict[str, str]) -> Reply:
        callback_id = form.get("callback_query_id", "")
        if not callback_id.isdigit():
            return _refused(400, "Bad Request: query is too old and response timeout expired")
        self.answered_callbacks.append(callback_id)
        return _ok(True)


def _buttons(form: dict[str, str]) -> tuple[tuple[str, str], ...]:
    rows = json.loads(form.get("reply_markup", "{}")).get("inline_keyboard", [])
    return tuple((key["text"], key["callback_data"]) for row in rows for key in row)


def _number(update: dict[str, object]) -> int:
    number = update["update_id"]
    assert isinstance(number, int)
    return number


def _ok(result: object) -> Reply:
    return json_reply(200, {"ok": True, "result": result})


def _refused(status: int, description: str, *, retry_after: int | None = None) -> Reply:
    told: dict[str, object] = {"ok": False, "error_code": status, "description": description}
    if retry_after is not None:
        told["parameters"] = {"retry_after": retry_after}
    return json_reply(status, told)
