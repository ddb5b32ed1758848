"""``kit telegram``: registering the webhook, or polling where no inbound HTTPS can be opened."""

import json
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

import click
import structlog

from bot.channels.telegram_webhook import NotAnUpdate, parse_update
from bot.cli import setup
from bot.conversation.handle import handle
from bot.conversation.links import new_link_token
from bot.settings import Settings
from messages.channel import Failure, InboundKind, SendError
from messages.errors import KitError
from scheduler.rules import load as load_rules
from scheduler.services import Services
from storage import audit, inbound, markers, people

log = structlog.get_logger()

if TYPE_CHECKING:
    from bot.channels.telegram import TelegramChat

OFFSET = "telegram:offset"
_LONGEST_PAUSE_SECONDS = 60.0
_PASSES = frozenset({Failure.TRANSIENT, Failure.THROTTLED, Failure.AMBIGUOUS})


class TelegramOff(KitError):
    """Set TELEGRAM_BOT_TOKEN (and TELEGRAM_WEBHOOK_SECRET for the webhook) first."""


class NobodyByThatId(KitError):
    """Nobody here has this case id: give the id of the case system, as in the import."""


@click.group()
def telegram() -> None:
    """The Telegram bot."""


@telegram.command("set-webhook")
@click.option("--dry-run", is_flag=True, help="Say what would be set.")
def set_webhook(dry_run: bool) -> None:
    """Point Telegram at this installation, and print what was set."""
    settings = setup.settings()
    secret = settings.telegram_webhook_secret.get_secret_value()
    if not (settings.telegram and secret):
        raise TelegramOff
    url = f"{settings.base_url}/webhooks/telegram"
    if dry_run:
        click.echo(f"Would set {url}")
        return
    bot = _bot(settings)
    bot.set_webhook(url, secret)
    info = bot.webhook_info()
    click.echo(f"Webhook: {info.url}. Waiting updates: {info.pending}.")


@telegram.command()
@click.argument("case_id")
@click.option("--dry-run", is_flag=True, help="Only say whether it can be made.")
def invite(case_id: str, dry_run: bool) -> None:
    """Print the one-time link that joins a chat to the person with CASE_ID."""
    settings = setup.settings()
    if not settings.telegram:
        raise TelegramOff
    services = setup.services(settings)
    now = services.clock()
    username = _bot(settings).bot_username()
    with services.database.begin() as session:
        person = people.by_case_id(session, case_id)
        if person is None:
            raise NobodyByThatId
        if dry_run:
            click.echo("Can be made.")
            return
        token = new_link_token(session, load_rules(session), person.id, staff_id=None, now=now)
        audit.note(session, "telegram.invited", now=now, subject="person", subject_id=person.id)
    click.echo(f"https://t.me/{username}?start={token}")


@telegram.command()
def poll() -> None:
    """Fetch updates instead of being called. Runs until stopped."""
    settings = setup.settings()
    if not settings.telegram:
        raise TelegramOff
    services = setup.services(settings)
    bot = _bot(settings)
    bot.remove_webhook()
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    keep_polling(
        lambda: take_updates(services, bot.get_updates(_offset(services)), acknowledge=bot.answer_callback),
        stopped,
    )


def keep_polling(take: Callable[[], int], stopped: threading.Event, *, wait: float = 1.0) -> None:
    """Fetch again and again until ``stopped``; where Telegram has a fault that passes, later and later."""
    pause = wait
    while not stopped.is_set():
        try:
            take()
        except SendError as error:
            if error.failure not in _PASSES:
                raise
            log.warning("telegram_not_fetched", failure=error.failure.value, again_in=pause)
            stopped.wait(error.retry_after or pause)
            pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)
        else:
            pause = wait


def take_updates(
    services: Services, updates: list[bytes], *, acknowledge: Callable[[str], None] | None = None
) -> int:
    """Record and handle each update, then move the offset: one that was fetched twice is still one row."""
    for raw in updates:
        try:
            update = parse_update(raw)
        except NotAnUpdate:
            continue
        message_id = inbound.record(services.database, update, now=services.clock())
        if message_id is not None:
            handle(services, message_id, services.clock())
        with services.database.begin() as session:
            markers.put(
                session, OFFSET, {"next": json.loads(raw).get("update_id", 0) + 1}, now=services.clock()
            )
        if acknowledge is not None and update.kind is InboundKind.PRESS:
            with suppress(SendError):  # the button only stays lit a little longer
                acknowledge(update.provider_id.removeprefix("cb:"))
    return len(updates)


def _offset(services: Services) -> int:
    with services.database.read() as session:
        marker = markers.get(session, OFFSET)
    return int(marker.value["next"]) if marker else 0


def _bot(settings: Settings) -> "TelegramChat":
    from bot.channels.telegram import TelegramChat

    return TelegramChat(settings.telegram_bot_token.get_secret_value(), settings.telegram_api_base_url)
