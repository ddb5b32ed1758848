"""The environment, as one typed class. ``docs/configuration.md`` and ``.env.example`` are made from it."""

import os
from enum import StrEnum
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from messages.errors import KitError


class BadSettings(KitError):
    """The environment has values that cannot be used."""


class Environment(StrEnum):
    DEMO = "demo"
    DEVELOPMENT = "development"
    PRODUCTION = "production"


def _setting(name: str, help: str, default: Any = "", *, secret: bool = False) -> Any:
    """One environment variable: its exact name, what it means, and what holds without it."""
    return Field(default=SecretStr(default) if secret else default, validation_alias=name, description=help)


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", extra="ignore", frozen=True, env_ignore_empty=True
    )

    database_url: str = _setting(
        "DATABASE_URL",
        "SQLAlchemy URL of the database; `postgres://` is accepted and rewritten. "
        "Empty: SQLite in the data folder.",
    )
    environment: Environment = _setting(
        "KIT_ENV", "`demo`, `development` or `production`.", Environment.PRODUCTION
    )
    secret_key: SecretStr = _setting(
        "KIT_SECRET_KEY", "Signs sessions and forms. Made on first run outside production.", secret=True
    )
    encryption_keys: SecretStr = _setting(
        "KIT_ENCRYPTION_KEYS",
        "Encrypt names, addresses and messages: comma-separated, the first is current. "
        "Made on first run outside production.",
        secret=True,
    )
    index_key: SecretStr = _setting(
        "KIT_INDEX_KEY",
        "Makes encrypted addresses findable: comma-separated, the first is current. "
        "Made on first run outside production.",
        secret=True,
    )
    public_url: str = _setting(
        "KIT_PUBLIC_URL",
        "The address that providers and staff reach, e.g. `https://kit.example.org`. "
        "Empty: `http://127.0.0.1:$PORT`.",
    )
    council: str = _setting("KIT_COUNCIL", "The council's name, shown on pages.")
    time_zone: str = _setting("KIT_TIMEZONE", "IANA time zone of the council.", "Europe/London")
    out_of_hours_phone: str = _setting(
        "KIT_OUT_OF_HOURS_PHONE", "The out-of-hours number that texts and pages name."
    )
    out_of_hours_alert: str = _setting(
        "KIT_OUT_OF_HOURS_ALERT",
        "Where the out-of-hours team is alerted: a mobile or an e-mail address. (A landline cannot be "
        "alerted yet.)",
    )
    operator_email: str = _setting("KIT_OPERATOR_EMAIL", "Who is paged when the service itself is ill.")
    operator_phone: str = _setting("KIT_OPERATOR_PHONE", "The same by SMS.")
    operator_webhook_url: str = _setting("KIT_OPERATOR_WEBHOOK_URL", "The same by a JSON POST.")
    ping_url: str = _setting(
        "KIT_PING_URL",
        "Not used yet: external dead-man's switch, called each minute while worker and queue are well.",
    )
    data_persistent: str = _setting(
        "KIT_DATA_PERSISTENT", "`yes` declares that the data folder survives a restart of the host."
    )
    spool_dir: str = _setting(
        "KIT_SPOOL_DIR",
        "Not used yet: a disk declared persistent, for inbound texts while the database is away.",
    )
    metrics_token: SecretStr = _setting(
        "KIT_METRICS_TOKEN", "Not used yet: bearer token for `/metrics`. Empty: loopback only.", secret=True
    )
    twilio_account_sid: str = _setting("TWILIO_ACCOUNT_SID", "Twilio account. Empty: no SMS.")
    twilio_auth_token: SecretStr = _setting(
        "TWILIO_AUTH_TOKEN", "Twilio auth token; two, comma-separated, during rotation.", secret=True
    )
    twilio_webhook_shared_keys: SecretStr = _setting(
        "TWILIO_WEBHOOK_SHARED_KEYS",
        "Shared keys of signed webhooks (SHA-256), comma-separated, each `secret` or `key id:secret`.",
        secret=True,
    )
    twilio_messaging_service_sid: str = _setting(
        "TWILIO_MESSAGING_SERVICE_SID", "The Messaging Service that texts leave by."
    )
    twilio_from: str = _setting("TWILIO_FROM", "The number that texts leave by, without a Messaging Service.")
    twilio_voice_from: str = _setting(
        "TWILIO_VOICE_FROM",
        "Not used yet: the number that alert calls leave by.",
    )
    twilio_api_base_url: str = _setting(
        "TWILIO_API_BASE_URL", "Where Twilio's REST API is, for test stand-ins and proxies."
    )
    twilio_region: str = _setting("TWILIO_REGION", "Twilio region, e.g. `ie1`.")
    twilio_edge: str = _setting("TWILIO_EDGE", "Twilio edge, e.g. `dublin`.")
    telegram_bot_token: SecretStr = _setting(
        "TELEGRAM_BOT_TOKEN", "The bot's token. Empty: no Telegram.", secret=True
    )
    telegram_webhook_secret: SecretStr = _setting(
        "TELEGRAM_WEBHOOK_SECRET",
        "What Telegram sends back with each update. Empty: updates are fetched by `kit telegram poll`, "
        "which `kit run` starts.",
        secret=True,
    )
    telegram_api_base_url: str = _setting(
        "TELEGRAM_API_BASE_URL", "Where the Bot API is, without `/bot`.", "https://api.telegram.org"
    )
    smtp_url: SecretStr = _setting(
        "KIT_SMTP_URL", "`smtp://user:password@host:587` or `smtps://`, for alerts by e-mail.", secret=True
    )
    mail_from: str = _setting("KIT_MAIL_FROM", "The sender of those e-mails.")
    teams_webhook_url: SecretStr = _setting(
        "KIT_TEAMS_WEBHOOK_URL", "A Teams workflow that posts alerts in a channel.", secret=True
    )
    oidc_issuer: str = _setting("KIT_OIDC_ISSUER", "Not used yet: the provider of single sign-on.")
    oidc_client_id: str = _setting("KIT_OIDC_CLIENT_ID", "Not used yet: our client id at that provider.")
    oidc_client_secret: SecretStr = _setting(
        "KIT_OIDC_CLIENT_SECRET", "Not used yet: our secret at that provider.", secret=True
    )
    time_travel: str = _setting("KIT_TIME_TRAVEL", "`1` allows `kit tick --now` outside the demo.")
    port: int = _setting("PORT", "The port that pages and webhooks listen on.", 8000)
    data_dir: Path = _setting("KIT_DATA_DIR", "The one folder that holds all state.", Path("data"))
    log_level: str = _setting("KIT_LOG_LEVEL", "`debug`, `info`, `warning` or `error`.", "info")

    @field_validator("public_url", "twilio_api_base_url", "telegram_api_base_url")
    @classmethod
    def _without_slash(cls, url: str) -> str:
        return url.rstrip("/")

    @field_validator("public_url")
    @classmethod
    def _is_an_address(cls, url: str) -> str:
        try:
            urlsplit(url)
        except ValueError:
            raise ValueError("write a whole address, e.g. https://kit.example.org") from None
        return url

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError("is not a time zone, e.g. Europe/London") from None
        return name

    @classmethod
    def from_environment(cls, **changes: Any) -> Self:
        """Read the environment (and ``.env``); ``changes`` stand in for variables by their names."""
        try:
            return cls(**changes)
        except ValidationError as error:
            faults = [f"{fault['loc'][0]}: {fault['msg']}" for fault in error.errors()]
            raise BadSettings("The environment cannot be used. " + ". ".join(faults)) from None

    @property
    def url(self) -> str:
        return self.database_url or f"sqlite:///{self.data_dir.resolve() / 'kit.db'}"

    @property
    def base_url(self) -> str:
        return self.public_url or f"http://127.0.0.1:{self.port}"

    @property
    def production(self) -> bool:
        return self.environment is Environment.PRODUCTION

    @property
    def demo(self) -> bool:
        return self.environment is Environment.DEMO

    @property
    def sms(self) -> bool:
        """Twilio is configured, wholly or by half; ``kit check`` names what is missing."""
        return bool(self.twilio_account_sid)

    @property
    def telegram(self) -> bool:
        return bool(self.telegram_bot_token.get_secret_value())


def listed(secret: SecretStr) -> list[str]:
    """A comma-separated secret, in order."""
    return [part for part in (item.strip() for item in secret.get_secret_value().split(",")) if part]


def private_file(path: Path, text: str) -> None:
    """Write a secret that only this user can read; an existing file is left as it is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "w") as file:
        file.write(text)
