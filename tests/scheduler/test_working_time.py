"""Working time: weekends, bank holidays with their substitute days, and a team's own hours."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.working_time import (
    WorkingHours,
    add_working_days,
    add_working_hours,
    end_of_working_day,
    hours_of,
    is_working,
    is_working_day,
    next_working_time,
)
from storage.staff import Team

USUAL = WorkingHours()
instants = st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=1100)).map(
    lambda since: datetime(2026, 1, 1, tzinfo=UTC) + since
)
hours = st.sampled_from(
    [USUAL, WorkingHours(opens=time(8, 30), closes=time(18)), WorkingHours(opens=time(10), closes=time(12))]
)


def at(text: str) -> datetime:
    """London wall time."""
    return datetime.fromisoformat(text).replace(tzinfo=USUAL.zone).astimezone(UTC)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        pytest.param(date(2026, 11, 24), True, id="Tuesday"),
        pytest.param(date(2026, 11, 28), False, id="Saturday"),
        pytest.param(date(2026, 12, 28), False, id="substitute for Boxing Day"),
        pytest.param(date(2026, 12, 29), True, id="after it"),
        pytest.param(date(2027, 12, 27), False, id="substitute for Christmas Day"),
        pytest.param(date(2027, 12, 28), False, id="substitute for Boxing Day, a Tuesday"),
        pytest.param(date(2028, 1, 3), False, id="substitute for New Year"),
        pytest.param(date(2027, 3, 26), False, id="Good Friday"),
        pytest.param(date(2027, 3, 29), False, id="Easter Monday"),
        pytest.param(date(2026, 8, 31), False, id="late summer"),
        pytest.param(date(2026, 8, 3), True, id="Scotland's August holiday"),
    ],
)
def test_working_days_are_englands(day: date, works: bool) -> None:
    assert is_working_day(day) is works


@pytest.mark.parametrize(
    ("now", "works"),
    [
        pytest.param("2026-11-24T09:00", True, id="as it opens"),
        pytest.param("2026-11-24T16:59", True, id="last minute"),
        pytest.param("2026-11-24T17:00", False, id="as it closes"),
        pytest.param("2026-07-01T09:00", True, id="summer time"),
        pytest.param("2026-12-25T12:00", False, id="Christmas Day"),
    ],
)
def test_working_time(now: str, works: bool) -> None:
    assert is_working(at(now), USUAL) is works


def test_a_team_has_its_own_hours() -> None:
    evening = hours_of(Team(name="Late", works_from=time(12), works_to=time(20)))
    assert is_working(at("2026-11-24T19:00"), evening)
    assert not is_working(at("2026-11-24T11:00"), evening)
    assert hours_of(None) == USUAL


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        pytest.param("2026-11-24T10:00", 1, "2026-11-24T11:00", id="within the day"),
        pytest.param("2026-11-24T16:30", 1, "2026-11-25T09:30", id="over the night"),
        pytest.param("2026-11-27T16:30", 1, "2026-11-30T09:30", id="over the weekend"),
        pytest.param("2026-11-28T12:00", 1, "2026-11-30T10:00", id="from a Saturday"),
        pytest.param("2026-12-24T16:00", 4, "2026-12-29T12:00", id="over Christmas"),
        pytest.param("2026-11-24T16:00", 1, "2026-11-24T17:00", id="to the very end"),
        pytest.param("2026-10-23T16:30", 1, "2026-10-26T09:30", id="clocks go back"),
        pytest.param("2027-03-25T16:30", 1, "2027-03-30T09:30", id="clocks go forward at Easter"),
    ],
)
def test_working_hours_pass_in_working_time_only(start: str, count: float, end: str) -> None:
    assert add_working_hours(at(start), count, USUAL) == at(end)


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        pytest.param("2026-11-27T16:00", 1, "2026-11-30T16:00", id="Friday to Monday"),
        pytest.param("2026-11-28T12:00", 1, "2026-12-01T09:00", id="from a Saturday"),
        pytest.param("2026-12-24T10:00", 2, "2026-12-30T10:00", id="over Christmas"),
        pytest.param("2026-10-23T10:00", 1, "2026-10-26T10:00", id="clocks go back"),
    ],
)
def test_working_days(start: str, count: int, end: str) -> None:
    assert add_working_days(at(start), count, USUAL) == at(end)


def test_the_working_day_ends() -> None:
    assert end_of_working_day(at("2026-11-27T10:00"), USUAL) == at("2026-11-27T17:00")
    assert end_of_working_day(at("2026-11-27T18:00"), USUAL) == at("2026-11-30T17:00")


@given(instants, hours)
def test_the_next_working_time_is_the_first(now: datetime, of: WorkingHours) -> None:
    then = next_working_time(now, of)
    assert then >= now
    assert is_working(then, of)
    if then > now:
        assert not is_working(then - timedelta(seconds=1), of)
        assert not is_working(now, of)


@given(instants, st.integers(min_value=1, max_value=30), st.integers(min_value=1, max_value=30), hours)
def test_working_hours_add_up(now: datetime, one: int, two: int, of: WorkingHours) -> None:
    together = add_working_hours(now, one + two, of)
    assert add_working_hours(add_working_hours(now, one, of), two, of) == together
    assert add_working_hours(now, one, of) < together
    assert is_working(together - timedelta(seconds=1), of)


@given(instants, st.integers(min_value=1, max_value=15), hours)
def test_working_days_end_in_working_time(now: datetime, count: int, of: WorkingHours) -> None:
    assert is_working(add_working_days(now, count, of), of)
    assert add_working_days(now, count, of) > add_working_days(now, count - 1, of)
