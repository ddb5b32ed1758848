"""How fast each sender may go, for all workers together, and whether it is open at all.

The pace is GCRA: one moment per sender, *paid until*, moves on by every unit sent (an SMS segment, a
Telegram message), and may run ahead of the clock by the burst. Alerts may run further ahead, so that they
find room behind a full queue. A provider that says "too fast" shuts the sender for as long as it says; one
that refuses us altogether shuts it until a single text, the probe, goes through.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from messages.channel import ChannelName
from storage import markers
from storage import pace as storage_pace
from storage.outbound import OutboundMessage

#: Refusals of the whole account, with nothing accepted between them, after which the sender is shut.
FAULTS = 3
#: How long between two probes of a shut sender.
PROBE_EVERY = timedelta(seconds=60)
#: When the provider says "too fast" and not for how long.
_THROTTLED = timedelta(seconds=5)
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Units a second; how many at once; how many more for alerts; the rest between two to one address."""

    per_second: float
    burst: int
    reserve: int
    same_address: timedelta = timedelta(0)


#: Twilio sends one segment a second from a UK number; Telegram takes 30 messages a second and one a chat.
PACES: Mapping[ChannelName, Pace] = {
    ChannelName.SMS: Pace(per_second=1, burst=5, reserve=10),
    ChannelName.TELEGRAM: Pace(per_second=25, burst=5, reserve=5, same_address=timedelta(seconds=1)),
}
#: A council with more numbers, or a short code, says so in ``settings`` under these names.
SETTINGS = {ChannelName.SMS: "sms_per_second", ChannelName.TELEGRAM: "telegram_per_second"}


@dataclass(slots=True, kw_only=True)
class Gate:
    """One sender's state. Plain: it is read from a marker, asked, changed, and written back."""

    pace: Pace | None = None
    paid_until: datetime | None = None
    shut_until: datetime | None = None
    faults: int = 0
    #: When each of the latest addresses may be texted again, by blind index.
    addresses: dict[str, datetime] = field(default_factory=dict)
    #: Times of the last hour's refusals of our words.
    filtered: list[datetime] = field(default_factory=list)

    def opens_at(self, now: datetime, *, urgent: bool) -> datetime:
        """The first moment at or after ``now`` at which one more text may leave."""
        opens = max(now, self.shut_until or now)
        if self.pace is None or self.paid_until is None:
            return opens
        ahead = self.pace.burst + (self.pace.reserve if urgent else 0) - 1
        return max(opens, self.paid_until - timedelta(seconds=ahead / self.pace.per_second))

    def take(self, now: datetime, *, units: int, urgent: bool, address: str) -> datetime | None:
        """Take the room for one text. None: taken; else when to ask again."""
        opens = max(self.opens_at(now, urgent=urgent), self.addresses.get(address, now))
        if opens > now:
            return opens
        if self.troubled:
            self.shut_until = now + PROBE_EVERY  # this one is the probe: nothing else until it is known
        if self.pace is not None:
            self.paid_until = max(self.paid_until or now, now) + timedelta(
                seconds=units / self.pace.per_second
            )
            self._rest(now, address, self.pace.same_address)
        return None

    def _rest(self, now: datetime, address: str, rest: timedelta) -> None:
        self.addresses = {known: until for known, until in self.addresses.items() if until > now}
        if rest and address:
            self.addresses[address] = now + rest

    @property
    def troubled(self) -> bool:
        """Shut because the provider refuses us altogether."""
        return self.faults >= FAULTS

    def throttled(self, now: datetime, retry_after: float | None) -> None:
        wait = timedelta(seconds=retry_after) if retry_after else _THROTTLED
        self.shut_until = max(self.shut_until or now, now + wait)

    def refused_altogether(self, now: datetime) -> None:
        self.faults += 1
        if self.troubled:
            self.shut_until = now + PROBE_EVERY

    def worked(self) -> None:
        """A text was accepted: whatever was wrong with the account is over."""
        if self.troubled:
            self.shut_until = None
        self.faults = 0

    def refused_words(self, now: datetime) -> int:
        """Note one more text whose words the network refused; how many there were in the last hour."""
        self.filtered = [past for past in self.filtered if now - past < _HOUR] + [now]
        return len(self.filtered)

    @classmethod
    def of(cls, value: Mapping[str, Any], pace: Pace | None) -> "Gate":
        return cls(
            pace=pace,
            paid_until=_time(value.get("paid_until")),
            shut_until=_time(value.get("shut_until")),
            faults=value.get("faults", 0),
            addresses={known: _moment(until) for known, until in value.get("addresses", {}).items()},
            filtered=[_moment(past) for past in value.get("filtered", [])],
        )

    def value(self) -> dict[str, Any]:
        """As JSON: moments are seconds since 1970."""
        return {
            "paid_until": self.paid_until.timestamp() if self.paid_until else None,
            "shut_until": self.shut_until.timestamp() if self.shut_until else None,
            "faults": self.faults,
            "addresses": {known: until.timestamp() for known, until in self.addresses.items()},
            "filtered": [past.timestamp() for past in self.filtered],
        }


@contextmanager
def gates(
    session: Session,
    channels: Collection[ChannelName],
    paces: Mapping[ChannelName, Pace],
    now: datetime,
) -> Iterator[dict[ChannelName, Gate]]:
    """The senders' gates, held against other workers to the end of the unit of work, and written back."""
    rows = storage_pace.locked(session, channels, now)
    opened = {channel: Gate.of(row.value, paces.get(channel)) for channel, row in rows.items()}
    yield opened
    for channel, row in rows.items():
        value = opened[channel].value()
        if value != row.value:
            row.value, row.at = value, now


def load(session: Session) -> dict[ChannelName, Pace]:
    """The paces in force: the defaults, or what the settings say; 0 a second means no limit."""
    changed = markers.settings(session)
    return {
        channel: Pace(per_second=rate, burst=pace.burst, reserve=pace.reserve, same_address=pace.same_address)
        for channel, pace in PACES.items()
        if (rate := float(changed.get(SETTINGS[channel], pace.per_second))) > 0
    }


def address_of(message: OutboundMessage) -> str:
    """What the pace knows an address by: never the number itself."""
    return message.to_index.hex() if message.to_index else ""


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _time(seconds: float | None) -> datetime | None:
    return None if seconds is None else _moment(seconds)
