"""``kit keys``: making the keys that an installation is told by its environment."""

import secrets as random

import click

from storage.sealing import new_key


@click.group()
def keys() -> None:
    """Keys of the installation."""


@keys.command()
def new() -> None:
    """Print fresh keys as lines for the environment. Keep a copy of them, apart from the backups."""
    click.echo(f"KIT_SECRET_KEY={random.token_urlsafe(48)}")
    click.echo(f"KIT_ENCRYPTION_KEYS={new_key()}")
    click.echo(f"KIT_INDEX_KEY={new_key()}")
