"""Counting how often an understanding is right, with 95 % intervals."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from messages.understanding import AboutStaff, Context, Understanding
from tools.understanding.texts import Group, Labelled

_Z = 1.959964  # two-sided 95 %
_PLAIN = frozenset({Group.ORDINARY, Group.OPT_OUT, Group.OPT_OUT_LOOKALIKE, Group.ANSWER, Group.WISH})
_FIXED_ANSWERS = frozenset({Context.SURVEY_SCALE, Context.SURVEY_YESNO, Context.SURVEY_CHOICE})


class Read(Protocol):
    """What is judged of a reading: an :class:`~messages.understanding.Understanding`, or a baseline's."""

    @property
    def urgent(self) -> bool: ...

    @property
    def opt_out(self) -> bool: ...


Pair = tuple[Labelled, Read]


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """``hits`` of ``of`` texts."""

    hits: int
    of: int

    @classmethod
    def among(cls, found: Iterable[bool]) -> "Share":
        each = list(found)
        return cls(hits=sum(each), of=len(each))

    @property
    def value(self) -> float:
        return self.hits / self.of if self.of else math.nan

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's score interval (1927): fair also near 0 and 1, where the figures of interest lie."""
        if not self.of:
            return math.nan, math.nan
        share, per = self.value, _Z**2 / self.of
        middle = share + per / 2
        reach = _Z * math.sqrt(share * (1 - share) / self.of + per / (4 * self.of))
        return max(0.0, (middle - reach) / (1 + per)), min(1.0, (middle + reach) / (1 + per))

    def __str__(self) -> str:
        low, high = self.interval
        return f"{self.value:7.1%}  ({low:.1%} to {high:.1%}, {self.hits} of {self.of})"


def urgency(pairs: Sequence[Pair]) -> Mapping[str, Share]:
    """What any reader of urgency and opt-out can be asked."""
    return {
        "urgent, English: heard": _urgent(pairs, lambda text: text.urgent and text.language == "en"),
        "urgent, other languages: heard": _urgent(pairs, lambda text: text.urgent and text.language != "en"),
        "called urgent: rightly": Share.among(text.urgent for text, read in pairs if read.urgent),
        "hard negatives: false alarms": _urgent(pairs, _is_hard),
        "ordinary texts: false alarms": _urgent(pairs, lambda text: text.group in _PLAIN and not text.urgent),
        "opt-outs: heard": Share.among(read.opt_out for text, read in pairs if text.opt_out),
        "urgent texts: false opt-outs": Share.among(
            read.opt_out for text, read in pairs if text.urgent and not text.opt_out
        ),
        "other texts: false opt-outs": Share.among(
            read.opt_out for text, read in pairs if not text.urgent and not text.opt_out
        ),
    }


def _urgent(pairs: Sequence[Pair], chosen: Callable[[Labelled], bool]) -> Share:
    return Share.among(read.urgent for text, read in pairs if chosen(text))


def _is_hard(text: Labelled) -> bool:
    return text.group in (Group.HARD_NEGATIVE, Group.STAFF_LOOKALIKE) and not text.urgent


def meaning(readings: Sequence[tuple[Labelled, Understanding]]) -> Mapping[str, Share]:
    """What only a full understanding can be asked."""
    return {
        "intents": Share.among(read.intent in {text.intent, *text.also} for text, read in readings),
        "survey answers": Share.among(
            read.answer == text.answer for text, read in readings if text.context in _FIXED_ANSWERS
        ),
        "kind of danger, where heard": Share.among(
            bool(text.dangers & read.detail.dangers)
            for text, read in readings
            if text.dangers and read.urgent and text.about_staff is None
        ),
        "harm by a worker: heard": _about(readings, AboutStaff.ALLEGATION),
        "complaint of a worker: heard": _about(readings, AboutStaff.COMPLAINT),
        "harmless about workers: kept back": Share.among(
            read.detail.about_staff is not None
            for text, read in readings
            if text.group is Group.STAFF_LOOKALIKE
        ),
    }


def _about(readings: Sequence[tuple[Labelled, Understanding]], what: AboutStaff) -> Share:
    return Share.among(read.detail.about_staff is what for text, read in readings if text.about_staff is what)


def faults(text: Labelled, read: Understanding) -> list[str]:
    """What was misread, in words; empty when all that is counted here was right."""
    found = []
    if read.urgent is not text.urgent:
        found.append("not heard" if text.urgent else f"false alarm by {read.why}")
    if read.opt_out is not text.opt_out:
        found.append("opt-out not heard" if text.opt_out else "false opt-out")
    if read.intent not in {text.intent, *text.also}:
        found.append(f"{read.intent} for {text.intent}")
    if text.context in _FIXED_ANSWERS and read.answer != text.answer:
        found.append(f"answer {read.answer} for {text.answer}")
    if read.detail.about_staff is not text.about_staff:
        found.append(f"about a worker: {read.detail.about_staff} for {text.about_staff}")
    return found


def by_kind(pairs: Sequence[Pair]) -> Mapping[str, Share]:
    """How many urgent texts of each kind of danger, and in each language, are heard."""
    sorts: dict[str, list[bool]] = {}
    for text, read in pairs:
        if text.urgent:
            for name in (*sorted(text.dangers), f"language {text.language}"):
                sorts.setdefault(name, []).append(read.urgent)
            if not text.dangers:
                sorts.setdefault("does not say what is wrong", []).append(read.urgent)
    return {name: Share.among(sorts[name]) for name in sorted(sorts)}
