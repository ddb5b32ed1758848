"""A file as rows of cells, whatever it is: CSV, TSV, semicolons, or a workbook. Decided by its content."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from messages.errors import KitError

#: As csv and python-calamine give them.
Cell = str | int | float | bool | date | datetime | time | timedelta | None

LARGEST_FILE = 20 * 1024 * 1024
MOST_ROWS = 20_000

_ZIPPED = b"PK\x03\x04"
#: The old Excel's container; an encrypted workbook is one too.
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_TEXT_NAMES = {".csv", ".tsv", ".txt"}
_WORKBOOK_NAMES = {".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"}


class NotATable(KitError):
    """This file cannot be read as a table: save it as CSV (UTF-8) or as an Excel workbook."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """``rows`` begin with row 1 of the sheet, blank ones kept, so that row numbers are the spreadsheet's."""

    name: str
    rows: Sequence[Sequence[Cell]]
    #: Of a workbook with several.
    sheet: str = ""


def read(path: Path) -> Table:
    """The table in a file; :class:`NotATable` says in words why there is none."""
    with path.open("rb") as file:
        data = file.read(LARGEST_FILE + 1)
    return from_bytes(data, path.name)


def from_bytes(data: bytes, name: str) -> Table:
    """As :func:`read`, for an upload. ``name``: what the file is called."""
    from storage.cohort import delimited, workbooks

    if len(data) > LARGEST_FILE:
        raise NotATable("The file is larger than 20 MB, which no list of young people is.")
    if not data.strip():
        raise NotATable("The file is empty.")
    ending = Path(name).suffix.lower()
    is_workbook = data.startswith((_ZIPPED, _COMPOUND))
    if is_workbook and ending in _TEXT_NAMES:
        raise NotATable(f"The file ends in {ending} but is a workbook: save it as CSV, or name it .xlsx.")
    if not is_workbook and ending in _WORKBOOK_NAMES:
        raise NotATable(f"The file ends in {ending} but is no workbook: open it in Excel and save it again.")
    table = workbooks.read(data, name) if is_workbook else delimited.read(data, name)
    if len(table.rows) > MOST_ROWS:
        raise NotATable(f"The file has more than {MOST_ROWS:,} rows: import it in parts.")
    return table


def is_empty(cell: Cell) -> bool:
    return cell is None or (
        isinstance(cell, str) and not cell.strip(" \t\r\n\v\f\xa0\u200b\u200e\u200f\ufeff")
    )
