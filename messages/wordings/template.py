"""The small language of a wording.

``{name}``             the value of a placeholder
``[[, {name}]]``       left out when a placeholder in it is empty
``[[{adviser}||we]]``  the first of several that has all its values
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from messages.errors import KitError

_PIECE = re.compile(r"\[\[(?P<clause>.*?)\]\]|(?P<plain>(?:(?!\[\[).)+)", re.DOTALL)
_SLOT = re.compile(r"\{([a-z_0-9]+)\}")
_STRAY = re.compile(r"[{}]|\[\[|\]\]|\|\|")


class TemplateError(KitError):
    """A wording cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A wording that has been read. Each piece is its alternatives; plain text has one."""

    source: str
    pieces: tuple[tuple[str, ...], ...]

    @classmethod
    def parse(cls, source: str) -> "Template":
        pieces = tuple(_alternatives(piece) for piece in _PIECE.finditer(source))
        for text in (text for piece in pieces for text in piece):
            if _STRAY.search(_SLOT.sub("", text)):
                raise TemplateError(f"A bracket is open or odd in: {source}")
        return cls(source=source, pieces=pieces)

    @property
    def placeholders(self) -> frozenset[str]:
        return frozenset(_SLOT.findall(self.source))

    @property
    def needed(self) -> frozenset[str]:
        """Those that must have a value, because they stand outside double brackets."""
        plain = (piece[0] for piece in self.pieces if len(piece) == 1)
        return frozenset(slot for text in plain for slot in _SLOT.findall(text))

    def fill(self, values: Mapping[str, str]) -> str:
        """The text. A placeholder without a value counts as empty; none brings a line of its own."""
        tidy = {slot: " ".join(value.split()) for slot, value in values.items()}
        return "".join(next(_fitting(piece, tidy), "") for piece in self.pieces).strip()

    def longest(self, values: Mapping[str, str]) -> str:
        """The longest text that can come out when any of the values may be empty."""
        return "".join(max(_fitting(piece, values), key=len, default="") for piece in self.pieces).strip()


def _alternatives(piece: re.Match[str]) -> tuple[str, ...]:
    clause = piece["clause"]
    # The empty text closes every clause: it needs no value.
    return (piece["plain"],) if clause is None else (*clause.split("||"), "")


def _fitting(piece: tuple[str, ...], values: Mapping[str, str]) -> Iterator[str]:
    """The alternatives that have all their values, filled, in order."""
    for text in piece:
        slots = _SLOT.findall(text)
        if len(piece) == 1 or all(values.get(slot) for slot in slots):
            yield _SLOT.sub(lambda slot: values.get(slot[1], ""), text)
