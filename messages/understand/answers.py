"""Answers to what we asked: a digit, yes or no, a choice, words of their own, or a skip."""

import re
from dataclasses import dataclass
from functools import cache

from messages.understand.lexicon import Hits, lexicon
from messages.understand.reading import Reading, read
from messages.understanding import Context

_DIGIT = re.compile(r"0*(\d{1,2})(?:ish|st|nd|rd|th|s)?")
_DECIMAL = re.compile(r"\d[.,]\d")
_CHANGED = frozenset({"no", "actually", "sorry", "meant", "mean", "not"})
_OUT_OF = frozenset({"of", "outta"})
_HIGHEST = {Context.CHECK_IN: 4, Context.SURVEY_SCALE: 10, Context.SURVEY_CHOICE: 9}
_NO_IDEA = frozenset({"idea", "clue"})
_LETTERS = "abcdefgh"
_MARKS = {
    "👍": "yes",
    "✅": "yes",
    "✔": "yes",
    "👌": "yes",
    "💯": "yes",
    "👎": "no",
    "❌": "no",
    "✖": "no",
    "🚫": "no",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Digits:
    """Numbers in a text: ``chosen`` is the one meant (None when unclear), ``place`` its word."""

    chosen: int | None
    seen: bool
    place: int | None = None


@cache
def _digit_words() -> dict[str, str]:
    return lexicon().whole_words("answers", "digit_words")


@cache
def _yes_no() -> dict[str, str]:
    return lexicon().whole_words("answers", "yesno")


def read_digit(reading: Reading, context: Context) -> Digits:
    """The digit meant. Words ("three", "خمسة") count in short texts; "not 1, 2" and "1 no 3" are 2 and 3."""
    numbers = [(place, int(m[1])) for place, w in enumerate(reading.words) if (m := _DIGIT.fullmatch(w))]
    if _DECIMAL.search(reading.cleaned):
        return Digits(chosen=None, seen=True)
    if not numbers and len(reading.words) <= 2:
        spelled = ((place, _digit_words().get(word)) for place, word in enumerate(reading.words))
        numbers = [(place, int(digit)) for place, digit in spelled if digit is not None]
    if not numbers:
        return Digits(chosen=None, seen=any(word.isdigit() for word in reading.words))
    place, number = _meant(numbers, reading)
    highest = _HIGHEST.get(context, 10)
    leads = place <= 2 or len(reading.words) <= 4
    in_range = 0 <= number <= highest and place >= 0 and leads
    return Digits(chosen=number if in_range else None, seen=True, place=place if in_range else None)


def _meant(numbers: list[tuple[int, int]], reading: Reading) -> tuple[int, int]:
    if len(numbers) == 1:
        return numbers[0]
    (first, number), (second, other) = numbers[:2]
    between = reading.words[first + 1 : second]
    if first > 0 and reading.words[first - 1] == "not":
        return second, other
    if _OUT_OF & set(between):
        return first, number
    if _CHANGED & set(between):
        return second, other
    if between in (["or"], []) or reading.words[first + 1 : first + 2] == ["or"]:
        return -1, number
    return first, number


def read_yes_no(reading: Reading) -> str | None:
    """Yes or no, from the words the text begins with, or from a sign; None when neither or unsure."""
    known = _yes_no()
    if _NO_IDEA & set(reading.words):
        return None
    for word in reading.words[:2]:
        if word in known:
            return known[word] if known[word] in ("yes", "no") else None
    if len(reading.words) <= 4:
        for word in reading.words:
            if known.get(word) in ("yes", "no"):
                return known[word]
    marks = {_MARKS[sign] for sign in reading.emoji if sign in _MARKS}
    return marks.pop() if len(marks) == 1 else None


def read_answer(reading: Reading, context: Context, hits: Hits) -> str | None:
    """The answer in a survey's terms; None when there is none, it is unclear, or a skip."""
    if context is Context.SURVEY_FREE:
        text = reading.original.strip()
        return None if not reading.words or "answers/skip" in hits else text
    if context is Context.SURVEY_YESNO:
        return read_yes_no(reading)
    digit = read_digit(reading, context)
    if digit.chosen is not None:
        return str(digit.chosen)
    if context is Context.SURVEY_CHOICE and len(reading.words) == 1 and reading.words[0] in _LETTERS:
        return str(_LETTERS.index(reading.words[0]) + 1)
    return None


def is_skip(text: str) -> bool:
    """Whether a survey's question is passed over: "0", "skip", "n/a", "rather not say"."""
    lists = lexicon()
    reading = read(text, lists.spelling)
    if reading.words == ["0"]:
        return True
    return any(
        found.label == "answers/skip" for found in lists.rest.find(reading.words[:40], reading.fresh[:40])
    )
