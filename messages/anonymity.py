"""A text without what tells whose it is: names, numbers, addresses and dates replaced by invented ones.

Everything else keeps its spelling, since what is left tests how texts are read. It is a first pass and no
promise: nicknames, places, and a story that only one person can tell stay. Somebody must read each text.
"""

import re
from collections.abc import Iterable

from messages.cleaning import folded

#: Stands for all names alike, and so hides whoever bears it too. The word lists know it for a name.
NAME = "Alex"

_MONTH = (
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?"
    "|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_YEAR = r"'?(?:\d{4}|\d{2})\b(?!:)"
#: A digit at the beginning is the answer to what was asked ("2 still on the road").
_HOUSE = r"(?!\A\d\s)\b\d{1,4}[a-z]?,?\s+"
_STREET = r"(?:(?!(?:a|at|by|down|im|in|my|of|off|on|that|the|then|this|to|up|ur|your)\b)[a-z'-]+\s+){1,2}"
_ROAD = "street|st|road|rd|avenue|ave|lane|ln|crescent|cres|terrace|gardens|gdns|grove|mews"
#: Everyday words as well ("took 30 tablets close to midnight"): only where somebody is *at* the number.
_CLOSE = "close|court|drive|hill|park|place|rise|row|square|walk|way"

#: By what stands in for it, what is looked for in the folded text; the first that fits wins.
_STAND_INS = {
    "someone@example.org": r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+",
    "https://example.org": r"(?:https?://|www\.)\S+"
    r"|(?:[a-z0-9-]+\.)+(?:(?:com|net|org|uk)\b(?:/\S*)?|[a-z]{2,}/\S+)",
    "@someone": r"(?<![\w@])@[\w.]{2,}",
    "01/01/00": rf"\b(?:\d{{1,2}}[-/.]\d{{1,2}}[-/.]{_YEAR}|\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}\b"
    rf"|{_DAY}\s+(?:of\s+)?{_MONTH}\.?,?\s+{_YEAR}|{_MONTH}\.?\s+{_DAY},?\s+{_YEAR})",
    "07700900123": r"\+?\(?\d(?:[ ().-]{0,2}\d){8,}",
    "1 High Street": rf"{_HOUSE}{_STREET}(?:{_ROAD})\b|(?<=\bat ){_HOUSE}{_STREET}(?:{_CLOSE})\b",
    "ZZ99 9ZZ": r"\b[a-z]{1,2}\d[a-z\d]?\s?\d[abd-hjlnp-uw-z]{2}\b",
    # Sort codes and the like too, in pairs.
    "0000": r"\d{4,}|\d(?:[ -]?\d){5,}",
}
_KINDS = tuple(_STAND_INS)
_WORD = r"[^\W\d_]+"
_TELLING = re.compile("|".join(f"({pattern})" for pattern in (*_STAND_INS.values(), _WORD)))


def name_words(names: Iterable[str | None]) -> frozenset[str]:
    """The words of these names, as :func:`anonymous` looks for them. An initial alone is no name."""
    written = [folded(name)[0] for name in names if name]
    # O'Neil, Smith-Jones: also as people write them in a hurry.
    joined = [re.sub(r"['-]", "", name) for name in written]
    words = (word for name in (*written, *joined) for word in re.findall(_WORD, name))
    return frozenset(word for word in words if len(word) > 1)


def anonymous(text: str, names: frozenset[str]) -> str:
    """``names``: made by :func:`name_words`. Nothing hides behind invisible signs, accents or odd digits."""
    seen, places = folded(text)
    kept, done = "", 0
    for found in _TELLING.finditer(seen):
        begins, ends = places[found.start()], places[found.end() - 1] + 1
        if stand_in := _stand_in(found, text[begins:ends], names):
            kept += text[done:begins] + stand_in
            done = ends
    return kept + text[done:]


def _stand_in(found: re.Match[str], written: str, names: frozenset[str]) -> str:
    """Empty for a word that is nobody's name."""
    kind = (found.lastindex or 0) - 1
    if kind < len(_KINDS):
        return _KINDS[kind]
    word = found.group()
    if word not in names and word.removesuffix("s") not in names:
        return ""
    name = NAME if word in names else f"{NAME}s"
    return name.lower() if written.islower() else name
