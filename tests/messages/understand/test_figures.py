"""How well replies are understood must not fall: the headline figures, on a part of the texts held out.

`make evaluate` takes all of them, with intervals, by kind and language; docs/understanding.md says what they
mean.
"""

from collections.abc import Mapping, Sequence

import pytest

from messages.understand import understand
from messages.understanding import Understanding
from tools.understanding import figures
from tools.understanding.figures import Share
from tools.understanding.texts import Labelled, load

#: One in so many of the texts held out; all would take minutes.
_ONE_IN = 6
#: At least so much. A point below what was measured: processors round differently.
_AT_LEAST = {
    "urgent, English: heard": 0.855,
    "urgent, other languages: heard": 0.765,
    "opt-outs: heard": 0.705,
    "intents": 0.833,
    "survey answers": 0.90,
    "kind of danger, where heard": 0.853,
}
_AT_MOST = {
    "hard negatives: false alarms": 0.08,
    "ordinary texts: false alarms": 0.038,
    "urgent texts: false opt-outs": 0.003,
    "other texts: false opt-outs": 0.003,
}


@pytest.fixture(scope="module")
def readings() -> Sequence[tuple[Labelled, Understanding]]:
    held_out = [text for text in load() if text.held_out][::_ONE_IN]
    return [(text, understand(text.text, text.context, explain=False)) for text in held_out]


@pytest.fixture(scope="module")
def shares(readings: Sequence[tuple[Labelled, Understanding]]) -> Mapping[str, Share]:
    return {**figures.urgency(readings), **figures.meaning(readings)}


def test_nothing_that_was_heard_is_lost(shares: Mapping[str, Share]) -> None:
    fallen = {name: str(shares[name]) for name, least in _AT_LEAST.items() if shares[name].value < least}
    assert fallen == {}


def test_no_more_is_raised_in_vain(shares: Mapping[str, Share]) -> None:
    risen = {name: str(shares[name]) for name, most in _AT_MOST.items() if shares[name].value > most}
    assert risen == {}
