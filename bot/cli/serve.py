"""``kit web``, ``kit worker`` and both at once."""

import click

from bot import composition
from bot.cli import setup
from bot.cli.supervise import supervise


@click.command()
@click.option("--port", type=setup.PORT, default=None, help="Default: $PORT.")
def web(port: int | None) -> None:
    """Pages and webhooks."""
    from bot.server import serve

    settings = setup.settings()
    setup.services(settings).database.close()
    serve(port or settings.port, workers=1 if settings.url.startswith("sqlite") else 2)


@click.command()
def worker() -> None:
    """The clock, delivery, and what the web process left."""
    from bot.worker import Worker

    settings = setup.settings()
    process = Worker(setup.services(settings), composition.passing(settings))
    process.stop_on_signals()
    process.run()


@click.command()
@click.option("--port", type=setup.PORT, default=None, help="Default: $PORT.")
def run(port: int | None) -> None:
    """Everything on one machine: web and worker (and Telegram's updates, where they must be fetched).

    Each is started again when it ends.
    """
    settings = setup.settings()
    setup.services(settings).database.close()
    polls = settings.telegram and not settings.telegram_webhook_secret.get_secret_value()
    fetching = [["telegram", "poll"]] if polls else []
    supervise([["web", "--port", str(port or settings.port)], ["worker"], *fetching])
