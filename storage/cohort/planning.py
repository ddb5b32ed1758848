"""What an import would do, row by row, before anything is written.

A cell changes something only when it says something new: against what is stored, and against what the last
import said. So a second import of the same file changes nothing, not even what people chose since by text.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from storage.addresses import Address
from storage.cohort import sharing
from storage.cohort.cells import Terms
from storage.cohort.demands import Demands
from storage.cohort.entries import Entry, read_entries
from storage.cohort.findings import Finding
from storage.cohort.known import Known, gather
from storage.cohort.ledger import PERSON_COLUMNS, written
from storage.cohort.tables import Table
from storage.people import AllocationRole, Person

LONDON = ZoneInfo("Europe/London")
ROLES = {
    "adviser_email": AllocationRole.ADVISER,
    "social_worker_email": AllocationRole.SOCIAL_WORKER,
}


#: What is said about a number, and not about the person.
FLAGS = ("safe_to_text", "safe_to_ring")


class Effect(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(slots=True, kw_only=True)
class Intent:
    """What one good row will do. ``person``: None when it is a new one."""

    entry: Entry
    person: Person | None
    #: Columns that change something.
    columns: list[str] = field(default_factory=list)
    #: An adviser or social worker who takes over from another.
    moved: list[str] = field(default_factory=list)
    staff: dict[AllocationRole, UUID] = field(default_factory=dict)
    #: Whom the role is taken from.
    held: dict[AllocationRole, UUID | None] = field(default_factory=dict)
    #: Active mobiles: they end when the row brings a new one.
    mobiles: Sequence[Address] = ()
    #: The one of them that the row is about when it brings none.
    mobile: Address | None = None
    #: Other people's addresses that this row shows to be shared.
    shared_with: Sequence[Address] = ()
    shared: bool = False
    reopens: bool = False

    @property
    def effect(self) -> Effect:
        if self.person is None:
            return Effect.NEW
        return Effect.CHANGED if self.columns or self.reopens else Effect.UNCHANGED


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    file: str
    sheet: str
    today: date
    zone: ZoneInfo
    #: Filled rows, good or not.
    rows: int
    intents: Sequence[Intent]
    faults: Sequence[Finding]
    #: Worth knowing, and no obstacle.
    notes: Sequence[Finding]
    unknown_columns: Sequence[str]
    #: Teams that do not exist yet and will be made.
    new_teams: Sequence[str]

    def count(self, effect: Effect) -> int:
        return sum(intent.effect is effect for intent in self.intents)

    @property
    def bad_rows(self) -> int:
        return self.rows - len(self.intents)

    @property
    def moved(self) -> int:
        """People who get another adviser."""
        return sum("adviser_email" in intent.moved for intent in self.intents)

    @property
    def enrolled(self) -> int:
        return sum("enrolled_on" in intent.columns for intent in self.intents)


def prepare(
    session: Session,
    table: Table,
    *,
    now: datetime,
    allow_drama: bool = False,
    zone: ZoneInfo = LONDON,
) -> Plan:
    """Read ``table`` against the database. Writes nothing. ``zone``: the council's."""
    terms = Terms(today=now.astimezone(zone).date(), allow_drama=allow_drama)
    read = read_entries(table, terms)
    known = gather(session, read.good)
    demands = Demands(known, read.headings)
    met = [entry for entry in read.good if demands.met(entry)]
    demands.look_over(read.spoilt)
    notes: list[Finding] = []
    intents = [_intent(entry, known, notes) for entry in met]
    sharing.find(intents, known, notes)
    return Plan(
        file=table.name,
        sheet=table.sheet,
        today=terms.today,
        zone=zone,
        rows=read.rows,
        intents=intents,
        faults=sorted([*read.faults, *demands.faults()], key=lambda fault: fault.row),
        notes=sorted(notes, key=lambda note: note.row),
        unknown_columns=read.headings.unknown,
        new_teams=_new_teams(intents, known),
    )


def _new_teams(intents: Sequence[Intent], known: Known) -> list[str]:
    named = {
        intent.entry.team.casefold(): intent.entry.team
        for intent in intents
        if intent.entry.team and "team" in intent.columns
    }
    return sorted(team for folded, team in named.items() if folded not in known.teams)


def _intent(entry: Entry, known: Known, notes: list[Finding]) -> Intent:
    person = known.people.get(entry.person_id)
    intent = Intent(entry=entry, person=person)
    if person is None:
        intent.columns = list(entry.given())
        intent.staff = {role: known.staff[email].id for role, email in _emails(entry)}
        intent.held = dict.fromkeys(intent.staff)
        return intent
    if person.closed_at is not None and person.id not in known.undone:
        words = "This person is closed here, and stays closed. Reopen them on their page first."
        notes.append(Finding(row=entry.row, column="person_id", words=words))
        return intent
    intent.reopens = person.closed_at is not None
    _compare(intent, person, known, notes)
    return intent


def _emails(entry: Entry) -> list[tuple[AllocationRole, str]]:
    return [(role, email) for column, role in ROLES.items() if (email := getattr(entry, column))]


def _compare(intent: Intent, person: Person, known: Known, notes: list[Finding]) -> None:
    """Which cells of a row about somebody known say something new."""
    said = known.said.get(person.id, {})
    intent.mobiles = known.mobiles.get(person.id, [])
    intent.mobile = _spoken_of(intent.entry, intent.mobiles)
    current = _current(intent, person, known)
    declares = _declares(intent.entry, person, known)
    for column, value in intent.entry.given().items():
        if column in current and current[column] == value:
            continue
        if said.get(column) == written(value) and not (declares and column in ("mobile", *FLAGS)):
            if column in current:
                words = "It was changed here since the last import, which said the same: left as it is here."
                notes.append(Finding(row=intent.entry.row, column=column, words=words))
            continue
        if column == "discreet" and value is False and said.get(column) is not True:
            words = "Somebody marked this person as discreet here: left so. Take it off on their page."
            notes.append(Finding(row=intent.entry.row, column=column, words=words))
            continue
        if column in FLAGS and column not in current and "mobile" not in intent.columns:
            continue  # about no number that this person has
        if not _already(column, value, person, known):
            intent.columns.append(column)
    _allocations(intent, person, known)


def _declares(entry: Entry, person: Person, known: Known) -> bool:
    """A fresh declaration speaks of the number beside it, even of one that was replaced here since."""
    declared = entry.enrolled_on
    said = known.said.get(person.id, {}).get("enrolled_on")
    return (
        bool(declared) and said != written(declared) and not _already("enrolled_on", declared, person, known)
    )


def _current(intent: Intent, person: Person, known: Known) -> dict[str, Any]:
    """What is stored now, by column, as a cell would say it."""
    entry, mobile = intent.entry, intent.mobile
    stored = {column: getattr(person, column) for column in PERSON_COLUMNS}
    for column, role in ROLES.items():
        holder = known.allocated.get((person.id, role))
        stored[column] = known.emails.get(holder) if holder else None
    stored["mobile"] = mobile.value if mobile else None
    if mobile is not None:
        stored |= {flag: getattr(mobile, flag) for flag in FLAGS}
    team = known.teams.get(entry.team.casefold()) if entry.team else None
    stored["team"] = entry.team if team and person.team_id == team.id else None
    return stored


def _spoken_of(entry: Entry, mobiles: Sequence[Address]) -> Address | None:
    """The active mobile that a row is about: the one it names, else (it names none) the newest."""
    named = [address for address in mobiles if entry.mobile in (None, address.value)]
    return named[-1] if named else None


def _already(column: str, value: Any, person: Person, known: Known) -> bool:
    """Dated facts that are on record, or overtaken."""
    match column:
        case "last_visit":
            return (person.id, value) in known.visits
        case "last_plan_review":
            return (person.id, value) in known.reviews
        case "enrolled_on":
            return person.id in known.declared and known.declared[person.id] >= value
        case _:
            return False


def _allocations(intent: Intent, person: Person, known: Known) -> None:
    for column, role in ROLES.items():
        if column in intent.columns:
            holder = known.allocated.get((person.id, role))
            intent.staff[role] = known.staff[getattr(intent.entry, column)].id
            intent.held[role] = holder
            if holder is not None:
                intent.moved.append(column)
