"""Danger in a text, and what it says about workers."""

from collections.abc import Sequence
from dataclasses import dataclass

from messages.understand.lexicon import Hits, Lexicon, lexicon
from messages.understand.patterns import Found
from messages.understand.reading import Reading
from messages.understanding import AboutStaff, Danger

#: Kinds that a machine's text ("in an emergency call 999") cannot mean.
_NOT_FROM_MACHINES = frozenset({"vague", "medical", "third_party", "death", "arrest", "other_at_risk"})
_FAMILY = frozenset(
    {"my", "nan", "grandad", "dog", "cat", "uncle", "auntie", "grandma", "hamster", "goldfish"}
)
_STREET = frozenset(
    [
        "tent",
        "street",
        "streets",
        "sofa",
        "couch",
        "rough",
        "doorway",
        "stairwell",
        "homeless",
        "park",
        "bench",
        "squat",
        "surfing",
        "shed",
        "rough",
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DangerRead:
    dangers: frozenset[Danger]
    urgent: bool
    #: A cry for help that does not say against what.
    only_vague: bool
    sure: bool
    found: tuple[Found, ...]
    rough_sleeping: bool


def read_danger(hits: Hits, reading: Reading, *, machine: bool) -> DangerRead:
    joking = reading.laughing or "idioms/light" in hits
    covered = covered_words(hits, "idioms/idiom")
    kinds: dict[str, list[Found]] = {}
    sure = False
    for label, found in hits.items():
        if not label.startswith("danger/"):
            continue
        _, kind, key = label.split("/")
        kind = "vague" if key == "vague" else kind
        if (key == "unless_joking" and joking) or (machine and kind in _NOT_FROM_MACHINES):
            continue
        kept = [f for f in found if f.anchor not in covered]
        if kept:
            kinds.setdefault(kind, []).extend(kept)
            sure = sure or key == "always"
    _settle_deaths(kinds, reading)
    if kinds.keys() - {"vague", "third_party"}:
        kinds.pop("vague", None)
    pressing = kinds.keys() - {"third_party"}
    return DangerRead(
        dangers=frozenset(_danger(kind) for kind in kinds),
        urgent=bool(pressing),
        only_vague=pressing == {"vague"},
        sure=sure,
        found=tuple(f for kind in sorted(kinds) if pressing for f in kinds[kind]),
        rough_sleeping=_rough(kinds, reading),
    )


def covered_words(hits: Hits, *labels: str) -> set[int]:
    """Places of words inside a phrase of these labels."""
    return {place for label in labels for f in hits.get(label, ()) for place in range(f.start, f.end)}


def _danger(kind: str) -> Danger:
    if kind == "vague":
        return Danger.OWN_LIFE
    return Danger.THIRD_PARTY if kind == "other_at_risk" else Danger(kind)


def _settle_deaths(kinds: dict[str, list[Found]], reading: Reading) -> None:
    """A report of a death, unlike grief for family: "he passed away", or from another hand."""
    if "death" in kinds and "third_party" not in kinds and not _FAMILY.isdisjoint(reading.words):
        del kinds["death"]


def _rough(kinds: dict[str, list[Found]], reading: Reading) -> bool:
    """Tent, street and sofa words, beside a danger that has to do with a place to sleep."""
    return bool({"destitute", "eviction"} & kinds.keys()) and not _STREET.isdisjoint(reading.words)


def read_about_staff(
    lists: Lexicon, reading: Reading, names: frozenset[str]
) -> tuple[AboutStaff | None, tuple[Found, ...]]:
    """Harm by a worker, or a complaint of one; ``names`` are first names of staff, any case."""
    found = lists.staff.find(_named(reading.words, names), reading.fresh)
    harmless = {p for f in found if f.label == "staff/not_about" for p in range(f.start, f.end)}
    kept = [f for f in found if f.label != "staff/not_about" and f.anchor not in harmless]
    allegations = tuple(f for f in kept if f.label == "staff/allegation")
    if allegations:
        return AboutStaff.ALLEGATION, allegations
    return (AboutStaff.COMPLAINT, tuple(kept)) if kept else (None, ())


def _named(words: Sequence[str], names: frozenset[str]) -> Sequence[str]:
    if not names:
        return words
    spelling = lexicon().spelling
    known = {part for name in names for part in spelling.of_phrase(name.casefold())}
    return ["adviser" if word in known else word for word in words]
