"""Answers to what we asked: a digit, yes or no, a choice, words of their own, or a skip."""

from dataclasses import dataclass, replace
from functools import cache

from messages.cleaning import for_rules
from messages.understand.around import words as around
from messages.understand.lexicon import lexicon
from messages.understand.picks import Pick, pick
from messages.understand.reading import Reading, read
from messages.understand.spelling import plain
from messages.understand.tokens import Token, tokens_of, without_fillers
from messages.understand.yesno import begins_with_yes_or_no, read_yes_no
from messages.understanding import Context

#: Stars, whole and empty: as many whole ones as the answer.
_STARS = frozenset("⭐★🌟")
_SHRUGS = frozenset("🤷🤐")
_DASHES = frozenset("-–—_./")
#: Left out of phrases, but between two numbers it tells which is meant.
_SETS_RIGHT = frozenset({"actually"})
#: What is longer than this tells something, whatever it begins with.
_LONGEST_SKIP = 8


_NOTHING = Pick()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """``given``: in the survey's terms, None when none, unclear, or ``skipped``; ``pick``: of numbers."""

    given: str | None = None
    skipped: bool = False
    #: It begins with the answer, so that no machine wrote it.
    leads: bool = False
    #: A question back, in place of an answer.
    asks: bool = False
    pick: Pick = _NOTHING


def read_answer(reading: Reading, context: Context) -> Answer:
    """What a text answers; nothing in a text that came without a question."""
    if context is Context.NONE:
        return Answer()
    every = tokens_of(reading, lexicon().spelling)
    tokens = without_fillers(every, lexicon().spelling)
    answer = _answer(reading, context, every, tokens)
    free = context is Context.SURVEY_FREE
    open_still = free or (answer.given is None and not answer.skipped)
    asks = open_still and _asks(reading, tokens, free=free)
    return replace(answer, given=None, asks=True) if asks else answer


def _answer(reading: Reading, context: Context, every: list[Token], tokens: list[Token]) -> Answer:
    if context is Context.SURVEY_FREE:
        skipped = _skips(reading, tokens)
        return Answer(given=None if skipped else reading.original.strip() or None, skipped=skipped)
    if context is Context.SURVEY_YESNO:
        given = read_yes_no(tokens, reading.emoji) or _forcefully(every)
        skipped = _skips(reading, tokens, yes_no=True)
        return Answer(given=None if skipped else given, skipped=skipped, leads=begins_with_yes_or_no(tokens))
    picked = pick(without_fillers(every, lexicon().spelling, keep=_SETS_RIGHT), context)
    given = picked.chosen
    if context is Context.SURVEY_SCALE and not (given and picked.leads):
        given = _on_the_scale(reading, tokens, picked)
    unsaid = (given is None or given.isalpha()) and _skips(reading, tokens)
    return Answer(given=None if unsaid else given, skipped=unsaid, leads=picked.leads, pick=picked)


def _asks(reading: Reading, tokens: list[Token], *, free: bool) -> bool:
    """A question about the question: "is 5 good or bad", "who sees this". Wishes may be put as questions."""
    words, fresh = [token.word for token in tokens], [token.fresh for token in tokens]
    if any(found.label == "answers/asks_back" for found in lexicon().answers.find(words, fresh)):
        return True
    opens = next((token.word for token in tokens if token.word not in around("openings")), "")
    return not free and (opens in around("questions") or reading.cleaned.rstrip().endswith("?"))


def _forcefully(tokens: list[Token]) -> str | None:
    """Yes, if words like "definitely" stand alone: phrases leave them out."""
    said = [token for token in tokens if token.raw in _forceful() or token.word not in around("closing")]
    return "yes" if said and all(token.raw in _forceful() for token in said) else None


@cache
def _forceful() -> frozenset[str]:
    return frozenset(plain(for_rules(w)) for w in lexicon().words["answers"]["around"]["forceful"].split())


def _on_the_scale(reading: Reading, tokens: list[Token], picked: Pick) -> str | None:
    """A place on the scale in words ("top marks", "smack in the middle") or in stars."""
    words, fresh = [t.word for t in tokens], [t.fresh for t in tokens]
    places = {
        found.label[-1]
        for found in lexicon().answers.find(words, fresh)
        if found.label.startswith("answers/scale_")
    }
    if len(places) == 1:
        return places.pop()
    stars = sum(character in _STARS for character in reading.cleaned[:40])
    if not picked.seen and 1 <= stars <= 5:
        return str(stars)
    return picked.chosen


def _skips(reading: Reading, tokens: list[Token], *, yes_no: bool = False) -> bool:
    bare = reading.cleaned.strip()
    if not tokens:
        return (0 < len(bare) <= 3 and _DASHES.issuperset(bare) and bare[0] == "-") or any(
            sign in _SHRUGS for sign in reading.emoji
        )
    words, fresh = [t.word for t in tokens], [t.fresh for t in tokens]
    if len(tokens) > _LONGEST_SKIP:
        return False
    labels = {"answers/skip"} if yes_no else {"answers/skip", "answers/no_pick"}
    return any(found.label in labels for found in lexicon().answers.find(words, fresh))


def is_skip(text: str) -> bool:
    """Whether a survey's question is passed over: "0", "skip", "n/a", "rather not say", a shrug."""
    spelling = lexicon().spelling
    reading = read(text, spelling)
    tokens = without_fillers(tokens_of(reading, spelling), spelling)
    return [token.raw for token in tokens] in (["0"], ["na"]) or _skips(reading, tokens, yes_no=True)
