"""What counts as a contact (PRODUCT 3): a two-way contact comes from a confirmed address of an enrolled
person and was written by them. Everything else is kept, shown, and not counted, with the reason.
"""

from bot.conversation.danger import OTHERS_WRITE
from bot.conversation.machine import echoes
from bot.conversation.response import Counted
from bot.conversation.situation import Sender, Situation
from messages.channel import InboundKind
from messages.kinds import NotCounted
from messages.understanding import Intent, Understanding, Wish

_NOT_SURELY_THEIRS = {
    Sender.SHARED: NotCounted.SHARED_NUMBER,
    Sender.UNENROLLED: NotCounted.NOT_ENROLLED,
    Sender.UNCONFIRMED: NotCounted.UNCONFIRMED_ADDRESS,
}
_CONTACT_KINDS = (InboundKind.TEXT, InboundKind.PRESS)


def contact(situation: Situation, understood: Understanding) -> Counted | None:
    """The contact this text is; None when it is none at all (an edit, a block)."""
    if situation.kind not in _CONTACT_KINDS:
        return None
    return Counted(not_counted=_why_not(situation, understood))


def _why_not(situation: Situation, understood: Understanding) -> NotCounted | None:
    detail = understood.detail
    if situation.sender is Sender.DISPUTED:
        return NotCounted.DISPUTED
    if detail.dangers & OTHERS_WRITE:
        return NotCounted.THIRD_PARTY
    if Wish.WRONG_NUMBER in detail.wishes:
        return NotCounted.WRONG_PERSON
    if any(person.in_custody for person in situation.people):
        return NotCounted.CUSTODY
    if situation.sender in _NOT_SURELY_THEIRS:
        return _NOT_SURELY_THEIRS[situation.sender]
    return _empty_of_news(situation, understood)


def _empty_of_news(situation: Situation, understood: Understanding) -> NotCounted | None:
    """From the person's own phone, and yet no word from them."""
    if understood.detail.machine or echoes(situation.text, situation):
        return NotCounted.AUTOREPLY
    if understood.opt_out and understood.detail.bare:
        return NotCounted.BARE_STOP
    if understood.intent is Intent.EMPTY_NOISE and not situation.has_media:
        return NotCounted.NOISE
    return NotCounted.AUTOREPLY if understood.intent is Intent.AUTOREPLY else None
