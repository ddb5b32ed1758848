"""Texts by Telegram, through ``telegram.Bot`` alone: no Application, no event loop, no state."""

import json
import re
from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions
from telegram.error import BadRequest, TelegramError

from bot.channels.telegram_errors import as_send_error
from bot.channels.telegram_transport import TelegramTransport, drive
from messages.channel import Accepted, Button, ChannelName, Failure, OutboundText, SendError

T = TypeVar("T")

API = "https://api.telegram.org"

#: What we ask Telegram to tell us; everything else stays with Telegram.
ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")

#: A private chat's id: positive, at most 52 bits. Groups are negative and are never texted.
_PRIVATE_CHAT = re.compile(r"[1-9][0-9]{0,15}", re.ASCII)

#: Buttons with labels up to this length stand side by side (the digits of a scale).
_SHORT_LABEL = 3

#: A preview would show the name of the page behind a link on a lock screen.
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookInfo:
    """What Telegram says of our webhook. ``pending`` counts updates that wait for us."""

    url: str
    pending: int
    last_error_at: datetime | None
    last_error: str


class TelegramChat:
    """The Telegram channel. ``base_url`` is without ``/bot``; ``timeout`` is for one exchange, in seconds."""

    def __init__(self, token: str, base_url: str = API, timeout: float = 10) -> None:
        self._timeout = timeout
        self._bot = Bot(
            token,
            base_url=f"{base_url.rstrip('/')}/bot",
            request=TelegramTransport(base_url, timeout=timeout),
            get_updates_request=TelegramTransport(base_url, timeout=timeout),
        )

    @property
    def name(self) -> ChannelName:
        return ChannelName.TELEGRAM

    def send(self, text: OutboundText) -> Accepted:
        """The provider id is ``chat:message``, because Telegram counts messages per chat."""
        if not _PRIVATE_CHAT.fullmatch(text.to):
            raise SendError(Failure.INVALID_ADDRESS, "This is not a Telegram chat.", code="address")
        message = self._told(
            self._bot.send_message(
                chat_id=int(text.to),
                text=text.body,
                reply_markup=_keyboard(text.buttons),
                link_preview_options=_NO_PREVIEW,
            )
        )
        return Accepted(provider_id=f"{text.to}:{message.message_id}", segments=1)

    def find(self, text: OutboundText, *, since: datetime) -> Accepted | None:
        """Always None: a bot cannot read back what it sent."""
        del text, since
        return None

    def set_webhook(self, url: str, secret: str) -> None:
        """Point Telegram at ``url``. What waits there is kept: a deploy must not lose a text."""
        self._told(
            self._bot.set_webhook(
                url, secret_token=secret, allowed_updates=ALLOWED_UPDATES, drop_pending_updates=False
            )
        )

    def remove_webhook(self) -> None:
        """Before polling: Telegram refuses to do both."""
        self._told(self._bot.delete_webhook(drop_pending_updates=False))

    def webhook_info(self) -> WebhookInfo:
        info = self._told(self._bot.get_webhook_info())
        return WebhookInfo(
            url=info.url,
            pending=info.pending_update_count,
            last_error_at=info.last_error_date,
            last_error=info.last_error_message or "",
        )

    def get_updates(self, offset: int, timeout: int = 30) -> list[bytes]:
        """Waiting updates from ``offset`` on, each as the JSON the webhook would get.

        ``timeout``: seconds that Telegram may hold the request when nothing waits.
        """
        # Not Bot.get_updates: it writes whole updates to the log when one of them is malformed. The
        # trailing underscore asks for the same method without the library's advice to use that one.
        updates = self._told(
            self._bot.do_api_request(
                "get_updates_",
                api_kwargs={"offset": offset, "timeout": timeout, "allowed_updates": list(ALLOWED_UPDATES)},
                read_timeout=timeout + self._timeout,
            )
        )
        return [json.dumps(update).encode() for update in updates]

    def answer_callback(self, callback_id: str) -> None:
        """Stop the little clock on a pressed button. Too late is no error: the press is kept anyway."""
        try:
            drive(self._bot.answer_callback_query(callback_id))
        except BadRequest:
            return
        except TelegramError as error:
            failed = as_send_error(error)
        else:
            return
        raise failed

    def bot_username(self) -> str:
        """For the link ``https://t.me/<username>?start=<token>``."""
        return self._told(self._bot.get_me()).username or ""

    @staticmethod
    def _told(call: Coroutine[Any, Any, T]) -> T:
        try:
            return drive(call)
        except TelegramError as error:
            failed = as_send_error(error)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            failed = SendError(
                Failure.AMBIGUOUS,
                "Telegram did not answer clearly: the text may have left.",
                code=type(error).__name__,
            )
        # Outside the handler: the library's error may quote the text.
        raise failed


def _keyboard(buttons: tuple[Button, ...]) -> InlineKeyboardMarkup | None:
    if not buttons:
        return None
    keys = [InlineKeyboardButton(button.label, callback_data=button.value) for button in buttons]
    side_by_side = all(len(button.label) <= _SHORT_LABEL for button in buttons)
    return InlineKeyboardMarkup([keys] if side_by_side else [[key] for key in keys])
