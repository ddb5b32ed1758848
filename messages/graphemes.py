"""What a reader sees as one character, as far as Twilio's segment calculator knows it.

That calculator cuts text by the grapheme rules of Unicode 10 (annex 29). Newer emoji families therefore
count as several characters there, and so they must here: the figure shown has to be the one billed from.
Korean jamo and the rare letters that lead the next one outside Arabic are left out.
"""

from collections.abc import Iterator
from itertools import pairwise
from unicodedata import category

_JOINER = "\u200d"
_MODIFIERS = range(0x1F3FB, 0x1F400)
_TAGS = range(0xE0020, 0xE0080)
_REGIONAL = range(0x1F1E6, 0x1F200)
#: Signs that belong to the letter before them although Unicode does not class them as marks.
_TRAILING = frozenset("\u200c\u200d\u0e33\u0eb3\uff9e\uff9f")
#: Signs that belong to the letter after them (Arabic number signs and the like).
_LEADING = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u08e2\U000110bd")
#: First and last of the runs of pictures that take a skin tone.
_TONED_RUNS = (
    (0x261D, 0x261D),
    (0x26F9, 0x26F9),
    (0x270A, 0x270D),
    (0x1F385, 0x1F385),
    (0x1F3C2, 0x1F3C4),
    (0x1F3C7, 0x1F3C7),
    (0x1F3CA, 0x1F3CC),
    (0x1F442, 0x1F443),
    (0x1F446, 0x1F450),
    (0x1F466, 0x1F469),
    (0x1F46E, 0x1F46E),
    (0x1F470, 0x1F478),
    (0x1F47C, 0x1F47C),
    (0x1F481, 0x1F483),
    (0x1F485, 0x1F487),
    (0x1F4AA, 0x1F4AA),
    (0x1F574, 0x1F575),
    (0x1F57A, 0x1F57A),
    (0x1F590, 0x1F590),
    (0x1F595, 0x1F596),
    (0x1F645, 0x1F647),
    (0x1F64B, 0x1F64F),
    (0x1F6A3, 0x1F6A3),
    (0x1F6B4, 0x1F6B6),
    (0x1F6C0, 0x1F6C0),
    (0x1F6CC, 0x1F6CC),
    (0x1F918, 0x1F91C),
    (0x1F91E, 0x1F91F),
    (0x1F926, 0x1F926),
    (0x1F930, 0x1F939),
    (0x1F93D, 0x1F93E),
    (0x1F9D1, 0x1F9DD),
)
_TONED = frozenset(code for first, last in _TONED_RUNS for code in range(first, last + 1))
#: Pictures that a joiner binds to the one before: gender and job signs, hearts, and the four of a family.
_GLUED = frozenset("♀♂⚕⚖✈❤🌈🌾🍳🎓🎤🎨🏫🏭💋💻💼🔧🔬🗨🚀🚒👦👧👨👩")


def clusters(text: str) -> Iterator[str]:
    """Cut a text into visible characters; joined again they are the text."""
    start, flags, base = 0, 0, text[:1]
    for index, (before, after) in enumerate(pairwise(text), start=1):
        flags = flags + 1 if ord(before) in _REGIONAL else 0
        base = base if _extends(before) else before
        if not _together(before, after, base=base, odd_flag=flags % 2 == 1):
            yield text[start:index]
            start = index
    if text:
        yield text[start:]


def _together(before: str, after: str, *, base: str, odd_flag: bool) -> bool:
    """``base`` is the last character before ``after`` that is no mark."""
    if _alone(before) or _alone(after):
        return False
    if _extends(after) or category(after) == "Mc" or before in _LEADING:
        return True
    if ord(after) in _MODIFIERS:
        return ord(base) in _TONED and before != _JOINER
    if ord(after) in _REGIONAL:
        return odd_flag
    return before == _JOINER and after in _GLUED


def _alone(char: str) -> bool:
    """Line ends, controls and format signs join with nothing."""
    bound = char in _TRAILING or char in _LEADING or ord(char) in _TAGS
    return category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"} and not bound


def _extends(char: str) -> bool:
    return category(char) in {"Mn", "Me"} or char in _TRAILING or ord(char) in _TAGS
