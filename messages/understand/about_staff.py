"""What a text says about workers: harm by one, or a complaint of one, and whom it names."""

from collections.abc import Sequence
from dataclasses import dataclass

from messages.understand.lexicon import Lexicon
from messages.understand.patterns import Found
from messages.understand.reading import Reading
from messages.understanding import AboutStaff

#: Somebody else than the worker, or a place and time of danger: more than the harm by the worker.
_BESIDES = frozenset(
    [
        "dad",
        "mum",
        "stepdad",
        "stepmum",
        "boyfriend",
        "girlfriend",
        "ex",
        "partner",
        "husband",
        "wife",
        "brother",
        "uncle",
        "cousin",
        "landlord",
        "flatmate",
        "housemate",
        "neighbour",
        "dealer",
        "gang",
        "lads",
        "boys",
        "home",
        "tonight",
        "now",
        "outside",
        "followed",
        "door",
        "locked",
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffRead:
    about: AboutStaff | None = None
    #: First names as they were passed in, casefolded.
    names: frozenset[str] = frozenset()
    found: tuple[Found, ...] = ()
    #: The harm goes on now, or may tonight.
    ongoing: bool = False


def read_about_staff(lists: Lexicon, reading: Reading, names: frozenset[str]) -> StaffRead:
    """``names`` are first names of staff, any case. Every one that stands in the text is taken."""
    known = _spelled(lists, names)
    words = ["adviser" if word in known else word for word in reading.words] if known else reading.words
    found = lists.staff.find(words, reading.fresh)
    harmless = {p for f in found if f.label == "staff/not_about" for p in range(f.start, f.end)}
    kept = [f for f in found if f.label in ("staff/allegation", "staff/complaint")]
    kept = [f for f in kept if f.anchor not in harmless]
    if not kept:
        return StaffRead()
    allegations = [f for f in kept if f.label == "staff/allegation"]
    return StaffRead(
        about=AboutStaff.ALLEGATION if allegations else AboutStaff.COMPLAINT,
        names=frozenset(known[word] for word in reading.words if word in known),
        found=tuple(allegations or kept),
        ongoing=any(f.label == "staff/ongoing" for f in found),
    )


def is_besides(found: Found, staff: StaffRead, words: Sequence[str]) -> bool:
    """Whether a danger from another person is more than the harm by the worker, told in other words."""
    if staff.ongoing:
        return True
    apart = all(found.end <= f.start or f.end <= found.start for f in staff.found)
    return apart and not _BESIDES.isdisjoint(words[max(found.start - 2, 0) : found.end])


def _spelled(lists: Lexicon, names: frozenset[str]) -> dict[str, str]:
    """Each word that a name is read as, also with the s of "Sarah's", and the name."""
    spelled: dict[str, str] = {}
    for name in sorted(names):
        for part in lists.spelling.of_phrase(name.casefold()):
            spelled |= {part: name.casefold(), f"{part}s": name.casefold()}
    return spelled
