"""The word pieces that are kept of an encoder's vocabulary, in files that the readers read.

Texts arrive in small letters and in the alphabets of the languages that are read, so many pieces can never
be met. Of the quarter of a million of the encoder of many languages only the most frequent are kept, and all
that the training texts use.
"""

import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from sentencepiece import SentencePieceProcessor
from sentencepiece import sentencepiece_model_pb2 as protocol

from tools.understanding.training.base import Base
from tools.understanding.training.e5 import E5

#: The pieces of frequent use: about where a piece is met once in a million.
MOST = 40_000
_ALPHABETS = frozenset(["LATIN", "ARABIC", "CYRILLIC", "ETHIOPIC", "EXTENDED"])
_SPACE = "\u2581"
_CONTROL = ("<s>", "<pad>", "</s>", "<unk>")
#: In the vocabulary of the English encoder; its "<unk>" was never trained.
_CONTROL_WORDS = ("<s>", "<pad>", "</s>", "[UNK]")
_AFTER_LATIN = 0x250


def write_words(base: Base, file: Path) -> list[int]:
    """A vocabulary of whole English words and parts of words, one a line; returns the rows that are kept."""
    control = [base.pieces.index(piece) for piece in _CONTROL_WORDS]
    words = [row for row, piece in enumerate(base.pieces) if row not in {*control, 3} and _is_english(piece)]
    rows = [*control, *words]
    file.write_text("".join(f"{base.pieces[row]}\n" for row in rows), "utf-8")
    return rows


def write_model(base: E5, wordings: Iterable[str], file: Path) -> list[int]:
    """A SentencePiece model; returns the rows that are kept, the four control signs first."""
    rows = _kept(base, wordings)
    file.write_bytes(_model(base, rows))
    return rows


def _kept(base: E5, texts: Iterable[str]) -> list[int]:
    usable = [row for row, piece in enumerate(base.pieces) if row >= len(_CONTROL) and _met(piece)]
    frequent = sorted(usable, key=lambda row: -base.scores[row])[:MOST]
    rare = [row for row in usable if _is_ethiopic(base.pieces[row])]
    whole = SentencePieceProcessor(model_proto=_model(base, [*range(len(_CONTROL)), *usable]))
    used = {usable[piece - len(_CONTROL)] for text in texts for piece in whole.encode(text) if piece >= 4}
    return [*range(len(_CONTROL)), *sorted({*frequent, *rare, *used})]


def _model(base: E5, rows: list[int]) -> bytes:
    """A SentencePiece model of these rows, in their order: unigram, without a normaliser of its own."""
    proto = protocol.ModelProto()  # type: ignore[attr-defined] # made at run time
    kinds = protocol.ModelProto.SentencePiece  # type: ignore[attr-defined]
    for row in rows:
        kind = kinds.NORMAL if row >= 4 else kinds.UNKNOWN if row == 3 else kinds.CONTROL
        name = _CONTROL[row] if row < 4 else base.pieces[row]
        proto.pieces.add(piece=name, score=float(base.scores[row]) if row >= 4 else 0.0, type=kind)
    proto.trainer_spec.model_type = protocol.TrainerSpec.UNIGRAM  # type: ignore[attr-defined]
    proto.trainer_spec.bos_id, proto.trainer_spec.pad_id = 0, 1
    proto.trainer_spec.eos_id, proto.trainer_spec.unk_id = 2, 3
    proto.trainer_spec.bos_piece, proto.trainer_spec.pad_piece = "<s>", "<pad>"
    proto.trainer_spec.eos_piece, proto.trainer_spec.unk_piece = "</s>", "<unk>"
    proto.trainer_spec.vocab_size = len(rows)
    proto.normalizer_spec.name = "identity"
    proto.normalizer_spec.add_dummy_prefix = True
    proto.normalizer_spec.remove_extra_whitespaces = True
    proto.normalizer_spec.escape_whitespaces = True
    serialized: bytes = proto.SerializeToString()
    return serialized


def _met(piece: str) -> bool:
    """Whether a text in small letters, in one of the alphabets, can hold it."""
    letters = piece.replace(_SPACE, "")
    return piece == piece.casefold() and all(
        _alphabet(sign) in _ALPHABETS for sign in letters if sign.isalpha()
    )


def _is_english(piece: str) -> bool:
    """Latin letters, digits and signs; none of the control signs that stand in brackets."""
    letters = piece.removeprefix("##")
    return not piece.startswith("[") and all(
        ord(sign) < _AFTER_LATIN or not sign.isalpha() for sign in letters
    )


def _is_ethiopic(piece: str) -> bool:
    return any(_alphabet(sign) == "ETHIOPIC" for sign in piece)


@cache
def _alphabet(sign: str) -> str:
    return unicodedata.name(sign, "?").split()[0]
