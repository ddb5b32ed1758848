"""Words that always work: what each wish of a known person changes, answers and raises."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import time, timedelta

from bot.conversation.response import (
    Change,
    Dispute,
    OptIn,
    OptOut,
    Pause,
    Reply,
    Resume,
    SetCadence,
    SetWindow,
)
from bot.conversation.situation import Sender, Situation
from messages.channel import CarrierKeyword
from messages.kinds import AlertKind, OutboundKind
from messages.understanding import Topic, Understanding, Wish
from messages.wordings import PhraseKey, WordingKey
from scheduler.rules import Rules
from storage.people import Cadence

_LADDER = (Cadence.WEEKLY, Cadence.FORTNIGHTLY, Cadence.FOUR_WEEKLY, Cadence.EIGHT_WEEKLY)
_WINDOWS = {
    Wish.MORNINGS: (PhraseKey.MORNINGS, SetWindow(start=time(9), end=time(12))),
    Wish.AFTERNOONS: (PhraseKey.AFTERNOONS, SetWindow(start=time(12), end=time(17))),
    Wish.EVENINGS: (PhraseKey.EVENINGS, SetWindow(start=time(17), end=time(20))),
}
_TOPICS = {topic: WordingKey(f"topic_{topic.value}") for topic in Topic}


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    """What one wish comes to."""

    reply: Reply | None = None
    changes: tuple[Change, ...] = ()
    alerts: tuple[AlertKind, ...] = ()


def granted(wish: Wish, situation: Situation, understood: Understanding, rules: Rules) -> Granted:
    """What a known person's wish does. Opt-outs are handled by :func:`opting_out`, for anybody."""
    match wish:
        case Wish.PAUSE:
            return _pause(situation, understood, rules)
        case Wish.CALL_ME:
            return Granted(reply=by_hours(situation, "ack_call_me"), alerts=(AlertKind.CALL_ME,))
        case Wish.LESS | Wish.MORE:
            return _rhythm(wish, situation)
        case Wish.MORNINGS | Wish.AFTERNOONS | Wish.EVENINGS:
            phrase, window = _WINDOWS[wish]
            reply = Reply(key=WordingKey.TIME_OF_DAY_CHANGED, phrase=phrase)
            return Granted(reply=reply, changes=(window,))
        case Wish.TOPIC if understood.detail.topic is not None and not situation.watched:
            return Granted(reply=Reply(key=_TOPICS[understood.detail.topic]))
        case _:
            simple = _SIMPLE.get(wish)
            return simple(situation) if simple else Granted()


#: What somebody may ask from an address that is not surely theirs: a person hears of it, nobody is named.
_FROM_ANYWHERE = {
    Wish.CALL_ME: AlertKind.CALL_ME,
    Wish.WHO: AlertKind.NUMBER_IN_DOUBT,
    Wish.NEW_NUMBER: AlertKind.NEW_NUMBER,
    Wish.HELP: AlertKind.HELP_WORD,
}


def heard_from_anywhere(wish: Wish, situation: Situation) -> Granted:
    """What a wish comes to when it is not certain who wrote it."""
    if wish is Wish.WRONG_NUMBER:
        return wrong_number(situation)
    if wish is Wish.START:
        return Granted(changes=(OptIn(),))
    kind = _FROM_ANYWHERE.get(wish) if situation.people else None
    return Granted(alerts=(kind,) if kind else ())


def opting_out(wish: Wish | None, situation: Situation, *, by_other: bool = False) -> Granted:
    """STOP in any wording, or END, QUIT, CANCEL: at once, everywhere, confirmed once by whoever must.

    Whoever says that they are somebody else, or may be, speaks for this number only.
    """
    if by_other or situation.sender is Sender.DISPUTED:
        return Granted(changes=(OptOut(everywhere=False),))
    carrier_told_them = situation.carrier_keyword is CarrierKeyword.STOP
    already = all(person.opted_out for person in situation.people) if situation.people else False
    confirm = not carrier_told_them and not already
    kinds = [AlertKind.ENDED_BY_WORD if wish is Wish.ENDED else AlertKind.STOPPED]
    if any(person.at_risk for person in situation.people):
        kinds.append(AlertKind.QUIET_AT_RISK)
    return Granted(
        reply=Reply(key=WordingKey.STOP_CONFIRMATION, kind=OutboundKind.STOP_CONFIRMATION)
        if confirm
        else None,
        changes=(OptOut(everywhere=situation.sender is not Sender.SHARED),),
        alerts=tuple(kinds) if situation.people and not already else (),
    )


def wrong_number(situation: Situation) -> Granted:
    """One neutral apology, and nothing else, ever."""
    apologised = WordingKey.WRONG_NUMBER_APOLOGY in situation.ever_said
    return Granted(
        reply=None if apologised else Reply(key=WordingKey.WRONG_NUMBER_APOLOGY),
        changes=(Dispute(),),
        alerts=(AlertKind.NUMBER_IN_DOUBT,),
    )


def _start(situation: Situation) -> Granted:
    confirmed_by_carrier = situation.carrier_keyword is CarrierKeyword.START
    return Granted(
        reply=None if confirmed_by_carrier else Reply(key=WordingKey.START_CONFIRMATION),
        changes=(OptIn(),),
    )


def _pause(situation: Situation, understood: Understanding, rules: Rules) -> Granted:
    days = understood.detail.pause_days
    until = situation.now + (timedelta(days=days) if days else rules.pause)
    at_risk = situation.whom is not None and situation.whom.at_risk
    return Granted(
        reply=Reply(key=WordingKey.PAUSE_CONFIRMATION, until=until),
        changes=(Pause(until=until),),
        alerts=(AlertKind.QUIET_AT_RISK,) if at_risk else (),
    )


def _help(situation: Situation) -> Granted:
    """A lone HELP: the carrier's answer is the crisis text; elsewhere it is ours, or the neutral line."""
    key = WordingKey.DANGER_NEUTRAL if situation.watched else WordingKey.HELP
    answered = situation.carrier_keyword is CarrierKeyword.HELP
    return Granted(
        reply=None if answered else Reply(key=key, kind=OutboundKind.DANGER_ANSWER),
        alerts=(AlertKind.HELP_WORD,),
    )


def _who(situation: Situation) -> Granted:
    """The adviser's first name, once, to a number that may have it; else the neutral line and a check."""
    named = situation.whom is not None and situation.whom.adviser_name
    if not named or situation.watched or WordingKey.WHO in situation.ever_said:
        return Granted(reply=Reply(key=WordingKey.NEUTRAL_LINE), alerts=(AlertKind.NUMBER_IN_DOUBT,))
    return Granted(reply=Reply(key=WordingKey.WHO))


def _rhythm(wish: Wish, situation: Situation) -> Granted:
    if situation.whom is None or not situation.whom.may_change_cadence:
        return Granted()  # read by a person: at high risk the rhythm is not theirs alone to change
    now = _LADDER.index(Cadence(situation.whom.cadence))
    wanted = now + (1 if wish is Wish.LESS else -1)
    if wanted >= len(_LADDER):
        return Granted(reply=Reply(key=WordingKey.RHYTHM_AT_LEAST, phrase=_phrase(_LADDER[now])))
    if wanted < 0:
        return Granted(reply=Reply(key=WordingKey.RHYTHM_AT_MOST, phrase=_phrase(_LADDER[now])))
    cadence = _LADDER[wanted]
    return Granted(
        reply=Reply(key=WordingKey.RHYTHM_CHANGED, phrase=_phrase(cadence)),
        changes=(SetCadence(cadence=cadence),),
    )


def _phrase(cadence: Cadence) -> PhraseKey:
    return PhraseKey(cadence.value)


def by_hours(situation: Situation, stem: str) -> Reply:
    """The wording for working time, or the one that says when somebody is back and whom to ring."""
    return Reply(key=WordingKey(stem if situation.working_time else f"{stem}_out_of_hours"))


def _resume(situation: Situation) -> Granted:
    return Granted(reply=Reply(key=WordingKey.RESUME_CONFIRMATION), changes=(Resume(),))


def _robot(situation: Situation) -> Granted:
    return Granted(reply=Reply(key=WordingKey.ROBOT_ANSWER))


def _new_number(situation: Situation) -> Granted:
    return Granted(reply=Reply(key=WordingKey.NEW_NUMBER_NOTED), alerts=(AlertKind.NEW_NUMBER,))


_SIMPLE: dict[Wish, Callable[[Situation], Granted]] = {
    Wish.START: _start,
    Wish.RESUME: _resume,
    Wish.HELP: _help,
    Wish.WHO: _who,
    Wish.ROBOT: _robot,
    Wish.WRONG_NUMBER: wrong_number,
    Wish.NEW_NUMBER: _new_number,
}
