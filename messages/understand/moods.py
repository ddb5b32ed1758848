"""How somebody is, what the text touches on, and which language it is in."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import cache

from messages.understand.danger import covered_words
from messages.understand.lexicon import Hits, lexicon
from messages.understand.patterns import Found
from messages.understand.reading import Reading
from messages.understanding import Danger, Need

_VALUES = {"low": -1, "ok": 0, "good": 1}
_NEED_OF_DANGER = {
    Danger.OWN_LIFE: Need.MENTAL_HEALTH,
    Danger.MEDICAL: Need.HEALTH,
    Danger.EXPLOITATION: Need.EXPLOITATION,
    Danger.WATCHED_PHONE: Need.PHONE_CONTACT,
    Danger.ARREST: Need.POLICE_CUSTODY,
    Danger.EVICTION: Need.HOUSING,
}
_HUNGER = re.compile(r"food|eat|ate|hungry|starv|meal|milk|fridge|crisps", re.IGNORECASE)
_SORANI = frozenset("ەێۆڵڕڤ")
_PASHTO = frozenset("ښځړډڼټېګۍڅ")
_FARSI = frozenset("پچژگکی")
_READ_SCRIPTS = ("LATIN", "ARABIC", "CYRILLIC", "ETHIOPIC")


@cache
def _signs() -> dict[str, int]:
    return {
        sign: _VALUES[mood] for mood in _VALUES for sign in lexicon().words["moods"][mood]["emoji"].split()
    }


def read_mood(hits: Hits, reading: Reading) -> tuple[int | None, tuple[Found, ...]]:
    """-1, 0, 1 or None, and the words that said so. A longer phrase beats words inside it; the last wins."""
    said = [(f, value) for mood, value in _VALUES.items() for f in hits.get(f"moods/{mood}", ())]
    kept = [
        (found, value) for found, value in said if not any(_inside(found, f) for f, v in said if v != value)
    ]
    if kept:
        lowest, highest = min(v for _, v in kept), max(v for _, v in kept)
        last = max(kept, key=lambda k: (k[0].end, k[0].end - k[0].start))[1]
        mood = last if lowest < 0 < highest else (lowest if lowest < 0 else highest)
        return mood, tuple(f for f, value in kept if value == mood)
    if reading.sad_face:
        return -1, ()
    signs = [_signs()[sign] for sign in reading.emoji if sign in _signs()]
    return (min(signs) if signs else None), ()


def _inside(found: Found, other: Found) -> bool:
    longer = other.end - other.start > found.end - found.start
    return longer and other.start <= found.start and found.end <= other.end


def read_needs(hits: Hits, dangers: frozenset[Danger], why: Sequence[str]) -> tuple[Need, ...]:
    """Topics named in the text, and those that its dangers bring with them; ``(Need.NONE,)`` when none."""
    covered = covered_words(hits, "idioms/idiom")
    needs = {n for n in Need if any(f.anchor not in covered for f in hits.get(f"needs/{n}", ()))}
    needs |= {_NEED_OF_DANGER[danger] for danger in dangers if danger in _NEED_OF_DANGER}
    if Danger.DESTITUTE in dangers:
        needs.add(Need.FOOD if _HUNGER.search(" ".join(why)) else Need.HOUSING)
    if Danger.OTHER_PERSON in dangers and Need.EXPLOITATION not in needs:
        needs.add(Need.RELATIONSHIPS_ABUSE)
    return tuple(n for n in Need if n in needs) or (Need.NONE,)


def read_language(languages: Sequence[str], text: str) -> str | None:
    """ISO 639-1 of the language (ckb: Sorani); None for scripts that the lists do not read."""
    letters = [c for c in text[:2000] if c.isalpha()]
    if not letters:
        return "en"
    script = Counter(unicodedata.name(c, "").split(" ")[0] for c in letters).most_common(1)[0][0]
    if script not in _READ_SCRIPTS:
        return None
    if script == "ARABIC":
        return _of_arabic_script(set(letters))
    if languages and script != "CYRILLIC":
        return Counter(languages).most_common(1)[0][0]
    return {"CYRILLIC": "uk", "ETHIOPIC": "am"}.get(script, "en")


def _of_arabic_script(letters: set[str]) -> str:
    for language, own in (("ckb", _SORANI), ("ps", _PASHTO), ("fa", _FARSI)):
        if letters & own:
            return language
    return "ar"
