"""``kit staff add``: local accounts."""

import sys

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.cli import setup
from messages import phones
from messages.channel import ChannelName
from messages.errors import KitError
from storage import addresses, audit
from storage import staff as records
from storage.cohort.cells import EMAIL
from storage.staff import Role, Staff, Team
from web.passwords import hashed


class StaffRefused(KitError):
    """This member of staff cannot be added."""


@click.group()
def staff() -> None:
    """Members of staff."""


@staff.command()
@click.argument("email")
@click.option("--name", required=True, help="First and last name.")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@click.option("--phone", default=None, help="Work mobile for alerts.")
@click.option("--team", default=None, help="Made when there is none of that name.")
@click.option("--social-worker", is_flag=True, help="An adviser account that is a social worker's.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@click.option("--dry-run", is_flag=True, help="Check, and write nothing.")
def add(
    email: str,
    name: str,
    role: str,
    phone: str | None,
    team: str | None,
    social_worker: bool,
    password_stdin: bool,
    dry_run: bool,
) -> None:
    """Add a member of staff by EMAIL."""
    services = setup.services(settings := setup.settings())
    now = services.clock()
    if not (EMAIL.fullmatch(email.strip()) and name.strip()):
        raise StaffRefused("Give one e-mail address, such as sam@council.example, and a name.")
    number = phones.parse(phone, allow_drama=not settings.production) if phone else None
    password = sys.stdin.readline().rstrip("\n") if password_stdin else None
    password_hash = hashed(password) if password is not None else None
    with services.database.begin() as session:
        if records.by_email(session, email):
            raise StaffRefused("There is already an account with this e-mail address.")
        if dry_run:
            click.echo("Can be added.")
            return
        member = Staff(
            email=email.strip().lower(),
            name=name.strip(),
            role=Role(role),
            team_id=_team(session, team).id if team else None,
            social_worker=social_worker,
            phone=number,
            password_hash=password_hash,
            created_at=now,
        )
        session.add(member)
        session.flush()
        audit.note(session, "staff.added", now=now, subject="staff", subject_id=member.id, role=role)
    click.echo(f"Added as {role}.")


@staff.command()
@click.argument("email")
@click.argument("number")
@click.option("--dry-run", is_flag=True, help="Check, and write nothing.")
def phone(email: str, number: str, dry_run: bool) -> None:
    """Set the work mobile that EMAIL is alerted on, after it failed or changed."""
    services = setup.services(settings := setup.settings())
    now = services.clock()
    mobile = phones.parse(number, allow_drama=not settings.production)
    with services.database.begin() as session:
        member = records.by_email(session, email.strip().lower())
        if member is None:
            raise StaffRefused("Nobody on the staff has this e-mail address.")
        if dry_run:
            click.echo("Can be set.")
            return
        member.phone, member.phone_failed_at = mobile, None
        indexes = services.database.keyring.indexes(mobile)
        addresses.opt_in(session, ChannelName.SMS, indexes, now=now)
        audit.note(session, "staff.phone_set", now=now, subject="staff", subject_id=member.id)
    click.echo("Set. If the carrier still refuses it, START must be texted from that phone.")


def _team(session: Session, name: str) -> Team:
    found = session.scalars(select(Team).where(Team.name == name)).one_or_none()
    if found is None:
        found = Team(name=name)
        session.add(found)
        session.flush()
    return found
