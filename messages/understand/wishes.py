"""What a person asks the service to do: stop, pause, ring, who is this, topics."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from messages.understand.danger import covered_words
from messages.understand.lexicon import Hits, lexicon
from messages.understand.patterns import Found
from messages.understand.reading import Reading
from messages.understanding import Topic, Wish

_SAID = tuple(w for w in Wish if w not in (Wish.STOP, Wish.ENDED, Wish.HELP, Wish.TOPIC))
#: The most words a keyword may stand among: "stop pls x".
_ALONE = 5
_UNTIL = frozenset({"until", "till", "til", "before", "unless"})
#: With these words even somebody else says that the number is not the person's.
_NOT_THEIRS = frozenset({"wrong", "incorrect", "number", "mistake", "mistaken", "owner", "belongs"})
_TEXTS = frozenset({"text", "message", "unsubscribe", "optout"})


@dataclass(frozen=True, slots=True, kw_only=True)
class WishesRead:
    wishes: tuple[Wish, ...] = ()
    topic: Topic | None = None
    #: Only keywords, politeness aside.
    alone: bool = False
    found: tuple[Found, ...] = ()
    when: str | None = None
    pause_days: int | None = None


@cache
def _keywords() -> dict[str, Wish]:
    return {w: Wish(k) for w, k in lexicon().whole_words("wishes", "keyword").items()}


@cache
def _topics() -> dict[str, Topic]:
    return {w: Topic(k) for w, k in lexicon().whole_words("wishes", "topic").items()}


@cache
def _words(section: str, key: str) -> frozenset[str]:
    return lexicon().word_set("wishes", section, key)


@cache
def _polite() -> frozenset[str]:
    return frozenset(
        ["please", "thanks", "now", "ok", "okay", "mate", "bro", "x", "xx", "xxx", "hun", "love"]
    )


def read_wishes(hits: Hits, reading: Reading, *, danger: bool, by_other: bool = False) -> WishesRead:
    """With danger in the same text, only a keyword that stands by itself is an opt-out.

    ``by_other``: somebody else writes; "its his mum" is then no wrong number.
    """
    alone = _alone(reading.words)
    if isinstance(alone, Topic):
        return WishesRead(wishes=(Wish.TOPIC,), topic=alone, alone=True)
    if alone is not None:
        days = 14 if alone is Wish.PAUSE and "fortnight" in reading.words else None
        return WishesRead(wishes=(alone,), alone=True, pause_days=days)
    stop = _stop_said(hits, reading, only_texts=danger)
    stop = _stop_by_itself(reading, danger=danger) if stop is None else stop
    said = [wish for wish in _SAID if f"wishes/{wish}" in hits]
    if Wish.CALL_ME in said and _no_call(hits, reading):
        said.remove(Wish.CALL_ME)
    if by_other and Wish.WRONG_NUMBER in said and _NOT_THEIRS.isdisjoint(reading.words):
        said.remove(Wish.WRONG_NUMBER)
    if stop is not None and Wish.START in said:
        said.remove(Wish.START)
    found = tuple(f for wish in said for f in hits[f"wishes/{wish}"])
    return WishesRead(
        wishes=((Wish.STOP,) if stop is not None else ()) + tuple(said),
        found=(stop or ()) + found,
        when=_when(reading) if Wish.CALL_ME in said else None,
        pause_days=_pause_days(reading) if Wish.PAUSE in said else None,
    )


def _alone(words: Iterable[str]) -> Wish | Topic | None:
    bare = [word for word in words if word not in _polite()]
    if len(set(bare)) != 1 or len(bare) > _ALONE:
        return None
    return _keywords().get(bare[0]) or _topics().get(bare[0])


def _no_call(hits: Hits, reading: Reading) -> bool:
    """Every wish for a call stands in "dont ring me"; "dont ring me before 5" is a wish all the same."""
    against = [
        f for f in hits.get("wishes/not_call", ()) if _UNTIL.isdisjoint(reading.words[f.end : f.end + 3])
    ]
    covered = {place for f in against for place in range(f.start, f.end)}
    found = hits["wishes/call_me"]
    return bool(found) and all(not covered.isdisjoint(range(f.start, f.end)) for f in found)


def _stop_said(hits: Hits, reading: Reading, *, only_texts: bool) -> tuple[Found, ...] | None:
    """Phrases of opt-out; ``only_texts``: only those that name texts, so that "make it stop" is none."""
    covered = covered_words(hits, "wishes/not_stop")
    kept = tuple(f for f in hits.get("wishes/stop", ()) if covered.isdisjoint(range(f.start, f.end)))
    if only_texts:
        kept = tuple(f for f in kept if not _TEXTS.isdisjoint(reading.words[f.start : f.end]))
    return kept or None


def _stop_by_itself(reading: Reading, *, danger: bool) -> tuple[Found, ...] | None:
    sentences = [_alone(sentence) for sentence in reading.sentences()]
    shouted = reading.original.lstrip().startswith(("STOP ", "STOP,")) and not reading.original.isupper()
    ended = danger and Wish.ENDED in sentences
    return () if (danger and shouted) or ended or Wish.STOP in sentences else None


def _when(reading: Reading) -> str | None:
    """The longest run of time words, as the person wrote it: "thurs about half 4"."""
    core, around = _words("when", "core"), _words("when", "around")
    first = 1 if reading.words[:1] == ["4"] else 0
    best: tuple[int, int] = (0, 0)
    start = first
    for place in range(first, len(reading.words) + 1):
        word = reading.words[place] if place < len(reading.words) else ""
        if word in core or word in around or _is_clock(word):
            continue
        run = _trimmed(reading.words, start, place, around)
        timed = any(w in core or _is_clock(w) for w in reading.words[run[0] : run[1]])
        if timed and run[1] - run[0] > best[1] - best[0]:
            best = run
        start = place + 1
    return reading.quote(*best) if best[1] else None


def _trimmed(words: list[str], start: int, end: int, around: frozenset[str]) -> tuple[int, int]:
    loose = {"and", "or", "to", "in", "the", "any", "time", "on", "am"}
    while end > start and words[end - 1] in around - {"time", "ish", "pm", "am", "oclock"}:
        end -= 1
    while start < end and words[start] in loose and words[start] != "any":
        start += 1
    return start, end


def _is_clock(word: str) -> bool:
    digits = word.removesuffix("pm").removesuffix("am").removesuffix("ish")
    return digits.isascii() and digits.isdigit() and len(digits) <= 4


def _pause_days(reading: Reading) -> int | None:
    numbers = lexicon().whole_words("wishes", "numbers")
    units = lexicon().whole_words("wishes", "units")
    for place, word in enumerate(reading.words):
        if word in units:
            before = reading.words[place - 1] if place else ""
            count = int(before) if before.isascii() and before.isdigit() else int(numbers.get(before, 1))
            return min(count * int(units[word]), 366)
    return None
