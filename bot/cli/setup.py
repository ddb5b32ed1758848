"""What every command begins with: settings, logs, services."""

import click

from bot import composition, logs
from bot.settings import Settings
from messages.errors import KitError
from scheduler.services import Services
from storage import migrations

#: What a process can listen on.
PORT = click.IntRange(1, 65535)


class NotMigrated(KitError):
    """The database is not at this release's schema: run kit db upgrade."""


def settings() -> Settings:
    read = Settings.from_environment()
    logs.configure(read.log_level)
    return read


def services(read: Settings) -> Services:
    """Services on a database whose schema is this release's; refuses any other, in words."""
    built = unmigrated(read)
    if migrations.current(built.database) != migrations.newest():
        raise NotMigrated
    return built


def unmigrated(read: Settings) -> Services:
    """Services on a database of any schema. It is closed when the command ends."""
    built = composition.services(read)
    click.get_current_context().call_on_close(built.database.close)
    return built
