"""Danger in a text: of which kinds, and how surely."""

from dataclasses import dataclass

from messages.understand.lexicon import Hits, lexicon
from messages.understand.patterns import Found
from messages.understand.reading import Reading
from messages.understand.senders import death, writer
from messages.understanding import Danger

#: Kinds that a machine's text ("in an emergency call 999") cannot mean.
_NOT_FROM_MACHINES = frozenset({"vague", "medical", "third_party", "death", "arrest", "other_at_risk"})
_FAMILY = frozenset(
    [
        "my",
        "our",
        "nan",
        "gran",
        "grandad",
        "grandma",
        "uncle",
        "auntie",
        "mum",
        "dad",
        "brother",
        "sister",
        "cousin",
        "mate",
        "friend",
        "dog",
        "cat",
        "hamster",
        "goldfish",
        "rabbit",
    ]
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
    #: What told of danger from another person.
    by_person: tuple[Found, ...]
    #: Somebody else writes from this phone.
    by_other: bool
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
    _hear_others(kinds, reading, machine=machine)
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
        by_person=tuple(kinds.get("other_person", ())),
        by_other="third_party" in kinds,
        rough_sleeping=_rough(kinds, reading) or _sleeps_rough(hits),
    )


def covered_words(hits: Hits, *labels: str) -> set[int]:
    """Places of words inside a phrase of these labels."""
    return {place for label in labels for f in hits.get(label, ()) for place in range(f.start, f.end)}


def _danger(kind: str) -> Danger:
    if kind == "vague":
        return Danger.OWN_LIFE
    return Danger.THIRD_PARTY if kind == "other_at_risk" else Danger(kind)


def _hear_others(kinds: dict[str, list[Found]], reading: Reading, *, machine: bool) -> None:
    """Somebody else's hand, and a death reported by name."""
    known = lexicon().spelling.known
    if (other := writer(reading, known)) is not None:
        kinds.setdefault("third_party", []).append(other)
    if machine:
        return
    if (dead := death(reading, known, by_other="third_party" in kinds)) is not None:
        kinds.setdefault("death", []).append(dead)


def _settle_deaths(kinds: dict[str, list[Found]], reading: Reading) -> None:
    """A report of a death, unlike grief for family: "he passed away", or from another hand."""
    if "death" in kinds and "third_party" not in kinds and not _FAMILY.isdisjoint(reading.words):
        del kinds["death"]


def _rough(kinds: dict[str, list[Found]], reading: Reading) -> bool:
    """Tent, street and sofa words, beside a danger that has to do with a place to sleep."""
    return bool({"destitute", "eviction"} & kinds.keys()) and not _STREET.isdisjoint(reading.words)


def _sleeps_rough(hits: Hits) -> bool:
    """Sleeping without a bed of one's own, whatever else is said; not leisure on a sofa or in a tent."""
    leisure = covered_words(hits, "places/not_rough")
    idle = covered_words(hits, "idioms/idiom")
    return not leisure and any(f.end - 1 not in idle for f in hits.get("places/rough", ()))
