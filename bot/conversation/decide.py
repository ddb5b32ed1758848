"""From a situation and what was understood to what should happen. Pure: nothing is sent or written here.

The order is that of ARCHITECTURE: opt-out, danger, the answer to what was asked, wishes, free text.
"""

from dataclasses import replace

from bot.conversation import danger, machine
from bot.conversation.answering import once_for_all_parts, replies
from bot.conversation.contact_rule import contact
from bot.conversation.raising import alerts, raised
from bot.conversation.response import (
    AnswerCheckIn,
    Change,
    FreezeForDeath,
    OptIn,
    OptOut,
    Raise,
    Response,
    StopAnswers,
)
from bot.conversation.situation import Sender, Situation
from bot.conversation.wishes import Granted, granted, heard_from_anywhere, opting_out
from messages.channel import CarrierKeyword, InboundKind
from messages.kinds import AlertKind, OutboundKind
from messages.understanding import Danger, Understanding, Wish
from messages.wordings import WordingKey
from scheduler.rules import Rules

_OPT_OUTS = (Wish.STOP, Wish.ENDED)


def decide(situation: Situation, understood: Understanding, rules: Rules) -> Response:
    """What one text leads to. ``understood`` is the reading of all parts that belong together."""
    match situation.kind:
        case InboundKind.BLOCKED:
            return _blocked(situation)
        case InboundKind.UNBLOCKED:
            return Response(changes=(OptIn(unblocked=True),), alerts=_signs_of_the_missing(situation))
        case InboundKind.OTHER:
            return Response()
    wished = _wished(situation, understood, rules)
    answers = replies(situation, understood, wished, rules)
    raises = alerts(situation, understood, wished, rules)
    changes = _changes(situation, understood, wished)
    if _is_looping(situation, understood, rules):
        answers = tuple(reply for reply in answers if reply.kind is OutboundKind.DANGER_ANSWER)
        changes += (StopAnswers(until=situation.now + rules.machine_quiet),)
        raises += raised(situation, understood, (AlertKind.MACHINE_LOOP,), rules)
    replaces, answers = once_for_all_parts(situation, answers, rules)
    return Response(
        replies=answers,
        replaces=replaces,
        changes=changes,
        alerts=raises,
        contact=contact(situation, understood) if situation.owner else None,
    )


def _is_looping(situation: Situation, understood: Understanding, rules: Rules) -> bool:
    """Three exchanges in a row that look like a machine's. A plea that is repeated never does."""
    if understood.urgent or situation.answers_stopped:
        return False
    count = machine.in_a_row(situation, machine_now=understood.detail.machine)
    return count >= rules.machine_exchanges


def _blocked(situation: Situation) -> Response:
    """A block closes only this address; from somebody who is missing it is news, like any sign."""
    return Response(
        changes=(OptOut(everywhere=False),),
        alerts=tuple(
            Raise(
                kind=AlertKind.HEARD_WHILE_MISSING if person.missing else AlertKind.STOPPED,
                person_id=person.id,
            )
            for person in situation.people
        ),
    )


def _signs_of_the_missing(situation: Situation) -> tuple[Raise, ...]:
    return tuple(
        Raise(kind=AlertKind.HEARD_WHILE_MISSING, person_id=person.id)
        for person in situation.people
        if person.missing
    )


def _wished(situation: Situation, understood: Understanding, rules: Rules) -> tuple[Granted, ...]:
    """What the text asks for. An opt-out is heard from anybody, in an edit too, and again and again."""
    asked: list[Granted] = []
    wishes = _wishes_to_grant(situation, understood)
    leaving = understood.opt_out or situation.carrier_keyword is CarrierKeyword.STOP
    if leaving:
        word = next((wish for wish in understood.detail.wishes if wish in _OPT_OUTS), None)
        asked.append(opting_out(word, situation, by_other=Wish.WRONG_NUMBER in wishes))
    if situation.kind is InboundKind.EDIT or situation.repeats_itself(rules.same_text_quiet):
        return tuple(asked)
    for wish in wishes:
        if situation.sender is Sender.KNOWN and not _in_custody(situation):
            asked.append(granted(wish, situation, understood, rules))
        elif situation.sender is not Sender.DISPUTED:
            asked.append(heard_from_anywhere(wish, situation))
    return tuple(_said_last(each) for each in asked) if leaving else tuple(asked)


def _said_last(wish: Granted) -> Granted:
    """The apology to a wrong number that also says stop is its one confirmation: nothing follows it."""
    apology = wish.reply is not None and wish.reply.key is WordingKey.WRONG_NUMBER_APOLOGY
    if wish.reply is None or not apology:
        return wish
    return replace(wish, reply=replace(wish.reply, kind=OutboundKind.STOP_CONFIRMATION))


def _wishes_to_grant(situation: Situation, understood: Understanding) -> list[Wish]:
    """The wishes that may be acted upon, without those that the rest of the text speaks against."""
    dangers = understood.detail.dangers
    against = set(_OPT_OUTS)
    if Danger.WATCHED_PHONE in dangers or _in_custody(situation):
        against.add(Wish.CALL_ME)
    if dangers & danger.OTHERS_WRITE:
        against.add(Wish.WRONG_NUMBER)
    wishes = list(understood.detail.wishes)
    return [wish for wish in wishes if wish not in against]


def _in_custody(situation: Situation) -> bool:
    return any(person.in_custody for person in situation.people)


def _changes(
    situation: Situation, understood: Understanding, wished: tuple[Granted, ...]
) -> tuple[Change, ...]:
    changes: list[Change] = []
    for wish in wished:
        changes += wish.changes
    if Danger.DEATH in understood.detail.dangers and situation.people:
        changes.append(FreezeForDeath())
    counted = contact(situation, understood)
    if situation.check_in is not None and counted is not None and counted.not_counted is None:
        changes.append(AnswerCheckIn(check_in_id=situation.check_in.id, mood=understood.mood))
    return tuple(changes)
