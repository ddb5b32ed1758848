"""What a person asks the service to do: stop, pause, ring, who is this, topics."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache

from messages.understand.heads import NEVER_OPT_OUT
from messages.understand.lexicon import Hits, Lexicon, hits_of, lexicon
from messages.understand.patterns import Found
from messages.understand.reading import Reading
from messages.understand.trained import Scores
from messages.understanding import Intent, Topic, Wish

_SAID = tuple(w for w in Wish if w not in (Wish.STOP, Wish.ENDED, Wish.HELP, Wish.TOPIC))
#: The most words a keyword may stand among: "stop pls x".
_ALONE = 5
_UNTIL = frozenset({"until", "till", "til", "before", "unless"})
#: What the trained reader calls a wish. Below the first chance it is none whatever its words; from the second
#: on it is one without the words, but for START, which may undo what somebody else must not undo by a guess.
_INTENTS = {
    Wish.CALL_ME: Intent.CALL_ME,
    Wish.PAUSE: Intent.PAUSE,
    Wish.NEW_NUMBER: Intent.NEW_NUMBER,
    Wish.WRONG_NUMBER: Intent.WRONG_PERSON,
    Wish.START: Intent.OPT_IN,
}
_UNLIKELY, _LIKELY = 0.03, 0.6
_FIRST = (Intent.CRISIS, Intent.SAFEGUARDING, Intent.OPT_OUT)
_SAID_ONLY = frozenset({Wish.START})


@dataclass(frozen=True, slots=True, kw_only=True)
class WishesRead:
    wishes: tuple[Wish, ...] = ()
    topic: Topic | None = None
    #: Only keywords, politeness aside.
    alone: bool = False
    found: tuple[Found, ...] = ()
    when: str | None = None
    pause_days: int | None = None
    #: They say that they do not want to be rung.
    no_call: bool = False

    def with_call(self, reading: Reading) -> "WishesRead":
        """4 is "call me": its time words are read as if it had been said in words."""
        if self.alone or Wish.CALL_ME in self.wishes:
            return self
        return replace(self, wishes=(*self.wishes, Wish.CALL_ME), when=_when(reading))


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


def read_wishes(
    scores: Scores, lists: Lexicon, reading: Reading, *, danger: bool, by_other: bool = False
) -> WishesRead:
    """Keywords by the letter, opt-outs by the trained reader, other wishes by phrases it does not doubt.

    ``by_other``: somebody else writes; "its his mum" is then no wrong number.
    """
    hits, alone = hits_of(lists.wishes, reading), _alone(reading.words)
    if isinstance(alone, Topic):
        return WishesRead(wishes=(Wish.TOPIC,), topic=alone, alone=True)
    if alone is not None:
        days = 14 if alone is Wish.PAUSE and "fortnight" in reading.words else None
        return WishesRead(wishes=(alone,), alone=True, pause_days=days)
    stop = _stop_by_itself(reading, danger=danger) or _opts_out(scores)
    said = [wish for wish in _SAID if _is_wished(wish, scores, hits)]
    no_call = _no_call(hits, reading)
    if no_call and Wish.CALL_ME in said:
        said.remove(Wish.CALL_ME)
    if by_other and Wish.WRONG_NUMBER in said and _words("others", "not_theirs").isdisjoint(reading.words):
        said.remove(Wish.WRONG_NUMBER)
    if stop and Wish.START in said:
        said.remove(Wish.START)
    return WishesRead(
        wishes=((Wish.STOP,) if stop else ()) + tuple(said),
        found=tuple(f for wish in said for f in hits.get(f"wishes/{wish}", ())),
        when=_when(reading) if Wish.CALL_ME in said else None,
        pause_days=_pause_days(reading) if Wish.PAUSE in said else None,
        no_call=no_call,
    )


def _opts_out(scores: Scores) -> bool:
    return scores.over("opt_out") and scores.best("intent") not in NEVER_OPT_OUT


def _is_wished(wish: Wish, scores: Scores, hits: Hits) -> bool:
    phrased = f"wishes/{wish}" in hits
    if wish not in _INTENTS:
        return phrased
    chance = scores.chance("intent", _INTENTS[wish])
    if not phrased:
        return chance >= _LIKELY and wish not in _SAID_ONLY
    # It may be said beside what a text is called first: "wrong number stop texting me".
    first = sum(scores.chance("intent", intent) for intent in _FIRST)
    return chance >= _UNLIKELY * (1 - first)


def _alone(words: Iterable[str]) -> Wish | Topic | None:
    bare = [word for word in words if word not in _polite()]
    if len(set(bare)) != 1 or len(bare) > _ALONE:
        return None
    return _keywords().get(bare[0]) or _topics().get(bare[0])


def _no_call(hits: Hits, reading: Reading) -> bool:
    """All that is said of calls stands in "dont ring me"; "dont ring me before 5" is a wish all the same."""
    against = [
        f for f in hits.get("wishes/not_call", ()) if _UNTIL.isdisjoint(reading.words[f.end : f.end + 3])
    ]
    covered = {place for f in against for place in range(f.start, f.end)}
    found = hits.get("wishes/call_me", [])
    return bool(against) and all(not covered.isdisjoint(range(f.start, f.end)) for f in found)


def _stop_by_itself(reading: Reading, *, danger: bool) -> bool:
    """STOP as a sentence of its own, or shouted before other words; END and its like beside danger too."""
    sentences = [_alone(sentence) for sentence in reading.sentences()]
    shouted = reading.original.lstrip().startswith(("STOP ", "STOP,")) and not reading.original.isupper()
    ended = danger and Wish.ENDED in sentences
    return (danger and shouted) or ended or Wish.STOP in sentences


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
