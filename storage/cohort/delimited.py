"""Text files: comma, semicolon or tab; UTF-8 (with or without its mark), UTF-16 with one, or Windows-1252."""

import codecs
import csv
import io

from storage.cohort import headings
from storage.cohort.tables import NotATable, Table

_DELIMITERS = (",", ";", "\t")
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_NOT_TEXT = {
    b"%PDF": "a PDF",
    b"{\\rtf": "a Word document",
    b"\x1f\x8b": "a compressed file",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
}


def read(data: bytes, name: str) -> Table:
    for beginning, words in _NOT_TEXT.items():
        if data.startswith(beginning):
            raise NotATable(f"The file is {words}, not a table: save the list as CSV or as a workbook.")
    text = _decoded(data)
    if "\0" in text:
        raise NotATable("The file is no text: save the list as CSV (UTF-8) or as a workbook.")
    if text.lstrip()[:200].lower().startswith(("<!doctype", "<html", "<table", "<?xml")):
        raise NotATable("The file is a web page under another name: open it in Excel and save it as CSV.")
    return Table(name=name, rows=_rows(text))


def _decoded(data: bytes) -> str:
    encodings = ("utf-16",) if data.startswith(_UTF_16) else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise NotATable("The letters in this file are in no encoding we know: save it as CSV UTF-8.")


def _rows(text: str) -> list[list[str]]:
    """Split by the delimiter under which the headings make most sense."""
    beginning = text[:100_000]
    delimiter = max(_DELIMITERS, key=lambda each: _headings_known(beginning, each))
    try:
        # Records, not lines: a cell may hold line breaks and is still one row of the spreadsheet.
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        raise NotATable(
            "A quotation mark in this file is opened and not closed, or a cell is far too long: "
            "open it in Excel and save it as CSV again."
        ) from None


def _headings_known(text: str, delimiter: str) -> int:
    """How many columns we know in the first row that is not blank."""
    try:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        first = next((row for row in rows if any(cell.strip() for cell in row)), [])
    except csv.Error:
        return 0
    return sum(headings.column_named(cell) is not None for cell in first)
