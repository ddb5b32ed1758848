"""Where a chance becomes a word: the lines, set on texts that neither trained the reader nor judge it."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from messages.understand.heads import HEADS, NEVER_OPT_OUT
from messages.understand.trained import Row, line_of
from messages.understanding import Danger
from tools.understanding.texts import Group, Labelled
from tools.understanding.training import targets

_ALIKE = frozenset({Group.HARD_NEGATIVE, Group.STAFF_LOOKALIKE})

#: The shares that are borne, for the sake of hearing more: of false alarms on look-alikes of danger, of false
#: alarms on other texts, and of false opt-outs, which end a contact that somebody needs.
Borne = tuple[float, float, float]
ENGLISH: Borne = (0.055, 0.02, 0.001)
#: Few advisers can read these for themselves, and their reader is weaker: in doubt it alerts.
LANGUAGES: Borne = (0.2, 0.08, 0.003)
#: A few mislabelled texts must not switch a head off.
_HIGHEST = 0.99


#: A label that is said beside others: at least so likely, and when so likely always.
_LEAST, _SURE = 0.1, 0.7


_SURE_OF_OTHERS = 0.45


def lines(texts: Sequence[Labelled], scores: Row, borne: Borne) -> dict[str, float]:
    """The line of each head and label. ``borne``: :data:`ENGLISH` or :data:`LANGUAGES`.

    Of "urgent" and "opt_out" the lowest that keeps false alarms within bounds; of the others the one with the
    best balance of those said and those missed (F1).
    """
    alike = [text.group in _ALIKE and not text.urgent for text in texts]
    elsewhere = [not text.urgent and not hard for text, hard in zip(texts, alike, strict=True)]
    danger, opt_out = _chances(scores, "urgent"), _chances(scores, "opt_out")
    intents = scores[:, HEADS["intent"].places].argmax(axis=1)
    might = np.array([HEADS["intent"].labels[place] not in NEVER_OPT_OUT for place in intents])
    drawn = {
        "urgent": max(
            _line(_of(danger, among), share) for among, share in zip((alike, elsewhere), borne, strict=False)
        ),
        "opt_out": _line(_of(opt_out * might, [not text.opt_out for text in texts]), borne[2]),
    }
    for name in ("danger", "need", "about_staff", "rough_sleeping"):
        head = HEADS[name]
        right = targets.of(texts)[:, head.places] > 0
        for place, label in enumerate(head.labels):
            key = line_of(name, label if len(head.labels) > 1 else None)
            drawn[key] = _balanced(_chances(scores, name, place), right[:, place])
    # Named in vain, they keep an answer from somebody in danger.
    for kind in (Danger.THIRD_PARTY, Danger.DEATH):
        drawn[line_of("danger", kind)] = max(drawn[line_of("danger", kind)], _SURE_OF_OTHERS)
    return {name: round(min(max(line, _LEAST), _HIGHEST), 4) for name, line in drawn.items()}


def _balanced(chances: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    """The line between two chances that gives the highest F1."""
    order = np.argsort(-chances)
    heard = np.cumsum(right[order])
    f1 = 2 * heard / (np.arange(1, len(order) + 1) + max(int(right.sum()), 1))
    return float(np.clip(chances[order[int(f1.argmax())]], _LEAST, _SURE))


def _line(chances: Sequence[float], borne: float) -> float:
    """Just above all but the share ``borne`` of these chances."""
    highest = sorted(chances, reverse=True)
    return highest[int(len(highest) * borne)] + 1e-4 if highest else 0.0


def _of(chances: Iterable[float], chosen: Iterable[bool]) -> list[float]:
    return [chance for chance, taken in zip(chances, chosen, strict=True) if taken]


def _chances(scores: Row, head: str, place: int = 0) -> NDArray[np.float64]:
    return np.asarray(1 / (1 + np.exp(-scores[:, HEADS[head].start + place].astype(np.float64))))
