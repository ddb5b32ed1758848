"""Workbooks (xlsx, xlsb, xls, ods): the first visible sheet that has a person_id column."""

import io
import zipfile

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

from storage.cohort import headings
from storage.cohort.tables import MOST_ROWS, Cell, NotATable, Table, is_empty

#: A list of young people unpacks to a few megabytes; a file made to do harm, to gigabytes.
_LARGEST_UNPACKED = 300 * 1024 * 1024
_DAMAGED = "The workbook is damaged, or is no workbook: open it in Excel and save it again."
_WIDEST = 200


def read(data: bytes, name: str) -> Table:
    _refuse_bombs(data)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = [_sheet(book, sheet.name) for sheet in book.sheets_metadata if _shown(sheet.visible)]
    except PasswordError:
        raise NotATable("The workbook is locked with a password: save it without one.") from None
    except (CalamineError, ValueError, OverflowError):
        raise NotATable(_DAMAGED) from None
    except BaseException as error:
        # The reader is written in Rust: what it did not expect is a panic, which is no Exception.
        if type(error).__name__ == "PanicException":
            raise NotATable(_DAMAGED) from None
        raise
    filled = [sheet for sheet in sheets if sheet[1]]
    if not filled:
        raise NotATable("The workbook has no filled sheet.")
    title, rows = next((sheet for sheet in filled if _has_people(sheet[1])), filled[0])
    return Table(name=name, rows=rows, sheet=title if len(sheets) > 1 else "")


def _refuse_bombs(data: bytes) -> None:
    if not zipfile.is_zipfile(io.BytesIO(data)):
        return
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > _LARGEST_UNPACKED:
            raise NotATable("The workbook is far larger than any list of young people.")


def _shown(visible: SheetVisibleEnum) -> bool:
    return visible == SheetVisibleEnum.Visible


def _sheet(book: CalamineWorkbook, title: str) -> tuple[str, list[list[Cell]]]:
    sheet: CalamineSheet = book.get_sheet_by_name(title)
    if sheet.total_height > MOST_ROWS:
        raise NotATable(
            f"A sheet has more than {MOST_ROWS:,} rows: delete the empty ones, or import in parts."
        )
    if sheet.total_width > _WIDEST:
        raise NotATable(f"A sheet has more than {_WIDEST} columns: delete the empty ones.")
    # From cell A1 on, so that row numbers are those on the screen.
    rows: list[list[Cell]] = [list(row) for row in sheet.to_python(skip_empty_area=False)]
    return title, rows if any(not is_empty(cell) for row in rows for cell in row) else []


def _has_people(rows: list[list[Cell]]) -> bool:
    first = next(row for row in rows if any(not is_empty(cell) for cell in row))
    return any(headings.column_named(cell) == headings.KEY for cell in first)
