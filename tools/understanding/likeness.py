"""How much two texts are alike, so that none is a copy of another.

Token-sort similarity (rapidfuzz, 0 to 100) of the words, digits and first names masked. Texts of fewer than
four words may be alike, but not the same in the same context and language.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz import fuzz, process

from messages.understand.lexicon import lexicon

#: Two texts of four words or more may not be more alike than this.
MOST_ALIKE = 80
_LONG = 4
_BARELY_ALIKE = 70
#: Texts that are compared with all others at once.
_TOGETHER = 500
_DIGITS = re.compile(r"\d+")
_WORDS = re.compile(r"[\w']+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A text as it is compared."""

    id: str
    text: str
    context: str
    language: str


@dataclass(frozen=True, slots=True, order=True, kw_only=True)
class Alike:
    similarity: float
    one: str
    other: str


def masked(text: str) -> str:
    """The words in alphabetical order, every number and first name as one sign."""
    names = lexicon().given_names
    words = _WORDS.findall(_DIGITS.sub("0", text.casefold()))
    return " ".join(sorted("name" if word in names else word for word in words))


def most_alike(texts: Sequence[Said], among: Sequence[Said] = ()) -> Alike | None:
    """The two that are most alike, both of ``texts`` or one of ``among``; None when none are at all alike."""
    return max(_alike(texts, among, above=_BARELY_ALIKE), default=None)


def too_alike(texts: Sequence[Said], among: Sequence[Said] = ()) -> list[Alike]:
    """Every pair that may not be: near-copies, and short texts that are the same."""
    return [*_same(texts, among), *_alike(texts, among, above=MOST_ALIKE)]


def _same(texts: Sequence[Said], among: Sequence[Said]) -> Iterator[Alike]:
    seen = {_key(said): said.id for said in among}
    for said in texts:
        if (other := seen.setdefault(_key(said), said.id)) != said.id:
            yield Alike(similarity=100, one=said.id, other=other)


def _key(said: Said) -> tuple[str, str, str]:
    return said.text.strip().casefold(), said.context, said.language


def _alike(texts: Sequence[Said], among: Sequence[Said], *, above: float) -> Iterator[Alike]:
    """Pairs of long texts that are more alike than ``above``, each once."""
    own = _long(texts)
    every = [*own, *_long(among)]
    words = [each for each, _ in every]
    for start in range(0, len(own), _TOGETHER):
        some = words[start : min(start + _TOGETHER, len(own))]
        found = process.cdist(some, words[start:], scorer=fuzz.ratio, score_cutoff=above, dtype=np.float32)
        for one, other in zip(*np.nonzero(found > above), strict=True):
            if one < other:
                yield Alike(
                    similarity=float(found[one, other]),
                    one=every[start + one][1],
                    other=every[start + other][1],
                )


def _long(texts: Sequence[Said]) -> list[tuple[str, str]]:
    every = ((masked(said.text), said.id) for said in texts)
    return [(words, name) for words, name in every if len(words.split()) >= _LONG]
