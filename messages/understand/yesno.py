"""Yes or no: by a word, a way of speaking or a sign, first or last in the text.

A word in the middle says nothing ("theres no heating"); of two that are set right, the later counts ("yes
sorry no"); "yes and no", "mum yeah dad no" and a shrug are neither.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from messages.cleaning import for_rules
from messages.understand.around import words
from messages.understand.lexicon import lexicon
from messages.understand.patterns import Found
from messages.understand.spelling import plain
from messages.understand.tokens import Token

#: In a text of no more words, a yes or no is the answer wherever it stands.
_SHORT = 4
#: A short text of no more words that denies something is a no: "cant afford one".
_DENIES = 6
#: Words that are something else in English count in a text of no more words than this.
_ALONE = 2
_SIGNS = {"yes": "👍✅✔💯👌☑🙌✓🆗🤝", "no": "👎❌✖🚫🙅✗✘⛔"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """``value``: yes, no, or unsure; from word ``start`` to ``end`` (exclusive)."""

    value: str
    start: int
    end: int


@cache
def _single(*sections: str) -> dict[str, str]:
    """Single words, as they are typed: "ya" and "y" would be "you" and "why" in the spelling of phrases."""
    lists = [lexicon().words["answers"][name] for name in sections]
    return {plain(for_rules(w)): value for one in lists for value in one for w in one[value].split()}


@cache
def _plain() -> dict[str, str]:
    """The same words for what was stretched or mistyped; without those that spell another word."""
    return {
        word: value for word, value in _single("yesno", "yesno_said").items() if len(word) > 2 or word == "no"
    }


def read_yes_no(tokens: Sequence[Token], emoji: Sequence[str]) -> str | None:
    """Yes or no; None when neither, both, or unsure."""
    said = _said(tokens)
    if said:
        value = _settled(said, tokens)
        return value if value in ("yes", "no") else None
    if len(tokens) <= _DENIES and any(token.word in words("denials") for token in tokens[:_SHORT]):
        return "no"
    signs = {value for value, marks in _SIGNS.items() for sign in emoji if sign in marks}
    return signs.pop() if len(signs) == 1 and (len(tokens) <= _SHORT) else None


def begins_with_yes_or_no(tokens: Sequence[Token]) -> bool:
    return bool(tokens) and tokens[0].raw in _single("yesno")


def _said(tokens: Sequence[Token]) -> list[_Said]:
    """All that is yes, no or unsure, in order; a longer way of speaking beats the words in it."""
    spoken = [token.word for token in tokens]
    fresh = [token.fresh for token in tokens]
    phrases = [
        _Said(value=label, start=f.start, end=f.end)
        for f in lexicon().answers.find(spoken, fresh)
        if (label := _value_of(f)) is not None
    ]
    single = [
        _Said(value=value, start=place, end=place + 1)
        for place in range(len(tokens))
        if (value := _of_word(tokens, place)) is not None
    ]
    every = sorted({*phrases, *single}, key=lambda s: (s.start - s.end, s.start))
    kept: list[_Said] = []
    for one in every:
        if not any(one.start < other.end and other.start < one.end for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda s: s.start)


def _value_of(found: Found) -> str | None:
    value = found.label.removeprefix("answers/")
    return value if value in ("yes", "no", "unsure") else None


def _of_word(tokens: Sequence[Token], place: int) -> str | None:
    """A single word; "not no" and "y do u ask" are none."""
    token = tokens[place]
    before = tokens[place - 1].word if place and not token.fresh else ""
    after = tokens[place + 1].word if place + 1 < len(tokens) else ""
    if before in words("negations") or (token.raw == "y" and after in words("after_why")):
        return None
    if len(token.raw) == 1 and place:
        return None
    alone = _single("yesno_alone").get(token.raw) if len(tokens) <= _ALONE and not place else None
    return _single("yesno", "yesno_said").get(token.raw) or _plain().get(token.word) or alone


def _settled(said: Sequence[_Said], tokens: Sequence[Token]) -> str | None:
    """What it comes to in the end, where several were said."""
    first, last = said[0], said[-1]
    if _side_by_side(first, last, tokens):
        return None
    leads = all(token.word in words("fillers") for token in tokens[: first.start])
    trails = all(token.word in words("closing") for token in tokens[last.end :])
    if len({one.value for one in said}) == 1:
        spoken_of = first.end - first.start > 1 and len(tokens) <= 2 * _SHORT
        return first.value if leads or trails or spoken_of or len(tokens) <= _SHORT else None
    if leads:
        return _corrected(said, tokens)
    turned = {"but", "now", "so", "then"} | words("changes")
    turns = not turned.isdisjoint(token.word for token in tokens[max(last.start - 3, 0) : last.start])
    return last.value if trails and turns else None


def _side_by_side(first: _Said, last: _Said, tokens: Sequence[Token]) -> bool:
    """As in "yes to college no to work"."""
    if first.value == last.value or last.end == len(tokens):
        return False
    word = tokens[last.end].word
    return word == tokens[first.end].word and word in words("sides") | {"to"}


def _corrected(said: Sequence[_Said], tokens: Sequence[Token]) -> str:
    """The first, or what sets it right at once: "no wait yes", "yeah nah"."""
    current = said[0]
    for later in said[1:]:
        between = [token.word for token in tokens[current.end : later.start]]
        ends = later is said[-1] and all(t.word in words("closing") for t in tokens[later.end :])
        changed = bool(between) and len(between) <= 3 and not words("changes").isdisjoint(between)
        hedged = later.value == "unsure" and current.value != "unsure"
        if hedged or not (changed or (not between and (ends or later is not said[-1]))):
            break
        current = later
    at_last = _single("yesno").get(tokens[-1].raw, current.value)
    return current.value if at_last == current.value else "unsure"  # "yeah sometimes other times no"
