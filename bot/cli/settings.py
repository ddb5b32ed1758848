"""``kit settings``: the values that a council may set, with their history kept."""

import json

import click
from rich.console import Console
from rich.table import Table

from bot.cli import setup
from scheduler import rules
from storage import audit


@click.group()
def settings() -> None:
    """What a council may set: windows, ceilings, steps of an alert, contacts named in texts."""


@settings.command("list")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def list_all(as_json: bool) -> None:
    """Every setting with its value, and its default where it was changed."""
    services = setup.services(setup.settings())
    with services.database.read() as session:
        values = rules.written(rules.load(session))
    if as_json:
        click.echo(json.dumps(values, indent=2, ensure_ascii=False))
        return
    defaults = rules.written(rules.DEFAULTS)
    table = Table("setting", "value", "default", box=None)
    for name, value in values.items():
        changed = value != defaults[name]
        table.add_row(name, json.dumps(value), json.dumps(defaults[name]) if changed else "")
    Console().print(table)


@settings.command("set")
@click.argument("name")
@click.argument("value")
@click.option("--dry-run", is_flag=True, help="Check, and write nothing.")
def set_one(name: str, value: str, dry_run: bool) -> None:
    """Set NAME to VALUE: times as 09:30, durations in seconds or as PT4H and P14D, tables as JSON."""
    services = setup.services(setup.settings())
    now = services.clock()
    with services.database.begin() as session:
        stored = rules.change(session, name, value, now=now)
        audit.note(session, "setting.changed", now=now, subject="setting", subject_id=name, value=stored)
        if dry_run:
            session.rollback()
    click.echo(f"{name} can be {json.dumps(stored)}." if dry_run else f"{name} is {json.dumps(stored)}.")
