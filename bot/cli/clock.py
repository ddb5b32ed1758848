"""``kit tick``: one pass of the clock by hand, for cron-style hosting and for checks."""

import json
from datetime import UTC, datetime

import click

from bot.cli import setup
from bot.settings import Settings
from bot.worker import deliver_all, pick_up
from messages.errors import KitError
from scheduler import jobs


class NoTimeTravel(KitError):
    """--now needs KIT_TIME_TRAVEL=1, or the demo: a real clock is not moved by hand."""


@click.command()
@click.option("--now", "at", default=None, help="ISO 8601 time to act at (needs KIT_TIME_TRAVEL=1).")
def tick(at: str | None) -> None:
    """Run every job that is due, then deliver until nothing is due; print each job's numbers as JSON."""
    settings = setup.settings()
    services = setup.services(settings)
    now = _moment(settings, at)
    if now is not None:
        services = services.at(now)
    moment = services.clock()
    numbers: dict[str, object] = {"pick_up": {"handled": pick_up(services)}}
    numbers |= jobs.run_all(services, moment)
    numbers["deliver"] = {"claimed": deliver_all(services)}
    click.echo(json.dumps(numbers))


def _moment(settings: Settings, at: str | None) -> datetime | None:
    if at is None:
        return None
    if not (settings.demo or settings.time_travel == "1"):
        raise NoTimeTravel
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        raise click.UsageError("--now takes an ISO 8601 time, e.g. 2026-11-24T10:00:00+00:00") from None
    if not 2000 <= moment.year <= 2100:
        raise click.UsageError("--now takes a time of this century.")
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
