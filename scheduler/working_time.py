"""Working time: Mondays to Fridays between a team's hours, not on England's bank holidays.

Pure. Bank holidays, with their substitute days, come from the ``holidays`` package (gov.uk/bank-holidays).
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

from scheduler.local_time import LONDON, day_of, wall
from storage.staff import Team

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingHours:
    """Wall times between which a team works on a working day."""

    opens: time = time(9)
    closes: time = time(17)
    zone: ZoneInfo = LONDON

    def opening(self, day: date) -> datetime:
        return wall(day, self.opens, self.zone)

    def closing(self, day: date) -> datetime:
        return wall(day, self.closes, self.zone)


def hours_of(team: Team | None, zone: ZoneInfo = LONDON) -> WorkingHours:
    """A team's own hours; the usual ones for somebody without a team."""
    if team is None:
        return WorkingHours(zone=zone)
    return WorkingHours(opens=team.works_from, closes=team.works_to, zone=zone)


@cache
def bank_holidays(year: int) -> frozenset[date]:
    """England's, substitute days included."""
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))


def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and day not in bank_holidays(day.year)


def next_working_day(day: date) -> date:
    """The first working day after ``day``."""
    day += _DAY
    while not is_working_day(day):
        day += _DAY
    return day


def is_working(now: datetime, hours: WorkingHours) -> bool:
    day = day_of(now, hours.zone)
    return is_working_day(day) and hours.opening(day) <= now < hours.closing(day)


def next_working_time(now: datetime, hours: WorkingHours) -> datetime:
    """``now`` in working time, else the next opening."""
    if is_working(now, hours):
        return now
    day = day_of(now, hours.zone)
    if is_working_day(day) and now < hours.opening(day):
        return hours.opening(day)
    return hours.opening(next_working_day(day))


def end_of_working_day(now: datetime, hours: WorkingHours) -> datetime:
    """When the working day closes that runs now, or that begins next."""
    return hours.closing(day_of(next_working_time(now, hours), hours.zone))


def add_working_hours(start: datetime, count: float, hours: WorkingHours) -> datetime:
    """The instant by which ``count`` hours of working time have passed since ``start``."""
    at, left = next_working_time(start, hours), timedelta(hours=count)
    while left > (today := hours.closing(day_of(at, hours.zone)) - at):
        left -= today
        at = hours.opening(next_working_day(day_of(at, hours.zone)))
    return at + left


def add_working_days(start: datetime, count: int, hours: WorkingHours) -> datetime:
    """The same wall time ``count`` working days later; from outside working time, the next opening counts.

    Friday 16:00 and one working day is Monday 16:00; Saturday noon and one is Tuesday's opening.
    """
    at = next_working_time(start, hours)
    day = day_of(at, hours.zone)
    for _ in range(count):
        day = next_working_day(day)
    return max(wall(day, at.astimezone(hours.zone).time(), hours.zone), at)
