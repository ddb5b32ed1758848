"""The encoder with its heads, as a function of its parameters (Vaswani et al. 2017, post-norm)."""

import math
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from messages.understand.trained import LONGEST

Parameters = dict[str, Any]

_DROPPED = 0.1
_BUCKETS, _FARTHEST = 32, 128
PADDING = 1


@dataclass(frozen=True, kw_only=True)
class Network:
    #: Heads of attention.
    heads: int
    #: What is added to a variance before it divides.
    epsilon: float

    def scores(self, parameters: Parameters, pieces: jax.Array, key: jax.Array | None = None) -> jax.Array:
        """Rows of word pieces (texts x longest, padded with 1) to rows of scores. ``key``: with dropout."""
        seen = pieces != PADDING
        length = pieces.shape[1]
        added = jnp.where(seen[:, None, None, :], 0.0, -1e9)
        if "distances" in parameters:
            added += by_distance(parameters["distances"])[:, :length, :length][None]
        keys = iter(jax.random.split(key, 2 + 2 * len(parameters["layers"]))) if key is not None else None

        def dropped(x: jax.Array) -> jax.Array:
            if keys is None:
                return x
            return x * jax.random.bernoulli(next(keys), 1 - _DROPPED, x.shape) / (1 - _DROPPED)

        x = parameters["words"][pieces] + parameters["positions"][:length][None]
        x = dropped(self._norm(x, parameters, "norm"))
        for layer in parameters["layers"]:
            x = self._norm(x + dropped(self._attention(x, layer, added)), layer, "norm1")
            inner = jax.nn.gelu(x @ layer["up.w"] + layer["up.b"], approximate=False)
            x = self._norm(x + dropped(inner @ layer["down.w"] + layer["down.b"]), layer, "norm2")
        mean = (x * seen[..., None]).sum(1) / seen.sum(1, keepdims=True)
        return dropped(mean) @ parameters["head.w"] + parameters["head.b"]

    def _attention(self, x: jax.Array, layer: Parameters, added: jax.Array) -> jax.Array:
        texts, length, width = x.shape
        size = width // self.heads

        def split(name: str) -> jax.Array:
            each = x @ layer[f"{name}.w"] + layer[f"{name}.b"]
            return each.reshape(texts, length, self.heads, size).transpose(0, 2, 1, 3)

        weights = jax.nn.softmax(split("q") @ split("k").swapaxes(2, 3) / np.sqrt(size) + added, axis=-1)
        joined = (weights @ split("v")).transpose(0, 2, 1, 3).reshape(texts, length, width)
        return joined @ layer["out.w"] + layer["out.b"]

    def _norm(self, x: jax.Array, of: Parameters, name: str) -> jax.Array:
        centred = x - x.mean(-1, keepdims=True)
        spread = jax.lax.rsqrt((centred**2).mean(-1, keepdims=True) + self.epsilon)
        return centred * spread * of[f"{name}.w"] + of[f"{name}.b"]


def with_heads(parameters: Parameters, rows: list[int], outputs: int, seed: int) -> Parameters:
    """A base's own weights, for the pieces that are kept, and untrained heads."""
    words = parameters["words"][rows]
    chance = np.random.default_rng(seed)
    heads = (chance.standard_normal((words.shape[1], outputs)) * 0.02).astype(np.float32)
    own = {**parameters, "words": words, "head.w": heads, "head.b": np.zeros(outputs, np.float32)}
    moved: Parameters = jax.tree.map(jnp.asarray, own)
    return moved


def by_distance(distances: jax.Array) -> jax.Array:
    """What attention adds for each two places: heads x LONGEST x LONGEST.

    Near places have a row of ``distances`` each, far ones share (T5's rule; Raffel et al. 2020, section 2.1).
    """
    places = np.arange(LONGEST)
    distance = places[None, :] - places[:, None]
    far, exact = np.abs(distance), _BUCKETS // 4
    scale = (_BUCKETS // 2 - exact) / math.log(_FARTHEST / exact)
    coarse = exact + (np.log(np.maximum(far, 1) / exact) * scale).astype(int)
    bucket = np.where(far < exact, far, np.minimum(coarse, _BUCKETS // 2 - 1))
    return distances[bucket + np.where(distance > 0, _BUCKETS // 2, 0)].transpose(2, 0, 1)


def padded(rows: list[list[int]]) -> NDArray[np.int32]:
    """Rows of pieces to one length, a multiple of eight so that few shapes are compiled."""
    length = min(-(-max(map(len, rows)) // 8) * 8, LONGEST)
    filled = np.full((len(rows), length), PADDING, np.int32)
    for number, row in enumerate(rows):
        filled[number, : len(row)] = row[:length]
    return filled
