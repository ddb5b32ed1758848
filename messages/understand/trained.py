"""The trained readers: how sure they are of each thing that a text may mean, and which words made it so.

Two encoders, fine-tuned on our own labelled texts (docs/decisions/0010): one of English, and a smaller one of
many languages, which also says which language a text is in. Their files lie in ``trained/``: ``reader.onnx``
with weights, ``words.bin`` with word vectors, ``pieces.*`` with word pieces; ``lines.json`` says how likely
is likely enough. Nothing is ever fetched, and ``make train`` makes them anew.
"""

import json
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import accumulate, count
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from messages.cleaning import clean, for_rules
from messages.understand.heads import ASKED, HEADS
from messages.understand.shipped import FOLDER
from messages.understand.wordpieces import WordPieces
from messages.understanding import Context

#: Word pieces in one window, with the three that frame them; the encoder was trained on no more.
LONGEST = 80
ROOM = LONGEST - 3
#: A longer text is read in windows that overlap, so that no sentence falls between two.
_STEP = ROOM - 20
#: Windows that are read at once: more take more memory and are no faster.
_TOGETHER = 8
#: To say why, so many times a part of the text is hidden and what is left is read.
_MOST_HIDDEN = 30
_BEGIN, _END, UNKNOWN = 0, 2, 3
_STRETCHED = re.compile(r"(.)\1{3,}", re.DOTALL)

#: From the first chance that a text is English its reader is asked, from the second on all of it is English.
_SOME_ENGLISH, _ALL_ENGLISH = 0.1, 0.9
#: How much the reader of English counts beside that of many languages: two err less than one.
_ENGLISH_SHARE = 0.7

Row = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """One row of the reader's scores (log-odds), by head and label."""

    row: Row
    #: How likely each thing must be to be taken for said.
    lines: Mapping[str, float]

    def chance(self, head: str, label: str | None = None) -> float:
        """0 to 1. ``label`` may be left out for a head of one label only."""
        found = HEADS[head]
        place = found.labels.index(label) if label else 0
        scores = self.row[found.places]
        if found.exclusive:
            weights = np.exp(scores - scores.max())
            return float(weights[place] / weights.sum())
        return 1 / (1 + math.exp(-max(-60.0, min(60.0, float(scores[place])))))

    @property
    def english(self) -> bool:
        """Whether the reader of English was asked."""
        return self.chance("language", "en") >= _SOME_ENGLISH

    def over(self, head: str, label: str | None = None) -> bool:
        """Whether it is likely enough to be taken for said."""
        return self.chance(head, label) >= self.lines[line_of(head, label)]

    def surer(self, other: "Scores") -> "Scores":
        """Of each thing that may be said beside others the higher chance; the rest as it is here."""
        row = self.row.copy()
        for head in HEADS.values():
            if not head.exclusive:
                row[head.places] = np.maximum(self.row, other.row)[head.places]
        return Scores(row, self.lines)

    def best(self, head: str) -> str:
        found = HEADS[head]
        return found.labels[int(self.row[found.places].argmax())]

    def said(self, head: str) -> frozenset[str]:
        """The labels of a head that are likely enough."""
        return frozenset(label for label in HEADS[head].labels if self.over(head, label))


def line_of(head: str, label: str | None) -> str:
    """By what name a line is listed: "urgent", "danger.medical"."""
    return f"{head}.{label}" if label else head


def wording(text: str) -> str:
    """A text as the reader takes it: folded, and no letter more than three times in a row."""
    return _STRETCHED.sub(r"\1\1\1", for_rules(clean(text)))


def framed(pieces: Sequence[int], asked: Sequence[int]) -> list[int]:
    return [_BEGIN, *asked, *pieces, _END]


class Reader:
    """The files of a folder, ready to read with. Any number of threads may read at once."""

    def __init__(self, folder: Path) -> None:
        from onnxruntime import InferenceSession, SessionOptions  # only those who read need it

        options = SessionOptions()
        # One text takes a few thousandths of a second: more threads would only be in each other's way.
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = InferenceSession(
            str(folder / "reader.onnx"), options, providers=["CPUExecutionProvider"]
        )
        self._encode = encoder(folder)
        self._asked = {context: self._encode(word) for context, word in ASKED.items()}

    def row(self, text: str, context: Context) -> Row:
        """Of a long text, each thing is as sure as in its surest window; the intent is that of its start."""
        rows = self._run(self._windows(self._encode(wording(text)), context))
        merged: Row = rows[0].copy()
        for head in HEADS.values():
            if not head.exclusive:
                merged[head.places] = rows[:, head.places].max(axis=0)
        return merged

    def weights(self, text: str, context: Context, head: str, label: str | None = None) -> list[float]:
        """How much each word between spaces adds to one score: what is lost when the word is hidden.

        Words of ``wording(text)``, in order; of a long text only those of the surest window are asked, a few
        together.
        """
        place = HEADS[head].places.start + (HEADS[head].labels.index(label) if label else 0)
        spelled = [self._encode(word) for word in wording(text).split()]
        pieces = [piece for word in spelled for piece in word]
        surest = int(self._run(self._windows(pieces, context))[:, place].argmax())
        first = _starts(len(pieces))[surest]
        window = pieces[first : first + ROOM]
        variants = [window]
        hidden: list[list[int]] = []
        for group in _groups(_whole_words(spelled, first, first + len(window))):
            start, end = group[0][1] - first, group[-1][2] - first
            variants.append([*window[:start], *[UNKNOWN] * (end - start), *window[end:]])
            hidden.append([number for number, _, _ in group])
        scores = self._run([framed(each, self._asked[context]) for each in variants])[:, place]
        lost = {
            number: scores[0] - score
            for numbers, score in zip(hidden, scores[1:], strict=True)
            for number in numbers
        }
        return [float(lost.get(number, 0.0)) for number in range(len(spelled))]

    def _windows(self, pieces: list[int], context: Context) -> list[list[int]]:
        asked = self._asked[context]
        return [framed(pieces[start : start + ROOM], asked) for start in _starts(len(pieces))]

    def _run(self, rows: list[list[int]]) -> Row:
        return np.concatenate([
            self._session.run(["scores"], {"pieces": np.array(rows[start : start + _TOGETHER], np.int64)})[0]
            for start in range(0, len(rows), _TOGETHER)
        ])  # fmt: skip


def _whole_words(spelled: list[list[int]], first: int, end: int) -> list[tuple[int, int, int]]:
    """Of the words that lie whole between two places: number, where it starts, where it ends."""
    ends = list(accumulate(map(len, spelled)))
    placed = zip(count(), [0, *ends], ends, strict=False)
    return [word for word in placed if first <= word[1] < word[2] <= end]


def _groups(words: list[tuple[int, int, int]]) -> Iterator[list[tuple[int, int, int]]]:
    """One word each; of many words as few together as keep the number of groups within bounds."""
    size = -(-len(words) // _MOST_HIDDEN) or 1
    return (words[start : start + size] for start in range(0, len(words), size))


def _starts(length: int) -> list[int]:
    """Where windows of one length begin: the last ends with the text."""
    last = max(length - ROOM, 0)
    return [*range(0, last, _STEP), last]


def encoder(folder: Path) -> Callable[[str], list[int]]:
    """Cuts a wording into the numbers of its word pieces, as the folder's reader knows them."""
    if (folder / "pieces.txt").exists():
        return WordPieces(folder / "pieces.txt", unknown=UNKNOWN).encode
    from sentencepiece import SentencePieceProcessor

    processor = SentencePieceProcessor(model_file=str(folder / "pieces.model"))

    def encode(text: str) -> list[int]:
        pieces: list[int] = processor.encode(text)
        return pieces

    return encode


class Readers:
    """Both readers, and which of them is asked."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._english, self._languages = Reader(folder / "english"), Reader(folder / "languages")
        #: By the reader that decides; set on texts that trained nothing (``make train``).
        self.lines: Mapping[str, Mapping[str, float]] = json.loads((folder / "lines.json").read_text("utf-8"))

    def read(self, text: str, context: Context) -> Scores:
        several = Scores(self._languages.row(text, context), self.lines["languages"])
        if not several.english:
            return several
        own = self._english.row(text, context)
        row = _ENGLISH_SHARE * own + (1 - _ENGLISH_SHARE) * several.row
        if several.chance("language", "en") < _ALL_ENGLISH:
            # Perhaps only half of it is English: neither reader may talk down what the other has heard.
            row = Scores(own, {}).surer(several).row
        row[HEADS["language"].places] = several.row[HEADS["language"].places]
        return Scores(row, self.lines["english"])

    def weights(self, text: str, context: Context, head: str, label: str | None = None) -> list[float]:
        """As :meth:`Reader.weights`, of the reader that decided."""
        reader = self._english if self.read(text, context).english else self._languages
        return reader.weights(text, context, head, label)


@cache
def readers() -> Readers:
    """Those that are shipped."""
    return Readers()


@lru_cache(maxsize=32)
def read(text: str, context: Context) -> Scores:
    """The parts of one text are read several times over. No more are kept: they are somebody's words."""
    return readers().read(text, context)
