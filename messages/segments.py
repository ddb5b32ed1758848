"""How many SMS parts a text costs, counted as Twilio's own segment calculator counts.

A part holds 140 octets; when there are several, six of them go to the header that joins them. In GSM-7
(3GPP TS 23.038) that is 160 septets alone and 153 joined, in UCS-2 70 code units alone and 67 joined.
What may not be torn apart moves whole to the next part: the two septets of an extension character, the
two halves of a surrogate pair, the pieces of one visible character (a family joined by U+200D).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain

from messages.graphemes import clusters

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = frozenset("\f^{}\\[~]|€")
_GSM = _BASIC | _EXTENSION

#: What phones and word processors write for us, and the GSM-7 way to write the same.
_PLAIN = str.maketrans(
    {
        "\u2018": "'",
        "\u2019": "'",
        "\u201a": "'",
        "\u201b": "'",
        "\u00b4": "'",
        "\u0060": "'",
        "\u2032": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\u201e": '"',
        "\u201f": '"',
        "\u00ab": '"',
        "\u00bb": '"',
        "\u2033": '"',
        "\u2010": "-",
        "\u2011": "-",
        "\u2012": "-",
        "\u2013": "-",
        "\u2014": "-",
        "\u2015": "-",
        "\u2026": "...",
        "\u00a0": " ",
        "\u2009": " ",
        "\u202f": " ",
        "\u2022": "-",
    }
)


class Encoding(StrEnum):
    GSM_7 = "GSM-7"
    UCS_2 = "UCS-2"


@dataclass(frozen=True, slots=True, kw_only=True)
class Segments:
    """What a text costs.

    ``characters`` is the figure Twilio's calculator shows: septets in GSM-7 (an extension character such
    as the euro sign is two), visible characters in UCS-2 (see :mod:`messages.graphemes`).
    """

    encoding: Encoding
    characters: int
    segments: int


def count(text: str) -> Segments:
    """Count one text. An empty one is one part, as Twilio says."""
    if odd_characters(text):
        seen = list(clusters(text))
        parts = _parts(chain.from_iterable(map(_pieces, seen)), alone=70, joined=67)
        return Segments(encoding=Encoding.UCS_2, characters=len(seen), segments=parts)
    septets = [2 if char in _EXTENSION else 1 for char in text]
    return Segments(
        encoding=Encoding.GSM_7, characters=sum(septets), segments=_parts(septets, alone=160, joined=153)
    )


def odd_characters(text: str) -> tuple[str, ...]:
    """The characters that make the whole text UCS-2, each once, in order of appearance."""
    return tuple(dict.fromkeys(char for char in text if char not in _GSM))


def plain_quotes(text: str) -> str:
    """The text with curly quotes, long dashes, dots and odd spaces written the GSM-7 way."""
    return text.translate(_PLAIN)


def _parts(sizes: Iterable[int], *, alone: int, joined: int) -> int:
    pieces = list(sizes)
    if sum(pieces) <= alone:
        return 1
    parts, used = 1, 0
    for size in pieces:
        if used + size > joined:
            parts, used = parts + 1, 0
        used += size
    return parts


def _units(char: str) -> int:
    """UTF-16 code units: 2 outside the basic plane."""
    return 2 if ord(char) > 0xFFFF else 1


def _pieces(cluster: str) -> Iterator[int]:
    """What may not be torn: a visible character, unless it is longer than a part (stacked accents)."""
    whole = sum(map(_units, cluster))
    if whole <= 67:
        yield whole
    else:
        yield from map(_units, cluster)
