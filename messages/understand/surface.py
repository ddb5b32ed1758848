"""What a text looks like: noise that says nothing, and the words to quote from it."""

import re
import unicodedata

from messages.understand.patterns import Found
from messages.understand.reading import Reading

_MOST_QUOTES = 5
_LONGEST_QUOTE = 120
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


def quotes(reading: Reading, found: tuple[Found, ...]) -> tuple[str, ...]:
    """The words found, as they stand in the original, longest first; none twice or inside another."""
    spans = sorted({(f.start, f.end) for f in found}, key=lambda span: (span[0] - span[1], span[0]))
    kept: list[tuple[int, int]] = []
    for start, end in spans[:200]:
        if not any(a <= start and end <= b for a, b in kept):
            kept.append((start, end))
    return tuple(dict.fromkeys(reading.quote(*span)[:_LONGEST_QUOTE] for span in kept[:_MOST_QUOTES]))
