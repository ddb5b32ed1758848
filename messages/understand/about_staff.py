"""What a text says about workers: harm by one, or a complaint of one, and whom it names."""

import re
from dataclasses import dataclass
from functools import lru_cache

from messages.understand.lexicon import Lexicon
from messages.understand.reading import Reading
from messages.understand.trained import Scores
from messages.understanding import AboutStaff

#: The words that the trained reader knows a worker by.
_ROLE = "my pa"


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffRead:
    about: AboutStaff | None = None
    #: First names as they were passed in, casefolded.
    names: frozenset[str] = frozenset()


def as_role(text: str, names: frozenset[str]) -> str:
    """With "my pa" for every first name of staff, "my worker sam" too: the reader knows nobody by name."""
    return _any_of(names).sub(_ROLE, text) if names else text


def read_about_staff(scores: Scores, lists: Lexicon, reading: Reading, names: frozenset[str]) -> StaffRead:
    """``names`` are first names of staff, any case. Every one that stands in the text is taken."""
    if scores.over("about_staff", AboutStaff.ALLEGATION):
        about = AboutStaff.ALLEGATION
    elif scores.over("about_staff", AboutStaff.COMPLAINT):
        about = AboutStaff.COMPLAINT
    else:
        return StaffRead()
    known = _spelled(lists, names)
    return StaffRead(about=about, names=frozenset(known[word] for word in reading.words if word in known))


@lru_cache(maxsize=64)
def _any_of(names: frozenset[str]) -> re.Pattern[str]:
    longest_first = sorted(map(re.escape, names), key=len, reverse=True)
    return re.compile(rf"\b(?:my\s+\w+\s+)?(?:{'|'.join(longest_first)})(?=(?:'?s)?\b)", re.IGNORECASE)


def _spelled(lists: Lexicon, names: frozenset[str]) -> dict[str, str]:
    """Each word that a name is read as, also with the s of "Sarah's", and the name."""
    spelled: dict[str, str] = {}
    for name in sorted(names):
        for part in lists.spelling.of_phrase(name.casefold()):
            spelled |= {part: name.casefold(), f"{part}s": name.casefold()}
    return spelled
