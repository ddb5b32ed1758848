"""The demo put together: real webhooks, rules and clock between simulated channels, and nothing else.

None of the settings that name a provider, a mail server or an operator is read here.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from bot import secrets
from bot.channels.simulated_requests import TelegramCaller, TwilioSigner
from bot.channels.simulator import Simulator
from bot.channels.twilio_signature import WebhookSecrets
from bot.demo.clock import DemoClock, MovableClock, Turnstile
from bot.demo.loopback import Loopback
from bot.demo.network import COUNCIL_NUMBER, Network
from bot.settings import Settings
from bot.webhooks import WebhookKeys
from messages.channel import Channel, ChannelName, OutboundText
from messages.wordings import Wordings
from scheduler.services import Council, Services
from storage.database import Database

COUNCIL = "Westhaven"
LONDON = ZoneInfo("Europe/London")
#: The number that texts name, and the mobile that the out-of-hours team is alerted by. Both invented.
OUT_OF_HOURS_PHONE = "01632 960 990"
OUT_OF_HOURS_ALERT = "+447700900999"
_ACCOUNT_SID = "AC" + 32 * "0"


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    services: Services
    keys: WebhookKeys
    network: Network
    clock: MovableClock


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """The world of a running demo, with what its processes share."""

    world: World
    turnstile: Turnstile


def opened(settings: Settings) -> Demo:
    """The demo of these settings: its own data folder, its own keys."""
    keys = secrets.load(settings)
    database = Database(settings.url, keyring=keys.keyring)
    clock = DemoClock(database)
    return Demo(
        world=build(database, clock, public_url=settings.base_url, secret=keys.session_key),
        turnstile=Turnstile(_beside(settings.data_dir), clock),
    )


def build(database: Database, clock: MovableClock, *, public_url: str, secret: str) -> World:
    """A world on ``database``. ``secret``: what the simulated providers' own secrets are derived from."""
    wordings, loopback = Wordings.load(), Loopback()
    signer = TwilioSigner(account_sid=_ACCOUNT_SID, secret=_derived(secret, "twilio"))
    telegram_secret = _derived(secret, "telegram")
    network = Network(
        database,
        wordings,
        loopback,
        signer=signer,
        caller=TelegramCaller(url=f"{public_url}/webhooks/telegram", secret=telegram_secret),
        public_url=public_url,
        clock=clock,
    )
    services = Services(
        database=database,
        channels=_channels(network, loopback, signer, public_url),
        wordings=wordings,
        council=council(public_url),
        clock=clock,
    )
    keys = WebhookKeys(twilio=WebhookSecrets(auth_tokens=(signer.secret,)), telegram_secret=telegram_secret)
    loopback.serve(services, keys)
    return World(services=services, keys=keys, network=network, clock=clock)


def council(public_url: str) -> Council:
    return Council(
        name=COUNCIL,
        time_zone=LONDON,
        public_url=public_url,
        out_of_hours_phone=OUT_OF_HOURS_PHONE,
        out_of_hours_alert=OUT_OF_HOURS_ALERT,
        demo=True,
        drama_numbers=True,
    )


def _channels(
    network: Network, loopback: Loopback, signer: TwilioSigner, public_url: str
) -> Mapping[ChannelName, Channel]:
    """SMS and Telegram on the screen. No e-mail, no Teams, no webhook: there is nothing to send them by."""
    return {
        ChannelName.SMS: Simulator(
            ChannelName.SMS,
            _shown_from_its_row,
            blocked=network.stopped,
            post=loopback.post,
            signer=signer,
            callback_url=f"{public_url}/webhooks/twilio/status",
            number=COUNCIL_NUMBER,
        ),
        ChannelName.TELEGRAM: Simulator(ChannelName.TELEGRAM, _shown_from_its_row, blocked=network.stopped),
    }


def _shown_from_its_row(text: OutboundText, provider_id: str) -> None:
    """The screens show outbound rows that were sent: there is nothing more to keep."""


def _derived(secret: str, provider: str) -> str:
    return hmac.new(secret.encode(), f"demo {provider}".encode(), hashlib.sha256).hexdigest()


def _beside(data_dir: Path) -> Path:
    data_dir.mkdir(parents=True, exist_ok=True)
    return data_dir / "demo.lock"
