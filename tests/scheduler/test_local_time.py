"""Wall time and windows, with both nights on which clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.local_time import LONDON, Window, day_of, wall

#: 25 October 2026: 01:00 to 02:00 happens twice. 28 March 2027: it does not happen.
BACK, FORWARD = date(2026, 10, 25), date(2027, 3, 28)
ZONES = ("Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia")
instants = st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=1100)).map(
    lambda since: datetime(2026, 1, 1, tzinfo=UTC) + since
)
days = st.dates(min_value=date(2026, 1, 1), max_value=date(2029, 1, 1))
times = st.times().map(lambda at: at.replace(second=0, microsecond=0))
zones = st.sampled_from(ZONES).map(ZoneInfo)


def utc(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "shown", "instant"),
    [
        pytest.param(date(2026, 7, 1), time(9), utc(date(2026, 7, 1), 8), id="summer"),
        pytest.param(date(2026, 12, 1), time(9), utc(date(2026, 12, 1), 9), id="winter"),
        pytest.param(BACK, time(1, 30), utc(BACK, 0, 30), id="twice: the first"),
        pytest.param(BACK, time(9), utc(BACK, 9), id="after the clocks went back"),
        pytest.param(FORWARD, time(1, 30), utc(FORWARD, 1), id="absent: 02:00 on the wall"),
        pytest.param(FORWARD, time(1, 0), utc(FORWARD, 1), id="the first absent minute"),
        pytest.param(FORWARD, time(9), utc(FORWARD, 8), id="after the clocks went forward"),
    ],
)
def test_wall_time(day: date, shown: time, instant: datetime) -> None:
    assert wall(day, shown, LONDON) == instant


@given(days, times, zones)
def test_wall_time_is_shown_or_is_the_end_of_a_gap(day: date, at: time, zone: ZoneInfo) -> None:
    instant = wall(day, at, zone)
    shown = instant.astimezone(zone)
    meant = datetime.combine(day, at)
    if shown.replace(tzinfo=None) != meant:
        before = (instant - timedelta(seconds=1)).astimezone(zone)
        assert before.replace(tzinfo=None) < meant < shown.replace(tzinfo=None)
        assert before.utcoffset() != shown.utcoffset()


@given(instants, times, times, zones)
def test_the_window_opens_next_inside_itself_and_never_earlier(
    now: datetime, one: time, other: time, zone: ZoneInfo
) -> None:
    opens, closes = sorted((one, other))
    if (opens.hour, closes.hour) == (opens.hour, opens.hour):
        closes = time(23, 59)
        opens = min(opens, time(20))
    window = Window(opens=opens, closes=closes, zone=zone, quiet_days=((12, 25), (12, 26), (1, 1)))
    at = window.next_open(now)
    assert at >= now
    assert window.is_open(at)
    assert window.next_open(at) == at
    if not window.is_open(now):
        assert not window.is_open(at - timedelta(seconds=1))


def test_nothing_opens_on_quiet_days() -> None:
    window = Window(opens=time(9), closes=time(20), quiet_days=((12, 25), (12, 26), (1, 1)))
    assert window.next_open(utc(date(2026, 12, 24), 20)) == utc(date(2026, 12, 27), 9)
    assert not window.is_open(utc(date(2027, 1, 1), 12))
    assert window.first_day(date(2026, 12, 25)) == date(2026, 12, 27)


def test_the_window_shuts_at_its_end() -> None:
    window = Window(opens=time(9), closes=time(20))
    assert window.is_open(utc(date(2026, 12, 1), 19, 59))
    assert not window.is_open(utc(date(2026, 12, 1), 20))
    assert not window.is_open(utc(date(2026, 7, 1), 19))


def test_a_window_that_falls_into_the_gap_opens_on_the_next_day() -> None:
    window = Window(opens=time(1), closes=time(2))
    assert window.next_open(utc(FORWARD, 0)) == utc(FORWARD + timedelta(days=1), 0)


def test_a_window_in_the_hour_that_comes_twice_opens_twice() -> None:
    window = Window(opens=time(1, 30), closes=time(3))
    assert window.next_open(utc(BACK, 0)) == utc(BACK, 0, 30)
    assert not window.is_open(utc(BACK, 1))
    assert window.next_open(utc(BACK, 1)) == utc(BACK, 1, 30)


@pytest.mark.parametrize(
    ("own", "narrowed"),
    [
        pytest.param((time(17), None), (time(17), time(20)), id="evenings"),
        pytest.param((time(7), time(12)), (time(9), time(12)), id="early mornings"),
        pytest.param((time(21), time(23)), (time(9), time(20)), id="never meets"),
        pytest.param((None, None), (time(9), time(20)), id="none of their own"),
    ],
)
def test_somebodys_own_window_lies_inside(
    own: tuple[time | None, time | None], narrowed: tuple[time, time]
) -> None:
    window = Window(opens=time(9), closes=time(20)).within(*own)
    assert (window.opens, window.closes) == narrowed


def test_the_date_on_the_wall() -> None:
    assert day_of(utc(date(2026, 7, 1), 23, 30), LONDON) == date(2026, 7, 2)
    assert day_of(utc(date(2026, 12, 1), 23, 30), LONDON) == date(2026, 12, 1)
