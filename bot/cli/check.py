"""``kit check``, ``kit db`` and ``kit audit``: is the installation sound?"""

import json
import sys

import click

from bot import composition
from bot.cli import setup
from bot.faults import faults, notices
from storage import audit as trail
from storage import migrations


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def check(as_json: bool) -> None:
    """Print every fault of the configuration, exit 1 when there is one, and what somebody should see to."""
    found, to_see_to = faults(setup.settings()), list(notices(composition.system_clock().date()))
    if as_json:
        click.echo(json.dumps({"faults": found, "notices": to_see_to}))
    else:
        for fault in found:
            click.echo(f"- {fault}")
        click.echo("Everything is in order." if not found else f"{len(found)} to put right.")
        for notice in to_see_to:
            click.echo(notice)
    sys.exit(1 if found else 0)


@click.group()
def db() -> None:
    """The database."""


@db.command()
@click.option("--dry-run", is_flag=True, help="Say what would be done.")
def upgrade(dry_run: bool) -> None:
    """Bring the schema to this release's."""
    database = setup.unmigrated(setup.settings()).database
    before, newest = migrations.current(database), migrations.newest()
    if dry_run:
        click.echo(f"{before or 'empty'} -> {newest}")
        return
    migrations.upgrade(database)
    click.echo(f"The schema is at {newest}." + ("" if before != newest else " Nothing to do."))


@click.group()
def audit() -> None:
    """The audit trail."""


@audit.command()
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def verify(as_json: bool) -> None:
    """Walk the whole chain; exit 1 where it is broken."""
    database = setup.services(setup.settings()).database
    with database.read() as session:
        verdict = trail.verify(session)
    if as_json:
        click.echo(json.dumps({"events": verdict.events, "broken_at": verdict.broken_at}))
    elif verdict.whole:
        click.echo(f"{verdict.events} events, the chain is whole.")
    else:
        click.echo(f"The chain is broken at event {verdict.broken_at}.", err=True)
    sys.exit(0 if verdict.whole else 1)
