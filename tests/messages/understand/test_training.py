"""What of the training of the reader needs no training to be tested."""

import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from messages.understand.heads import HEADS, WIDTH
from tools.understanding.texts import Group, load
from tools.understanding.training.lines import lines
from tools.understanding.training.slips import slipped


@given(st.text(max_size=200), st.integers(0, 1000))
def test_a_slip_keeps_the_words_apart(text: str, seed: int) -> None:
    assert slipped(text, random.Random(seed)).count(" ") == text.count(" ")


def test_slips_are_the_same_for_the_same_seed() -> None:
    text = "cant do this anymore please someone ring me before tomorrow"
    assert slipped(text, random.Random(4)) == slipped(text, random.Random(4))
    assert any(slipped(text, random.Random(seed)) != text for seed in range(9))


def test_every_label_has_a_place_of_its_own() -> None:
    places = [place for head in HEADS.values() for place in range(WIDTH)[head.places]]
    assert sorted(places) == list(range(WIDTH))


def test_lines_lie_where_false_alarms_are_borne() -> None:
    some = load()[0]
    alike = replace(some, group=Group.HARD_NEGATIVE, urgent=False, opt_out=False)
    plain = replace(some, group=Group.ORDINARY, urgent=False, opt_out=False)
    texts = [alike] * 100 + [plain] * 100
    scores = np.full((200, WIDTH), -9.0, np.float32)
    scores[:100, HEADS["urgent"].start] = np.linspace(-4, 1, 100)
    found = lines(texts, scores, (0.05, 0.02, 0.001))
    chances = 1 / (1 + np.exp(-scores[:100, HEADS["urgent"].start]))
    assert sum(chances >= found["urgent"]) == pytest.approx(4, abs=1)
    assert found["opt_out"] == pytest.approx(0.1)
