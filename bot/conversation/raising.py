"""Which alerts a text raises, about whom, and the worker that none of them may reach."""

from uuid import UUID

from bot.conversation import danger
from bot.conversation.response import Raise
from bot.conversation.situation import Sender, Situation, Whom
from bot.conversation.wishes import Granted
from messages.channel import InboundKind
from messages.kinds import ALERT_TERMS, AlertKind, Deadline
from messages.understanding import AboutStaff, Danger, Need, Understanding
from scheduler.rules import Rules

_WORRIES = {Need.HOUSING, Need.MONEY, Need.FOOD, Need.POLICE_CUSTODY}


def alerts(
    situation: Situation, understood: Understanding, wished: tuple[Granted, ...], rules: Rules
) -> tuple[Raise, ...]:
    kinds: list[AlertKind] = []
    # First of all, so that every other alert of the same text keeps away from that worker too.
    match understood.detail.about_staff:
        case AboutStaff.ALLEGATION:
            kinds.append(AlertKind.ALLEGATION)
        case AboutStaff.COMPLAINT:
            kinds.append(AlertKind.COMPLAINT)
    kinds += _danger_kinds(situation, understood)
    kinds += [kind for wish in wished for kind in wish.alerts]
    if situation.kind is not InboundKind.EDIT:
        kinds += _quieter_kinds(situation, understood)
    if situation.sender in (Sender.STRANGER, Sender.DISPUTED) and not kinds:
        kinds.append(AlertKind.UNKNOWN_SENDER)
    return raised(situation, understood, tuple(dict.fromkeys(kinds)), rules)


def _danger_kinds(situation: Situation, understood: Understanding) -> list[AlertKind]:
    kinds = []
    dangers = understood.detail.dangers
    if in_danger(understood):
        kinds.append(danger.alert_kind(dangers or frozenset({Danger.OWN_LIFE})))
    elif dangers:
        # Somebody else writes from this phone, and nobody is in danger.
        kinds.append(AlertKind.NUMBER_IN_DOUBT)
    if any(person.missing for person in situation.people):
        kinds.append(AlertKind.HEARD_WHILE_MISSING)
    urgent = any(ALERT_TERMS[kind].deadline is Deadline.NOW for kind in kinds)
    if urgent and situation.whom is not None and situation.whom.opted_out:
        kinds.append(AlertKind.CANNOT_TEXT_BACK)
    return kinds


def in_danger(understood: Understanding) -> bool:
    """Urgent for more than an allegation, which has an alert and a chain of its own."""
    alleged = understood.detail.about_staff is AboutStaff.ALLEGATION
    return understood.urgent and (bool(understood.detail.dangers) or not alleged)


def _quieter_kinds(situation: Situation, understood: Understanding) -> list[AlertKind]:
    """Worries of a known person that someone should see today or soon."""
    kinds = []
    if situation.sender not in (Sender.KNOWN, Sender.SHARED) or understood.urgent:
        return []
    check_in = situation.check_in
    if understood.mood == -1 and check_in is not None and check_in.mood_before == -1:
        kinds.append(AlertKind.LOW_MOOD)
    if is_worried(situation, understood) or understood.detail.rough_sleeping:
        kinds.append(AlertKind.WORRY)
    if understood.detail.language is None:
        kinds.append(AlertKind.UNREAD_LANGUAGE)
    return kinds


def is_worried(situation: Situation, understood: Understanding) -> bool:
    """A need that somebody should see to. "1 but no money for rent": the digit does not take it back."""
    cheerful = understood.mood == 1 and not situation.text.lstrip()[:1].isdigit()
    return bool(_WORRIES & set(understood.needs)) and not cheerful and not understood.detail.bare


def raised(
    situation: Situation, understood: Understanding, kinds: tuple[AlertKind, ...], rules: Rules
) -> tuple[Raise, ...]:
    """One alert for each kind and each person it may be about; nobody's go to duty."""
    dangers = understood.detail.dangers
    return tuple(
        Raise(
            kind=kind,
            person_id=owner.id if owner else None,
            why=understood.why,
            texts=(*(part.text for part in situation.together(rules.read_together)), situation.text),
            watched=danger.may_be_watched(dangers, watched=situation.watched),
            about_staff_id=_accused(situation, understood, owner),
        )
        for kind in kinds
        for owner in _owners(situation, kind)
    )


def _owners(situation: Situation, kind: AlertKind) -> tuple[Whom | None, ...]:
    """A disputed number's texts are about nobody, but that its person died must reach those who know them."""
    if not situation.people or (situation.sender is Sender.DISPUTED and kind is not AlertKind.DEATH_REPORTED):
        return (None,)
    return situation.people


def _accused(situation: Situation, understood: Understanding, owner: Whom | None) -> UUID | None:
    """The worker whom a text is about: the one it names, else the person's own adviser."""
    if understood.detail.about_staff is None:
        return None
    adviser = owner.adviser_id if owner else None
    named = [worker for name in sorted(understood.detail.about) for worker in situation.workers.get(name, ())]
    return next((worker for worker in named if worker == adviser), named[0] if named else adviser)
