"""The small language that phrases of the word lists are written in.

``kill myself``      these words, next to each other
``kill|end``         one word of several
``(go on|cope)``     one of several, which may be of more words; may stand inside another
``<kin>``            a word of the class ``kin`` in classes.toml
``suicid*``          a word that starts so
``really?``          may be missing; so may ``<kin>?`` and ``(go on)?``
``..`` ``...``       up to two, up to five words of the same sentence may stand between
``^`` ``$``          start and end of the text; ``$`` among choices, the end of a sentence
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import product

from messages.understand.patterns import END, Element, Phrase

_GAPS = {"..": 2, "...": 5}
#: A phrase that spells out into more than this is a mistake in the word list.
_MOST_SPELLINGS = 3000

#: Turns words of a phrase into the words that texts are read in.
Speller = Callable[[str], list[str]]
Way = tuple[Element, ...]


class PhraseReader:
    """Turns the text of a phrase into :class:`Phrase` objects: one for each way of spelling it out."""

    def __init__(self, classes: Mapping[str, str], common: frozenset[str], spell: Speller) -> None:
        self._spell = spell
        self._common = common
        self._classes = {name: frozenset(spell(words)) for name, words in classes.items()}

    def read(self, label: str, text: str) -> list[Phrase]:
        """Raises ``ValueError`` naming the phrase when it is empty, unknown or too wide."""
        pieces = _split(text, " ")
        at_start, at_end = "^" in pieces, "$" in pieces
        spellings = [way for way in self._spelled([p for p in pieces if p not in ("^", "$")], text) if way]
        if not 0 < len(spellings) <= _MOST_SPELLINGS:
            raise ValueError(f"{label}: phrase {text!r} spells out {len(spellings)} ways")
        return [
            Phrase(label=label, elements=way, anchor=self._rarest(way), at_start=at_start, at_end=at_end)
            for way in spellings
        ]

    def _spelled(self, pieces: Sequence[str], text: str) -> list[Way]:
        places: list[list[Way]] = []
        gap = 0
        for piece in pieces:
            if piece in _GAPS:
                gap = _GAPS[piece]
                continue
            places.append([_reaching(way, gap) for way in self._ways(piece, text)])
            gap = 0
        return list(dict.fromkeys(tuple(e for way in choice for e in way) for choice in product(*places)))

    def _ways(self, piece: str, text: str) -> list[Way]:
        ways: list[Way] = [()] if piece.endswith("?") else []
        words: set[str] = set()
        starts: list[str] = []
        for choice in _split(_unwrapped(piece.removesuffix("?")), "|"):
            if " " in choice or "(" in choice:
                inner = _split(_unwrapped(choice), " ")
                if inner == [piece]:
                    raise ValueError(f"phrase {text!r}: brackets do not match at {choice!r}")
                ways += self._spelled(inner, text)
            elif choice.startswith("<"):
                words |= self._class(choice, text)
            elif choice == END:
                words.add(END)
            elif choice.endswith("*"):
                starts += self._spell(choice[:-1])
            else:
                parts = self._spell(choice)
                if len(parts) == 1:
                    words.add(parts[0])
                elif parts:
                    ways.append(tuple(Element(words=frozenset((part,))) for part in parts))
        if words or starts:
            ways.append((Element(words=frozenset(words), starts=tuple(starts)),))
        return ways or [()]

    def _class(self, choice: str, text: str) -> frozenset[str]:
        if choice[1:-1] not in self._classes:
            raise ValueError(f"phrase {text!r}: no class {choice}")
        return self._classes[choice[1:-1]]

    def _rarest(self, way: Way) -> int:
        """The element to look a phrase up by: no common word in it, and few words."""

        def weight(place: int) -> tuple[bool, bool, bool, int]:
            words = way[place].words
            return END in words, not words.isdisjoint(self._common), len(words) > 12, place

        return min(range(len(way)), key=weight)


def _reaching(way: Way, gap: int) -> Way:
    return (replace(way[0], gap=gap), *way[1:]) if way and gap else way


def _unwrapped(piece: str) -> str:
    """Without the brackets around the whole, if they are one pair."""
    if not (piece.startswith("(") and piece.endswith(")")):
        return piece
    depth = 0
    for place, sign in enumerate(piece):
        depth += (sign == "(") - (sign == ")")
        if depth == 0 and place < len(piece) - 1:
            return piece
    return piece[1:-1]


def _split(text: str, at: str) -> list[str]:
    """Split outside brackets."""
    pieces, depth = [""], 0
    for sign in text:
        depth += (sign == "(") - (sign == ")")
        if sign == at and depth == 0:
            pieces.append("")
        else:
            pieces[-1] += sign
    return [piece.strip() for piece in pieces if piece.strip()]
