"""What the signs of a text say where it has no words: a mood, or nothing at all."""

import re
import unicodedata
from functools import cache

from messages.understand.lexicon import lexicon
from messages.understand.reading import Reading

_VALUES = {"low": -1, "ok": 0, "good": 1}
_MARKUP = re.compile(
    r"<[a-z/!][^>]*>|\{\{.*?\}\}|^\W*https?://\S+\s*$|^[/*#][\w*#]+$|^\[[\w ]+\]$", re.IGNORECASE
)


def is_noise(reading: Reading) -> bool:
    if _MARKUP.search(reading.original.strip()[:300]):
        return True
    if not reading.words:
        return not reading.laughing
    marks = sum(unicodedata.category(c) == "Mn" for c in reading.original[:500])
    letters = sum(c.isascii() for c in reading.original[:500])
    one_long = len(reading.words) == 1 and len(reading.words[0]) > 30
    return one_long or marks > 12 > letters


def mood_of_signs(reading: Reading) -> int | None:
    """-1, 0 or 1 for a text of signs only; the lowest of several. None when they say nothing of mood."""
    if reading.sad_face:
        return -1
    signs = [_moods()[sign] for sign in reading.emoji if sign in _moods()]
    return min(signs) if signs else 1 if reading.glad_face else None


@cache
def _moods() -> dict[str, int]:
    listed = lexicon().words["signs"]["moods"]
    return {sign: value for name, value in _VALUES.items() for sign in listed[name].split()}
