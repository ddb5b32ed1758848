"""Column headings: the documented names and a fixed list of what case systems call them, never a guess."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from storage.cohort.tables import Cell, NotATable, Table, is_empty

KEY = "person_id"

#: Each column and its other spellings; capitals, blanks, hyphens, dots and underscores make no difference.
COLUMNS: dict[str, tuple[str, ...]] = {
    KEY: ("person ref", "case id", "case number", "lcs id", "mosaic id", "eclipse id"),
    "first_name": ("forename", "given name"),
    "last_name": ("surname", "family name"),
    "preferred_name": ("known as", "preferred first name"),
    "date_of_birth": ("dob", "birth date"),
    "status": ("legal status", "eligibility", "care leaver status"),
    "mobile": ("mobile no", "mobile number", "mobile phone"),
    "adviser_email": ("pa email", "personal adviser email", "personal advisor email", "advisor email"),
    "team": ("team name",),
    "language": ("first language", "preferred language"),
    "cadence": ("rhythm",),
    "risk": ("risk level",),
    "last_visit": ("last visit date", "date of last visit"),
    "last_plan_review": ("last pathway plan review", "last review date", "date of last plan review"),
    "in_area": (),
    "discreet": (),
    "safe_name": (),
    "safe_to_text": (),
    "safe_to_ring": ("safe to call",),
    "enrolled_on": ("enrolment date", "date enrolled"),
    "social_worker_email": ("sw email",),
}
#: Without these nobody new can be made.
NEEDED = ("first_name", "last_name", "date_of_birth", "status")


def _folded(heading: str) -> str:
    return re.sub(r"[\W_]+", " ", heading.casefold()).strip()


_NAMES = {_folded(name): column for column, others in COLUMNS.items() for name in (column, *others)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Headings:
    #: The row they stand in, as the spreadsheet shows it.
    row: int
    #: Column name by its place, from 0.
    places: dict[int, str]
    #: Headings that mean nothing to us, as written.
    unknown: tuple[str, ...]

    def __contains__(self, column: str) -> bool:
        return column in self.places.values()


def column_named(heading: Cell) -> str | None:
    return _NAMES.get(_folded(heading)) if isinstance(heading, str) else None


def find(table: Table) -> Headings:
    """The headings in the first row that is not blank; :class:`NotATable` when there is no person_id."""
    filled = (
        (number, row) for number, row in enumerate(table.rows, 1) if any(not is_empty(cell) for cell in row)
    )
    number, cells = next(filled, (0, ()))
    if not number:
        raise NotATable("The file is empty.")
    places = {place: column for place, cell in enumerate(cells) if (column := column_named(cell))}
    if KEY not in places.values():
        raise NotATable(
            f"Row {number} must hold the column headings, and one of them must be person_id (the id that "
            "the case system gives each young person)."
        )
    _refuse_doubles(list(places.values()))
    unknown = tuple(
        str(cell)[:60] for place, cell in enumerate(cells) if place not in places and not is_empty(cell)
    )
    return Headings(row=number, places=places, unknown=unknown)


def _refuse_doubles(columns: Sequence[str]) -> None:
    doubled = sorted({column for column in columns if columns.count(column) > 1})
    if doubled:
        raise NotATable(f"Two columns both mean {doubled[0]}: delete or rename one of them.")
