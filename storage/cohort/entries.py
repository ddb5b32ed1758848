"""Rows of a table as typed entries: all that can be judged without looking into the database."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from storage.cohort import headings
from storage.cohort.cells import PARSERS, BadCell, Terms
from storage.cohort.findings import Finding
from storage.cohort.headings import Headings
from storage.cohort.tables import Cell, Table, is_empty
from storage.people import Cadence, Risk, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One row that reads well. None: the cell is empty or the column is missing, which changes nothing."""

    row: int
    person_id: str
    first_name: str | None = None
    last_name: str | None = None
    preferred_name: str | None = None
    date_of_birth: date | None = None
    status: Status | None = None
    mobile: str | None = None
    adviser_email: str | None = None
    team: str | None = None
    language: str | None = None
    cadence: Cadence | None = None
    risk: Risk | None = None
    last_visit: date | None = None
    last_plan_review: date | None = None
    in_area: bool | None = None
    discreet: bool | None = None
    safe_name: str | None = None
    safe_to_text: bool | None = None
    safe_to_ring: bool | None = None
    enrolled_on: date | None = None
    social_worker_email: str | None = None

    def given(self) -> dict[str, Any]:
        """The filled columns, but for the row and the key."""
        filled = {field.name: getattr(self, field.name) for field in fields(self)}
        return {
            column: value
            for column, value in filled.items()
            if value is not None and column not in ("row", "person_id")
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Entries:
    good: Sequence[Entry]
    #: Rows with a bad cell, as far as they could be read.
    spoilt: Sequence[Entry]
    faults: Sequence[Finding]
    headings: Headings
    #: Filled rows, good or not.
    rows: int


def read_entries(table: Table, terms: Terms) -> Entries:
    found = headings.find(table)
    faults: list[Finding] = []
    entries: list[Entry] = []
    spoilt: list[Entry] = []
    rows = 0
    for number, cells in enumerate(table.rows[found.row :], found.row + 1):
        filled = {
            column: cells[place]
            for place, column in found.places.items()
            if place < len(cells) and not is_empty(cells[place])
        }
        if not filled and all(is_empty(cell) for cell in cells):
            continue
        rows += 1
        values, wrong = _values(number, filled, terms)
        wrong = wrong or list(_disagreements(number, values))
        faults += wrong
        (spoilt if wrong else entries).append(Entry(row=number, **{"person_id": "", **values}))
    doubles = _doubles(entries)
    twice = {double.row for double in doubles}
    good = [entry for entry in entries if entry.row not in twice]
    return Entries(good=good, spoilt=spoilt, faults=[*faults, *doubles], headings=found, rows=rows)


def _values(row: int, cells: dict[str, Cell], terms: Terms) -> tuple[dict[str, Any], list[Finding]]:
    values: dict[str, Any] = {}
    wrong: list[Finding] = []
    for column, cell in cells.items():
        try:
            values[column] = PARSERS[column](cell, terms)
        except BadCell as error:
            wrong.append(Finding(row=row, column=column, words=str(error)))
    if headings.KEY not in cells:
        words = "Empty: give the id that the case system knows this person by."
        wrong.append(Finding(row=row, column=headings.KEY, words=words))
    return values, wrong


def _disagreements(row: int, values: dict[str, Any]) -> Iterable[Finding]:
    """Cells that read well alone but not together."""
    born = values.get("date_of_birth")
    for column in ("last_visit", "last_plan_review", "enrolled_on"):
        if born and values.get(column) and values[column] < born:
            yield Finding(row=row, column=column, words="This is before their date of birth: check both.")
    if "enrolled_on" in values and values.get("safe_to_text") is not True:
        words = "Enrolled means that it is safe to text them: write yes here, or leave enrolled_on empty."
        yield Finding(row=row, column="safe_to_text", words=words)


def _doubles(entries: Sequence[Entry]) -> list[Finding]:
    """Every row of a person who has several: which of them is right, only the council knows."""
    rows: defaultdict[str, list[int]] = defaultdict(list)
    for entry in entries:
        rows[entry.person_id].append(entry.row)
    return [
        Finding(
            row=row,
            column=headings.KEY,
            words=f"The same id is in row {next(other for other in same if other != row)}: keep one of them.",
        )
        for same in rows.values()
        if len(same) > 1
        for row in same
    ]
