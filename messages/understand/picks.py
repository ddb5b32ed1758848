"""Which number, letter or place in a list somebody picks: "4 outta 5", "2 no wait 3", "a. b is close tho".

A text may hold other numbers: ages, times, what it was last time, what a mate would say. Something is picked
only when one value is left. The words that tell are in ``answers.toml``.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from messages.understand.around import words
from messages.understand.candidates import (
    HIGHEST,
    SHORT,
    Candidate,
    Near,
    Weight,
    candidate_at,
    counts,
    divides,
    near_of,
    value_of,
)
from messages.understand.tokens import Token
from messages.understanding import Context

_FRACTION = re.compile(r"\d+[.,\u066b]\d+|\d+\u2044\d+")
#: A number up to this may be a rating, on the scale that was asked for or on none.
_RATING = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """``chosen``: None when nothing was picked, or more than one; ``seen``: there were numbers at all."""

    chosen: str | None = None
    seen: bool = False
    quote: str | None = None
    leads: bool = False


def pick(tokens: Sequence[Token], context: Context) -> Pick:
    """What is picked in a text, in answer to a question with numbers or letters."""
    if context not in HIGHEST:
        return Pick()
    found = [c for place in range(len(tokens)) if (c := candidate_at(tokens, place, context)) is not None]
    seen = bool(found) or any(token.raw.isdigit() for token in tokens)
    best = None if _is_between(tokens, found) else _best(found, tokens)
    if best is None:
        return Pick(seen=seen)
    return Pick(chosen=best.value, seen=True, quote=tokens[best.place].quote, leads=best.near.leads)


def _is_between(tokens: Sequence[Token], found: Sequence[Candidate]) -> bool:
    """As in "3.5", "2½", "4 and a half"; not "£3.50" or a story with "2.5 miles" in it."""
    short = len(tokens) <= SHORT
    for place, token in enumerate(tokens):
        near = near_of(tokens, place)
        if _FRACTION.fullmatch(token.raw) and (place == 0 or short) and not counts(tokens, place, near):
            return True
    for candidate in found:
        rest = [word for word in candidate.near.after[:3] if word not in words("articles")]
        if len(rest) > 1 and rest[0] in words("and") and rest[1] in words("half"):
            return True
    return False


def _best(found: Sequence[Candidate], tokens: Sequence[Token]) -> Candidate | None:
    """The one that is picked; None when there are two, or none."""
    full = [c for c in found if c.weight is Weight.FULL and (c.in_range or int(c.value) <= _RATING)]
    full = [c for c in full if not c.by_order] or full
    if any(_out_of_another(tokens, c) for c in full):
        return None
    tied = _tied([c for c in found if c in full or c.weight is Weight.FAINT], tokens)
    kept = [c for c in full if c.in_range]
    if not kept:
        kept = [c for c in found if c.weight is Weight.SLIGHT and c.in_range]
        return kept[0] if len({c.value for c in kept}) == 1 and not full else None
    changed = [later for earlier, later in pairwise(kept) if _sets_right(earlier, later, tokens)]
    if changed:
        return changed[-1]
    today = [c for c in kept if _is_todays(c.near)]
    if len({c.value for c in today}) == 1:
        return today[0]
    first, last = kept[0], kept[-1]
    if last.near.before[:1] == ("so",) and not last.near.after:
        return last
    if len({c.value for c in kept if c.place not in tied}) == 1 and last.place not in tied:
        return last
    if tied:
        return last if last.value in {c.value for c in kept[:-2]} else None  # "1 or 2, say 1"
    return first if first.near.leads and (first.near.lone or not last.near.lone) else last


def _is_todays(near: Near) -> bool:
    """As in "4 now, 3 before xmas" and "yesterday 2 today a 4"."""
    led = [word for word in near.before if word not in words("articles")]
    return not words("today").isdisjoint((*led[:1], *near.after[:1]))


def _sets_right(earlier: Candidate, later: Candidate, tokens: Sequence[Token]) -> bool:
    """As in "2 no wait 3", "2 *3"."""
    starred = "*" in tokens[later.place].signs
    return starred or not words("changes").isdisjoint(_words_between(earlier, later, tokens))


def _out_of_another(tokens: Sequence[Token], candidate: Candidate) -> bool:
    """As in "7 outta 10": of no scale that was asked for."""
    rest = range(candidate.place + 1, min(candidate.place + 4, len(tokens)))
    return any(divides(tokens, at) and value_of(tokens, at) != "5" for at in rest)


def _tied(found: Sequence[Candidate], tokens: Sequence[Token]) -> set[int]:
    """The places of those given side by side: "3 or 4", "1 for the flat 4 for the area"."""
    return {
        c.place
        for earlier, later in pairwise(found)
        if earlier.value != later.value and (_joined(earlier, later, tokens) or _side_by_side(earlier, later))
        for c in (earlier, later)
    }


def _joined(first: Candidate, second: Candidate, tokens: Sequence[Token]) -> bool:
    """As in "3 or 4", "2-3", "1, 4, 5", "either a 1 or a 2"; not "not 4. 5", nor "4 n 2 kids"."""
    between = _words_between(first, second, tokens)
    if not all(word in words("joins") | words("articles") for word in between):
        return False
    signs = tokens[second.place].signs
    if second.value.isdigit() and Weight.FAINT in (first.weight, second.weight):
        return not words("or").isdisjoint(between) or signs == "/"
    return bool(between) or not (second.near.lone and signs[:1] in (".", "!", "?"))


def _side_by_side(first: Candidate, second: Candidate) -> bool:
    """As in "1 for the flat 4 for the area", "money 1 mates 5"."""
    if Weight.FAINT in (first.weight, second.weight):
        return False
    sides = words("sides")
    after = not (sides.isdisjoint(first.near.after[:1]) or sides.isdisjoint(second.near.after[:2]))
    headed = all(len(c.near.before) == 1 and not c.near.leads for c in (first, second))
    cued = any(c.near.before[0] in words("cues") for c in (first, second) if c.near.before)
    return after or (headed and not cued)


def _words_between(first: Candidate, second: Candidate, tokens: Sequence[Token]) -> list[str]:
    return [token.word for token in tokens[first.place + 1 : second.place]]
