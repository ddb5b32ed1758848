"""Reading one cell: every spelling that is certain, a message for every one that is not."""

from datetime import date, datetime, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messages.cleaning import clean
from storage.cohort.cells import PARSERS, BadCell, Terms, some_date
from storage.cohort.entries import Entry
from storage.cohort.headings import COLUMNS
from storage.people import Cadence, Status

TERMS = Terms(today=date(2026, 11, 24), allow_drama=True)


def read(column: str, cell: Any) -> Any:
    return PARSERS[column](cell, TERMS)


def test_every_column_is_read() -> None:
    assert set(PARSERS) == set(COLUMNS)
    assert set(COLUMNS) | {"row"} == set(Entry.__dataclass_fields__)


@pytest.mark.parametrize(
    "written",
    [
        "07700 900123", "07700900123", "+447700900123", "+44 (0)7700 900 123", "447700900123",
        "0044 7700 900123", "7700900123", 7700900123, 7700900123.0, 447700900123.0, "7700900123.0",
        "'07700900123", "07700-900-123", "\u200e07700 900123\u202c",
    ],
)  # fmt: skip
def test_a_mobile_in_any_spelling(written: Any) -> None:
    assert read("mobile", written) == "+447700900123"


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("01632 960001", "landline"),
        ("01632 960 002", "landline"),
        ("4.4770E+11", "rounded"),
        ("07700 9001", "digit"),
        ("07700 900123 / 07700 900124", "No such number"),
        ("none", "not a phone number"),
        (True, "format the cell"),
        (date(2026, 1, 1), "format the cell"),
        (float("nan"), "not a phone number"),
        (float("inf"), "not a phone number"),
    ],
)
def test_what_is_no_mobile_is_refused_in_words(written: Any, says: str) -> None:
    with pytest.raises(BadCell, match=says):
        read("mobile", written)


@pytest.mark.parametrize(
    "written",
    [
        "2026-03-02", "02/03/2026", "2/3/2026", " 2026-03-02 ", "2026-03-02T00:00:00", "02/03/2026 00:00",
        "2026-03-02 13:45:00.000", "2026-03-02T00:00:00Z", date(2026, 3, 2), datetime(2026, 3, 2, 9, 30),  # noqa: DTZ001
    ],
)  # fmt: skip
def test_a_date_day_first(written: Any) -> None:
    assert some_date(written) == date(2026, 3, 2)


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("03/13/2026", "day first"),
        ("2026-02-30", "no such day"),
        ("02/03/26", "four digits"),
        ("March 2026", "Not a date"),
        (46083.0, "A number"),
        (46083, "A number"),
        (True, "A number"),
        (time(9), "A number"),
    ],
)
def test_what_is_no_date_is_refused_in_words(written: Any, says: str) -> None:
    with pytest.raises(BadCell, match=says):
        some_date(written)


@given(st.dates(date(2000, 1, 1), date(2026, 11, 24)))
def test_every_past_day_reads_the_same_in_each_spelling(day: date) -> None:
    spellings = (day.isoformat(), f"{day:%d/%m/%Y}", f"{day.day}/{day.month}/{day.year}", day)
    assert {read("last_visit", written) for written in spellings} == {day}


@pytest.mark.parametrize("column", ["last_visit", "last_plan_review", "enrolled_on"])
def test_what_happened_is_not_in_the_future(column: str) -> None:
    assert read(column, "2026-11-24") == TERMS.today
    with pytest.raises(BadCell, match="not come yet"):
        read(column, "2026-11-25")


@pytest.mark.parametrize("born", ["1906-05-04", "2026-05-04", "2062-05-04"])
def test_a_birthday_with_the_wrong_century(born: str) -> None:
    with pytest.raises(BadCell, match="check the year"):
        read("date_of_birth", born)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        *((written, True) for written in ("yes", "Y", True, 1.0, "TRUE")),
        *((written, False) for written in ("No", "n", False, 0, " no ")),
    ],
)
def test_yes_and_no(written: Any, meant: bool) -> None:
    assert read("discreet", written) is meant


@pytest.mark.parametrize("written", ["maybe", "", "yes please", 2, date(2026, 1, 1)])
def test_neither_yes_nor_no(written: Any) -> None:
    with pytest.raises(BadCell):
        read("discreet", written)


@pytest.mark.parametrize(
    "written", ["former relevant", "Former Relevant", "FORMER_RELEVANT", "former-relevant"]
)
def test_a_status_without_regard_to_case(written: str) -> None:
    assert read("status", written) is Status.FORMER_RELEVANT


def test_other_words_that_can_only_mean_one_thing() -> None:
    assert read("status", "No current eligibility") is Status.NONE
    assert read("cadence", "4 weekly") is Cadence.FOUR_WEEKLY
    with pytest.raises(BadCell, match="weekly, fortnightly"):
        read("cadence", "monthly")


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("English", "en"),
        ("tigrinya", "ti"),
        ("TI", "ti"),
        ("ar-sy", "ar-SY"),
        ("Farsi", "fa"),
        ("Dari", "fa-AF"),
    ],
)
def test_languages(written: str, code: str) -> None:
    assert read("language", written) == code


@pytest.mark.parametrize("written", ["Klingonese", "xx", "en-GB-oed", "?"])
def test_no_language(written: str) -> None:
    with pytest.raises(BadCell):
        read("language", written)


def test_an_id_that_the_spreadsheet_took_for_a_number() -> None:
    assert read("person_id", 104233.0) == "104233"
    with pytest.raises(BadCell, match="format the cell as text"):
        read("person_id", date(2026, 1, 2))


def test_names_come_tidy_and_storable() -> None:
    assert read("first_name", "  Zoë \u00a0 Anne\n") == "Zoë Anne"
    assert read("first_name", "'=Jo") == "=Jo"
    for bad in ("\ud800Jo", "J\x00o", "Jo\u202eyaJ", "12", "x" * 101):
        with pytest.raises(BadCell):
            read("first_name", bad)


@pytest.mark.parametrize("written", ["sam", "a@b", "a@b.example; c@d.example", "Sam <a@b.example>"])
def test_no_email(written: str) -> None:
    with pytest.raises(BadCell):
        read("adviser_email", written)


CELLS = (
    st.text(max_size=80)
    | st.integers()
    | st.floats()
    | st.booleans()
    | st.dates()
    | st.datetimes()
    | st.times()
    | st.timedeltas()
)


@given(st.sampled_from(sorted(PARSERS)), CELLS)
def test_any_cell_is_read_or_refused_in_words_that_do_not_repeat_it(column: str, cell: Any) -> None:
    try:
        value = read(column, cell)
    except BadCell as error:
        said = str(error)
        assert said
        assert not (isinstance(cell, str) and len(cell.strip()) > 12 and cell.strip() in said)
    else:
        assert not isinstance(value, str) or (value == clean(value) and len(value) <= 254)
