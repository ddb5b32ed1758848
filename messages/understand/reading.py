"""A text as its words, each with the place where it stands in the original."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from messages.cleaning import for_rules
from messages.understand.spelling import Spelling, plain

_CHUNK = re.compile(r"\S+")
_WORD = re.compile(r"[^\W_]+(?:['’`´&][^\W_]+)*")
_ENDS_SENTENCE = re.compile(r"[.!?;…。؟۔።]+[\"')\]]*$")
_APOSTROPHES = re.compile("['’`´]")
_SENTENCE_SIGNS = frozenset(".!?")
_CLOSING = frozenset(".!?;…。؟۔።\"')]")
_SAD_FACE = re.compile(r"(?<!\S):['’]?-?[(\[c/](?!\w)|\bD:|;_;|(?<!\S)</3")
_GLAD_FACE = re.compile(r"(?<!\S)[:;]-?[)\]dp](?!\w)|(?<!\S)<3", re.IGNORECASE)

#: A word said more often in a row adds nothing but work.
_MOST_REPEATS = 6

#: A shorter word is no slip of a listed one, only another way to write it.
_SHORT = 5

#: Where a piece between spaces stands in the original, and the piece, cleaned.
Piece = tuple[tuple[int, int], str]


@dataclass(slots=True)
class Reading:
    """What the rules look at. ``fresh[i]``: word i starts a sentence; ``spans``: places in ``original``.

    ``hidden``: some words are spelled so that they must be guessed: "k i l l", "suicdal", "killmyself".
    """

    original: str
    cleaned: str
    words: list[str]
    spans: list[tuple[int, int]]
    fresh: list[bool]
    emoji: list[str]
    laughing: bool
    sad_face: bool
    glad_face: bool
    hidden: bool = False

    def quote(self, start: int, end: int) -> str:
        """Words ``start`` to ``end`` (exclusive) as they stand in the original."""
        return self.original[self.spans[start][0] : self.spans[end - 1][1]]

    def sentences(self) -> Iterator[tuple[str, ...]]:
        starts = [i for i, fresh in enumerate(self.fresh) if fresh] or [0]
        for start, end in zip(starts, [*starts[1:], len(self.words)], strict=True):
            yield tuple(self.words[start:end])


def read(text: str, spelling: Spelling) -> Reading:
    """Never raises; linear in the length of the text."""
    reading = Reading(
        original=text,
        cleaned=for_rules(text),
        words=[],
        spans=[],
        fresh=[],
        emoji=[],
        laughing=False,
        sad_face=bool(_SAD_FACE.search(text)),
        glad_face=bool(_GLAD_FACE.search(text)),
    )
    fresh, last_end = True, 0
    for span, chunk in _letters_joined(reading, pieces(text, reading.cleaned), spelling):
        fresh = fresh or "\n" in text[last_end : span[0]]
        fresh = _take(reading, span, chunk, spelling, fresh=fresh)
        last_end = span[1]
    _join_words(reading, spelling)
    return reading


def pieces(text: str, cleaned: str) -> Iterator[Piece]:
    """The pieces between spaces, cleaned, each with its place in the original."""
    places = [match.span() for match in _CHUNK.finditer(text)]
    folded = _CHUNK.findall(cleaned)
    if len(places) == len(folded):
        yield from zip(places, folded, strict=True)
        return
    for start, end in places:
        for piece in _CHUNK.findall(for_rules(text[start:end])):
            yield (start, end), piece


def _take(reading: Reading, span: tuple[int, int], chunk: str, spelling: Spelling, *, fresh: bool) -> bool:
    """Adds the words of one chunk; returns whether the next word starts a sentence."""
    if not chunk.isascii():
        _take_emoji(reading, chunk, spelling)
    unmasked = spelling.unmasked(chunk)
    if unmasked:
        reading.hidden = True
        _take_word(reading, span, unmasked, spelling, fresh=fresh)
        return bool(_ENDS_SENTENCE.search(chunk[-8:]))
    for match in _WORD.finditer(chunk):
        taken = _take_word(reading, span, _APOSTROPHES.sub("", match[0]), spelling, fresh=fresh)
        fresh = (fresh and not taken) or chunk[match.end() : match.end() + 1] in _SENTENCE_SIGNS
    return fresh or (chunk[-1] in _CLOSING and bool(_ENDS_SENTENCE.search(chunk[-8:])))


def _take_word(
    reading: Reading, span: tuple[int, int], word: str, spelling: Spelling, *, fresh: bool
) -> bool:
    """Adds the words that one word is read as; returns whether there was any."""
    taken = False
    parts = spelling.read_word(plain(word))
    glued = len(parts) > 1 and "".join(parts) == word
    slipped = len(word) > _SHORT and parts[0] in spelling.listed and parts[0] != word
    reading.hidden = reading.hidden or glued or slipped
    for part in parts:
        if part in spelling.laughs:
            reading.laughing = True
        elif part not in spelling.dropped and reading.words[-_MOST_REPEATS:] != [part] * _MOST_REPEATS:
            reading.words.append(part)
            reading.spans.append(span)
            reading.fresh.append(fresh and not taken)
            taken = True
    return taken


def _take_emoji(reading: Reading, chunk: str, spelling: Spelling) -> None:
    for character in chunk:
        if unicodedata.category(character) == "So":
            reading.emoji.append(character)
            reading.laughing = reading.laughing or character in spelling.laughing_emoji


def _letters_joined(reading: Reading, chunks: Iterable[Piece], spelling: Spelling) -> Iterator[Piece]:
    """Reads "s t o p" as "stop": runs of three or more single letters that spell known words become one."""
    for single, run in groupby(chunks, key=lambda piece: len(piece[1]) == 1 and piece[1].isalpha()):
        letters = list(run)
        joined = "".join(letter for _, letter in letters) if single and len(letters) >= 3 else ""
        if joined and all(part in spelling.known for part in spelling.read_word(joined)):
            reading.hidden = True
            yield (letters[0][0][0], letters[-1][0][1]), joined
        else:
            yield from letters


def _join_words(reading: Reading, spelling: Spelling) -> None:
    words, spans, fresh = reading.words, reading.spans, reading.fresh
    out_words: list[str] = []
    out_spans: list[tuple[int, int]] = []
    out_fresh: list[bool] = []
    for word, span, first in zip(words, spans, fresh, strict=True):
        joined = spelling.join(out_words[-1], word) if out_words and not first else None
        if joined is None:
            out_words.append(word)
            out_spans.append(span)
            out_fresh.append(first)
        else:
            start, was_first = out_spans.pop()[0], out_fresh.pop()
            out_words[-1:] = joined
            out_spans += [(start, span[1])] * len(joined)
            out_fresh += [was_first] + [False] * (len(joined) - 1)
    reading.words, reading.spans, reading.fresh = out_words, out_spans, out_fresh
