"""What a text is allowed to hold: for keeping (byte-true but storable) and for the rules (folded).

Every step is linear in the length of the text, whatever the text.
"""

import re
from collections.abc import Iterator
from unicodedata import category, combining, normalize

_REPLACEMENT = "\ufffd"
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")

#: Not seen by a reader, so nothing may hide behind them: soft hyphen, zero-width, bidi and format signs,
#: variation selectors (also those of emoji), tags, fillers that show as nothing, NUL and its like.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
#: Accents that did not join with their letter: strike-through, stacked marks. The keycap sign stays.
_STACKED = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20df\u20e4-\u20ff\ufe20-\ufe2f]"
)
#: Longest run of accents that normalising may see (Unicode annex 15, stream-safe): it sorts each run.
_LONGEST_RUN = 30

_QUOTES = {ord(sign): "'" for sign in "\u2018\u2019\u201b\u02bc\u02b9\u2032\u00b4`\uff07"} | {
    ord(sign): '"' for sign in "\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb\uff02"
}
#: Letters of no living language's own: small capitals and boxed letters, always Latin to a reader.
_FANCY = (
    dict(zip(map(ord, "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢɑɡı"), "abcdefghijklmnoprstuvwyzagi", strict=True))
    | {0x1F150 + place: chr(ord("a") + place) for place in range(26)}
    | {0x1F170 + place: chr(ord("a") + place) for place in range(26)}
)
#: NFKC uncovers quotes too.
_SETTLED = _FANCY | _QUOTES
#: Cyrillic, Greek and Armenian letters, casefolded, and the Latin letters a reader takes them for.
_LOOKALIKES = dict(
    zip(
        map(ord, "авгеёѐєікїмһнорстухѕјԛԝԁӏѵпьүғԍ" + "αάβγεέηήιίκμνξοόρτυύχωζςσ" + "օսոհցզյ"),
        "abreeeeikimhhopctyxsjqwdlvnbyfg" + "aabyeenniikuvxooptuuxwzso" + "ounhgqj",
        strict=True,
    )
)
_WORD = re.compile(r"[^\W\d_]+")
_LATIN = re.compile("[a-z]")
_OTHER_ALPHABET = re.compile("[\u0370-\u058f]")


def clean(raw: str) -> str:
    """For storage: a text that both databases take, otherwise exactly what came."""
    joined = _PAIR.sub(_join_pair, raw)
    return _UNSTORABLE.sub(_REPLACEMENT, joined)


def decode(raw: bytes) -> str:
    """UTF-8 bytes as storable text; what is not UTF-8 becomes U+FFFD."""
    return clean(raw.decode("utf-8", errors="replace"))


def for_rules(text: str) -> str:
    """A copy for understanding only: nothing can hide in it. Never stored, never shown.

    NFKC, casefold, plain quotes; invisible signs and stacked accents gone; letters that only look Latin
    made Latin. Stretched letters ("pleeease") stay: the rules know them. Word lists that are compared
    with it must go through here too.
    """
    visible = _INVISIBLE.sub("", text.translate(_QUOTES))
    folded = _fold(_fold(_short_runs(visible)))
    return _plain_letters(folded.translate(_SETTLED))


def folded(text: str) -> tuple[str, list[int]]:
    """What the eye takes each letter of ``text`` for, without accents, and where in ``text`` it stands.

    Unlike :func:`for_rules` whatever the letters beside it: to find words whose spelling is known.
    """
    letters = [
        (letter, place)
        for place, char in enumerate(text)
        for letter in normalize("NFD", for_rules(char)).translate(_LOOKALIKES)
        if not category(letter).startswith("M")
    ]
    return "".join(letter for letter, _ in letters), [place for _, place in letters]


def _fold(text: str) -> str:
    """One round; the second settles what the first has uncovered."""
    composed = normalize("NFKC", normalize("NFKC", text).casefold())
    return normalize("NFC", _INVISIBLE.sub("", _STACKED.sub("", composed)))


def _join_pair(pair: re.Match[str]) -> str:
    return pair[0].encode("utf-16-le", "surrogatepass").decode("utf-16-le")


def _short_runs(text: str) -> str:
    """Cut endless runs of accents; normalising is quadratic in their length."""
    return text if text.isascii() else "".join(_without_tails(text))


def _without_tails(text: str) -> Iterator[str]:
    run = 0
    for char in text:
        run = run + 1 if combining(char) else 0
        if run <= _LONGEST_RUN:
            yield char


def _plain_letters(text: str) -> str:
    """Fold look-alikes where the word, or else the whole text, is Latin: never in Ukrainian or Greek."""
    if not _OTHER_ALPHABET.search(text):
        return text
    latin_text = bool(_LATIN.search(text)) and not any(
        ord(letter) not in _LOOKALIKES for letter in _OTHER_ALPHABET.findall(text)
    )

    def fold(word: re.Match[str]) -> str:
        return word[0].translate(_LOOKALIKES) if latin_text or _LATIN.search(word[0]) else word[0]

    return _WORD.sub(fold, text)
