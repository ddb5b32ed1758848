"""How a person is addressed in a text, and how staff see them where a name would be too much."""

import re
from unicodedata import category

#: A first name longer than this would cost every check-in a second part.
LONGEST_IN_A_TEXT = 14
_GAPS = re.compile(r"[\s_]+")


def addressed_as(
    first_name: str, preferred_name: str | None, safe_name: str | None, *, may_name: bool
) -> str | None:
    """The name a text may use, or None for the wordings without one.

    ``may_name`` is False where nobody may be named at all: a number that has not been confirmed for six
    months, or a shared phone for which no safe name was agreed. A safe name, once agreed, is used instead
    of the others everywhere. A name too long for a text, or one that is no name, counts as none.
    """
    if not may_name:
        return None
    return _usable(safe_name) or _usable(preferred_name) or _usable(first_name)


def initials(first: str, last: str) -> str:
    """``J.W.`` for alerts: enough to know who, too little to give somebody away."""
    letters = [_first_letter(part) for part in (first, last)]
    return "".join(f"{letter}." for letter in letters if letter) or "?"


def _usable(name: str | None) -> str | None:
    tidy = _GAPS.sub(" ", name or "").strip()
    if not _first_letter(tidy):
        return None
    if len(tidy) <= LONGEST_IN_A_TEXT:
        return tidy
    # "Mary Elizabeth Anne": the first of several is what people are called by.
    first = tidy.split(" ")[0]
    return first if len(first) <= LONGEST_IN_A_TEXT else None


def _first_letter(name: str) -> str:
    return next((char.upper()[0] for char in name if category(char).startswith("L")), "")
