"""What the heads should say of each labelled text."""

from collections.abc import Sequence

import numpy as np

from messages.understand.heads import HEADS, WIDTH
from messages.understand.trained import Row
from messages.understanding import Need
from tools.understanding.texts import Labelled

#: What an intent that is right as well counts beside the first.
_ALSO = 0.3
_MOODS = {-1: 0, 0: 1, 1: 2, None: 3}


def of(texts: Sequence[Labelled]) -> Row:
    """One row for each text; the labels of an exclusive head add up to one."""
    return np.stack([_row(text) for text in texts])


def _row(text: Labelled) -> Row:
    row = np.zeros(WIDTH, np.float32)
    row[HEADS["urgent"].places] = text.urgent
    row[HEADS["opt_out"].places] = text.opt_out
    row[HEADS["rough_sleeping"].places] = text.rough_sleeping
    intents = row[HEADS["intent"].places]
    for intent in text.also:
        intents[HEADS["intent"].labels.index(intent)] = _ALSO
    intents[HEADS["intent"].labels.index(text.intent)] = 1
    intents /= intents.sum()
    row[HEADS["mood"].places][_MOODS[text.mood]] = 1
    row[HEADS["language"].places][HEADS["language"].labels.index(text.language)] = 1
    said = {
        "danger": text.dangers,
        "about_staff": {text.about_staff} - {None},
        "need": text.needs - {Need.NONE},
    }
    for name, labels in said.items():
        for label in labels:
            row[HEADS[name].places][HEADS[name].labels.index(str(label))] = 1
    return row
