"""From a situation and what was understood to what should happen. Pure: nothing is sent or written here.

The order is that of ARCHITECTURE: opt-out, danger, the answer to what was asked, wishes, free text.
"""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from bot.conversation import danger, machine
from bot.conversation.contact_rule import contact
from bot.conversation.response import (
    AnswerCheckIn,
    Change,
    FreezeForDeath,
    OptIn,
    OptOut,
    Raise,
    Reply,
    Response,
    Restrict,
    StopAnswers,
)
from bot.conversation.situation import Sender, Situation
from bot.conversation.wishes import Granted, by_hours, granted, opting_out, wrong_number
from messages.channel import CarrierKeyword, InboundKind
from messages.kinds import ALERT_TERMS, AlertKind, Deadline, OutboundKind
from messages.understanding import AboutStaff, Danger, Intent, Need, Understanding, Wish
from messages.wordings import WordingKey
from scheduler.rules import Rules

_DAY = timedelta(days=1)
_WORRIES = {Need.HOUSING, Need.MONEY, Need.FOOD, Need.POLICE_CUSTODY}
_OPT_OUTS = (Wish.STOP, Wish.ENDED)
#: From whom nothing but danger to life gets an answer of its own.
_NOT_THEIRS = (Sender.STRANGER, Sender.UNENROLLED, Sender.DISPUTED)
_DANGER_WORDINGS = ("danger_", "shout_")


def decide(situation: Situation, understood: Understanding, rules: Rules) -> Response:
    """What one text leads to. ``understood`` is the reading of all parts that belong together."""
    match situation.kind:
        case InboundKind.BLOCKED:
            return _blocked(situation)
        case InboundKind.UNBLOCKED:
            return Response(changes=(OptIn(),))
        case InboundKind.OTHER:
            return Response()
    wished = _wished(situation, understood, rules)
    replies = _replies(situation, understood, wished, rules)
    looping = machine.in_a_row(situation, machine_now=understood.detail.machine)
    alerts = _alerts(situation, understood, wished)
    changes = _changes(situation, understood, wished)
    if looping >= rules.machine_exchanges and not situation.answers_stopped:
        replies = ()
        changes += (StopAnswers(until=situation.now + rules.machine_quiet),)
        alerts += _raised(situation, understood, (AlertKind.MACHINE_LOOP,))
    replaces, replies = _once_for_all_parts(situation, replies, rules)
    return Response(
        replies=replies,
        replaces=replaces,
        changes=changes,
        alerts=alerts,
        contact=contact(situation, understood) if situation.whom else None,
    )


def _blocked(situation: Situation) -> Response:
    return Response(
        changes=(OptOut(everywhere=False),),
        alerts=tuple(Raise(kind=AlertKind.STOPPED, person_id=person.id) for person in situation.people),
    )


# Wishes


def _wished(situation: Situation, understood: Understanding, rules: Rules) -> tuple[Granted, ...]:
    """What the text asks for. A stranger, a shared or a disputed number may only stop, or say WRONG."""
    if situation.kind is InboundKind.EDIT:
        return ()
    wishes = understood.detail.wishes
    asked: list[Granted] = []
    if understood.opt_out or situation.carrier_keyword is CarrierKeyword.STOP:
        asked.append(opting_out(next((wish for wish in wishes if wish in _OPT_OUTS), None), situation))
    if situation.sender is Sender.KNOWN:
        asked += [granted(wish, situation, understood, rules) for wish in wishes if wish not in _OPT_OUTS]
    elif Wish.WRONG_NUMBER in wishes and situation.sender is not Sender.DISPUTED:
        asked.append(wrong_number(situation))
    elif Wish.START in wishes or situation.carrier_keyword is CarrierKeyword.START:
        asked.append(Granted(changes=(OptIn(),)))
    elif Wish.HELP in wishes:
        asked.append(Granted(alerts=(AlertKind.HELP_WORD,)))
    return tuple(asked)


# Alerts


def _alerts(
    situation: Situation, understood: Understanding, wished: tuple[Granted, ...]
) -> tuple[Raise, ...]:
    kinds = [*_danger_kinds(situation, understood)]
    match understood.detail.about_staff:
        case AboutStaff.ALLEGATION:
            kinds.append(AlertKind.ALLEGATION)
        case AboutStaff.COMPLAINT:
            kinds.append(AlertKind.COMPLAINT)
    if situation.kind is not InboundKind.EDIT:
        kinds += [kind for wish in wished for kind in wish.alerts]
        kinds += _quieter_kinds(situation, understood)
    if situation.sender in (Sender.STRANGER, Sender.DISPUTED) and not kinds:
        kinds.append(AlertKind.UNKNOWN_SENDER)
    return _raised(situation, understood, tuple(dict.fromkeys(kinds)))


def _danger_kinds(situation: Situation, understood: Understanding) -> list[AlertKind]:
    kinds = []
    dangers = understood.detail.dangers
    if understood.urgent:
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


def _quieter_kinds(situation: Situation, understood: Understanding) -> list[AlertKind]:
    """Worries of a known person that someone should see today or soon."""
    kinds = []
    if situation.sender not in (Sender.KNOWN, Sender.SHARED) or understood.urgent:
        return []
    check_in = situation.check_in
    if understood.mood == -1 and check_in is not None and check_in.mood_before == -1:
        kinds.append(AlertKind.LOW_MOOD)
    worried = understood.mood != 1 and bool(_WORRIES & set(understood.needs))
    if worried or understood.detail.rough_sleeping:
        kinds.append(AlertKind.WORRY)
    if understood.detail.language is None:
        kinds.append(AlertKind.UNREAD_LANGUAGE)
    return kinds


def _raised(
    situation: Situation, understood: Understanding, kinds: tuple[AlertKind, ...]
) -> tuple[Raise, ...]:
    """One alert for each kind and each person it may be about; nobody's go to duty."""
    owners: list[UUID | None] = [person.id for person in situation.people]
    if not owners or situation.sender is Sender.DISPUTED:
        owners = [None]
    dangers = understood.detail.dangers
    return tuple(
        Raise(
            kind=kind,
            person_id=owner,
            why=understood.why,
            texts=(*(part.text for part in situation.together(timedelta(seconds=30))), situation.text),
            watched=danger.may_be_watched(dangers, watched=situation.watched),
            about_staff=understood.detail.about_staff is not None,
        )
        for kind in kinds
        for owner in owners
    )


# Changes


def _changes(
    situation: Situation, understood: Understanding, wished: tuple[Granted, ...]
) -> tuple[Change, ...]:
    changes: list[Change] = []
    for wish in wished:
        changes += wish.changes
    if Danger.DEATH in understood.detail.dangers and situation.whom is not None:
        changes.append(FreezeForDeath())
    if understood.detail.about_staff is not None and situation.whom is not None:
        changes.append(Restrict())
    counted = contact(situation, understood)
    if situation.check_in is not None and counted is not None and counted.not_counted is None:
        changes.append(AnswerCheckIn(check_in_id=situation.check_in.id, mood=understood.mood))
    return tuple(changes)


# Replies


def _replies(
    situation: Situation, understood: Understanding, wished: tuple[Granted, ...], rules: Rules
) -> tuple[Reply, ...]:
    """At most one answer; an opt-out is confirmed last of all."""
    if _must_be_silent(situation, understood):
        return ()
    endangered = bool(understood.detail.dangers) or understood.urgent
    confirmation = [
        wish.reply
        for wish in wished
        if wish.reply is not None and wish.reply.kind is OutboundKind.STOP_CONFIRMATION
    ]
    if endangered or Wish.SHOUT in understood.detail.wishes:
        answer = _danger_reply(situation, understood, rules)
        if understood.opt_out and situation.carrier_keyword is CarrierKeyword.STOP:
            return ()
        return (*([answer] if answer else []), *confirmation)
    if understood.opt_out:
        return tuple(confirmation)
    if situation.answers_stopped or situation.kind is InboundKind.EDIT:
        return ()
    reply = _plain_reply(situation, understood, wished)
    if reply is None or _said_the_same_just_now(situation, rules):
        return ()
    return (reply,)


def _must_be_silent(situation: Situation, understood: Understanding) -> bool:
    """No automatic text may go to this address, whatever it says."""
    starting = Wish.START in understood.detail.wishes
    return (
        any(person.in_custody or person.frozen for person in situation.people)
        or (any(person.opted_out for person in situation.people) and not starting)
        or situation.carrier_keyword in (CarrierKeyword.HELP, CarrierKeyword.START)
    )


def _danger_reply(situation: Situation, understood: Understanding, rules: Rules) -> Reply | None:
    """The answer that fits the danger, at most once in three hours."""
    recently = situation.said_since(rules.danger_answer_every)
    if any(said.key.startswith(_DANGER_WORDINGS) for said in recently):
        return None
    dangers = understood.detail.dangers or frozenset({Danger.OWN_LIFE})
    if situation.sender in _NOT_THEIRS and not dangers & danger.TO_LIFE:
        return None
    if Wish.SHOUT in understood.detail.wishes and not situation.watched:
        return Reply(key=WordingKey.SHOUT_REDIRECT, kind=OutboundKind.DANGER_ANSWER)
    age = situation.whom.age if situation.whom else None
    key = danger.answer(dangers, watched=situation.watched, age=age)
    return Reply(key=key, kind=OutboundKind.DANGER_ANSWER) if key else None


def _plain_reply(
    situation: Situation, understood: Understanding, wished: tuple[Granted, ...]
) -> Reply | None:
    asked = next((wish.reply for wish in wished if wish.reply is not None), None)
    match situation.sender:
        case Sender.DISPUTED:
            return None
        case Sender.STRANGER | Sender.UNENROLLED | Sender.SHARED:
            return asked or _neutral_once_a_day(situation, understood)
        case Sender.KNOWN:
            return asked or _acknowledgement(situation, understood)


def _neutral_once_a_day(situation: Situation, understood: Understanding) -> Reply | None:
    said = any(said.key == WordingKey.NEUTRAL_LINE for said in situation.said_since(_DAY))
    return None if said or understood.detail.machine else Reply(key=WordingKey.NEUTRAL_LINE)


def _acknowledgement(situation: Situation, understood: Understanding) -> Reply | None:
    """One short human line, never "I did not understand"; none to a machine or to thanks for ours."""
    if understood.detail.machine or machine.echoes(situation.text, situation):
        return None
    if understood.detail.about_staff is not None:
        return Reply(key=WordingKey.DANGER_NEUTRAL)
    wait = timedelta(seconds=5) if situation.check_in else timedelta()
    match understood.intent:
        case Intent.MOOD_GOOD:
            reply = Reply(key=WordingKey.ACK_GOOD)
        case Intent.MOOD_OK:
            reply = Reply(key=WordingKey.ACK_OK)
        case Intent.MOOD_LOW:
            reply = by_hours(situation, "ack_low")
        case Intent.ACK_THANKS if situation.said_since(_DAY) and situation.check_in is None:
            return None
        case Intent.EMPTY_NOISE if situation.has_media:
            reply = Reply(key=WordingKey.ACK_MEDIA)
        case Intent.EMPTY_NOISE if situation.check_in is None:
            return None
        case _:
            worried = bool(_WORRIES & set(understood.needs))
            reply = by_hours(situation, "ack_worry") if worried else Reply(key=WordingKey.ACK_TEXT)
    return replace(reply, after=wait)


def _said_the_same_just_now(situation: Situation, rules: Rules) -> bool:
    """A text identical to the sender's last gets no answer for ten minutes."""
    last = situation.earlier[-1] if situation.earlier else None
    return (
        last is not None and last.text == situation.text and situation.now - last.at < rules.same_text_quiet
    )


def _once_for_all_parts(
    situation: Situation, replies: tuple[Reply, ...], rules: Rules
) -> tuple[UUID | None, tuple[Reply, ...]]:
    """Parts that belong together get one answer: a queued one is replaced, a sent one is not repeated."""
    parts = {part.id for part in situation.together(rules.read_together)}
    answers = [said for said in situation.said if said.answers_id in parts]
    queued = next((said for said in answers if said.queued), None)
    if queued is not None and replies:
        return queued.id, replies
    if answers and all(reply.key.startswith("ack_") for reply in replies):
        return None, ()
    return None, replies
