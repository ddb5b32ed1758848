"""Texts by Twilio, through the official SDK."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit
from uuid import UUID

from messages.channel import Accepted, ChannelName, Failure, OutboundText, SendError

if TYPE_CHECKING:
    from twilio.rest import Client
    from twilio.rest.api.v2010.account.message import MessageInstance

_T = TypeVar("_T")

#: The name under which our outbound id travels in the status callback's address.
OUTBOUND_PARAMETER = "outbound"

#: What Twilio accepts as ``ValidityPeriod``, in seconds.
_SHORTEST, _LONGEST = 1, 36_000

#: Twilio stamps whole seconds by its own clock.
_CLOCK_SLACK = timedelta(seconds=5)

_LOOK_BACK = 100


class TwilioSms:
    """The SMS channel. One Messaging Service, or one number for a council that has only that.

    ``base_url`` points the SDK at a proxy or a stand-in; ``region`` and ``edge`` at Twilio's own
    regions. ``timeout`` is for one whole exchange, in seconds.
    """

    def __init__(
        self,
        account_sid: str,
        auth_token: str,
        *,
        messaging_service_sid: str | None = None,
        from_: str | None = None,
        callback_url: str,
        base_url: str | None = None,
        region: str | None = None,
        edge: str | None = None,
        timeout: float = 10,
    ) -> None:
        self._sender = _sender(messaging_service_sid, from_)
        self._callback_url = callback_url
        self._client = _client(account_sid, auth_token, base_url, region, edge, timeout)

    @property
    def name(self) -> ChannelName:
        return ChannelName.SMS

    def send(self, text: OutboundText) -> Accepted:
        return self._understood(lambda: _accepted(self._create(text)))

    def find(self, text: OutboundText, *, since: datetime) -> Accepted | None:
        """The newest message to this number with these words, created at ``since`` or later.

        Twilio's own ``DateSent`` filter is not asked: a message still in the queue has no such date.
        """
        earliest = since - _CLOCK_SLACK
        try:
            return self._understood(lambda: self._newest(text, earliest))
        except SendError:
            return None

    def _newest(self, text: OutboundText, earliest: datetime) -> Accepted | None:
        listed = self._client.messages.list(to=text.to, limit=_LOOK_BACK)
        return next((_accepted(message) for message in listed if _is_ours(message, text, earliest)), None)

    def _create(self, text: OutboundText) -> "MessageInstance":
        return self._client.messages.create(
            to=text.to,
            body=text.body,
            status_callback=callback_address(self._callback_url, text.id),
            validity_period=min(max(text.valid_for, _SHORTEST), _LONGEST),
            **self._sender,
        )

    @staticmethod
    def _understood(call: Callable[[], _T]) -> _T:
        try:
            return call()
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            reason = type(error).__name__
        # A 2xx that is not Twilio's JSON: something answered, and the text may have left.
        raise SendError(
            Failure.AMBIGUOUS, "Twilio did not answer clearly: the text may have left.", code=reason
        )


def callback_address(callback_url: str, outbound_id: UUID) -> str:
    """``callback_url`` with our id in its query, before any fragment."""
    parts = urlsplit(callback_url)
    ours = f"{OUTBOUND_PARAMETER}={outbound_id}"
    return parts._replace(query=f"{parts.query}&{ours}" if parts.query else ours).geturl()


def _sender(messaging_service_sid: str | None, from_: str | None) -> dict[str, str]:
    if messaging_service_sid:
        return {"messaging_service_sid": messaging_service_sid}
    if from_:
        return {"from_": from_}
    raise ValueError("Twilio needs a Messaging Service or a number to send from")


def _client(
    account_sid: str,
    auth_token: str,
    base_url: str | None,
    region: str | None,
    edge: str | None,
    timeout: float,
) -> "Client":
    # The SDK takes a third of a second to import: only a process that sends pays for it.
    from twilio.rest import Client

    from bot.channels.twilio_http import PooledTwilioHttp

    make: Callable[..., Client] = Client
    http = PooledTwilioHttp(base_url=base_url, timeout=timeout)
    return make(account_sid, auth_token, region=region, edge=edge, http_client=http)


def _is_ours(message: "MessageInstance", text: OutboundText, earliest: datetime) -> bool:
    return (
        str(message.direction).startswith("outbound")
        and message.date_created is not None
        and message.date_created >= earliest
        and (message.body or "").strip() == text.body.strip()
    )


def _accepted(message: "MessageInstance") -> Accepted:
    if not message.sid:
        raise ValueError("a message without a sid")
    segments = str(message.num_segments or "0")
    return Accepted(provider_id=str(message.sid), segments=int(segments) if segments.isdigit() else 0)
