"""Reading what was typed: times, dates, texts, and a declaration."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from web import forms
from web.shapes.pieces import DateField

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("5:15pm", time(17, 15)),
        ("5.15 PM", time(17, 15)),
        ("17:15", time(17, 15)),
        ("5pm", time(17)),
        ("12am", time(0)),
        ("12:30pm", time(12, 30)),
        ("9", time(9)),
        (" 09:05 ", time(9, 5)),
        ("25:10", None),
        ("13pm", None),
        ("0am", None),
        ("9:60", None),
        ("noon", None),
        ("", None),
        ("٩:٠٠", None),
    ],
)
def test_times_as_people_type_them(typed: str, meant: time | None) -> None:
    assert forms.time_of(typed) == meant


@pytest.mark.parametrize(
    ("year", "meant"),
    [
        ("2026", date(2026, 11, 23)),
        ("26", date(2026, 11, 23)),
        ("6", None),
        ("026", None),
        ("20266", None),
        ("-26", None),
        ("²026", None),
    ],
)
def test_years_as_people_type_them(year: str, meant: date | None) -> None:
    posted = MultiDict({"on-day": "23", "on-month": "11", "on-year": f" {year} "})
    field = forms.date_field(posted, "on")
    assert (field.year, forms.date_of(field)) == (year, meant)


@given(st.text(max_size=30))
def test_whatever_is_typed_is_read_or_refused(typed: str) -> None:
    assert forms.time_of(typed) is None or isinstance(forms.time_of(typed), time)
    field = DateField(day=typed, month=typed, year=typed)
    assert forms.date_of(field) is None or isinstance(forms.date_of(field), date)
    kept = forms.text(MultiDict({"note": typed}), "note")
    assert "\x00" not in kept
    assert "\r\n" not in kept
    kept.encode()


def test_joiners_and_line_ends_survive() -> None:
    family = "👨\u200d👩\u200d👧\r\nبه\u200cروز"
    assert forms.text(MultiDict({"note": family}), "note") == family.replace("\r\n", "\n")
    assert forms.text(MultiDict({"note": "a\x00b\x07c"}), "note") == "abc"


def test_only_what_was_on_offer_is_a_choice() -> None:
    posted = MultiDict({"method": "call"})
    assert forms.one_of(posted, "method", ("call", "visit")) == "call"
    assert not forms.one_of(posted, "method", ("visit",))
    assert not forms.one_of(posted, "other", ("visit",))


def test_a_day_in_london_is_the_day_that_counts() -> None:
    late = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)  # 1 July in London
    posted = MultiDict(
        {
            "number_confirmed": "yes",
            "confirmed_on-day": "1",
            "confirmed_on-month": "7",
            "confirmed_on-year": "2026",
            "safe_to_text": "yes",
            "safe_to_ring": "yes",
            "others_see": "nobody",
            "told": "yes",
        }
    )
    declared, wrong = forms.declared(
        forms.declaration(posted), "Jay", now=late, longest_ago=timedelta(days=183)
    )
    assert not wrong
    assert declared is not None
    assert declared.confirmed_on == date(2026, 7, 1)
