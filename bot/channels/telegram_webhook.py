"""Telegram's Updates, read into our own values.

Read field by field and not by the library: one malformed sticker in an Update must not hide the words
beside it, and the library takes a second to import. Tests hold both readings equal. Shapes:
https://core.telegram.org/bots/api#update.
"""

import hashlib
import hmac
import json
import re
from datetime import UTC, datetime
from typing import Any

from bot.channels.parsing import ParseError, clean_text
from bot.channels.telegram_media import media_of
from messages.channel import ChannelName, Inbound, InboundKind, Media

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a name, not a secret

_COMMAND = re.compile(r"/(start|stop|help)(?:@\w+)?(?![^\s])", re.IGNORECASE | re.ASCII)
_LINK_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)

#: Telegram's ids have at most 52 bits; the year 9999 is far beyond any date.
_LARGEST_ID = 2**63 - 1
_LATEST = 253_402_300_799

#: Messages that Telegram writes itself and that tell staff nothing.
_SERVICE = frozenset(
    {
        "pinned_message",
        "message_auto_delete_timer_changed",
        "write_access_allowed",
        "chat_background_set",
        "boost_added",
    }
)

_MEMBER_KINDS = {"kicked": InboundKind.BLOCKED, "member": InboundKind.UNBLOCKED}


class NotAnUpdate(ParseError):
    """The request is not a JSON object, so it is not from Telegram."""


def secret_matches(expected: str, given: object) -> bool:
    """Whether the secret header is ours, in constant time; False for anything odd, never an error."""
    if not expected or not isinstance(given, str):
        return False
    return hmac.compare_digest(
        expected.encode("utf-8", "surrogatepass"), given.encode("utf-8", "surrogatepass")
    )


def parse_update(raw: bytes) -> Inbound:
    """The Inbound in one Update. Any JSON object gives one; :class:`NotAnUpdate` for anything else.

    An object that we have no use for is of kind OTHER: it is kept and answered 200, because Telegram
    holds back everything later in a chat until an Update is taken.
    """
    update = _object(raw)
    for field, read in _READERS.items():
        part = update.get(field)
        inbound = read(part, raw) if isinstance(part, dict) else None
        if inbound is not None:
            return inbound
    return _membership(update, raw) or _other(update, raw)


def _object(raw: bytes) -> dict[str, Any]:
    try:
        # Control characters inside strings are let through: what was written matters more than form.
        told = json.loads(raw.decode("utf-8", "replace"), strict=False)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        raise NotAnUpdate
    return told


def _message(message: dict[str, Any], raw: bytes) -> Inbound | None:
    chat, number = _private_chat(message), _id(message.get("message_id"))
    if chat is None or number is None or _SERVICE & message.keys():
        return None
    kind, text = _meaning(_text(message))
    return _inbound(kind, f"{chat}:{number}:0", chat, text, raw, message.get("date"), media_of(message))


def _edited(message: dict[str, Any], raw: bytes) -> Inbound | None:
    chat, number = _private_chat(message), _id(message.get("message_id"))
    if chat is None or number is None:
        return None
    version = _id(message.get("edit_date")) or 0
    return Inbound(
        channel=ChannelName.TELEGRAM,
        provider_id=f"{chat}:{number}:{version}",
        sender=str(chat),
        text=_text(message),
        raw=raw,
        kind=InboundKind.EDIT,
        sent_at=_moment(message.get("edit_date")) or _moment(message.get("date")),
        media=media_of(message),
        edit_of=f"{chat}:{number}:0",
    )


def _press(press: dict[str, Any], raw: bytes) -> Inbound | None:
    callback_id, message = press.get("id"), press.get("message")
    chat = _private_chat(message) if isinstance(message, dict) else _id(_dict(press.get("from")).get("id"))
    if not isinstance(callback_id, str) or not callback_id or chat is None:
        return None
    text = clean_text(press["data"]) if isinstance(press.get("data"), str) else ""
    return _inbound(InboundKind.PRESS, f"cb:{clean_text(callback_id)}", chat, text, raw)


def _membership(update: dict[str, Any], raw: bytes) -> Inbound | None:
    change = _dict(update.get("my_chat_member"))
    chat = _private_chat(change)
    status = _dict(change.get("new_chat_member")).get("status")
    kind = _MEMBER_KINDS.get(status) if isinstance(status, str) else None
    if chat is None or kind is None:
        return None
    return _inbound(kind, _update_id(update, raw), chat, "", raw, change.get("date"))


_READERS = {"message": _message, "edited_message": _edited, "callback_query": _press}


def _other(update: dict[str, Any], raw: bytes) -> Inbound:
    chats = (_id(_dict(part.get("chat")).get("id")) for part in update.values() if isinstance(part, dict))
    sender = next((str(chat) for chat in chats if chat is not None), "")
    return Inbound(
        channel=ChannelName.TELEGRAM,
        provider_id=_update_id(update, raw),
        sender=sender,
        text="",
        raw=raw,
        kind=InboundKind.OTHER,
    )


def _inbound(
    kind: InboundKind,
    provider_id: str,
    chat: int,
    text: str,
    raw: bytes,
    date: object = None,
    media: tuple[Media, ...] = (),
) -> Inbound:
    return Inbound(
        channel=ChannelName.TELEGRAM,
        provider_id=provider_id,
        sender=str(chat),
        text=text,
        raw=raw,
        kind=kind,
        sent_at=_moment(date),
        media=media,
    )


def _meaning(text: str) -> tuple[InboundKind, str]:
    """A command as the word that means the same by SMS: ``/stop`` is STOP; ``/start TOKEN`` is a link."""
    command = _COMMAND.match(text)
    if command is None:
        return InboundKind.TEXT, text
    word, rest = command[1].upper(), text[command.end() :].strip()
    if word == "START" and _LINK_TOKEN.fullmatch(rest):
        return InboundKind.LINK, rest
    return InboundKind.TEXT, f"{word} {rest}".strip()


def _text(message: dict[str, Any]) -> str:
    """The words, a picture's caption, or the emoji that a sticker stands for."""
    candidates = (message.get("text"), message.get("caption"), _dict(message.get("sticker")).get("emoji"))
    return clean_text(next((found for found in candidates if isinstance(found, str) and found), ""))


def _private_chat(part: dict[str, Any]) -> int | None:
    chat = _dict(part.get("chat"))
    number = _id(chat.get("id"))
    return number if number and number > 0 and chat.get("type", "private") == "private" else None


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _id(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if abs(value) <= _LARGEST_ID else None


def _moment(value: object) -> datetime | None:
    seconds = _id(value)
    return datetime.fromtimestamp(seconds, UTC) if seconds is not None and 0 < seconds <= _LATEST else None


def _update_id(update: dict[str, Any], raw: bytes) -> str:
    number = _id(update.get("update_id"))
    return f"update:{number}" if number is not None else f"update:{hashlib.sha256(raw).hexdigest()}"
