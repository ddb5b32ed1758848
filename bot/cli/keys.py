"""``kit keys``: making the keys that an installation is told by its environment."""

import click

from bot import secrets


@click.group()
def keys() -> None:
    """Keys of the installation."""


@keys.command()
def new() -> None:
    """Print fresh keys as lines for the environment. Keep a copy of them, apart from the backups."""
    for name, value in secrets.fresh().items():
        click.echo(f"{name}={value}")
