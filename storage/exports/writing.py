"""Rows to a file as they come: CSV for Excel, JSON lines for machines, a workbook with real dates."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from typing import IO, Any
from zoneinfo import ZoneInfo

import xlsxwriter  # type: ignore[import-untyped]

from messages import phones
from messages.cleaning import clean
from storage.exports.shapes import Column, Format, Kind, Row, Value

#: A spreadsheet takes a cell that begins so for a formula, and runs it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_LONGEST_CELL = 32_767
_MOST_ROWS = 1_048_576


def write(
    target: IO[bytes],
    format: Format,
    *,
    name: str,
    columns: tuple[Column, ...],
    rows: Iterable[Row],
    zone: ZoneInfo,
) -> int:
    """Write all rows; how many there were. Times are the council's, with their offset where there is room."""
    counted = _Counted(rows)
    _WRITERS[format](target, name, columns, counted, zone)
    return counted.count


class _Counted:
    """Rows that are counted as they pass."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._rows, self.count = rows, 0

    def __iter__(self) -> Iterator[Row]:
        for row in self._rows:
            self.count += 1
            yield row


def _csv(
    target: IO[bytes], name: str, columns: tuple[Column, ...], rows: Iterable[Row], zone: ZoneInfo
) -> None:
    # With its mark, or Excel takes UTF-8 for Windows-1252.
    text = io.TextIOWrapper(target, "utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow([column.name for column in columns])
    for row in rows:
        writer.writerow(
            [_csv_cell(column.kind, value, zone) for column, value in zip(columns, row, strict=True)]
        )
    text.detach()


def _csv_cell(kind: Kind, value: Value, zone: ZoneInfo) -> Value:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if not isinstance(value, str):
        return _plain(value, zone)
    # "07700 900123" is read as text and rung as it stands; "+44..." would be a formula.
    shown = phones.friendly(value) if kind is Kind.PHONE and value.startswith("+") else clean(value)
    return f"'{shown}" if shown.startswith(_FORMULA) else shown


def _jsonl(
    target: IO[bytes], name: str, columns: tuple[Column, ...], rows: Iterable[Row], zone: ZoneInfo
) -> None:
    for row in rows:
        record = {
            column.name: _jsonl_value(column.kind, value, zone)
            for column, value in zip(columns, row, strict=True)
        }
        target.write(json.dumps(record, ensure_ascii=False).encode() + b"\n")


def _jsonl_value(kind: Kind, value: Value, zone: ZoneInfo) -> Any:
    if not isinstance(value, str):
        return _plain(value, zone)
    return json.loads(value) if kind is Kind.JSON else clean(value)


def _plain(value: Value, zone: ZoneInfo) -> Value:
    if isinstance(value, datetime):
        return value.astimezone(zone).isoformat(timespec="seconds")
    return value.isoformat() if isinstance(value, date) else value


def _xlsx(
    target: IO[bytes], name: str, columns: tuple[Column, ...], rows: Iterable[Row], zone: ZoneInfo
) -> None:
    book = xlsxwriter.Workbook(target, {"constant_memory": True})
    sheets = _Sheets(book, name, columns, zone)
    for row in rows:
        sheets.add(row)
    book.close()


class _Sheets:
    """As many sheets as the rows need: one holds a million."""

    def __init__(self, book: Any, name: str, columns: tuple[Column, ...], zone: ZoneInfo) -> None:
        self._book, self._name, self._columns, self._zone = book, name, columns, zone
        self._heading = book.add_format({"bold": True})
        self._formats = {
            Kind.DATE: book.add_format({"num_format": "yyyy-mm-dd"}),
            Kind.TIME: book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
            Kind.PHONE: book.add_format({"num_format": "@"}),
        }
        self._number = 0
        self._begin()

    def _begin(self) -> None:
        self._number += 1
        self._sheet = self._book.add_worksheet(
            self._name if self._number == 1 else f"{self._name} {self._number}"
        )
        self._sheet.freeze_panes(1, 0)
        for place, column in enumerate(self._columns):
            self._sheet.set_column(place, place, 12 if column.kind in (Kind.NUMBER, Kind.YES_NO) else 20)
        for place, column in enumerate(self._columns):
            self._sheet.write_string(0, place, column.name, self._heading)
        self._next = 1

    def add(self, row: Row) -> None:
        if self._next == _MOST_ROWS:
            self._begin()
        for place, (column, value) in enumerate(zip(self._columns, row, strict=True)):
            if value is not None:
                self._cell(place, column.kind, value)
        self._next += 1

    def _cell(self, place: int, kind: Kind, value: Value) -> None:
        at, sheet = self._next, self._sheet
        match value:
            case bool():
                sheet.write_string(at, place, "yes" if value else "no")
            case int():
                sheet.write_number(at, place, value)
            case datetime():
                local = value.astimezone(self._zone).replace(tzinfo=None, microsecond=0)
                sheet.write_datetime(at, place, local, self._formats[Kind.TIME])
            case date():
                sheet.write_datetime(at, place, value, self._formats[Kind.DATE])
            case _:
                # As a string, whatever it begins with: never a formula, a link or a number.
                sheet.write_string(at, place, clean(str(value))[:_LONGEST_CELL], self._formats.get(kind))


_WRITERS: dict[Format, Callable[[IO[bytes], str, tuple[Column, ...], Iterable[Row], ZoneInfo], None]] = {
    Format.CSV: _csv,
    Format.JSONL: _jsonl,
    Format.XLSX: _xlsx,
}
