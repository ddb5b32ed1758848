"""A channel that stands in for SMS or Telegram in the demo: nothing real can be sent through it."""

import re
import threading
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime

from bot.channels.simulated_requests import TwilioSigner, twilio_status
from bot.channels.twilio_sms import callback_address
from messages.channel import Accepted, ChannelName, Failure, OutboundText, SendError

Post = Callable[[str, bytes, dict[str, str]], None]

_ADDRESSES = {
    ChannelName.SMS: re.compile(r"\+[1-9][0-9]{6,14}", re.ASCII),
    ChannelName.TELEGRAM: re.compile(r"[1-9][0-9]{0,15}", re.ASCII),
}
_REMEMBERED = 1_000


class Simulator:
    """Takes every text except to addresses that the simulated carrier has blocked, and shows it.

    ``deliver(text, provider_id)`` puts it on the phone on screen; ``blocked(address)`` says whether
    its owner texted STOP or blocked the bot. For SMS, ``post(url, body, headers)`` then hands signed
    reports to the real webhook at ``callback_url``, before :meth:`send` returns, as carriers may.
    """

    def __init__(
        self,
        name: ChannelName,
        deliver: Callable[[OutboundText, str], None],
        *,
        blocked: Callable[[str], bool],
        post: Post | None = None,
        signer: TwilioSigner | None = None,
        callback_url: str = "",
        number: str = "+447700900000",
    ) -> None:
        self._name = name
        self._address = _ADDRESSES[name]
        self._deliver = deliver
        self._blocked = blocked
        self._post = post
        self._signer = signer
        self._callback_url = callback_url
        self._number = number
        self._taken: OrderedDict[str, Accepted] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def name(self) -> ChannelName:
        return self._name

    def send(self, text: OutboundText) -> Accepted:
        if not self._address.fullmatch(text.to):
            raise SendError(Failure.INVALID_ADDRESS, "The address cannot be right.", code="simulated")
        if self._blocked(text.to):
            raise SendError(
                Failure.CONSENT, "They have stopped texts on this simulated phone.", code="simulated"
            )
        accepted = Accepted(provider_id=self._provider_id(text), segments=1)
        self._remember(text, accepted)
        self._deliver(text, accepted.provider_id)
        self._report(text, accepted)
        return accepted

    def find(self, text: OutboundText, *, since: datetime) -> Accepted | None:
        del since
        with self._lock:
            return self._taken.get(str(text.id))

    def _provider_id(self, text: OutboundText) -> str:
        """Shaped as the real one's, and the same for the same text."""
        if self._name is ChannelName.SMS:
            return f"SM{text.id.hex}"
        return f"{text.to}:{text.id.int % 2**31}"

    def _remember(self, text: OutboundText, accepted: Accepted) -> None:
        with self._lock:
            self._taken[str(text.id)] = accepted
            if len(self._taken) > _REMEMBERED:
                self._taken.popitem(last=False)

    def _report(self, text: OutboundText, accepted: Accepted) -> None:
        if self._name is not ChannelName.SMS or self._post is None or self._signer is None:
            return
        for status in ("sent", "delivered"):
            request = twilio_status(
                self._signer,
                url=callback_address(self._callback_url, text.id),
                sid=accepted.provider_id,
                to=text.to,
                sender=self._number,
                status=status,
            )
            self._post(request.url, request.body, request.headers)
