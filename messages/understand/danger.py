"""Danger in a text: whether somebody must act now, and of which kinds it is."""

from dataclasses import dataclass
from functools import cache

from messages.understand.lexicon import Hits, lexicon
from messages.understand.reading import Reading
from messages.understand.trained import Scores
from messages.understanding import Danger, Intent

#: How likely the likeliest kind must be, for a cry to be taken as saying what is wrong.
_GUESSED = 0.15
#: From this chance of an opt-out on, this share of the line is enough.
_STOP, _WITH_STOP = 0.5, 0.4


@dataclass(frozen=True, slots=True, kw_only=True)
class DangerRead:
    dangers: frozenset[Danger]
    urgent: bool
    #: 0 to 1: how likely the reader holds it that somebody must act now.
    chance: float
    #: A cry for help that does not say against what.
    only_vague: bool
    rough_sleeping: bool

    @property
    def by_other(self) -> bool:
        """Somebody else writes from this phone, or about somebody else."""
        return Danger.THIRD_PARTY in self.dangers or Danger.DEATH in self.dangers


def read_danger(scores: Scores, reading: Reading, topics: Hits, *, alleged: bool = False) -> DangerRead:
    """``alleged``: harm by a worker, which is urgent without any of these dangers."""
    urgent = _is_urgent(scores) and bool(reading.words or reading.emoji)
    dangers = _kinds(scores) if urgent else frozenset()
    if alleged and _words("relations").isdisjoint(reading.words):
        dangers -= {Danger.OTHER_PERSON}  # that is the worker
    unsaid = frozenset({Danger.OWN_LIFE}) if urgent and not alleged else frozenset()
    other = frozenset({Danger.THIRD_PARTY}) if another_writes(scores, reading) else frozenset()
    return DangerRead(
        dangers=(dangers or unsaid) | other,
        urgent=urgent,
        chance=scores.chance("urgent"),
        only_vague=urgent and not dangers,
        rough_sleeping=scores.over("rough_sleeping") or _sleeps_rough(topics),
    )


def _is_urgent(scores: Scores) -> bool:
    """The wish to be left alone drowns a cry beside it, and ends the texts: there less is enough."""
    share = _WITH_STOP if scores.chance("opt_out") >= _STOP else 1.0
    return scores.chance("urgent") >= share * scores.lines["urgent"]


def another_writes(scores: Scores, reading: Reading) -> bool:
    """A relation with the person's own phone: "its his mum hes asleep"; not "wrong number, im his mum"."""
    words = set(reading.words)
    relation = words & _words("relations") and words.isdisjoint(_words("not_theirs"))
    return bool(relation) and scores.best("intent") == Intent.WRONG_PERSON


@cache
def _words(key: str) -> frozenset[str]:
    return lexicon().word_set("wishes", "others", key)


def _sleeps_rough(topics: Hits) -> bool:
    """In plain words, and not of leisure on a sofa or in a tent."""
    return "places/rough" in topics and "places/not_rough" not in topics


def _kinds(scores: Scores) -> frozenset[Danger]:
    """Those that are likely, else the likeliest, unless it is a mere guess."""
    named = frozenset(map(Danger, scores.said("danger")))
    likeliest = Danger(scores.best("danger"))
    return named or frozenset({likeliest} if scores.chance("danger", likeliest) >= _GUESSED else ())
