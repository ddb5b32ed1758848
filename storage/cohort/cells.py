"""One cell at a time: a value of the right kind, or :class:`BadCell` with what to do about it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from babel import Locale

from messages import phones
from messages.cleaning import clean
from messages.errors import KitError
from storage.cohort.tables import Cell
from storage.people import Cadence, Risk, Status

_LONGEST_ID = 64
_LONGEST_NAME = 100
_LONGEST_EMAIL = 254
_EARLIEST = date(2000, 1, 1)
_YOUNGEST, _OLDEST = 10, 30
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_BRITISH = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
#: A time of day behind a date says nothing that we keep.
_TIME_OF_DAY = re.compile(r"[T ]\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?(Z|[+-]\d{2}:?\d{2})?$", re.ASCII)
_SHORT_YEAR = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2}", re.ASCII)
EMAIL = re.compile(r"[^\s@,;<>]+@[^\s@,;<>]+\.[^\s@,;<>]+")
_LANGUAGE = re.compile(r"([a-z]{2,3})(?:[-_]([a-z]{2}))?", re.ASCII)
_YES = frozenset({"yes", "y", "true", "1"})
_NO = frozenset({"no", "n", "false", "0"})
_ENUM_WORDS = {
    "no_current_eligibility": Status.NONE.value,
    "2_weekly": Cadence.FORTNIGHTLY.value,
    "4_weekly": Cadence.FOUR_WEEKLY.value,
    "8_weekly": Cadence.EIGHT_WEEKLY.value,
}
_LANGUAGE_WORDS = {"farsi": "fa", "dari": "fa-AF", "sorani": "ckb", "mandarin": "zh"}


class BadCell(KitError):
    """This cell cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What reading a cell depends on. ``today``: the council's date."""

    today: date
    #: Numbers that belong to nobody (Ofcom's drama range), for demo and development.
    allow_drama: bool = False


def text_of(cell: Cell, *, longest: int = _LONGEST_NAME) -> str:
    """Words: tidy, storable, and a whole number without the ``.0`` that a workbook gives it."""
    if isinstance(cell, bool) or not isinstance(cell, str | int | float):
        raise BadCell("The spreadsheet made a date, a time or TRUE of it: format the cell as text.")
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = clean(" ".join(str(cell).replace("\ufeff", "").split()))
    # Our own exports guard such cells with an apostrophe.
    text = text[1:] if re.match(r"'[=+\-@]", text) else text
    if len(text) > longest:
        raise BadCell(f"More than {longest} characters: shorten it.")
    if any(char == "\ufffd" or not char.isprintable() for char in text):
        raise BadCell("It holds characters that cannot be read: type it again.")
    return text


def person_id(cell: Cell, _: Terms) -> str:
    return text_of(cell, longest=_LONGEST_ID)


def name(cell: Cell, _: Terms) -> str:
    text = text_of(cell)
    if not any(char.isalpha() for char in text):
        raise BadCell("There is no letter in it: give a name.")
    return text


def yes_no(cell: Cell, _: Terms) -> bool:
    word = str(cell).removesuffix(".0").strip().lower()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise BadCell("Write yes or no.")


def mobile(cell: Cell, terms: Terms) -> str:
    """E.164. A workbook's number has lost its leading zero; that much is certain to be put back."""
    if isinstance(cell, bool) or not isinstance(cell, str | int | float):
        raise BadCell("The spreadsheet made a date or TRUE of it: format the cell as text, type it again.")
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    try:
        return phones.parse(str(cell), allow_drama=terms.allow_drama)
    except phones.PhoneError as error:
        raise BadCell(str(error)) from None


def email(cell: Cell, _: Terms) -> str:
    text = text_of(cell, longest=_LONGEST_EMAIL).lower()
    if not EMAIL.fullmatch(text):
        raise BadCell("This is not one e-mail address.")
    return text


def language(cell: Cell, _: Terms) -> str:
    """A code (``ti``, ``ar-SY``) or the language's English name."""
    text = text_of(cell).lower()
    code = _LANGUAGE_WORDS.get(text) or _language_codes().get(text)
    if code:
        return code
    match = _LANGUAGE.fullmatch(text)
    if not match or match[1] not in _language_codes().values():
        raise BadCell("No language of this name: write it in English (Tigrinya) or as a code (ti).")
    return f"{match[1]}-{match[2].upper()}" if match[2] else match[1]


@cache
def _language_codes() -> dict[str, str]:
    named = Locale("en").languages
    return {words.lower(): code for code, words in named.items() if len(code) <= 3}


def some_date(cell: Cell) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if not isinstance(cell, str):
        raise BadCell("A number, where a date should be: format the column as a date, or write 2026-11-24.")
    text = _TIME_OF_DAY.sub("", " ".join(cell.split()))
    if match := _ISO.fullmatch(text):
        year, month, day = match.groups()
    elif match := _BRITISH.fullmatch(text):
        day, month, year = match.groups()
    elif _SHORT_YEAR.fullmatch(text):
        raise BadCell("Write the year with four digits: 24/11/2026 or 2026-11-24.")
    else:
        raise BadCell("Not a date we can read: write 24/11/2026 (day first) or 2026-11-24.")
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise BadCell("There is no such day: write the day first, 24/11/2026, or 2026-11-24.") from None


def birthday(cell: Cell, terms: Terms) -> date:
    day = some_date(cell)
    age = terms.today.year - day.year - ((terms.today.month, terms.today.day) < (day.month, day.day))
    if not _YOUNGEST <= age <= _OLDEST:
        raise BadCell(f"This makes them younger than {_YOUNGEST} or older than {_OLDEST}: check the year.")
    return day


def past_date(cell: Cell, terms: Terms) -> date:
    day = some_date(cell)
    if day > terms.today:
        raise BadCell("This day has not come yet: check the date.")
    if day < _EARLIEST:
        raise BadCell("This is before the year 2000: check the date.")
    return day


def _folded(cell: Cell) -> str:
    return re.sub(r"[\W_]+", "_", text_of(cell).casefold()).strip("_")


def _one_of(kinds: type[Status | Cadence | Risk]) -> Callable[[Cell, Terms], Any]:
    values = {kind.value: kind for kind in kinds}
    choice = ", ".join(values)

    def parse(cell: Cell, _: Terms) -> Any:
        word = _folded(cell)
        found = values.get(_ENUM_WORDS.get(word, word))
        if found is None:
            raise BadCell(f"Not one of the words that can stand here: {choice}.")
        return found

    return parse


#: How each column of :data:`storage.cohort.headings.COLUMNS` is read.
PARSERS: dict[str, Callable[[Cell, Terms], Any]] = {
    "person_id": person_id,
    "first_name": name,
    "last_name": name,
    "preferred_name": name,
    "date_of_birth": birthday,
    "status": _one_of(Status),
    "mobile": mobile,
    "adviser_email": email,
    "team": name,
    "language": language,
    "cadence": _one_of(Cadence),
    "risk": _one_of(Risk),
    "last_visit": past_date,
    "last_plan_review": past_date,
    "in_area": yes_no,
    "discreet": yes_no,
    "safe_name": name,
    "safe_to_text": yes_no,
    "safe_to_ring": yes_no,
    "enrolled_on": past_date,
    "social_worker_email": email,
}
