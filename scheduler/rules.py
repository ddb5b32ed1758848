"""Every value that a council may set, with the stricter one as the default.

A manager's change is a row in ``settings`` under the field's name; what is not changed is as here.
"""

import json
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time, timedelta
from typing import Any, get_type_hints

import structlog
from pydantic import TypeAdapter, ValidationError
from sqlalchemy.orm import Session

from messages.errors import KitError
from storage import markers
from storage.markers import Setting

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    # Send window, Europe/London wall time
    window_from: time = time(9)
    window_to: time = time(20)
    #: Month and day on which nothing automatic is sent.
    quiet_days: tuple[tuple[int, int], ...] = ((12, 25), (12, 26), (1, 1))
    #: A prompt later than this is stale: skipped, with the reason (RELIABILITY F20).
    stale_after: timedelta = timedelta(hours=4)
    #: After an outage, catch-ups are spread over this time.
    catch_up_spread: timedelta = timedelta(minutes=30)

    # How much
    texts_a_week: int = 3
    texts_a_day: int = 1
    #: After an alert ``now`` is closed, nothing automatic for this long.
    quiet_after_now: timedelta = timedelta(hours=48)
    danger_answer_every: timedelta = timedelta(hours=3)
    #: Texts of one sender within this time are read together and answered once.
    read_together: timedelta = timedelta(seconds=30)
    #: The answer to a check-in waits this long for a second text.
    answer_waits: timedelta = timedelta(seconds=5)
    #: A text identical to the sender's last gets no answer for this long.
    same_text_quiet: timedelta = timedelta(minutes=10)
    #: Exchanges in a row that look like a machine, before answers stop for ``machine_quiet``.
    machine_exchanges: int = 3
    machine_quiet: timedelta = timedelta(hours=24)
    pause: timedelta = timedelta(days=14)
    #: A number not confirmed for this long gets no name.
    name_needs_confirmation_within: timedelta = timedelta(days=183)
    link_token_life: timedelta = timedelta(days=7)
    #: No reply to anything for this long after the welcome: re-confirm the number.
    reconfirm_after: timedelta = timedelta(weeks=4)
    unreachable_limit: int = 3

    # What texts name; empty: the wording leaves it out
    complaints_contact: str = ""
    advocacy_contact: str = ""
    offer_url: str = ""

    # In touch
    in_touch_for: timedelta = timedelta(weeks=8)
    drifting_after: timedelta = timedelta(weeks=4)
    drifting_missed: int = 2
    visit_every: timedelta = timedelta(weeks=8)
    plan_review_every_months: int = 6

    # Silence: days after the check-in, by risk
    nudge_day: dict[str, int]
    second_channel_day: dict[str, int]
    adviser_day: dict[str, int]

    # Chain of a ``now`` alert, minutes
    now_cover_minutes: int = 5
    now_manager_minutes: int = 10
    now_operator_minutes: int = 15
    now_again_minutes: int = 10
    #: Outside working time the manager is told this long after on-call and out-of-hours.
    now_outcome_minutes: int = 60
    now_reenter_minutes: int = 120
    #: Working hours until a ``today`` goes to cover, duty and manager.
    today_working_hours: int = 1
    #: A lone HELP that nobody has read for this long becomes ``now``.
    help_unread_minutes: int = 15
    #: Working days: ``soon`` to cover and duty, then to the manager.
    soon_cover_days: int = 1
    soon_manager_days: int = 2
    #: Any unread text becomes an alert after this many working hours.
    unread_working_hours: int = 4


DEFAULTS = Rules(
    nudge_day={"standard": 2, "raised": 1, "high": 1},
    second_channel_day={"standard": 4, "raised": 1, "high": 1},
    adviser_day={"standard": 5, "raised": 3, "high": 2},
)


class BadSetting(KitError):
    """There is no setting of this name, or it cannot have this value."""


#: Silence is never followed later than this many days after a check-in.
_LATEST_DAY = 28
_LONGEST = timedelta(days=731)
_TYPES = {name: TypeAdapter[Any](hint) for name, hint in get_type_hints(Rules).items()}


def load(session: Session) -> Rules:
    """The rules in force: the defaults with what managers changed."""
    values: dict[str, Any] = {}
    for name, stored in markers.settings(session).items():
        try:
            values |= {name: _TYPES[name].validate_python(stored)} if name in _TYPES else {}
        except ValidationError:
            # Nobody may be left without an answer because one value cannot be read.
            log.error("setting_unreadable", setting=name)
    return replace(DEFAULTS, **values) if values else DEFAULTS


def written(values: Rules) -> dict[str, Any]:
    """Every value by name as JSON holds it: times as ``09:00:00``, durations as ISO 8601 (``P14D``)."""
    return {name: kind.dump_python(getattr(values, name), mode="json") for name, kind in _TYPES.items()}


def change(session: Session, name: str, typed: str, *, now: datetime) -> Any:
    """Set one value, from what somebody typed; the value as JSON holds it. Raises :class:`BadSetting`.

    Times as ``09:30``, durations in seconds or as ISO 8601 (``PT4H``, ``P14D``), tables as JSON.
    """
    if name not in _TYPES:
        raise BadSetting(f"There is no setting {name}: kit settings list names them all.")
    try:
        value = _TYPES[name].validate_python(_read(name, typed))
    except (ValidationError, ValueError):
        like = written(DEFAULTS)[name]
        raise BadSetting(f"{name} cannot be {typed!r}: write it like its default, {like!r}.") from None
    _must_hold(replace(load(session), **{name: value}))
    stored = _TYPES[name].dump_python(value, mode="json")
    session.add(Setting(name=name, value=stored, at=now))
    session.flush()
    return stored


def _read(name: str, typed: str) -> Any:
    """What was typed as JSON would hold it; text stays text."""
    if isinstance(getattr(DEFAULTS, name), str):
        return typed.strip()
    return json.loads(typed) if typed[:1] in "[{" or typed.isdecimal() else typed


def _must_hold(values: Rules) -> None:
    """What no council may set: a window that never opens, a step that comes before the one before it."""
    for field in fields(values):
        _must_be_sane(field.name, getattr(values, field.name))
    if values.window_from >= values.window_to:
        raise BadSetting("The send window must open before it closes.")
    if values.texts_a_day < 1 or values.texts_a_week < values.texts_a_day:
        raise BadSetting("At least one text a day, and no fewer a week than a day.")
    steps = (0, values.now_cover_minutes, values.now_manager_minutes, values.now_operator_minutes)
    if list(steps) != sorted(steps) or values.now_again_minutes < 1:
        raise BadSetting("An alert's steps must follow each other: cover, manager, operator, then again.")
    for by_risk in (values.nudge_day, values.second_channel_day, values.adviser_day):
        days = by_risk.values()
        if set(by_risk) != set(DEFAULTS.nudge_day) or min(days) < 1 or max(days) > _LATEST_DAY:
            raise BadSetting(f"A day from 1 to {_LATEST_DAY} for each of {', '.join(DEFAULTS.nudge_day)}.")
    if not all(_is_day(month, day) for month, day in values.quiet_days):
        raise BadSetting("Each quiet day is a month and a day of it, such as [12, 25].")


def _must_be_sane(name: str, value: Any) -> None:
    """Between nothing and more than any council means: a slip of the finger must not stop an alert."""
    if isinstance(value, int):
        least, most = (0, 1440) if name.endswith("_minutes") else (1, 60)
        if not least <= value <= most:
            raise BadSetting(f"{name} must lie between {least} and {most}.")
    if isinstance(value, timedelta) and not timedelta(0) <= value <= _LONGEST:
        raise BadSetting(f"{name} cannot be negative or longer than two years.")
    if isinstance(value, time) and value.tzinfo is not None:
        raise BadSetting(f"{name} is a time of the council's day, without a zone: write it as 09:30.")


def _is_day(month: int, day: int) -> bool:
    """29 February is one: it comes round."""
    try:
        date(2024, month, day)
    except ValueError:
        return False
    return True
