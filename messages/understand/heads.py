"""What the trained reader is asked of every text, and where each answer stands in its row of numbers."""

from collections.abc import Iterator
from dataclasses import dataclass

from messages.understanding import AboutStaff, Context, Danger, Intent, Need

#: The languages that are read, by ISO 639 (ckb: Sorani), and all others together (ISO 639-2 "undetermined").
LANGUAGES = ("en", "ar", "ckb", "fa", "ps", "ti", "am", "sq", "vi", "fr", "pl", "ro", "uk", "cy")
OTHER_LANGUAGE = "und"


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """One question. ``exclusive``: exactly one label is right, else each stands for itself."""

    name: str
    labels: tuple[str, ...]
    exclusive: bool
    #: Where its labels stand in the row.
    start: int

    @property
    def places(self) -> slice:
        return slice(self.start, self.start + len(self.labels))


def _heads() -> Iterator[Head]:
    start = 0
    for name, labels, exclusive in (
        ("urgent", ("urgent",), False),
        ("opt_out", ("opt_out",), False),
        ("intent", tuple(Intent), True),
        ("danger", tuple(Danger), False),
        ("about_staff", tuple(AboutStaff), False),
        ("rough_sleeping", ("rough_sleeping",), False),
        ("mood", ("low", "ok", "good", "unsaid"), True),
        ("need", tuple(need for need in Need if need is not Need.NONE), False),
        ("language", (*LANGUAGES, OTHER_LANGUAGE), True),
    ):
        yield Head(name=name, labels=labels, exclusive=exclusive, start=start)
        start += len(labels)


HEADS = {head.name: head for head in _heads()}
#: What a text cannot be and opt out as well: "i opted out by mistake", "loans! opt out: STOP to 60022".
NEVER_OPT_OUT = frozenset({Intent.OPT_IN, Intent.AUTOREPLY, Intent.EMPTY_NOISE})
#: The length of a row.
WIDTH = sum(len(head.labels) for head in HEADS.values())
#: The word that stands before a text, for what was last asked.
ASKED = {
    Context.CHECK_IN: "feeling",
    Context.NONE: "message",
    Context.SURVEY_SCALE: "number",
    Context.SURVEY_YESNO: "yes",
    Context.SURVEY_CHOICE: "choice",
    Context.SURVEY_FREE: "opinion",
}
