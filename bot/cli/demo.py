"""``kit demo``: an invented council with phones on the screen. Nothing real can be sent."""

import os
import shutil
import socket
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import click

from bot import composition, logs
from bot.cli import setup
from bot.cli.supervise import supervise
from bot.secrets import own_keys
from bot.settings import Environment, Settings
from messages.errors import KitError

#: The demo is quiet on the terminal, so that what it prints can be found there.
_LOG_LEVEL = "warning"
_PATIENCE_SECONDS = 60


@click.command()
@click.option("--port", type=setup.PORT, default=8000, show_default=True, help="Where the pages are.")
@click.option("--reset", is_flag=True, help="Begin anew: everything typed so far is forgotten.")
def demo(port: int, reset: bool) -> None:
    """An invented council with a year of history and phones on the screen. Nothing real is sent."""
    _must_be_free(port)
    settings = demo_settings(port)
    logs.configure(settings.log_level)
    if reset:
        _forget(settings.data_dir)
    prepare(settings)
    threading.Thread(target=_greet, args=(settings.base_url,), daemon=True).start()
    supervise([["web", "--port", str(port)], ["worker"]])


class PortTaken(KitError):
    """Something else listens on this port: choose another with --port."""


def _must_be_free(port: int) -> None:
    with socket.socket() as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind(("0.0.0.0", port))  # noqa: S104  (where the web process will listen)
        except OSError:
            raise PortTaken from None


def demo_settings(port: int) -> Settings:
    """Settings in which this process and its children agree, whatever else the environment names."""
    folder = Path(os.environ.get("KIT_DATA_DIR") or "data").resolve() / "demo"
    for field in Settings.model_fields.values():
        os.environ.pop(str(field.validation_alias), None)
    os.environ.update(
        {
            "KIT_ENV": Environment.DEMO.value,
            "KIT_DATA_DIR": str(folder),
            "DATABASE_URL": f"sqlite:///{folder / 'kit.db'}",
            "KIT_PUBLIC_URL": f"http://127.0.0.1:{port}",
            "PORT": str(port),
            "KIT_LOG_LEVEL": _LOG_LEVEL,
        }
    )
    # Its own keys too, also where a .env file beside it holds an installation's.
    os.environ.update(own_keys(folder))
    return Settings.from_environment()


def prepare(settings: Settings) -> None:
    """Data in place. (Its database is closed again: the children open their own.)"""
    from bot.demo.start import prepare as prepared

    world = composition.demo(settings)
    if prepared(world):
        click.echo("Westhaven has moved in: a year of history, as of now.")
    world.world.services.database.close()


def _forget(folder: Path) -> None:
    for name in ("kit.db", "kit.db-wal", "kit.db-shm"):
        (folder / name).unlink(missing_ok=True)
    shutil.rmtree(folder / "spool", ignore_errors=True)


def _greet(url: str) -> None:
    """Once pages can be had, say where."""
    give_up = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < give_up:
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=2):  # noqa: S310  (our own address)
                break
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    click.echo(f"\n  Keep in Touch, demo: {url}")
    click.echo("  Invented people. Nothing here is sent to anyone.\n")
    click.echo(f"  Sign in:   {url}/sign-in  (a button for each role)")
    for name, role in _SIGN_INS:
        click.echo(f"             {name}, {role}")
    click.echo(f"  Phones:    {url}/simulator")
    click.echo("\n  Ctrl+C stops it. kit demo --reset begins anew.\n")


_SIGN_INS = (
    ("Sam Okafor", "adviser"),
    ("Rachel Lowe", "social worker"),
    ("Mira Solanki", "duty worker"),
    ("Helen Ashdown", "team manager"),
    ("Ruth Carter", "senior leader"),
    ("Zainab Aziz", "participation worker"),
    ("Peter Nash", "administrator"),
)
