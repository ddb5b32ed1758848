"""Words for dates, times and counts: the two clock-change nights, roundings, bases."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from web import formats

NOW = datetime(2026, 11, 24, 10, 38, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "words"),
    [
        pytest.param(datetime(2026, 11, 24, 15, 15, tzinfo=UTC), "Tue 24 Nov 2026, 3:15pm", id="winter"),
        pytest.param(
            datetime(2026, 7, 1, 23, 30, tzinfo=UTC), "Thu 2 Jul 2026, 12:30am", id="summer-next-day"
        ),
        pytest.param(
            datetime(2026, 3, 29, 0, 59, tzinfo=UTC), "Sun 29 Mar 2026, 12:59am", id="before-spring"
        ),
        pytest.param(datetime(2026, 3, 29, 1, 0, tzinfo=UTC), "Sun 29 Mar 2026, 2:00am", id="spring-forward"),
        pytest.param(datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "Sun 25 Oct 2026, 1:30am", id="autumn-first"),
        pytest.param(datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "Sun 25 Oct 2026, 1:30am", id="autumn-again"),
        pytest.param(datetime(2026, 12, 1, 12, 0, tzinfo=UTC), "Tue 1 Dec 2026, 12:00pm", id="noon"),
        pytest.param(datetime(2026, 12, 1, 0, 5, tzinfo=UTC), "Tue 1 Dec 2026, 12:05am", id="midnight"),
    ],
)
def test_day_and_time_is_uk_wall_time(at: datetime, words: str) -> None:
    assert formats.day_and_time(at) == words


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        formats.day_and_time(datetime(2026, 11, 24, 15, 15))  # noqa: DTZ001 - the point of the test


def test_stamp_spells_day_and_month() -> None:
    assert formats.stamp(NOW) == "Tuesday 24 November 2026, 10:38am"


@pytest.mark.parametrize(
    ("minutes", "left", "by"),
    [
        pytest.param(37, "37 min left", "by 11:15am", id="today"),
        pytest.param(0.5, "1 min left", "by 10:38am", id="half-a-minute-is-not-none"),
        pytest.param(0, "1 min left", "by 10:38am", id="this-very-second"),
        pytest.param(-0.5, "1 min late", "was 10:37am", id="just-late"),
        pytest.param(-12, "12 min late", "was 10:26am", id="late"),
        pytest.param(80, "1 hour 20 min left", "by 11:58am", id="hours-and-minutes"),
        pytest.param(120, "2 hours left", "by 12:38pm", id="whole-hours"),
        pytest.param(5 * 60 + 7, "5 hours left", "by 3:45pm", id="many-hours"),
        pytest.param(22 * 60 + 22, "22 hours left", "by Wed, 9:00am", id="tomorrow"),
        pytest.param(8 * 24 * 60, "8 days left", "by Wed 2 Dec, 10:38am", id="next-week"),
    ],
)
def test_deadline(minutes: float, left: str, by: str) -> None:
    words = formats.deadline(NOW + timedelta(minutes=minutes), NOW)
    assert (words.left, words.by) == (left, by)
    assert words.late == (minutes < 0)
    assert words.sentence == f"{left}, {by}"


@settings(max_examples=50)
@given(st.integers(min_value=-(10**7), max_value=10**7))
def test_a_deadline_is_late_exactly_when_it_has_passed(seconds: int) -> None:
    words = formats.deadline(NOW + timedelta(seconds=seconds), NOW)
    assert words.left.endswith("late" if seconds < 0 else "left")
    assert not words.left.startswith("0 ")


@pytest.mark.parametrize(
    ("at", "words"),
    [
        pytest.param(NOW - timedelta(minutes=23), "Today, 10:15am", id="today"),
        pytest.param(NOW - timedelta(hours=14), "Yesterday, 8:38pm", id="yesterday"),
        pytest.param(NOW + timedelta(days=1), "Tomorrow, 10:38am", id="tomorrow"),
        pytest.param(datetime(2026, 10, 12, 8, 0, tzinfo=UTC), "Mon 12 Oct, 9:00am", id="this-year"),
        pytest.param(datetime(2027, 1, 19, 9, 0, tzinfo=UTC), "Tue 19 Jan, 9:00am", id="soon-next-year"),
        pytest.param(datetime(2025, 2, 3, 9, 0, tzinfo=UTC), "Mon 3 Feb 2025, 9:00am", id="long-ago"),
    ],
)
def test_moment(at: datetime, words: str) -> None:
    assert formats.moment(at, NOW) == words


@pytest.mark.parametrize(
    ("on", "words"),
    [
        (date(2026, 11, 24), "Today, Tue 24 Nov 2026"),
        (date(2026, 11, 23), "Yesterday, Mon 23 Nov 2026"),
        (date(2026, 11, 10), "Tue 10 Nov 2026"),
    ],
)
def test_day_divider(on: date, words: str) -> None:
    assert formats.day_divider(on, NOW) == words


def test_today_changes_at_uk_midnight_not_utc() -> None:
    just_after_midnight = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
    assert formats.day_divider(date(2026, 7, 2), just_after_midnight).startswith("Today")


@pytest.mark.parametrize(
    ("since", "words"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(minutes=12), "12 min ago"),
        (timedelta(hours=5), "5 hours ago"),
        (timedelta(days=3), "3 days ago"),
        (timedelta(weeks=10), "10 weeks ago"),
    ],
)
def test_ago(since: timedelta, words: str) -> None:
    assert formats.ago(NOW - since, NOW) == words


def test_counts_carry_their_base_and_small_bases_no_percentage() -> None:
    assert formats.share(96, 108) == "96 of 108, 89%"
    assert formats.share(3, 8) == "3 of 8"
    assert formats.share(0, 0) == "0 of 0"


def test_counts_in_words() -> None:
    assert formats.spelled(0, "alert") == "no alerts"
    assert formats.spelled(1, "person", "people") == "one person"
    assert formats.spelled(3, "person", "people") == "three people"
    assert formats.spelled(12, "alert") == "12 alerts"
    assert formats.plural(1240, "text") == "1,240 texts"
    assert formats.joined(["ok", "call me", "money"]) == "ok, call me and money"
    assert formats.joined(["ok"]) == "ok"
    assert formats.joined([]) == ""


def test_phone_numbers_as_read_aloud() -> None:
    assert formats.phone("+447700900142") == "07700 900 142"
    assert formats.phone("+33612345678") == "+33612345678"
    assert formats.phone("85258") == "85258"
