"""The phone network and Telegram, as far as the demo needs them: what a phone sends becomes a webhook.

The network acts on its own keywords as the council has set them at Twilio (Advanced Opt-Out): it answers
them itself, tells us by ``OptOutType``, and after STOP refuses every text to that phone until START.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import count

from bot.channels.simulated_requests import TelegramCaller, TwilioSigner, twilio_inbound
from bot.demo.loopback import Loopback
from messages.channel import CarrierKeyword, ChannelName
from messages.wordings import WordingKey, Wordings
from storage import markers
from storage.base import new_id
from storage.database import Database

#: The council's own number, from Ofcom's range for drama like all others here.
COUNCIL_NUMBER = "+447700900000"
#: END, QUIT and CANCEL are taken off the network's list: "opt-out or cry?" is for us to find out.
KEYWORDS = {
    "STOP": CarrierKeyword.STOP,
    "STOPALL": CarrierKeyword.STOP,
    "UNSUBSCRIBE": CarrierKeyword.STOP,
    "START": CarrierKeyword.START,
    "UNSTOP": CarrierKeyword.START,
    "HELP": CarrierKeyword.HELP,
    "INFO": CarrierKeyword.HELP,
}
_ANSWERS = {
    CarrierKeyword.STOP: WordingKey.STOP_CONFIRMATION,
    CarrierKeyword.START: WordingKey.START_CONFIRMATION,
    CarrierKeyword.HELP: WordingKey.HELP,
}
PREFIX = "demo:phone:"
#: Telegram's ids have at most 52 bits.
_LARGEST_ID = 2**52


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkText:
    """What the network itself wrote on a phone's screen."""

    at: datetime
    body: str


class Network:
    """Knows every phone by its address: an E.164 number, or a Telegram chat."""

    def __init__(
        self,
        database: Database,
        wordings: Wordings,
        loopback: Loopback,
        *,
        signer: TwilioSigner,
        caller: TelegramCaller,
        public_url: str,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._wordings = wordings
        self._loopback = loopback
        self._signer = signer
        self._caller = caller
        self._inbound_url = f"{public_url}/webhooks/twilio/inbound"
        self._clock = clock
        self._numbers = count(time.time_ns() // 1000 % _LARGEST_ID)

    def text(self, channel: ChannelName, sender: str, words: str) -> None:
        """``sender`` types ``words`` and sends them."""
        if channel is ChannelName.TELEGRAM:
            self._telegram(sender, words)
            return
        keyword = KEYWORDS.get(words.strip().upper())
        if keyword is not None:
            self._act_on(sender, keyword)
        request = twilio_inbound(
            self._signer,
            url=self._inbound_url,
            sid=f"SM{new_id().hex}",
            sender=sender,
            to=COUNCIL_NUMBER,
            text=words,
            carrier_keyword=keyword,
        )
        self._loopback.send(request)

    def press(self, chat: str, value: str) -> None:
        """The owner of a Telegram chat presses a button under one of our texts."""
        request = self._caller.press(
            update_id=next(self._numbers),
            chat_id=int(chat),
            message_id=next(self._numbers),
            callback_id=str(next(self._numbers)),
            value=value,
            sent_at=self._clock(),
        )
        self._loopback.send(request)

    def stopped(self, address: str) -> bool:
        """Whether the network refuses texts to this phone."""
        with self._database.read() as session:
            marker = markers.get(session, PREFIX + address)
        return marker is not None and bool(marker.value.get("stopped"))

    def said_to(self, address: str) -> list[NetworkText]:
        """What the network answered this phone, oldest first."""
        with self._database.read() as session:
            marker = markers.get(session, PREFIX + address)
        said = marker.value.get("said", []) if marker else []
        return [NetworkText(at=datetime.fromisoformat(at), body=body) for at, body in said]

    def _telegram(self, chat: str, words: str) -> None:
        request = self._caller.text(
            update_id=next(self._numbers),
            chat_id=int(chat),
            message_id=next(self._numbers),
            text=words,
            sent_at=self._clock(),
        )
        self._loopback.send(request)

    def _act_on(self, sender: str, keyword: CarrierKeyword) -> None:
        now = self._clock()
        body = self._wordings.render(_ANSWERS[keyword], "en", variant=0).text
        with self._database.begin() as session:
            marker = markers.get(session, PREFIX + sender)
            before = marker.value if marker else {}
            stopped = {CarrierKeyword.STOP: True, CarrierKeyword.START: False}
            value = {
                "stopped": stopped.get(keyword, before.get("stopped", False)),
                "said": [*before.get("said", []), [now.isoformat(), body]],
            }
            markers.put(session, PREFIX + sender, value, now=now)
