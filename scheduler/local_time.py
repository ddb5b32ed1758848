"""Wall time where somebody lives, and the window in which they may be texted.

Pure. The two nights on which clocks change are the reason for this module: a wall time may happen twice
(the first one is meant) or not at all (the first moment after the gap is meant).
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def local(now: datetime, zone: ZoneInfo) -> datetime:
    """The wall time of an instant, aware."""
    return now.astimezone(zone)


def day_of(now: datetime, zone: ZoneInfo) -> date:
    """The date on the wall at an instant."""
    return local(now, zone).date()


def wall(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The instant (UTC) at which the clock on the wall shows ``at`` on ``day``."""
    shown = datetime.combine(day, at, tzinfo=zone)
    instant = shown.astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == shown.replace(tzinfo=None):
        return instant
    return _end_of_gap(shown.replace(fold=1).astimezone(UTC), instant, zone)


def _end_of_gap(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The instant between two at which the clocks go forward, to the second."""
    old = before.astimezone(zone).utcoffset()
    low, high = 0, int((after - before).total_seconds())
    while low < high:
        middle = (low + high) // 2
        if (before + timedelta(seconds=middle)).astimezone(zone).utcoffset() == old:
            low = middle + 1
        else:
            high = middle
    return before + timedelta(seconds=low)


@lru_cache(maxsize=256)
def zone_named(name: str) -> ZoneInfo:
    return ZoneInfo(name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """When texts may leave: wall times of each day from ``opens`` to just before ``closes``."""

    opens: time
    closes: time
    zone: ZoneInfo = LONDON
    #: Month and day on which it stays shut.
    quiet_days: tuple[tuple[int, int], ...] = ()

    @property
    def length(self) -> timedelta:
        """On a day without a clock change."""
        return datetime.combine(date.min, self.closes) - datetime.combine(date.min, self.opens)

    def is_quiet(self, day: date) -> bool:
        return (day.month, day.day) in self.quiet_days

    def first_day(self, day: date) -> date:
        """``day``, or the first day after it that is not quiet."""
        while self.is_quiet(day):
            day += timedelta(days=1)
        return day

    def opening(self, day: date) -> datetime:
        return wall(day, self.opens, self.zone)

    def closing(self, day: date) -> datetime:
        return wall(day, self.closes, self.zone)

    def is_open(self, now: datetime) -> bool:
        shown = local(now, self.zone)
        return not self.is_quiet(shown.date()) and self.opens <= shown.time() < self.closes

    def next_open(self, now: datetime) -> datetime:
        """``now`` when the window is open, else the instant at which it opens next."""
        if self.is_open(now):
            return now
        day = day_of(now, self.zone)
        while True:
            for opening in (self.opening(day), self._opening_again(day)):
                if opening > now and self.is_open(opening):
                    return opening
            day += timedelta(days=1)

    def _opening_again(self, day: date) -> datetime:
        """The second time that the opening is on the wall, on a night when it comes twice."""
        return datetime.combine(day, self.opens, tzinfo=self.zone).replace(fold=1).astimezone(UTC)

    def within(self, opens: time | None, closes: time | None) -> "Window":
        """This window narrowed to somebody's own one; unchanged where the two do not meet."""
        start = max(self.opens, opens or self.opens)
        end = min(self.closes, closes or self.closes)
        if start >= end:
            return self
        return Window(opens=start, closes=end, zone=self.zone, quiet_days=self.quiet_days)
