"""``kit``: the command line. Exit 0 done, 1 refused or failed with a reason on stderr, 2 usage."""

import sys

import click
from sqlalchemy.exc import OperationalError

from bot.cli.check import audit, check, db
from bot.cli.clock import tick
from bot.cli.demo import demo
from bot.cli.export import export
from bot.cli.keys import keys
from bot.cli.people import people
from bot.cli.serve import run, web, worker
from bot.cli.settings import settings
from bot.cli.simulate import simulate
from bot.cli.staff import staff
from bot.cli.telegram import telegram
from bot.cli.texts import segments, understand
from messages.errors import KitError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def kit() -> None:
    """Keep in touch with young people who have left care."""


for command in (
    audit,
    check,
    db,
    demo,
    export,
    keys,
    people,
    run,
    segments,
    settings,
    simulate,
    staff,
    telegram,
    tick,
    understand,
    web,
    worker,
):
    kit.add_command(command)


def main() -> None:
    try:
        kit(standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(1)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except KitError as error:
        click.echo(f"kit: {error}", err=True)
        sys.exit(1)
    except OSError as error:
        click.echo(f"kit: {error.filename or 'a file'}: {error.strerror or 'cannot be used'}.", err=True)
        sys.exit(1)
    except OperationalError as error:
        # Only the kind: the driver's own words may hold the address, its user and password.
        kind = type(error.orig).__name__
        click.echo(f"kit: DATABASE_URL: the database does not answer, or failed ({kind}).", err=True)
        sys.exit(1)
