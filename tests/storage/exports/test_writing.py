"""The three formats: nothing runs as a formula, dates are dates, numbers keep their digits."""

import csv
import io
import json
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from storage.exports import Column, Format, Kind, write, writing

LONDON = ZoneInfo("Europe/London")
COLUMNS = tuple(
    Column(name=name, kind=kind)
    for name, kind in (
        ("text", Kind.TEXT),
        ("number", Kind.NUMBER),
        ("yes", Kind.YES_NO),
        ("day", Kind.DATE),
        ("at", Kind.TIME),
        ("phone", Kind.PHONE),
    )
)
SUMMER = datetime(2026, 7, 1, 9, 30, tzinfo=UTC)
ROW = ('Zoë, "J"\n2', -1, True, date(2026, 7, 1), SUMMER, "+447700900101")
EMPTY = (None, None, None, None, None, None)


def written(format: Format, *rows: Any, columns: tuple[Column, ...] = COLUMNS) -> bytes:
    target = io.BytesIO()
    assert write(target, format, name="people", columns=columns, rows=iter(rows), zone=LONDON) == len(rows)
    return target.getvalue()


def test_csv_for_excel() -> None:
    data = written(Format.CSV, ROW, EMPTY)
    assert data.startswith(b"\xef\xbb\xbf")
    head, row, empty = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    assert head == ["text", "number", "yes", "day", "at", "phone"]
    assert row == [ROW[0], "-1", "yes", "2026-07-01", "2026-07-01T10:30:00+01:00", "07700 900 101"]
    assert empty == [""] * 6


def test_json_lines() -> None:
    first, second = written(Format.JSONL, ROW, EMPTY).splitlines()
    assert json.loads(first) == {
        "text": ROW[0],
        "number": -1,
        "yes": True,
        "day": "2026-07-01",
        "at": "2026-07-01T10:30:00+01:00",
        "phone": "+447700900101",
    }
    assert set(json.loads(second).values()) == {None}


def test_an_object_is_an_object_in_json_lines_and_text_elsewhere() -> None:
    columns, row = (Column(name="labels", kind=Kind.JSON),), ('{"needs": ["none"]}',)
    assert json.loads(written(Format.JSONL, row, columns=columns)) == {"labels": {"needs": ["none"]}}
    assert b'"{""needs"": [""none""]}"' in written(Format.CSV, row, columns=columns)


def test_a_workbook_with_typed_dates_and_phones_as_text() -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(written(Format.XLSX, ROW, EMPTY)))
    _, row = book.get_sheet_by_name("people").to_python()[:2]
    day, at = row[3], row[4]
    assert row[:3] == [ROW[0], -1.0, "yes"]
    assert day == date(2026, 7, 1)
    assert at == datetime(2026, 7, 1, 10, 30)  # noqa: DTZ001  (a workbook knows no zones)
    assert row[5] == "+447700900101"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r="])
def test_no_cell_becomes_a_formula(start: str) -> None:
    cell = f'{start}HYPERLINK("https://example.org")'
    columns = (Column(name="text"), Column(name="phone", kind=Kind.PHONE))
    text = written(Format.CSV, (cell, "+33 6"), columns=columns).decode("utf-8-sig")
    row = list(csv.reader(io.StringIO(text, newline="")))[1]
    assert row == [f"'{cell}", "'+33 6"]
    book = CalamineWorkbook.from_filelike(io.BytesIO(written(Format.XLSX, (cell, None), columns=columns)))
    found = book.get_sheet_by_index(0).to_python()[1][0]
    assert isinstance(found, str)
    assert "HYPERLINK" in found


@given(st.text(st.characters(codec=None), max_size=60))
def test_any_text_can_be_written(text: str) -> None:
    columns = (Column(name="text"),)
    for format in Format:
        assert written(format, (text,), columns=columns)
    line = list(csv.reader(io.StringIO(written(Format.CSV, (text,), columns=columns).decode("utf-8-sig"))))[
        1:
    ]
    assert not line or not line[0] or not line[0][0].startswith(("=", "+", "-", "@"))


def test_more_rows_than_a_sheet_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "_MOST_ROWS", 4)
    columns = (Column(name="number", kind=Kind.NUMBER),)
    data = written(Format.XLSX, *((number,) for number in range(7)), columns=columns)
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    assert book.sheet_names == ["people", "people 2", "people 3"]
    values = [row[0] for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python()[1:]]
    assert values == list(range(7))
