"""What counts as a contact (PRODUCT 3): a two-way contact comes from a confirmed address of an enrolled
person and was written by them. Everything else is kept, shown, and not counted, with the reason.
"""

from bot.conversation.machine import echoes
from bot.conversation.response import Counted
from bot.conversation.situation import Sender, Situation
from messages.channel import InboundKind
from messages.kinds import NotCounted
from messages.understanding import Danger, Intent, Understanding, Wish

_BY_OTHERS = {Danger.THIRD_PARTY, Danger.DEATH}
_CONTACT_KINDS = (InboundKind.TEXT, InboundKind.PRESS)


def contact(situation: Situation, understood: Understanding) -> Counted | None:
    """The contact this text is; None when it is none at all (an edit, a block)."""
    if situation.kind not in _CONTACT_KINDS:
        return None
    return Counted(not_counted=_why_not(situation, understood))


def _why_not(situation: Situation, understood: Understanding) -> NotCounted | None:
    detail = understood.detail
    if situation.sender is Sender.DISPUTED or Wish.WRONG_NUMBER in detail.wishes:
        return NotCounted.WRONG_PERSON
    if detail.dangers & _BY_OTHERS:
        return NotCounted.THIRD_PARTY
    if any(person.in_custody for person in situation.people):
        return NotCounted.CUSTODY
    if situation.sender is Sender.SHARED:
        return NotCounted.SHARED_NUMBER
    if situation.sender is Sender.UNENROLLED:
        return NotCounted.NOT_ENROLLED
    if detail.machine or understood.intent is Intent.AUTOREPLY or echoes(situation.text, situation):
        return NotCounted.AUTOREPLY
    if understood.intent is Intent.OPT_OUT and not understood.urgent:
        return NotCounted.BARE_STOP
    if understood.intent is Intent.EMPTY_NOISE and not situation.has_media:
        return NotCounted.NOISE
    return None
