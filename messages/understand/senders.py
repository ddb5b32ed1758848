"""Whether somebody else writes from this phone, and whether a text reports a death by name."""

from functools import cache

from messages.understand.lexicon import lexicon
from messages.understand.patterns import Found
from messages.understand.reading import Reading

_INTROS = frozenset({"its", "this", "im"})
_OWNERS = frozenset({"his", "her", "their"})
_RELATIONS = frozenset(
    [
        "mum",
        "dad",
        "nan",
        "gran",
        "grandma",
        "grandad",
        "girlfriend",
        "boyfriend",
        "partner",
        "wife",
        "husband",
        "sister",
        "brother",
        "mate",
        "friend",
        "flatmate",
        "housemate",
        "cousin",
        "auntie",
        "aunt",
        "uncle",
        "stepmum",
        "stepdad",
        "fostercarer",
        "carer",
        "neighbour",
        "fiance",
        "fiancee",
        "son",
        "daughter",
        "niece",
        "nephew",
        "sis",
        "bro",
        "ex",
        "manager",
        "teacher",
        "landlord",
        "keyworker",
        "supportworker",
    ]
)
_HERE = frozenset({"here", "speaking", "text", "message", "writing", "using", "replying", "answering"})
_DAYS = frozenset(
    [
        "sunday",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "yesterday",
        "today",
        "tonight",
        "suddenly",
    ]
)
_LAST = frozenset({"last", "this"})
_TIMES = frozenset({"night", "morning", "weeks", "months", "weekend", "afternoon", "evening"}) | _DAYS
#: Only the first words of a text introduce its writer or name the dead: later ones tell of others.
_EARLY = 5
_LEADS = frozenset(["hi", "hello", "hey", "sorry", "sadly", "that", "say", "but", "know", "unfortunately"])


def writer(reading: Reading, known: set[str]) -> Found | None:
    """A relation introduces herself by the name that she goes with: "its jays gf", "jays mum here"."""
    words = reading.words
    for place in range(min(len(words), _EARLY) - 1):
        leads = place == 0 or words[place - 1] in _LEADS
        if leads and words[place] in _RELATIONS and words[place + 1] in ("here", "speaking"):
            return _found("third_party", place, place + 2)
    for place in range(1, min(len(words), _EARLY)):
        if words[place] not in _RELATIONS or not _owns(words[place - 1], known):
            continue
        if _HERE & set(words[place + 1 : place + 2]):
            return _found("third_party", place - 1, place + 1)
        intro = place - 2 - (words[place - 2 : place - 1] == ["is"])
        if intro >= 0 and words[intro] in _INTROS:
            return _found("third_party", intro, place + 1)
    return None


def death(reading: Reading, known: set[str], *, by_other: bool) -> Found | None:
    """A name begins a sentence ("jay died on sunday"), or somebody else writes; "my nan died" is grief."""
    if reading.laughing:
        return None
    for place, word in enumerate(reading.words[:60]):
        told = word in ("died", "passed") and place > 0 and _when(reading.words, place)
        if told and _is_named(reading, place - 1, known, by_other=by_other):
            return _found("death", place - 1, place + 1)
    return None


@cache
def _given_names() -> frozenset[str]:
    return lexicon().given_names


def _owns(word: str, known: set[str]) -> bool:
    named = word.removesuffix("s") in _given_names() or word in _given_names()
    return word in _OWNERS or named or (len(word) > 2 and word.endswith("s") and word not in known)


def _when(words: list[str], place: int) -> bool:
    """The time of a death after "died" or "passed away", which needs none."""
    if words[place] == "passed":
        return words[place + 1 : place + 2] == ["away"]
    rest = [word for word in words[place + 1 : place + 5] if word not in ("on", "in", "the", "early")]
    if not rest:
        return place + 1 == len(words)
    return rest[0] in _DAYS or (rest[0] in _LAST and not _TIMES.isdisjoint(rest[1:2]))


def _is_named(reading: Reading, place: int, known: set[str], *, by_other: bool) -> bool:
    words = reading.words
    place -= words[place] in ("has", "have", "sadly") and place > 0
    word = words[place]
    if by_other:
        return word in ("he", "hes", "she", "shes", "they") or word not in known
    begins = place == 0 or reading.fresh[place] or words[place - 1] in _LEADS
    return begins and word.isalpha() and (word not in known or word in _given_names())


def _found(kind: str, start: int, end: int) -> Found:
    return Found(label=f"danger/{kind}/always", start=start, end=end, anchor=end - 1)
