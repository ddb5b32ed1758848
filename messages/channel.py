"""What a channel is: how a text comes in, how one leaves, and what can go wrong on the way.

Providers' own words (``MessageSid``, ``21610``) end in ``bot/channels``; from here on these are used.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from messages.errors import KitError


class ChannelName(StrEnum):
    #: A mobile number in E.164.
    SMS = "sms"
    #: A chat id, as decimal text.
    TELEGRAM = "telegram"
    #: Staff only: an e-mail address.
    EMAIL = "email"
    #: Staff only: the council's Teams workflow; its address is the empty text.
    TEAMS = "teams"
    #: The operator only: the webhook that pages; its address is the empty text.
    WEBHOOK = "webhook"


class InboundKind(StrEnum):
    #: Somebody wrote (or sent a picture).
    TEXT = "text"
    #: A later version of a text that is already here.
    EDIT = "edit"
    #: A button under one of our texts was pressed; the text is the button's value.
    PRESS = "press"
    #: ``/start TOKEN``: somebody opens the link that joins a chat to a person; the text is the token.
    LINK = "link"
    #: The chat blocked us.
    BLOCKED = "blocked"
    #: The chat let us in again.
    UNBLOCKED = "unblocked"
    #: Something we have no use for; kept, answered 200, shown to nobody.
    OTHER = "other"


class CarrierKeyword(StrEnum):
    """The carrier itself acted on the text (Twilio's ``OptOutType``) and has answered it."""

    STOP = "STOP"
    START = "START"
    HELP = "HELP"


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """A picture or other file. Kept as a link for staff, never fetched by us."""

    url: str
    content_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbound:
    """One thing that reached us. ``text`` is clean (no NUL, no lone surrogate); ``raw`` is what came."""

    channel: ChannelName
    provider_id: str
    sender: str
    text: str
    raw: bytes
    kind: InboundKind = InboundKind.TEXT
    sent_at: datetime | None = None
    media: tuple[Media, ...] = ()
    carrier_keyword: CarrierKeyword | None = None
    #: The ``provider_id`` of the first version, for an edit.
    edit_of: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    label: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboundText:
    """One text on its way out. ``id`` is our outbound row's and travels with it (callback URL)."""

    id: UUID
    to: str
    body: str
    subject: str = ""
    buttons: tuple[Button, ...] = ()
    #: Seconds after which the provider must give up.
    valid_for: int = 14_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The provider took it. ``segments`` as the provider counts, 0 when it does not say."""

    provider_id: str
    segments: int = 0


class DeliveryStatus(StrEnum):
    """Where a text is. Reports may come in any order: a status never moves to a lower rank."""

    ACCEPTED = "accepted"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    FAILED = "failed"

    @property
    def rank(self) -> int:
        return _RANKS[self]

    @property
    def final(self) -> bool:
        return self.rank == _RANKS[DeliveryStatus.DELIVERED]


_RANKS = {
    DeliveryStatus.ACCEPTED: 0,
    DeliveryStatus.SENDING: 1,
    DeliveryStatus.SENT: 2,
    DeliveryStatus.DELIVERED: 3,
    DeliveryStatus.UNDELIVERED: 3,
    DeliveryStatus.FAILED: 3,
}


class Failure(StrEnum):
    """Why a text did not arrive, by what we do about it."""

    #: Clean refusal of the moment (5xx before accept): try again with back-off.
    TRANSIENT = "transient"
    #: Too fast: wait ``retry_after`` seconds; no attempt is burnt.
    THROTTLED = "throttled"
    #: It may or may not have left (time-out, reset after the write).
    AMBIGUOUS = "ambiguous"
    #: Phone off or without signal.
    UNREACHABLE = "unreachable"
    #: No such number, or no such chat.
    UNKNOWN_ADDRESS = "unknown_address"
    #: A landline, or a number that takes no texts.
    NOT_MOBILE = "not_mobile"
    #: The address cannot be right.
    INVALID_ADDRESS = "invalid_address"
    #: The person said STOP, or blocked the bot.
    CONSENT = "consent"
    #: The carrier refused the words.
    FILTERED = "filtered"
    #: Waited too long at the provider.
    EXPIRED = "expired"
    #: Our credentials or settings are wrong: stop the sender, keep the queue, page the operator.
    CONFIGURATION = "configuration"
    #: A code we do not know: a person looks.
    UNKNOWN = "unknown"


class SendError(KitError):
    """The text was not accepted."""

    def __init__(
        self, failure: Failure, words: str, *, code: str = "", retry_after: float | None = None
    ) -> None:
        super().__init__(words)
        self.failure = failure
        #: What staff read: a plain sentence without number, name or body.
        self.words = words
        self.code = code
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryReport:
    """A provider's word on a text that it took. ``outbound_id`` comes back from our callback URL."""

    channel: ChannelName
    provider_id: str
    status: DeliveryStatus
    outbound_id: UUID | None = None
    failure: Failure | None = None
    code: str = ""
    words: str = ""
    raw: bytes = field(default=b"", repr=False)


class Channel(Protocol):
    """A way for texts to leave. Safe to call from many threads; holds no state that matters."""

    @property
    def name(self) -> ChannelName: ...

    def send(self, text: OutboundText) -> Accepted:
        """Hand one text to the provider, within ten seconds, or raise :class:`SendError`."""

    def find(self, text: OutboundText, *, since: datetime) -> Accepted | None:
        """Look for a text whose send was ambiguous. None: the provider does not have it, or cannot say."""
