"""Which alert a danger raises and what the young person gets back, as data with a test per kind.

When kinds mix, the most discreet answer wins; the alert is equally fast (PRODUCT 2).
"""

from collections.abc import Set as AbstractSet
from enum import IntEnum

from messages.kinds import AlertKind
from messages.understanding import Danger
from messages.wordings import WordingKey


class Discretion(IntEnum):
    """How much an answer gives away; the highest of those that apply is taken."""

    #: Helplines and numbers.
    HELPLINES = 0
    #: A way to a bed or food tonight.
    DESTITUTE = 1
    #: One line without numbers or names.
    NEUTRAL = 2
    #: No automatic text: a human answers.
    SILENT = 3


#: Most serious first: the first that applies names the alert.
ALERTS: dict[Danger, AlertKind] = {
    Danger.OWN_LIFE: AlertKind.DANGER_TO_LIFE,
    Danger.MEDICAL: AlertKind.MEDICAL,
    Danger.OTHER_PERSON: AlertKind.DANGER_FROM_OTHERS,
    Danger.CHILD: AlertKind.CHILD_IN_DANGER,
    Danger.EXPLOITATION: AlertKind.EXPLOITATION,
    Danger.DEATH: AlertKind.DEATH_REPORTED,
    Danger.THIRD_PARTY: AlertKind.THIRD_PARTY,
    Danger.WATCHED_PHONE: AlertKind.WATCHED_PHONE,
    Danger.ARREST: AlertKind.ARREST,
    Danger.EVICTION: AlertKind.EVICTION,
    Danger.DESTITUTE: AlertKind.NO_BED_OR_FOOD,
}

_ANSWERS: dict[Danger, Discretion] = {
    Danger.OWN_LIFE: Discretion.HELPLINES,
    Danger.MEDICAL: Discretion.HELPLINES,
    Danger.OTHER_PERSON: Discretion.NEUTRAL,
    Danger.EXPLOITATION: Discretion.NEUTRAL,
    Danger.WATCHED_PHONE: Discretion.NEUTRAL,
    Danger.ARREST: Discretion.NEUTRAL,
    Danger.CHILD: Discretion.NEUTRAL,
    Danger.DESTITUTE: Discretion.DESTITUTE,
    Danger.EVICTION: Discretion.DESTITUTE,
    Danger.THIRD_PARTY: Discretion.SILENT,
    Danger.DEATH: Discretion.SILENT,
}

#: Dangers after which a call or text to this phone may itself do harm.
_WATCHING = {Danger.OTHER_PERSON, Danger.EXPLOITATION, Danger.WATCHED_PHONE}

#: A stranger's number gets the crisis text for these, and nothing for the rest (PRODUCT 2).
TO_LIFE = frozenset({Danger.OWN_LIFE, Danger.MEDICAL})

#: Somebody else is writing: a human answers.
OTHERS_WRITE = frozenset({Danger.THIRD_PARTY, Danger.DEATH})

CHILDLINE_UNDER = 19


def alert_kind(dangers: AbstractSet[Danger]) -> AlertKind:
    return next(kind for danger, kind in ALERTS.items() if danger in dangers)


def may_be_watched(dangers: AbstractSet[Danger], *, watched: bool) -> bool:
    return watched or bool(_WATCHING & dangers)


def discretion(dangers: AbstractSet[Danger], *, watched: bool) -> Discretion:
    asked = max(_ANSWERS[danger] for danger in dangers)
    return max(asked, Discretion.NEUTRAL) if watched else asked


def answer(dangers: AbstractSet[Danger], *, watched: bool, age: int | None) -> WordingKey | None:
    """The wording for these dangers; None: no automatic text, a human answers."""
    match discretion(dangers, watched=watched):
        case Discretion.SILENT:
            return None
        case Discretion.NEUTRAL:
            return WordingKey.DANGER_NEUTRAL
        case Discretion.DESTITUTE:
            return WordingKey.DANGER_DESTITUTE
        case Discretion.HELPLINES:
            young = age is not None and age < CHILDLINE_UNDER
            return WordingKey.DANGER_OWN_LIFE_UNDER_19 if young else WordingKey.DANGER_OWN_LIFE
