"""The one place where everything is put together: settings become services, services become an app."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot import secrets
from bot.channels.configured import configured
from bot.channels.twilio_signature import WebhookSecrets, parse_shared_keys
from bot.settings import Settings, listed
from bot.webhooks import WebhookKeys
from messages import phones
from messages.errors import KitError
from messages.understand import shipped
from messages.wordings import Wordings
from scheduler.services import Council, Services
from storage import tables  # noqa: F401  (every table, so that references between them resolve)
from storage.database import Database

if TYPE_CHECKING:
    from bot.channels.telegram import TelegramChat
    from bot.demo.world import Demo


def system_clock() -> datetime:
    return datetime.now(UTC)


def as_address(written: str) -> str:
    """A mobile in E.164, as texts from it arrive; anything else (an e-mail, a landline) as it is."""
    try:
        return phones.parse(written, allow_drama=True)
    except KitError:
        return written


def acknowledge_press(settings: Settings) -> Callable[[str], None] | None:
    """What stops the little clock on a pressed Telegram button. The SDK is imported at the first press."""
    if not settings.telegram:
        return None

    @cache
    def bot() -> "TelegramChat":
        from bot.channels.telegram import TelegramChat

        return TelegramChat(settings.telegram_bot_token.get_secret_value(), settings.telegram_api_base_url)

    return lambda press: bot().answer_callback(press)


def council(settings: Settings) -> Council:
    return Council(
        name=settings.council,
        time_zone=ZoneInfo(settings.time_zone),
        public_url=settings.base_url,
        out_of_hours_phone=settings.out_of_hours_phone,
        out_of_hours_alert=as_address(settings.out_of_hours_alert),
        operator_email=settings.operator_email,
        operator_phone=as_address(settings.operator_phone),
        operator_webhook_url=settings.operator_webhook_url,
        demo=settings.demo,
        drama_numbers=not settings.production,
    )


def webhook_keys(settings: Settings) -> WebhookKeys:
    return WebhookKeys(
        twilio=WebhookSecrets(
            auth_tokens=tuple(listed(settings.twilio_auth_token)),
            shared_keys=parse_shared_keys(settings.twilio_webhook_shared_keys.get_secret_value()),
        ),
        telegram_secret=settings.telegram_webhook_secret.get_secret_value(),
    )


def services(settings: Settings) -> Services:
    """Everything a process needs. Raises :class:`~messages.errors.KitError` when a part of it is missing."""
    shipped.check()
    if settings.demo:
        return demo(settings).world.services
    return Services(
        database=Database(settings.url, keyring=secrets.load(settings).keyring),
        channels=configured(settings),
        wordings=Wordings.load(),
        council=council(settings),
        clock=system_clock,
    )


@cache
def demo(settings: Settings) -> "Demo":
    """The demo's world, one for a process: nothing in it can reach anybody, whatever the settings say."""
    from bot.demo.world import opened

    return opened(settings)


def passing(settings: Settings) -> Callable[[], AbstractContextManager[object]]:
    """What a worker goes through for each pass: nothing, but in the demo the clock may be under way."""
    return demo(settings).turnstile.passing if settings.demo else nullcontext
