"""Every fault of the configuration at once, and what needs a look, in words: what ``kit check`` prints."""

from collections.abc import Iterator
from datetime import date
from urllib.parse import urlsplit

from babel import Locale

from bot import secrets
from bot.settings import Settings, listed
from messages import phones
from messages.discretion import gives_away
from messages.errors import KitError
from messages.understand import shipped
from messages.wordings import Wordings
from scheduler import rules
from storage import migrations
from storage.database import Database


def faults(settings: Settings) -> list[str]:
    """What is wrong, one sentence each, with what to do; empty when the service may start."""
    return [
        *_keys(settings),
        *_database(settings),
        *_twilio(settings),
        *_mail(settings),
        *_addresses(settings),
        *_wordings(),
        *shipped.faults(),
        *(_production(settings) if settings.production else ()),
    ]


def notices(today: date) -> Iterator[str]:
    """What somebody should see to while the service runs: nothing of it is a fault."""
    try:
        wordings = Wordings.load()
    except KitError:
        return
    english = Locale("en").languages
    if drafts := [english.get(book.language, book.name) for book in wordings.unchecked()]:
        yield f"Machine-drafted, have a native speaker check: {', '.join(drafts)}."
    if overdue := [f"{helpline.name} ({helpline.number})" for helpline in wordings.helplines_due(today)]:
        yield f"Look these numbers up again: {'; '.join(overdue)}."


def _keys(settings: Settings) -> Iterator[str]:
    try:
        secrets.load(settings)
    except KitError as error:
        yield str(error)


def _database(settings: Settings) -> Iterator[str]:
    try:
        keyring = secrets.load(settings).keyring
    except KitError:
        return
    try:
        database = Database(settings.url, keyring=keyring)
    except KitError as error:
        yield str(error)
        return
    try:
        if not database.reachable():
            yield "DATABASE_URL: the database does not answer; check host, name, user and password."
        elif migrations.current(database) != migrations.newest():
            yield "The database is not at this release's schema: run kit db upgrade."
        elif settings.production:
            yield from _contacts(database)
    finally:
        database.close()


def _contacts(database: Database) -> Iterator[str]:
    with database.read() as session:
        named = rules.load(session)
    if not (named.complaints_contact and named.advocacy_contact):
        yield (
            "COMPLAIN has no answer yet: kit settings set complaints_contact and advocacy_contact to the "
            "number or e-mail address that a young person should read."
        )


def _twilio(settings: Settings) -> Iterator[str]:
    named = (settings.twilio_messaging_service_sid, settings.twilio_from, settings.twilio_account_sid)
    if not any((*named, *listed(settings.twilio_auth_token))):
        return
    if not settings.twilio_account_sid:
        yield "TWILIO_ACCOUNT_SID is missing: set it, or remove the other TWILIO_ variables."
    if not listed(settings.twilio_auth_token):
        yield "TWILIO_AUTH_TOKEN is missing: without it no text leaves and every webhook is refused."
    if not (settings.twilio_messaging_service_sid or settings.twilio_from):
        yield "Set TWILIO_MESSAGING_SERVICE_SID (or TWILIO_FROM): texts need a sender."


def _mail(settings: Settings) -> Iterator[str]:
    if settings.smtp_url.get_secret_value() and not settings.mail_from:
        yield "KIT_MAIL_FROM is missing: e-mails need a sender."


def _addresses(settings: Settings) -> Iterator[str]:
    url = urlsplit(settings.base_url)
    if not _is_web_address(settings.base_url):
        yield "KIT_PUBLIC_URL must be a whole address, e.g. https://kit.example.org."
    if words := gives_away((url.hostname or "").replace(".", " ").replace("-", " "), "en"):
        yield f"KIT_PUBLIC_URL gives away who texts ({', '.join(words)}): links stand in every welcome text."


def _wordings() -> Iterator[str]:
    try:
        Wordings.load()
    except KitError as error:
        yield str(error)


def _production(settings: Settings) -> Iterator[str]:
    """What a real council must have before a young person is texted."""
    if settings.base_url.startswith("http://"):
        yield "KIT_PUBLIC_URL must be https in production: signatures and sign-in depend on it."
    if not settings.council:
        yield "KIT_COUNCIL is missing: pages show whose service this is."
    if not (settings.sms or settings.telegram):
        yield "Neither Twilio nor Telegram is configured: no text can leave."
    yield from _out_of_hours(settings)
    if not (settings.sms or _mails(settings) or settings.teams_webhook_url.get_secret_value()):
        yield "No alert can leave: set up Twilio, or KIT_SMTP_URL for e-mail."
    if settings.operator_webhook_url and not _is_web_address(settings.operator_webhook_url):
        yield "KIT_OPERATOR_WEBHOOK_URL must be a whole address, e.g. https://pager.example.org/hook."
    if not (settings.operator_email or settings.operator_webhook_url):
        yield "Set KIT_OPERATOR_EMAIL or KIT_OPERATOR_WEBHOOK_URL: one page must not go through Twilio."
    if settings.operator_email and not settings.smtp_url.get_secret_value():
        yield "KIT_OPERATOR_EMAIL needs KIT_SMTP_URL: the page could not be sent."
    if settings.url.startswith("sqlite") and settings.data_persistent != "yes":
        yield "SQLite in production: set KIT_DATA_PERSISTENT=yes if the data folder survives a restart."
    if settings.time_travel:
        yield "KIT_TIME_TRAVEL must not be set in production."


def _out_of_hours(settings: Settings) -> Iterator[str]:
    """Whom a danger at night is told to, and whom a young person can ring then."""
    address = settings.out_of_hours_alert
    if not settings.out_of_hours_phone:
        yield "KIT_OUT_OF_HOURS_PHONE is missing: who has no bed tonight must be told whom to ring."
    if "@" in address:
        if not _mails(settings):
            yield "KIT_OUT_OF_HOURS_ALERT is an e-mail address and needs KIT_SMTP_URL: nobody would be told."
        return
    if not _is_mobile(address):
        yield (
            "KIT_OUT_OF_HOURS_ALERT must be a mobile or an e-mail address: outside working time nobody "
            "would be told of a danger. A landline cannot be alerted."
        )
    elif not settings.sms:
        yield "KIT_OUT_OF_HOURS_ALERT is a mobile and needs Twilio: nobody would be told."


def _mails(settings: Settings) -> bool:
    return bool(settings.smtp_url.get_secret_value())


def _is_web_address(text: str) -> bool:
    url = urlsplit(text)
    return url.scheme in ("http", "https") and bool(url.netloc)


def _is_mobile(number: str) -> bool:
    try:
        phones.parse(number, allow_drama=False)
    except KitError:
        return False
    return True
