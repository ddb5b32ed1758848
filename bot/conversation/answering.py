"""What goes back to a text: at most one answer, and none where silence is safer."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from bot.conversation import danger, machine
from bot.conversation.raising import in_danger, is_worried
from bot.conversation.response import Dispute, Reply
from bot.conversation.situation import Sender, Situation
from bot.conversation.wishes import Granted, by_hours
from messages.channel import CarrierKeyword, InboundKind
from messages.kinds import OutboundKind
from messages.understanding import Danger, Intent, Understanding, Wish
from messages.wordings import WordingKey
from scheduler.rules import Rules

_DAY = timedelta(days=1)
#: From whom nothing but danger to life gets an answer of its own.
_NOT_THEIRS = (Sender.STRANGER, Sender.UNENROLLED, Sender.UNCONFIRMED, Sender.DISPUTED)


def replies(
    situation: Situation, understood: Understanding, wished: tuple[Granted, ...], rules: Rules
) -> tuple[Reply, ...]:
    """At most one answer; an opt-out is confirmed last of all."""
    if _must_be_silent(situation, understood):
        return ()
    endangered = bool(understood.detail.dangers) or in_danger(understood)
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
    reply = _plain_reply(situation, understood, wished, rules)
    if reply is None or situation.repeats_itself(rules.same_text_quiet):
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
    dangers = understood.detail.dangers or frozenset({Danger.OWN_LIFE})
    if situation.sender in _NOT_THEIRS and not dangers & danger.TO_LIFE:
        disputed = situation.sender is Sender.DISPUTED
        return (
            None if disputed or dangers & danger.OTHERS_WRITE else _neutral_once_a_day(situation, understood)
        )
    if situation.danger_answered:
        return None
    if Wish.SHOUT in understood.detail.wishes and not situation.watched:
        return Reply(key=WordingKey.SHOUT_REDIRECT, kind=OutboundKind.DANGER_ANSWER)
    age = situation.whom.age if situation.whom else None
    key = danger.answer(dangers, watched=situation.watched, age=age)
    return Reply(key=key, kind=OutboundKind.DANGER_ANSWER) if key else None


def _plain_reply(
    situation: Situation, understood: Understanding, wished: tuple[Granted, ...], rules: Rules
) -> Reply | None:
    asked = next((wish.reply for wish in wished if wish.reply is not None), None)
    disputed = any(isinstance(change, Dispute) for wish in wished for change in wish.changes)
    match situation.sender:
        case Sender.DISPUTED:
            return None
        case _ if disputed:
            return asked  # one apology, and nothing else, ever
        case Sender.KNOWN if understood.detail.about_staff is not None:
            return Reply(key=WordingKey.DANGER_NEUTRAL)
        case Sender.KNOWN:
            return asked or _acknowledgement(situation, understood, rules)
        case _:
            return asked or _neutral_once_a_day(situation, understood)


def _neutral_once_a_day(situation: Situation, understood: Understanding) -> Reply | None:
    said = any(said.key == WordingKey.NEUTRAL_LINE for said in situation.said_since(_DAY))
    return None if said or understood.detail.machine else Reply(key=WordingKey.NEUTRAL_LINE)


def _acknowledgement(situation: Situation, understood: Understanding, rules: Rules) -> Reply | None:
    """One short human line, never "I did not understand"; none to a machine or to thanks for ours."""
    if understood.detail.machine or machine.echoes(situation.text, situation):
        return None
    wait = rules.answer_waits if situation.check_in else timedelta()
    worried = is_worried(situation, understood)
    match understood.intent:
        case Intent.ACK_THANKS if situation.check_in is None:
            if situation.said_since(_DAY):
                return None
            reply = Reply(key=WordingKey.ACK_THANKS)
        case Intent.EMPTY_NOISE if situation.has_media:
            reply = Reply(key=WordingKey.ACK_MEDIA)
        case Intent.EMPTY_NOISE if situation.check_in is None:
            return None
        case Intent.MOOD_LOW:
            reply = by_hours(situation, "ack_low")
        case _ if worried:
            reply = by_hours(situation, "ack_worry")
        case Intent.MOOD_GOOD:
            reply = Reply(key=WordingKey.ACK_GOOD)
        case Intent.MOOD_OK:
            reply = Reply(key=WordingKey.ACK_OK)
        case _:
            reply = Reply(key=WordingKey.ACK_TEXT)
    return replace(reply, after=wait)


def once_for_all_parts(
    situation: Situation, replies: tuple[Reply, ...], rules: Rules
) -> tuple[UUID | None, tuple[Reply, ...]]:
    """Parts that belong together get one answer.

    A plain line that still waits is replaced; what was said, and what answers a danger or a word that
    always works, is never taken back for a plain line.
    """
    parts = {part.id for part in situation.together(rules.read_together)}
    answers = [said for said in situation.said if said.answers_id in parts]
    waiting = next((said for said in answers if said.queued and _is_plain(said.key)), None)
    firm = any(not (said.queued and _is_plain(said.key)) for said in answers)
    if firm and all(_is_plain(reply.key) for reply in replies):
        return None, ()
    return (waiting.id if waiting and replies else None), replies


def _is_plain(key: str) -> bool:
    return key.startswith("ack_") and not key.startswith("ack_call_me")
