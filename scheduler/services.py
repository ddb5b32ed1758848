"""What every use case is handed: the database, the channels, the wordings and the council's facts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from messages.channel import Channel, ChannelName
from messages.wordings import Wordings
from storage.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Council:
    """Facts of the installation, from its environment."""

    name: str = ""
    time_zone: ZoneInfo = ZoneInfo("Europe/London")
    #: Where providers and staff reach us, without a slash at the end.
    public_url: str = "http://127.0.0.1:8000"
    #: The public out-of-hours number that texts name; empty: none.
    out_of_hours_phone: str = ""
    #: Where the out-of-hours team is alerted: a mobile (E.164) or an e-mail; empty: none.
    out_of_hours_alert: str = ""
    operator_email: str = ""
    operator_phone: str = ""
    operator_webhook_url: str = ""
    demo: bool = False
    #: Numbers that are kept for drama and examples may be used: anywhere but in production.
    drama_numbers: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Put together in one place (``bot.composition``); shared by all threads of a process."""

    database: Database
    channels: Mapping[ChannelName, Channel]
    wordings: Wordings
    council: Council
    #: Asked at the edges only (a request, a tick); below them ``now`` is an argument.
    clock: Callable[[], datetime]

    def at(self, now: datetime) -> "Services":
        """The same services with a clock that stands still."""
        return replace(self, clock=lambda: now)
