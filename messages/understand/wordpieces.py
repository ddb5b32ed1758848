"""WordPiece: words cut into the longest pieces that a vocabulary holds (Schuster and Nakajima 2012)."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path

#: A word, a sign, or an underscore. Longer words are cut: their time would grow with their length's square.
_PART = re.compile(r"[^\W_]{1,40}|[^\w\s]|_")
#: Marks a piece that goes on inside a word.
_INSIDE = "##"


class WordPieces:
    """A vocabulary file, one piece a line; a piece's number is its line, from 0."""

    def __init__(self, file: Path, *, unknown: int) -> None:
        self._numbers: Mapping[str, int] = {
            piece: number for number, piece in enumerate(file.read_text("utf-8").split("\n")[:-1])
        }
        self._unknown = unknown

    def encode(self, text: str) -> list[int]:
        """The pieces of a text in small letters; accents do not count. Never raises."""
        return [piece for word in _PART.findall(_plain(text)) for piece in self._cut(word)]

    def _cut(self, word: str) -> list[int]:
        pieces = list(self._longest_pieces(word))
        return [self._unknown] if self._unknown in pieces else pieces

    def _longest_pieces(self, word: str) -> Iterator[int]:
        start = 0
        while start < len(word):
            for end in range(len(word), start, -1):
                piece = f"{_INSIDE if start else ''}{word[start:end]}"
                if piece in self._numbers:
                    yield self._numbers[piece]
                    start = end
                    break
            else:
                yield self._unknown
                return


def _plain(text: str) -> str:
    if text.isascii():
        return text
    return "".join(sign for sign in unicodedata.normalize("NFD", text) if unicodedata.category(sign) != "Mn")
