"""Reading what providers post, whatever the bytes are: nothing here raises on odd input."""

from collections.abc import Mapping, Sequence
from urllib.parse import unquote_to_bytes

from messages.errors import KitError

#: Field names and all their values in the order they came; a name may come more than once.
Form = Mapping[str, Sequence[str]]

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


class ParseError(KitError):
    """The request is not of the provider's form."""


def clean_text(text: str) -> str:
    """``text`` as every database and driver takes it: NUL and lone surrogates become U+FFFD.

    PostgreSQL refuses NUL, and both drivers refuse surrogates; the raw request keeps them.
    """
    if not text.isascii():
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text.replace("\0", REPLACEMENT)


def parse_form(body: bytes) -> dict[str, list[str]]:
    """The fields of an ``application/x-www-form-urlencoded`` body, empty values kept.

    Invalid UTF-8 becomes U+FFFD. Values are otherwise exactly as posted, spaces and NUL included,
    because the provider signed them so.
    """
    fields: dict[str, list[str]] = {}
    for pair in body.split(b"&"):
        if pair:
            name, _, value = pair.partition(b"=")
            fields.setdefault(_decoded(name), []).append(_decoded(value))
    return fields


def _decoded(quoted: bytes) -> str:
    spaced = quoted.replace(b"+", b" ")
    # Most fields quote nothing, and unquoting costs more than the rest of this module together.
    return (unquote_to_bytes(spaced) if b"%" in spaced else spaced).decode("utf-8", "replace")
