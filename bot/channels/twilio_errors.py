"""Twilio's error codes in our words, in one table.

What an HTTP answer means for a text: a 4xx is a refusal by its code; a 5xx in Twilio's own JSON is a
refusal of the moment, tried again (the catalogue's "clean 500/503"); a 5xx without it comes from
something between us and Twilio, so the text may have left (creating a message is not idempotent).
"""

import json
from dataclasses import dataclass

from bot.channels.answers import Answer
from messages.channel import Failure, SendError


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What a code means for staff. ``link`` is Twilio's page on it; empty without a code."""

    failure: Failure
    words: str
    link: str = ""


_UNREACHABLE = (Failure.UNREACHABLE, "The phone is off or has no signal.")
_NO_NUMBER = (Failure.UNKNOWN_ADDRESS, "The number is not in use.")
_LANDLINE = (Failure.NOT_MOBILE, "The number is a landline or cannot take texts. A mobile is needed.")
_WRONG_NUMBER = (Failure.INVALID_ADDRESS, "The number cannot be right.")
_STOPPED = (Failure.CONSENT, "They texted STOP, so texts to them are blocked until they text START.")
_FILTERED = (Failure.FILTERED, "The network refused the words of this text.")
_TOO_LATE = (Failure.EXPIRED, "The text waited too long and was dropped.")
_TOO_FAST = (Failure.THROTTLED, "Texts are leaving too fast. This one waits.")
_MOMENT = (Failure.TRANSIENT, "Twilio had a fault of the moment. The text is tried again.")
_QUEUE_FULL = (Failure.TRANSIENT, "Too many texts wait at Twilio. This one is tried again.")
_SETTINGS = (Failure.CONFIGURATION, "The Twilio account or its settings refuse all texts.")
# Settings too, but for one number: UNKNOWN shows it to somebody and leaves the other texts going.
_REGION = (Failure.UNKNOWN, "The Twilio account may not text this country.")
_TRIAL = (Failure.UNKNOWN, "The Twilio account is a trial and texts only numbers it has verified.")
_UNKNOWN = (Failure.UNKNOWN, "The text failed for a reason that is new to us. Somebody must look.")

_BY_CODE: dict[int, tuple[Failure, str]] = {
    20003: _SETTINGS,  # authentication failed
    20005: _SETTINGS,  # account not active
    20404: _SETTINGS,  # account or address of the API not found
    20429: _TOO_FAST,
    20500: _MOMENT,
    20503: _MOMENT,
    21211: _WRONG_NUMBER,  # invalid To
    21408: _REGION,
    21604: _WRONG_NUMBER,  # To missing
    21606: _SETTINGS,  # From cannot send texts
    21608: _TRIAL,
    21610: _STOPPED,
    21611: _QUEUE_FULL,
    21612: _LANDLINE,  # To cannot be reached from this sender
    21614: _LANDLINE,
    21703: _SETTINGS,  # no number in the Messaging Service
    21705: _SETTINGS,  # no such Messaging Service
    30001: _TOO_LATE,  # queue overflow
    30002: _SETTINGS,  # account suspended
    30003: _UNREACHABLE,
    30005: _NO_NUMBER,
    30006: _LANDLINE,
    30007: _FILTERED,
    30036: _TOO_LATE,  # validity period over
}


def meaning(code: str | int | None) -> Meaning:
    """What ``code`` means; one we do not know is UNKNOWN, never guessed at."""
    number = _number(code)
    failure, words = _BY_CODE.get(number or 0, _UNKNOWN)
    link = f"https://www.twilio.com/docs/api/errors/{number}" if number else ""
    return Meaning(failure=failure, words=words, link=link)


def refusal(answer: Answer) -> SendError:
    """The error for an answer that is not 2xx."""
    code = _code_in(answer)
    if code in _BY_CODE:
        failure, words = _BY_CODE[code]
    else:
        failure, words = _by_status(answer.status, clean=code is not None)
    return SendError(failure, words, code=str(code or answer.status), retry_after=answer.retry_after)


def _by_status(status: int, *, clean: bool) -> tuple[Failure, str]:
    if status == 429:
        return _TOO_FAST
    if status in (401, 403, 404, 407) or 300 <= status < 400:
        return _SETTINGS
    if status >= 500 and clean:
        return _MOMENT
    if status >= 500 or status == 408:
        return Failure.AMBIGUOUS, "Twilio did not answer clearly: the text may have left."
    return _UNKNOWN


def _code_in(answer: Answer) -> int | None:
    """The code in Twilio's JSON, old form and RFC 9457; None when the answer is not Twilio's."""
    try:
        told = json.loads(answer.body)
    except (ValueError, RecursionError):
        return None
    return _number(told.get("code")) if isinstance(told, dict) else None


def _number(code: object) -> int | None:
    """Twilio's code as a number; it comes as a number in JSON and as digits in a form."""
    if isinstance(code, int) and not isinstance(code, bool):
        return code if 0 < code < 1_000_000 else None
    if isinstance(code, str) and code.isascii() and code.isdigit() and len(code) <= 6:
        return int(code) or None
    return None
