"""The labelled texts: what young people might write, and what should be made of it.

They lie in ``texts/*.jsonl``, one text a line, in the words of ``kit understand``; whoever wrote a file wrote
each of its texts for itself. A third of them, chosen by hash, is held out: figures are quoted from it, and
neither a rule nor a weight was made by looking at it. Of the rest, a twelfth of all says where danger begins
(the thresholds), and the others train.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any

from messages.understanding import AboutStaff, Context, Danger, Intent, Need

FOLDER = Path(__file__).parent / "texts"


class Group(StrEnum):
    """Why a text was written."""

    URGENT = "urgent"
    #: The words of danger in harmless use, or a worry that can wait.
    HARD_NEGATIVE = "hard_negative"
    ORDINARY = "ordinary"
    OPT_OUT = "opt_out"
    #: The words of opting out, meaning something else.
    OPT_OUT_LOOKALIKE = "opt_out_lookalike"
    ANSWER = "answer"
    WISH = "wish"
    MACHINE = "machine"
    NOISE = "noise"
    ABUSE = "abuse"
    #: Alleges harm by a worker, or complains of one.
    STAFF = "staff"
    #: Speaks of a worker, and of nothing wrong.
    STAFF_LOOKALIKE = "staff_lookalike"


@dataclass(frozen=True, kw_only=True)
class Labelled:
    """One text, and what a careful reader makes of it."""

    id: str
    text: str
    context: Context
    language: str
    group: Group
    intent: Intent
    #: Intents that are right as well.
    also: frozenset[Intent]
    urgent: bool
    opt_out: bool
    mood: int | None
    needs: frozenset[Need]
    answer: str | None
    #: Empty for an urgent text that does not say what is wrong.
    dangers: frozenset[Danger]
    about_staff: AboutStaff | None
    #: A tent, a street or somebody's sofa to sleep on, urgent or not.
    rough_sleeping: bool

    @property
    def held_out(self) -> bool:
        """One of the third that nobody looks at."""
        return self._lot % 3 == 0

    @property
    def tuning(self) -> bool:
        """One of the twelfth that says where danger begins; no weight was trained on it."""
        return self._lot % 12 == 1

    @cached_property
    def _lot(self) -> int:
        name = f"{self.context}\x1f{self.text}".encode("utf-8", "surrogatepass")
        return int.from_bytes(hashlib.sha256(name).digest(), "big")


def load(folder: Path = FOLDER) -> Sequence[Labelled]:
    """Every text, in the order of files and lines. ``ValueError`` names a line that is not right."""
    return [
        read(line, f"{file.name}:{number}")
        for file in sorted(folder.glob("*.jsonl"))
        for number, line in enumerate(file.read_text("utf-8").splitlines(), start=1)
    ]


def read(line: str, place: str) -> Labelled:
    try:
        return _labelled(json.loads(line))
    except (KeyError, ValueError, TypeError) as error:
        raise ValueError(f"{place}: {error!r}") from None


def _labelled(row: dict[str, Any]) -> Labelled:
    labels = row["labels"]
    return Labelled(
        id=row["id"],
        text=row["text"],
        context=Context(row["context"]),
        language=row["lang"],
        group=Group(row["group"]),
        intent=Intent(labels["intent"]),
        also=frozenset(map(Intent, labels.get("intent_ok", ()))),
        urgent=labels["urgent"],
        opt_out=labels["opt_out"],
        mood=labels["mood"],
        needs=frozenset(map(Need, labels["needs"])),
        answer=labels["answer"],
        dangers=frozenset(map(Danger, labels.get("dangers", ()))),
        about_staff=AboutStaff(staff) if (staff := labels.get("about_staff")) else None,
        rough_sleeping=labels.get("rough_sleeping", False),
    )
