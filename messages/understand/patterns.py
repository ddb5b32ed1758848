"""Finding phrases in a text, in linear time.

Each phrase is looked up by its rarest word, so the cost of a text grows with its length and with the
listed words in it, never with the square of either: gaps and phrases are short and bounded.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

#: Stands in a group of choices for the end of a sentence.
END = "$"


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """One place of a phrase: the words that may stand there, and how far before them it may reach."""

    words: frozenset[str]
    starts: tuple[str, ...] = ()
    gap: int = 0

    def accepts(self, word: str) -> bool:
        return word in self.words or (bool(self.starts) and word.startswith(self.starts))


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    label: str
    elements: tuple[Element, ...]
    anchor: int
    at_start: bool
    at_end: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A phrase in a text: words ``start`` (inclusive) to ``end`` (exclusive)."""

    label: str
    start: int
    end: int


class Matcher:
    """All phrases of some labels, looked up by word."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self._by_word: dict[str, list[Phrase]] = {}
        self._by_start: dict[str, list[Phrase]] = {}
        for phrase in phrases:
            key = phrase.elements[phrase.anchor]
            for word in key.words:
                self._by_word.setdefault(word, []).append(phrase)
            for start in key.starts:
                self._by_start.setdefault(start, []).append(phrase)
        self._lengths = sorted({len(start) for start in self._by_start})

    def find(self, words: Sequence[str], fresh: Sequence[bool]) -> list[Found]:
        """Every phrase found, each label and place once. ``fresh[i]``: word i starts a sentence."""
        found: list[Found] = []
        for index, word in enumerate(words):
            for phrase in self._candidates(word):
                start = _backward(phrase, phrase.anchor - 1, index - 1, words, fresh)
                if start is None:
                    continue
                end = _forward(phrase, phrase.anchor + 1, index + 1, words, fresh)
                if end is not None:
                    found.append(Found(label=phrase.label, start=start, end=end))
        return found

    def _candidates(self, word: str) -> list[Phrase]:
        direct = self._by_word.get(word, [])
        by_start = [
            phrase
            for length in self._lengths
            if length <= len(word)
            for phrase in self._by_start.get(word[:length], ())
        ]
        return direct + by_start if by_start else direct


def _forward(
    phrase: Phrase, place: int, index: int, words: Sequence[str], fresh: Sequence[bool]
) -> int | None:
    """The end of the match when elements from ``place`` on stand from word ``index`` on."""
    if place == len(phrase.elements):
        return index if not phrase.at_end or index == len(words) else None
    element = phrase.elements[place]
    if END in element.words and _ends(index, element.gap, words, fresh):
        return index
    for at in range(index, min(index + element.gap + 1, len(words))):
        if at > index and fresh[at]:
            return None
        if element.accepts(words[at]):
            end = _forward(phrase, place + 1, at + 1, words, fresh)
            if end is not None:
                return end
    return None


def _ends(index: int, gap: int, words: Sequence[str], fresh: Sequence[bool]) -> bool:
    """Whether a sentence, or the text, ends within ``gap`` words."""
    last = min(index + gap, len(words))
    return last == len(words) or any(fresh[at] for at in range(index, last + 1))


def _backward(
    phrase: Phrase, place: int, index: int, words: Sequence[str], fresh: Sequence[bool]
) -> int | None:
    """The start of the match when elements up to ``place`` stand up to word ``index``."""
    if place < 0:
        return index + 1 if not phrase.at_start or index < 0 else None
    reach = phrase.elements[place + 1].gap
    for at in range(index, max(index - reach, 0) - 1, -1):
        if at < index and fresh[at + 1]:
            return None
        if phrase.elements[place].accepts(words[at]):
            start = _backward(phrase, place - 1, at - 1, words, fresh)
            if start is not None:
                return start
    return None
