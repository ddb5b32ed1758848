"""The numbers, letters and places in a text that may be picked, each weighed by the words around it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from messages.understand.around import spelled, words
from messages.understand.tokens import Token
from messages.understanding import Context

_NUMBER = re.compile(r"(?:و|ال|al)?0*(\d{1,2})(?:ish|s|x+)?")
_REPEATED = re.compile(r"(\d)\1{2,}")
_ORDINAL = re.compile(r"([1-9])(?:st|nd|rd|th)")
HIGHEST = {Context.CHECK_IN: 4, Context.SURVEY_SCALE: 5, Context.SURVEY_CHOICE: 6}
_LETTERS = frozenset("abcde")
#: How far before and after a number its words are looked at.
_REACH = 6
#: Slips and words of other languages that are English words too count in a text of no more words.
_ALONE = 2
#: In a text of no more words, a digit is the answer wherever it stands.
SHORT = 4


class Weight(IntEnum):
    """What speaks for a candidate."""

    #: Another thing's number, or said of the scale itself.
    NONE = 0
    #: Somewhere in a story: counts only where it makes another unclear ("1 or 2 times").
    FAINT = 1
    #: What it was, would be, or is to others: counts when nothing else is there.
    SLIGHT = 2
    FULL = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """The words before (nearest first) and after, in the same part of the sentence."""

    before: tuple[str, ...]
    after: tuple[str, ...]
    #: Nothing but fillers stands before it in the whole text.
    leads: bool
    #: A part of the sentence starts with it.
    starts: bool
    #: A part of the sentence ends with it: by a sign, or by a word of the next part or of politeness.
    ends: bool

    @property
    def lone(self) -> bool:
        return self.starts and not self.after


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """``value``: digits or a letter; ``place``: its word."""

    value: str
    place: int
    weight: Weight
    near: Near
    in_range: bool
    #: "the second one": gives way to a digit or letter.
    by_order: bool


def candidate_at(tokens: Sequence[Token], place: int, context: Context) -> Candidate | None:
    """What the word at ``place`` would pick, if anything."""
    near = near_of(tokens, place)
    value, by_order = value_of(tokens, place), False
    if value is None and context is Context.SURVEY_CHOICE:
        value = _letter(tokens[place], near)
        if value is None and (value := _order(tokens[place], near)) is not None:
            by_order = True
    if value is None:
        return None
    return Candidate(
        value=value,
        place=place,
        weight=_weight(tokens, place, near, context),
        near=near,
        in_range=not value.isdigit() or 1 <= int(value) <= HIGHEST[context],
        by_order=by_order,
    )


def value_of(tokens: Sequence[Token], place: int) -> str | None:
    """The number that a word is, as digits."""
    token = tokens[place]
    if match := _NUMBER.fullmatch(token.raw):
        return match[1]
    if len(tokens) <= _ALONE and (slip := spelled("digit_slips").get(token.word)):
        return slip
    if len(tokens) == 1 and (repeated := _REPEATED.fullmatch(token.raw)):
        return repeated[1]
    return spelled("digit_words").get(token.word)


def _letter(token: Token, near: Near) -> str | None:
    """As in "c)", "going b"; not the words "a" and "c u"."""
    if token.raw not in _LETTERS:
        return spelled("letter_words").get(token.raw) if near.leads and near.ends else None
    after = near.after[0] if near.after else ""
    if after in words("after_a" if token.raw == "a" else "after_letter"):
        return None
    if token.raw != "a":
        return token.raw
    first = near.leads and not near.before
    asked_for = near.ends and bool(near.before) and near.before[0] in words("cues")
    return "a" if first or asked_for or near.starts or not near.after else None


def _order(token: Token, near: Near) -> str | None:
    """As in "the second one", "2nd"; not "my 2nd flat" or "my first choice is"."""
    if near.before[:1] == ("my",) and near.after:
        return None
    match = _ORDINAL.fullmatch(token.raw)
    value = match[1] if match else spelled("ordinals").get(token.word)
    return value if near.ends or near.after[0] in words("options") else None


def near_of(tokens: Sequence[Token], place: int) -> Near:
    before: list[str] = []
    for at in range(place, max(place - _REACH, 0), -1):
        turned = bool(before) and before[-1] in words("turns")
        if tokens[at].fresh or turned or tokens[at - 1].raw.isdigit():
            break
        before.append(tokens[at - 1].word)
    after: list[str] = []
    for token in tokens[place + 1 : place + 1 + _REACH]:
        if token.fresh:
            break
        after.append(token.word)
    return Near(
        before=tuple(before),
        after=tuple(after),
        leads=place <= _REACH and all(token.word in words("fillers") for token in tokens[:place]),
        starts=place == 0 or tokens[place].fresh,
        ends=not after or after[0] in words("closing"),
    )


def _weight(tokens: Sequence[Token], place: int, near: Near, context: Context) -> Weight:
    if counts(tokens, place, near) or _is_refused(near) or _is_part_of(tokens, place):
        return Weight.NONE
    if not near.lone and (_is_little_word(tokens[place], near) or _is_asked_about(tokens, place, near)):
        return Weight.NONE
    choice = context is Context.SURVEY_CHOICE
    means = not words("means").isdisjoint(near.after[:1])
    if means and not choice and not words("judgements").isdisjoint(near.after[1:3]):
        return Weight.NONE  # "1 is worst"
    if not _stands_out(tokens, place, near, asked_how=context is Context.CHECK_IN):
        return Weight.FAINT
    return Weight.SLIGHT if _is_elsewhere(near, choice=choice) else Weight.FULL


def _stands_out(tokens: Sequence[Token], place: int, near: Near, *, asked_how: bool) -> bool:
    """Whether it stands where answers stand: first, last, by itself, after "id say a"."""
    cued = bool(near.before) and near.before[0] in words("cues")
    spelled = not tokens[place].raw[:1].isdigit() and tokens[place].raw not in _LETTERS
    if spelled and asked_how and not near.ends:
        return False  # "one man follows me"
    if near.leads or cued or near.lone:
        return True
    if tokens[place].word == "one":
        return False
    split = not words("sides").isdisjoint((*near.before[:1], *near.after[:2]))
    digit = tokens[place].raw.isdigit()
    near_start = place <= 2 and not tokens[0].word.isascii()  # closing words are listed in English only
    return near.ends or (digit and (split or near_start or len(tokens) <= SHORT))


def counts(tokens: Sequence[Token], place: int, near: Near) -> bool:
    """The number counts hours, quid or answers ("all 3"), or is that of a bus, a flat or a level."""
    if near.after[:1] and near.after[0] in words("units") and not "".join(near.after[1:2]).isdigit():
        return True  # but "mornings 1 nights 4"
    several = not words("several").isdisjoint(near.before[:1]) and words("the").issuperset(near.before[1:])
    if "£" in tokens[place].signs or (several and tokens[place].raw not in _LETTERS):
        return True
    if not tokens[place].raw[:1].isdigit():
        return False
    named = near.before[:1] and near.before[0] in words("numbered")
    graded = near.before[:2] == ("a", "got") and near.after[:1] == ("in",)
    return graded or bool(named and not set(near.before[1:2]) & words("the"))


def _is_refused(near: Near) -> bool:
    """As in "not a 4", "remove 2", "not b or c"; "never not a 5" is one."""
    loose = words("articles")
    if near.before[:1] and near.before[0] in words("joins") - {"to"}:
        loose = loose | words("joins") | words("letters")
    said = [word for word in near.before if word not in loose][:2]
    turned = len(said) == 2 and set(said) <= words("negations")
    return bool(said) and said[0] in words("negations") | words("removes") and not turned


def _is_part_of(tokens: Sequence[Token], place: int) -> bool:
    """The 1 of "4, minus 1", "-5", "<3", and the 5 of "4 out of 5"."""
    lessened = place > 0 and tokens[place - 1].word == "minus"
    negative = (
        place == 0 and tokens[0].signs.endswith("-") and tokens[0].raw.isdigit() and len(tokens) <= _ALONE
    )
    heart = tokens[place].signs.endswith("<")
    return lessened or negative or heart or divides(tokens, place)


def divides(tokens: Sequence[Token], place: int) -> bool:
    """Whether it is the whole that another number is a part of: "4 out of 5", "4/5"."""
    if place == 0 or value_of(tokens, place) is None:
        return False
    before = [token.word for token in tokens[max(place - 2, 0) : place]]
    if before == ["out", "of"] or before[-1] in words("out_of"):
        return True
    if tokens[place].signs == "/":
        return value_of(tokens, place - 1) is not None and value_of(tokens, place) in ("5", "10")
    return before[-1] == "of" and len(before) == 2 and value_of(tokens, place - 2) is not None


def _is_little_word(token: Token, near: Near) -> bool:
    """As in "want 2 go", "better 4 me", "no one", "one of them"."""
    before, after = near.before[:1], near.after[:1]
    if token.raw in ("2", "4"):
        led = bool(before) and before[0] not in words("cues")
        return led and not words("after_to").isdisjoint(after)
    if token.word != "one":
        return False
    return not (words("before_one").isdisjoint(before) and words("after_one").isdisjoint(after))


def _is_asked_about(tokens: Sequence[Token], place: int, near: Near) -> bool:
    """As in "is 5 good or bad", "whats after c"."""
    first, *rest = [token.word for token in tokens[:4] if token.word not in words("openings")] or [""]
    asks = first in words("questions") and place > 0 and near.before[:1] != ("then",)
    asks_for = rest[:1] == ["ive"] or (rest[:1] == ["i"] and rest[1:2] and rest[1] in words("have"))
    return (asks and (tokens[place].raw.isdigit() or not asks_for)) or not words("what").isdisjoint(
        near.before
    )


def _is_elsewhere(near: Near, *, choice: bool) -> bool:
    """What it was, might be, will be, or is to somebody else."""
    said = set(near.before)
    own = next((word for word in near.before if word in words("own") | words("others")), "")
    others = own in words("others") and not words("says").isdisjoint(said)
    past = not words("past").isdisjoint(near.before + (near.after[:1] if choice else ()))
    past = past or near.after[:2] == ("last", "time") or not words("back_then").isdisjoint(near.after[:1])
    maybe = not words("would").isdisjoint(said) and not words("be").isdisjoint(said)
    later = not words("later").isdisjoint(near.after[:3]) or not words("hopes").isdisjoint(said)
    beside = near.after[:1] and near.after[0] in words("beside") and near.after[1:2] != ("my",)
    return others or past or maybe or later or bool(choice and beside)
