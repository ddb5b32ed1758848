"""One spelling for each word: shortenings, stretched letters, slips, digits in place of letters.

The lists are in spelling.toml. A word that no list knows stays as it is.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache

_STRETCHED = re.compile(r"(.)\1{2,}")
_DOUBLED = re.compile(r"(.)\1+")
_NOT_WORD = re.compile(r"[\W_]+")
_DISGUISE = str.maketrans(
    {
        "0": "o",
        "1": "i",
        "!": "i",
        "|": "i",
        "3": "e",
        "4": "a",
        "@": "a",
        "5": "s",
        "$": "s",
        "7": "t",
        "+": "t",
    }
)
_OTHER_LETTERS = str.maketrans({"ł": "l", "đ": "d", "ı": "i", "ø": "o", "æ": "ae", "œ": "oe", "ß": "ss"})
#: Arabic script as it is typed on different keyboards: one letter for each group.
_ARABIC = str.maketrans(
    {
        "ى": "ي",
        "ی": "ي",
        "ې": "ي",
        "ۍ": "ي",
        "ک": "ك",
        "ڪ": "ك",
        "ة": "ه",
        "ە": "ه",
        "ہ": "ه",
        "ٱ": "ا",
        "ـ": "",
    }
)
_LONGEST_DISGUISE = 24
#: "buzzin" is "buzzing"; "thin" and "kin" are words of their own.
_SHORTEST_CLIPPED = 5
_LONGEST_RUN_TOGETHER = 60


def plain(word: str) -> str:
    """Without accents and vowel signs; digits of every script as 0-9; one form of each Arabic letter."""
    if word.isascii():
        return word
    letters = unicodedata.normalize("NFKD", word)
    letters = "".join(c for c in letters if unicodedata.category(c) not in ("Mn", "Cf", "Me"))
    digits = "".join(str(unicodedata.digit(c, c)) for c in letters) if not letters.isascii() else letters
    return digits.translate(_OTHER_LETTERS).translate(_ARABIC)


class Spelling:
    """The spelling lists, ready for use."""

    def __init__(self, lists: Mapping[str, Mapping[str, str]]) -> None:
        self._same: dict[str, tuple[str, ...]] = {}
        for right, variants in lists["same"].items():
            target = tuple(right.split())
            for variant in variants.split():
                self._same[_letters(variant)] = target
        self.dropped = frozenset(lists["drop"]["words"].split())
        self.laughs = frozenset(lists["laugh"]["words"].split())
        self.laughing_emoji = frozenset(lists["laugh"]["emoji"].split())
        self.listed = frozenset(lists["listed"]["words"].split())
        self._near = _near(self.listed)
        self.known: set[str] = set(self._same) | self.listed | self.dropped | self.laughs
        self._joins: dict[tuple[str, str], tuple[str, ...]] = {}
        for pair, whole in lists["join"].items():
            first, second = (self._same.get(w, (w,))[0] for w in pair.split())
            self._joins[first, second] = tuple(whole.split())
        self.read_word = lru_cache(maxsize=50_000)(self._read_word)

    def learn(self, words: Sequence[str]) -> None:
        """Words of the phrases: known words are never taken for a slip of another."""
        self.known.update(words)

    def join(self, first: str, second: str) -> tuple[str, ...] | None:
        """Two words that are one ("my self"), or None."""
        return self._joins.get((first, second))

    def of_phrase(self, words: str) -> list[str]:
        """The words of a phrase (already small letters) in the spelling that texts are read in."""
        parts = [p for w in words.split() for p in self._same.get(_letters(w), (_letters(w),))]
        return [p for p in parts if p not in self.dropped]

    def unmasked(self, chunk: str) -> str | None:
        """The listed word behind "k!ll", "su1cide", "s.t.o.p" or "s*icide"; None when there is none."""
        if not 3 <= len(chunk) <= _LONGEST_DISGUISE or chunk.isalpha() or chunk.isdigit():
            return None
        for guess in (_NOT_WORD.sub("", chunk), _NOT_WORD.sub("", chunk.translate(_DISGUISE))):
            for form in (guess, _STRETCHED.sub(r"\1", guess)):
                if form in self.listed and form != chunk.strip(".,!?;:\"'()[]*-_"):
                    return form
        if "*" in chunk.strip("*"):
            return self._starred(chunk.strip(".,!?*"))
        return None

    def _starred(self, chunk: str) -> str | None:
        for word in self.listed:
            if len(word) == len(chunk) and all(a in ("*", b) for a, b in zip(chunk, word, strict=True)):
                return word
        return None

    def _read_word(self, word: str) -> tuple[str, ...]:
        for form in _forms(word):
            if form in self._same:
                return self._same[form]
            if form in self.known:
                return (form,)
        if len(word) >= _SHORTEST_CLIPPED and word.endswith("in") and f"{word}g" in self.known:
            return self._same.get(f"{word}g", (f"{word}g",))
        bare = _STRETCHED.sub(r"\1", word)
        if bare.startswith("و") and bare[1:] in self.known:
            return (bare[1:],)
        if len(bare) >= 5 and (near := self._near_to(bare)):
            return (near,)
        return tuple(self._run_together(bare)) or (bare,)

    def _near_to(self, word: str) -> str | None:
        for form in (word, *_one_less(word)):
            near = self._near.get(form)
            if near is not None and _one_slip(word, near):
                return near
        return None

    def _run_together(self, word: str) -> list[str]:
        """Splits "killmyself" into its words: the way with the fewest, longest known words; [] when none."""
        if not 8 <= len(word) <= _LONGEST_RUN_TOGETHER:
            return []
        best: list[list[str] | None] = [[]] + [None] * len(word)
        for end in range(1, len(word) + 1):
            for start in range(max(0, end - 12), end):
                head, piece = best[start], word[start:end]
                known = piece in self.known and (len(piece) > 2 or piece in _SHORT_WORDS)
                if head is not None and known and (best[end] is None or len(head) < len(best[end] or [])):
                    best[end] = [*head, piece]
        pieces = best[-1] or []
        return [part for piece in pieces for part in self._same.get(piece, (piece,))]


_SHORT_WORDS = frozenset(["i", "me", "my", "to", "no", "im", "he", "is", "it"])


def _letters(word: str) -> str:
    return plain(word.replace("'", "").replace("’", ""))


def _forms(word: str) -> list[str]:
    """The word as it stands, then with stretched letters shortened to two and to one."""
    if not _DOUBLED.search(word):
        return [word]
    return [word, _STRETCHED.sub(r"\1\1", word), _STRETCHED.sub(r"\1", word)]


def _one_less(word: str) -> list[str]:
    return [word[:i] + word[i + 1 :] for i in range(len(word))] if len(word) <= 16 else []


def _one_slip(word: str, meant: str) -> bool:
    """One letter more, less or other, or two neighbours swapped."""
    if len(word) != len(meant):
        return True
    other = [place for place, (a, b) in enumerate(zip(word, meant, strict=True)) if a != b]
    return len(other) == 1 or (len(other) == 2 and other[1] == other[0] + 1 and sorted(word) == sorted(meant))


def _near(words: frozenset[str]) -> dict[str, str]:
    """Each longer listed word, and each way of dropping one of its letters."""
    longer = sorted(word for word in words if len(word) >= 7)
    near = {less: word for word in longer for less in _one_less(word)}
    return near | {word: word for word in longer}
