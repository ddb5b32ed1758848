"""A short answer word by word, with the signs between: "4/5", "2 - no wait, 3", "c) the money one".

What phrases are looked for in has lost its signs and fillers; an answer lives by them.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from messages.understand.reading import Reading, pieces
from messages.understand.spelling import Spelling, plain

#: An answer is short; what comes after is a story.
_MOST = 120
_MOST_SIGNS = 8
_PART = re.compile(r"\d+(?:[.,\u066b]\d+|\u2044\d+)|[^\W_]+(?:'[^\W_]+)*|[^\w\s]|_")
_BREAKS = frozenset('.,!?;:()[]-\u2013\u2014\u2026/|=\u060c\u061f\u06d4\u1362\u1363\u1364\u1361"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """One word: as it stands (``raw``), as phrases spell it (``word``), and the signs before it."""

    raw: str
    word: str
    signs: str
    #: The sentence, or part of it, is over before this word.
    fresh: bool
    quote: str


def tokens_of(reading: Reading, spelling: Spelling) -> list[Token]:
    """Never raises; the first words of a long text only."""
    found: list[Token] = []
    for token in _spelled(reading, spelling):
        joined = spelling.join(found[-1].word, token.word) if found and not token.fresh else None
        if joined is None:
            found.append(token)
        else:
            first = found.pop()
            found.append(replace(first, word=joined[0], raw=joined[0]))
            found += [replace(token, word=word, raw=word) for word in joined[1:]]
        if len(found) >= _MOST:
            break
    return found


def without_fillers(
    tokens: Sequence[Token], spelling: Spelling, keep: frozenset[str] = frozenset()
) -> list[Token]:
    """Without the words that phrases leave out; what begins after one begins a sentence still."""
    kept: list[Token] = []
    fresh = False
    for token in tokens:
        fresh = fresh or token.fresh
        if token.word not in spelling.dropped or token.word in keep:
            kept.append(replace(token, fresh=fresh) if fresh != token.fresh else token)
            fresh = False
    return kept


def _spelled(reading: Reading, spelling: Spelling) -> Iterator[Token]:
    last_end, signs, fresh = 0, "", True
    for (start, end), piece in pieces(reading.original, reading.cleaned):
        fresh = fresh or "\n" in reading.original[last_end:start]
        last_end = end
        for match in _PART.finditer(piece):
            part = match[0]
            if not part[0].isalnum():
                signs, fresh = (signs + part)[-_MOST_SIGNS:], fresh or part in _BREAKS
                continue
            raw = plain(part.replace("'", ""))
            for place, word in enumerate(spelling.read_word(raw) if raw else ()):
                yield Token(
                    raw=raw if place == 0 else word,
                    word=word,
                    signs="" if place else signs,
                    fresh=fresh and place == 0,
                    quote=reading.original[start:end].strip(),
                )
            signs, fresh = "", False
