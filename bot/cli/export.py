"""``kit export``: what is remembered, as a table for a spreadsheet, a case system or a report."""

import json
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import IO

import click
from sqlalchemy.orm import Session

from bot.cli import setup
from messages.errors import KitError
from scheduler.services import Services
from storage import audit
from storage.exports import EXPORTS, Export, Format, Span, write

_DAY = click.DateTime(formats=["%Y-%m-%d", "%d/%m/%Y"])


class NoSuchFolder(KitError):
    """The folder of --out does not exist, or nothing may be written there."""


@click.command()
@click.argument("name", type=click.Choice(list(EXPORTS)))
@click.option(
    "--format",
    "format_",
    type=click.Choice([each.value for each in Format]),
    default=None,
    help="[default: csv; of misread: jsonl]",
)
@click.option(
    "--from",
    "first",
    type=_DAY,
    default=None,
    help="First day (people: by when they were added; misread: by when staff said so).",
)
@click.option("--to", "last", type=_DAY, default=None, help="Last day, included.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, allow_dash=True),
    default=Path("-"),
    help="A file, or a folder to name one in; without it, standard output.",
)
@click.option("--dry-run", is_flag=True, help="Count the rows, and write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Say what was written as JSON.")
def export(
    name: str,
    format_: str | None,
    first: datetime | None,
    last: datetime | None,
    out: Path,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Write NAME as a table. Each export is noted in the audit trail.

    misread: the texts that staff noted as missed or closed as misread, as test cases for the maintainers.
    Names, numbers and addresses are replaced, which is not enough: a person must read each line, and take out
    what still tells whose it is, before it leaves the council.
    """
    format_ = format_ or EXPORTS[name].format
    begins, ends = first.date() if first else None, last.date() if last else None
    if begins and ends and begins > ends:
        raise click.UsageError("--from is after --to.")
    services = setup.services(setup.settings())
    span = Span.between(begins, ends, now=services.clock(), zone=services.council.time_zone)
    with closing(services.database) as database:
        path = _path(out, f"{name}-{span.today.isoformat()}.{format_}")
        if dry_run:
            with database.read() as session:
                count = sum(1 for _ in EXPORTS[name].rows(session, span))
        else:
            _refuse_terminal(format_, path)
            _note(services, name, format_, begins, ends)
            count = _write(services, EXPORTS[name], span, Format(format_), path)
    if dry_run or path is not None:
        _tell(name, count, None if dry_run else path, as_json=as_json)


def _path(out: Path, own_name: str) -> Path | None:
    """Where to write; None: standard output."""
    if str(out) == "-":
        return None
    path = out / own_name if out.is_dir() else out
    if not path.parent.is_dir() or not os.access(path.parent, os.W_OK):
        raise NoSuchFolder
    return path


def _refuse_terminal(format_: str, path: Path | None) -> None:
    if path is None and format_ == Format.XLSX and sys.stdout.isatty():
        raise click.UsageError("A workbook is not for the screen: give --out.")


def _note(services: Services, name: str, format_: str, first: date | None, last: date | None) -> None:
    """Before the first row leaves, so that an export that breaks off is on record too."""
    with services.database.begin() as session:
        audit.note(
            session,
            "data.exported",
            now=services.clock(),
            subject="export",
            subject_id=name,
            format=format_,
            first=first,
            last=last,
        )


def _write(services: Services, chosen: Export, span: Span, format_: Format, path: Path | None) -> int:
    def to(target: IO[bytes], session: Session) -> int:
        rows = chosen.rows(session, span)
        return write(target, format_, name=chosen.name, columns=chosen.columns, rows=rows, zone=span.zone)

    with services.database.read() as session:
        if path is None:
            return to(sys.stdout.buffer, session)
        with _whole_file(path) as target:
            return to(target, session)


@contextmanager
def _whole_file(path: Path) -> Iterator[IO[bytes]]:
    """Only this user can read it, and it appears under its name when it is complete, or not at all."""
    handle, unfinished = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
        Path(unfinished).replace(path)
    except BaseException:
        Path(unfinished).unlink(missing_ok=True)
        raise


def _tell(name: str, count: int, path: Path | None, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"name": name, "rows": count, "file": str(path) if path else None}))
    elif path is None:
        click.echo(f"{count} rows. Dry run: nothing was written.")
    else:
        click.echo(f"{count} rows in {path}")
