"""Files: what they are is decided by what is in them, and what is none is refused in words."""

import codecs
import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st

from storage.cohort import NotATable, from_bytes, read
from storage.cohort.cells import Terms
from storage.cohort.entries import read_entries

TERMS = Terms(today=date(2026, 11, 24), allow_drama=True)
HEAD = "person_id,first_name,mobile"


def workbook(*sheets: list[list[Any]], start: int = 0, hidden: int | None = None) -> bytes:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    for number, rows in enumerate(sheets):
        sheet = book.add_worksheet(f"Sheet {number + 1}")
        if number == hidden:
            sheet.hide()
        else:
            sheet.activate()
        for place, row in enumerate(rows, start):
            for column, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(place, column, cell, day)
                else:
                    sheet.write(place, column, cell)
    book.close()
    return target.getvalue()


def entries(data: bytes, name: str) -> list[Any]:
    return list(read_entries(from_bytes(data, name), TERMS).good)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiters(delimiter: str) -> None:
    text = f"{HEAD}\nWH-1,Zoë,07700900101\n".replace(",", delimiter)
    found = entries(text.encode(), "cohort.csv")
    assert [(entry.row, entry.first_name, entry.mobile) for entry in found] == [(2, "Zoë", "+447700900101")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_encodings(encoding: str) -> None:
    assert entries(f"{HEAD}\nWH-1,Zoë,\n".encode(encoding), "cohort.csv")[0].first_name == "Zoë"


def test_rows_are_counted_as_the_spreadsheet_shows_them() -> None:
    text = f'\n{HEAD}\r\n"WH-1","Jo\r\nAnne",\r\n\r\n,,\r\nWH-2,Amy,\r\n'
    assert [(entry.row, entry.first_name) for entry in entries(text.encode(), "a.csv")] == [
        (3, "Jo Anne"),
        (6, "Amy"),
    ]


def test_a_workbook_with_real_dates_and_numbers_without_their_zero() -> None:
    data = workbook(
        [
            ["Person ID", "Forename", "Mobile No.", "DOB", "Safe to text"],
            [1042, "Jay", 7700900101, date(2006, 5, 4), True],
        ],
        start=2,
    )
    entry = entries(data, "cohort.xlsx")[0]
    assert (entry.row, entry.person_id, entry.mobile) == (4, "1042", "+447700900101")
    assert (entry.date_of_birth, entry.safe_to_text) == (date(2006, 5, 4), True)


def test_the_sheet_with_the_people_is_taken_and_named() -> None:
    data = workbook([["Notes"], ["x"]], [["person_id"], ["HIDDEN"]], [["person_id"], ["WH-1"]], hidden=1)
    table = from_bytes(data, "cohort.xlsx")
    assert table.sheet == "Sheet 3"
    assert read_entries(table, TERMS).good[0].person_id == "WH-1"


def test_a_file_on_disk(tmp_path: Path) -> None:
    (tmp_path / "cohort.tsv").write_text("person_id\tfirst_name\nWH-1\tJo\n")
    assert read(tmp_path / "cohort.tsv").rows[1] == ["WH-1", "Jo"]


@pytest.mark.parametrize(
    ("data", "name", "says"),
    [
        (b"", "a.csv", "empty"),
        (b" \n ", "a.csv", "empty"),
        (b",,\n,,\n", "a.csv", "empty"),
        (workbook([["person_id"], ["WH-1"]]), "a.csv", "is a workbook"),
        (HEAD.encode(), "a.xlsx", "is no workbook"),
        (b"<html><table></table>", "a.xls", "is no workbook"),
        (b"<html><table></table>", "a.csv", "web page"),
        (b"%PDF-1.7 ...", "a.csv", "PDF"),
        (b"\x89PNG\r\n", "a.csv", "picture"),
        (b"person_id\x00\x01\x02", "a.csv", "no text"),
        (b"person_id,\x81\x8d\n", "a.csv", "encoding"),
        (b'person_id,name\nWH-1,"open', "a.csv", "quotation mark"),
        (codecs.BOM_UTF16_LE + b"\x00", "a.csv", "encoding"),
        (b"PK\x03\x04 not a zip at all", "a.xlsx", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4000), "a.xls", "damaged"),
        (workbook([["person_id"], ["WH-1"]])[:900], "a.xlsx", "damaged"),
        (workbook([[]]), "a.xlsx", "no filled sheet"),
        (b"x" * (20 * 1024 * 1024 + 1), "a.csv", "20 MB"),
        (b"person_id\n" + b"a\n" * 20_001, "a.csv", "20,000 rows"),
    ],
)
def test_what_is_no_table_is_refused_in_words(data: bytes, name: str, says: str) -> None:
    with pytest.raises(NotATable, match=says):
        read_entries(from_bytes(data, name), TERMS)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Jordan,Whitlock,07700900101\n", "Row 1 must hold the column headings"),
        ("person_id,mobile,Mobile No\nWH-1,,\n", "both mean mobile"),
        ("person_id,Person Ref\nWH-1,\n", "both mean person_id"),
    ],
)
def test_headings_that_cannot_be_used(text: str, says: str) -> None:
    with pytest.raises(NotATable, match=says) as refused:
        read_entries(from_bytes(text.encode(), "a.csv"), TERMS)
    assert "Jordan" not in str(refused.value)


def test_headings_without_regard_to_case_and_marks() -> None:
    text = (
        "PERSON-ID,First Name,DOB,Surname,Personal Adviser Email,Enrolled On\n"
        "WH-1,Jo,2006-05-04,Lee,a@b.example,\n"
    )
    entry = entries(text.encode(), "a.csv")[0]
    assert (entry.first_name, entry.last_name, entry.adviser_email) == ("Jo", "Lee", "a@b.example")


@given(st.binary(max_size=300), st.sampled_from(["a.csv", "a.xlsx", "a.xls", "a", "a.tsv"]))
def test_any_bytes_are_read_or_refused_in_words(data: bytes, name: str) -> None:
    try:
        read_entries(from_bytes(data, name), TERMS)
    except NotATable as refused:
        assert str(refused)


@given(st.binary(max_size=200), st.integers(0, 2500))
def test_a_damaged_workbook_is_read_or_refused_in_words(noise: bytes, place: int) -> None:
    whole = _WHOLE
    data = whole[:place] + noise + whole[place + len(noise) :]
    try:
        from_bytes(data if data.startswith(b"PK") else b"PK\x03\x04" + data, "a.xlsx")
    except NotATable as refused:
        assert str(refused)


_WHOLE = workbook([["person_id", "first_name"], ["WH-1", "Jo"]])
