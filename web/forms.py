"""Reading what was posted: each form names its fields, and says for each what to put right.

A form with an error is shown again with everything as it was typed.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from unicodedata import category

from werkzeug.datastructures import MultiDict

from scheduler.local_time import LONDON, wall
from web.formats import in_london
from web.shapes.pieces import DateField, Declaration

Posted = MultiDict[str, str]

#: A note is a note; what is longer belongs in the case system.
LONGEST_NOTE = 4_000
_LONGEST_WHO = 200
_CENTURY = 2000
#: Controls and halves of characters; joiners (emoji, Arabic) stay.
_CONTROL = frozenset({"Cc", "Cs"})
_CLOCK = re.compile(
    r"(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))?\s*(?P<half>am|pm)?", re.IGNORECASE | re.ASCII
)


def text(posted: Posted, name: str) -> str:
    """One text, without what a browser adds to line ends and without control characters. Never cut:
    what is too long is shown again with :func:`too_long`.
    """
    given = posted.get(name, "").replace("\r\n", "\n").strip()
    return "".join(char for char in given if char == "\n" or category(char) not in _CONTROL)


def too_long(written: str, *, longest: int = LONGEST_NOTE) -> str:
    """What to put right about a text that is too long; empty for any other."""
    if len(written) <= longest:
        return ""
    return f"At most {longest:,} characters fit here: this has {len(written):,}"


def one_of(posted: Posted, name: str, allowed: Iterable[str]) -> str:
    """A choice, or the empty text for none and for one that was not on offer."""
    given = posted.get(name, "")
    return given if given in set(allowed) else ""


def date_field(posted: Posted, name: str) -> DateField:
    day, month, year = (text(posted, f"{name}-{part}") for part in ("day", "month", "year"))
    return DateField(day=day, month=month, year=year)


def date_field_of(day: date) -> DateField:
    return DateField(day=str(day.day), month=str(day.month), year=str(day.year))


def date_of(field: DateField) -> date | None:
    """The day that was typed, a year of two digits in this century; None when there is no such day."""
    if not (field.year.isdecimal() and len(field.year) in (2, 4)):
        return None
    year = int(field.year) + (_CENTURY if len(field.year) == 2 else 0)
    try:
        return date(year, int(field.month), int(field.day))
    except (ValueError, OverflowError):
        return None


def time_of(typed: str) -> time | None:
    """From "5:15pm", "17:15", "5pm" or "9.30"; None when it is no time of day."""
    found = _CLOCK.fullmatch(typed.strip())
    if found is None:
        return None
    hour, minute, half = int(found["hour"]), int(found["minute"] or 0), (found["half"] or "").lower()
    if half and not 1 <= hour <= 12:
        return None
    hour = hour % 12 + (12 if half == "pm" else 0) if half else hour
    return time(hour, minute) if hour < 24 and minute < 60 else None


def moment_of(day: date, at: time) -> datetime:
    return wall(day, at, LONDON)


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """A declaration of enrolment, whole."""

    confirmed_on: date
    safe_to_text: bool
    safe_to_ring: bool
    #: Somebody else uses the phone.
    shared: bool
    #: Somebody else may be checking it.
    watched: bool
    others_who: str


def declaration(posted: Posted) -> Declaration:
    """What was typed, to show again."""
    return Declaration(
        number_confirmed=posted.get("number_confirmed") == "yes",
        confirmed_on=date_field(posted, "confirmed_on"),
        safe_to_text=one_of(posted, "safe_to_text", ("yes", "no")),
        safe_to_ring=one_of(posted, "safe_to_ring", ("yes", "no")),
        others_see=one_of(posted, "others_see", ("nobody", "shared", "watched")),
        others_who=text(posted, "others_who"),
        told=posted.get("told") == "yes",
    )


def declared(
    form: Declaration, who: str, *, now: datetime, longest_ago: timedelta, again: bool = False
) -> tuple[Declared | None, dict[str, str]]:
    """The declaration when nothing is missing, else what to put right. ``who``: "Jay", "each person".

    ``again``: of somebody enrolled, who has been told what this is.
    """
    today, checked = in_london(now).date(), date_of(form.confirmed_on)
    wrong: dict[str, str] = {}
    if not form.number_confirmed:
        wrong["number_confirmed"] = f"Tick when you have checked the number with {who}"
    if fault := _wrong_day(checked, today, longest_ago):
        wrong["confirmed_on"] = fault
    if not form.safe_to_text:
        wrong["safe_to_text"] = "Say whether it is safe to text"
    if not form.safe_to_ring:
        wrong["safe_to_ring"] = "Say whether it is safe to ring"
    wrong |= _wrong_others(form)
    if not form.told and not again:
        wrong["told"] = f"Tick when {who} knows what this is and how to stop it"
    if wrong or checked is None:
        return None, wrong
    return (
        Declared(
            confirmed_on=checked,
            safe_to_text=form.safe_to_text == "yes",
            safe_to_ring=form.safe_to_ring == "yes",
            shared=form.others_see == "shared",
            watched=form.others_see == "watched",
            others_who=form.others_who,
        ),
        {},
    )


def _wrong_day(checked: date | None, today: date, longest_ago: timedelta) -> str:
    if checked is None:
        return "Write the date like 24 11 2026"
    if checked > today:
        return "This date has not come yet"
    return "That is too long ago: check the number again" if today - checked > longest_ago else ""


def _wrong_others(form: Declaration) -> dict[str, str]:
    if not form.others_see:
        return {"others_see": "Say who else sees the phone"}
    if form.others_see == "nobody" and form.others_who:
        return {"others_who": "You chose that nobody else sees it: choose who does, or leave this empty"}
    if form.others_see != "nobody" and not form.others_who:
        return {"others_who": "Say who else sees the phone"}
    fault = too_long(form.others_who, longest=_LONGEST_WHO)
    return {"others_who": fault} if fault else {}
