"""Words for dates, times, counts and numbers on pages. Pure: aware UTC in, UK wall time out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")

# Not strftime: its names follow the machine's locale.
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_HOUR = 60
_DAY = 24 * _HOUR


def in_london(at: datetime) -> datetime:
    """UK wall time. Raises ValueError for a time without a zone."""
    if at.utcoffset() is None:
        raise ValueError("a time without a zone cannot be shown")
    return at.astimezone(LONDON)


def time_of_day(at: datetime) -> str:
    """Such as "3:15pm"."""
    local = in_london(at)
    return f"{local.hour % 12 or 12}:{local.minute:02}{'am' if local.hour < 12 else 'pm'}"


def weekday(on: date) -> str:
    """Such as "Tue"."""
    return _DAYS[on.weekday()][:3]


def short_day(on: date) -> str:
    """Such as "Tue 24 Nov"."""
    return f"{weekday(on)} {on.day} {_MONTHS[on.month - 1][:3]}"


def full_day(on: date) -> str:
    """Such as "Tue 24 Nov 2026"."""
    return f"{short_day(on)} {on.year}"


def day_and_time(at: datetime) -> str:
    """Such as "Tue 24 Nov 2026, 3:15pm"."""
    return f"{full_day(in_london(at).date())}, {time_of_day(at)}"


def stamp(at: datetime) -> str:
    """The line above a page's title: "Tuesday 24 November 2026, 10:38am"."""
    on = in_london(at).date()
    return f"{_DAYS[on.weekday()]} {on.day} {_MONTHS[on.month - 1]} {on.year}, {time_of_day(at)}"


def day_near(on: date, today: date) -> str:
    """The shortest date that cannot be misread: "Tue 8 Dec" this year and next spring, else with year."""
    close = abs((on - today).days) < 180
    return short_day(on) if close or on.year == today.year else full_day(on)


def moment(at: datetime, now: datetime) -> str:
    """Such as "Today, 10:15am", "Yesterday, 7:44pm", "Sat 21 Nov, 9:00am", "Tue 24 Nov 2025, 3:15pm"."""
    on, today = in_london(at).date(), in_london(now).date()
    near = {today: "Today", today - timedelta(days=1): "Yesterday", today + timedelta(days=1): "Tomorrow"}
    return f"{near.get(on) or day_near(on, today)}, {time_of_day(at)}"


def day_divider(on: date, now: datetime) -> str:
    """Between messages: "Today, Tue 24 Nov 2026", "Yesterday, Mon 23 Nov 2026", "Tue 10 Nov 2026"."""
    today = in_london(now).date()
    near = {today: "Today, ", today - timedelta(days=1): "Yesterday, "}
    return near.get(on, "") + full_day(on)


def plural(count: int, noun: str, plural_noun: str = "") -> str:
    """Such as "1 text", "3 texts", "2 people" with ``plural("person", "people")``."""
    return f"{count:,} {noun if count == 1 else plural_noun or noun + 's'}"


def spelled(count: int, noun: str, plural_noun: str = "") -> str:
    """For sentences: "no alerts", "one alert", "three alerts", "12 alerts"."""
    if not 0 <= count < len(_SMALL):
        return plural(count, noun, plural_noun)
    return f"{_SMALL[count]} {noun if count == 1 else plural_noun or noun + 's'}"


def joined(parts: Sequence[str]) -> str:
    """Such as "a", "a and b", "a, b and c"; nothing for nothing."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def share(part: int, whole: int) -> str:
    """A count with its base: "96 of 108, 89%"; no percentage on a base under 10."""
    base = f"{part:,} of {whole:,}"
    return base if whole < 10 else f"{base}, {round(100 * part / whole)}%"


def span(minutes: int) -> str:
    """A length of time as staff say it: "37 min", "1 hour 20 min", "5 hours", "2 days"."""
    if minutes < _HOUR:
        return f"{minutes} min"
    if minutes < 3 * _HOUR:
        rest = f" {minutes % _HOUR} min" if minutes % _HOUR else ""
        return plural(minutes // _HOUR, "hour") + rest
    if minutes < 2 * _DAY:
        return plural(minutes // _HOUR, "hour")
    return plural(minutes // _DAY, "day")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineWords:
    """Such as "37 min left" and "by 11:15am", or "12 min late" and "was 10:40am"."""

    left: str
    by: str
    late: bool

    @property
    def sentence(self) -> str:
        return f"{self.left}, {self.by}"


def deadline(due: datetime, now: datetime) -> DeadlineWords:
    """How long until ``due``. Minutes left are rounded up and minutes late down, and neither is 0."""
    late = now > due
    seconds = int(abs((due - now).total_seconds()))
    minutes = max(1, seconds // 60 if late else -(-seconds // 60))
    clock = _clock_of(due, now)
    if late:
        return DeadlineWords(left=f"{span(minutes)} late", by=f"was {clock}", late=True)
    return DeadlineWords(left=f"{span(minutes)} left", by=f"by {clock}", late=False)


def _clock_of(due: datetime, now: datetime) -> str:
    """Such as "11:15am" today, "Wed, 9:00am" within the week, "Wed 2 Dec, 9:00am" beyond."""
    on, today = in_london(due).date(), in_london(now).date()
    away = abs((on - today).days)
    if away == 0:
        return time_of_day(due)
    return f"{weekday(on) if away < 7 else day_near(on, today)}, {time_of_day(due)}"


def ago(at: datetime, now: datetime) -> str:
    """Such as "just now", "12 min ago", "3 days ago", "10 weeks ago"."""
    minutes = int((now - at).total_seconds()) // 60
    if minutes < 1:
        return "just now"
    if minutes < 14 * _DAY:
        return f"{span(minutes)} ago"
    return f"{plural(minutes // (7 * _DAY), 'week')} ago"


def phone(number: str) -> str:
    """A UK mobile in E.164 as it is read aloud, "07700 900 142"; any other number as it is."""
    if number.startswith("+447") and len(number) == 13 and number[1:].isascii() and number[1:].isdigit():
        return f"0{number[3:7]} {number[7:10]} {number[10:]}"
    return number
