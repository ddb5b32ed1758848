"""``kit people import`` and ``kit people undo-import``: the cohort from the case system, and out again."""

import json
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import UUID

import click
from sqlalchemy.orm import Session

from bot.cli import setup
from messages.errors import KitError
from scheduler import numbers, rules, slots
from scheduler.services import Services
from storage import cohort, staff
from storage.cohort import Applied, Finding, Plan, Table, Undone
from storage.cohort.planning import Effect
from storage.people import Person

_BY = click.option(
    "--by", "email", default=None, help="E-mail of the member of staff who does it, for the audit."
)
_JSON = click.option("--json", "as_json", is_flag=True, help="For machines.")


class NobodyOfThatEmail(KitError):
    """--by names nobody on the staff."""


@click.group()
def people() -> None:
    """Young people."""


@people.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would happen, and write nothing.")
@click.option("--skip-bad", is_flag=True, help="Import the good rows and leave the bad ones out.")
@_BY
@_JSON
def import_(file: Path, dry_run: bool, skip_bad: bool, email: str | None, as_json: bool) -> None:
    """Import the cohort from FILE: CSV, XLSX, XLS or ODS. Texts nobody by itself."""
    settings = setup.settings()
    table = cohort.read(file)
    services = setup.services(settings)
    drama = not settings.production
    with closing(services.database) as database:
        if dry_run:
            with database.read() as session:
                plan, done = _plan(session, services, table, drama=drama), None
        else:
            plan, done = _write(services, table, drama=drama, skip_bad=skip_bad, email=email)
    refused = bool(plan.faults) and not skip_bad
    if as_json:
        click.echo(json.dumps(_numbers(plan, done, dry_run=dry_run), ensure_ascii=False))
    else:
        _tell(plan, done, dry_run=dry_run, skip_bad=skip_bad)
    if refused:
        raise cohort.ImportRefused


def _plan(session: Session, services: Services, table: Table, *, drama: bool) -> Plan:
    return cohort.prepare(
        session, table, now=services.clock(), allow_drama=drama, zone=services.council.time_zone
    )


def _write(
    services: Services, table: Table, *, drama: bool, skip_bad: bool, email: str | None
) -> tuple[Plan, Applied | None]:
    """Plan and carry out in one unit of work; no second part while bad rows stand in the way."""
    now = services.clock()
    with services.database.begin() as session:
        by = _staff_id(session, email)
        plan = _plan(session, services, table, drama=drama)
        if plan.faults and not skip_bad:
            return plan, None
        done = cohort.apply(session, plan, now=now, imported_by_id=by, skip_bad=skip_bad)
        _replan(session, services, done.replan)
        numbers.ask_about(session, services, done.renumbered, now=now)
        return plan, done


def _staff_id(session: Session, email: str | None) -> UUID | None:
    if email is None:
        return None
    member = staff.by_email(session, email)
    if member is None:
        raise NobodyOfThatEmail
    return member.id


def _replan(session: Session, services: Services, person_ids: Iterable[UUID]) -> None:
    """Whose rhythm changed is asked next as the new rhythm says."""
    in_force, zone = rules.load(session), services.council.time_zone
    session.flush()
    for person_id in person_ids:
        person = session.get_one(Person, person_id)
        slots.plan_next(session, person, in_force, now=services.clock(), zone=zone)


def _numbers(plan: Plan, done: Applied | None, *, dry_run: bool) -> dict[str, Any]:
    return {
        "file": plan.file,
        "sheet": plan.sheet,
        "rows": plan.rows,
        **{effect.value: plan.count(effect) for effect in Effect},
        "moved_adviser": plan.moved,
        "enrolled": plan.enrolled,
        "bad": plan.bad_rows,
        "messages": _listed(plan.faults),
        "notes": _listed(plan.notes),
        "unknown_columns": list(plan.unknown_columns),
        "new_teams": list(plan.new_teams),
        "changes": [
            {"row": intent.entry.row, "effect": intent.effect.value, "columns": intent.columns}
            for intent in plan.intents
            if intent.effect is not Effect.UNCHANGED
        ],
        "to_confirm": len(done.renumbered) if done else 0,
        "dry_run": dry_run,
        "import_id": str(done.import_id) if done and done.import_id else None,
    }


def _listed(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    return [{"row": each.row, "column": each.column, "message": each.words} for each in findings]


def _tell(plan: Plan, done: Applied | None, *, dry_run: bool, skip_bad: bool) -> None:
    sheet = f" (sheet {plan.sheet})" if plan.sheet else ""
    click.echo(f"{plan.file}{sheet}: {plan.rows} rows")
    counts = ", ".join(f"{plan.count(effect)} {effect.value}" for effect in Effect)
    click.echo(f"{counts}, {plan.bad_rows} bad; {plan.moved} with another adviser, {plan.enrolled} enrolled")
    if plan.unknown_columns:
        click.echo(f"Columns left out, not known here: {', '.join(plan.unknown_columns)}")
    if plan.new_teams:
        click.echo(f"Teams that are new: {', '.join(plan.new_teams)}")
    for note in plan.notes:
        click.echo(f"Note. {note}")
    for fault in plan.faults:
        click.echo(str(fault), err=True)
    if dry_run:
        click.echo("Dry run: nothing was written.")
    elif done and done.import_id:
        if done.renumbered:
            click.echo(
                f"{len(done.renumbered)} enrolled with another number: nothing automatic goes to it before "
                "somebody has confirmed it. Their advisers are asked to."
            )
        click.echo(f"Imported. To take it back as a whole: kit people undo-import {done.import_id}")
    elif done:
        click.echo("Nothing to change, nothing was written.")


@people.command("undo-import")
@click.argument("import_id", type=click.UUID)
@click.option("--dry-run", is_flag=True, help="Say what would happen, and write nothing.")
@_BY
@_JSON
def undo_import(import_id: UUID, dry_run: bool, email: str | None, as_json: bool) -> None:
    """Undo the import IMPORT_ID as a whole."""
    services = setup.services(setup.settings())
    with closing(services.database) as database, database.begin() as session:
        by = _staff_id(session, email)
        undone = cohort.undo(session, import_id, now=services.clock(), undone_by_id=by)
        _replan(session, services, undone.replan)
        if dry_run:
            session.rollback()
    _tell_undone(undone, dry_run=dry_run, as_json=as_json)


def _tell_undone(undone: Undone, *, dry_run: bool, as_json: bool) -> None:
    numbers = {"removed": undone.removed, "closed": undone.closed, "restored": undone.restored}
    if as_json:
        click.echo(json.dumps(numbers | {"notes": _listed(undone.notes), "dry_run": dry_run}))
        return
    click.echo(", ".join(f"{count} {what}" for what, count in numbers.items()))
    for note in undone.notes:
        click.echo(f"Note. {note}")
    if dry_run:
        click.echo("Dry run: nothing was written.")
