"""A recorded text with what is known about it: what deciding makes of it is written back to these rows."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.conversation.situation import Situation
from messages.understanding import Understanding
from storage.addresses import Address
from storage.inbound import InboundMessage


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    message: InboundMessage
    #: The addresses of people that it may have come from.
    held: Sequence[Address]
    situation: Situation
    understood: Understanding
