"""Training: batches of like length, AdamW (Loshchilov and Hutter 2019), a rate that rises and falls."""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import optax
from numpy.typing import NDArray

from messages.understand.heads import HEADS
from messages.understanding import Context
from tools.understanding.texts import Labelled
from tools.understanding.training import targets
from tools.understanding.training.network import Network, Parameters, padded
from tools.understanding.training.slips import slipped

_POOL = 20  # batches that are sorted by length together
_SLIPPING = 0.25
_HEADS_FASTER = 25.0
#: How much each head counts. Danger first; the rest also teaches what a text is about.
#: A head of many labels that are mostly not said counts by their number: its mean is small.
_WEIGHTS = {
    "urgent": 1.0,
    "opt_out": 0.7,
    "intent": 0.7,
    "danger": 8.0,
    "about_staff": 2.0,
    "rough_sleeping": 0.3,
    "mood": 0.3,
    "need": 6.0,
    "language": 0.2,
}
_TOLD = 100  # batches between two lines that say how far it has come

#: The word pieces of a wording, in a context.
Pieces = Callable[[str, Context], list[int]]


@dataclass(frozen=True, kw_only=True)
class Plan:
    rounds: int
    rate: float
    batch: int
    seed: int = 11


def fit(
    parameters: Parameters, network: Network, texts: Sequence[Labelled], pieces: Pieces, plan: Plan
) -> Parameters:
    steps = plan.rounds * (len(texts) // plan.batch)
    rate = optax.warmup_cosine_decay_schedule(0, plan.rate, steps // 10, steps)
    # Words that are not met here keep the vectors that they came with. Heads begin with nothing and must move
    # far; at the encoder's rate it would bend itself out of shape to make up for them.
    optimiser = optax.chain(
        optax.clip_by_global_norm(1.0),
        optax.adamw(rate, weight_decay=0.01, mask={name: name != "words" for name in parameters}),
        optax.masked(optax.scale(_HEADS_FASTER), {name: name.startswith("head.") for name in parameters}),
    )
    state = optimiser.init(parameters)

    def loss(parameters: Parameters, rows: jax.Array, right: jax.Array, key: jax.Array) -> jax.Array:
        return _loss(network.scores(parameters, rows, key), right)

    @partial(jax.jit, donate_argnums=(0, 1))
    def step(
        parameters: Parameters, state: optax.OptState, rows: jax.Array, right: jax.Array, key: jax.Array
    ) -> tuple[Parameters, optax.OptState, jax.Array]:
        lost, slope = jax.value_and_grad(loss)(parameters, rows, right, key)
        change, state = optimiser.update(slope, state, parameters)
        return optax.apply_updates(parameters, change), state, lost

    key, chance, right = jax.random.key(plan.seed), random.Random(plan.seed), targets.of(texts)
    for number in range(plan.rounds):
        began, lost = time.perf_counter(), []
        for chosen, rows in _batches(texts, pieces, plan.batch, chance):
            key, once = jax.random.split(key)
            parameters, state, each = step(parameters, state, rows, right[chosen], once)
            lost.append(each)
            if len(lost) % _TOLD == 0:
                recent = float(np.mean([float(each) for each in lost[-_TOLD:]]))
                print(f"  {len(lost)} batches: loss {recent:.3f}", flush=True)
        mean = float(np.mean([float(each) for each in lost]))
        print(
            f"Round {number + 1} of {plan.rounds}: loss {mean:.3f}, {time.perf_counter() - began:.0f} s",
            flush=True,
        )
    return parameters


def _loss(scores: jax.Array, targets: jax.Array) -> jax.Array:
    total = jnp.zeros(())
    for name, head in HEADS.items():
        said, right = scores[:, head.places], targets[:, head.places]
        each = optax.softmax_cross_entropy if head.exclusive else optax.sigmoid_binary_cross_entropy
        total += _WEIGHTS[name] * each(said, right).mean()
    return total


def _batches(
    texts: Sequence[Labelled], pieces: Pieces, size: int, chance: random.Random
) -> Iterator[tuple[list[int], NDArray[np.int32]]]:
    """Every text once, some of them mistyped; texts of like length come together: little is padding."""
    order = list(range(len(texts)))
    chance.shuffle(order)
    for start in range(0, len(order), size * _POOL):
        pool = []
        for number in order[start : start + size * _POOL]:
            text = texts[number]
            wording = slipped(text.text, chance) if chance.random() < _SLIPPING else text.text
            pool.append((number, pieces(wording, text.context)))
        pool.sort(key=lambda each: len(each[1]))
        batches = [pool[at : at + size] for at in range(0, len(pool) - size + 1, size)]
        chance.shuffle(batches)
        for batch in batches:
            yield [number for number, _ in batch], padded([row for _, row in batch])
