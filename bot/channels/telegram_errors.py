"""Telegram's refusals in our words, in one table."""

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    TelegramError,
)

from bot.channels.telegram_transport import NotProcessed, TooFast
from messages.channel import Failure, SendError

#: Words in Telegram's 400 that say that the chat is not there. Telegram gives no codes.
_NO_CHAT = ("chat not found", "user not found", "peer_id_invalid", "chat_id is empty")

_UNCLEAR = (Failure.AMBIGUOUS, "Telegram did not answer clearly: the text may have left.", "no_answer")

_BY_ERROR: tuple[tuple[type[TelegramError], tuple[Failure, str, str]], ...] = (
    (Forbidden, (Failure.CONSENT, "They have blocked us on Telegram, or closed their account.", "403")),
    (TooFast, (Failure.THROTTLED, "Texts are leaving too fast for Telegram. This one waits.", "429")),
    (
        ChatMigrated,
        (Failure.INVALID_ADDRESS, "The chat has become a group, and groups are not texted.", "400"),
    ),
    (Conflict, (Failure.CONFIGURATION, "Another program reads this Telegram bot's messages.", "409")),
    (InvalidToken, (Failure.CONFIGURATION, "Telegram does not accept our bot's token.", "401")),
    (
        NotProcessed,
        (Failure.TRANSIENT, "Telegram had a fault of the moment. The text is tried again.", "5xx"),
    ),
)


def as_send_error(error: TelegramError) -> SendError:
    """Our error for the library's. The library's words are left behind: they may quote the text."""
    failure, words, code = _meaning(error)
    wait = error.seconds if isinstance(error, TooFast) else None
    return SendError(failure, words, code=code, retry_after=wait)


def _meaning(error: TelegramError) -> tuple[Failure, str, str]:
    for kind, told in _BY_ERROR:
        if isinstance(error, kind):
            return told
    if isinstance(error, BadRequest):
        if any(words in error.message.lower() for words in _NO_CHAT):
            return Failure.UNKNOWN_ADDRESS, "There is no such chat on Telegram.", "400"
        return Failure.UNKNOWN, "Telegram refused the text. Somebody must look.", "400"
    return _UNCLEAR
