"""Every value that a council may set, with the stricter one as the default.

A manager's change is a row in ``settings`` under the field's name; what is not changed is as here.
"""

from dataclasses import dataclass, fields, replace
from datetime import time, timedelta
from typing import Any

from sqlalchemy.orm import Session

from storage import markers


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


def load(session: Session) -> Rules:
    """The rules in force: the defaults with what managers changed."""
    changed = markers.settings(session)
    known = {field.name for field in fields(Rules)}
    values = {name: _value(name, value) for name, value in changed.items() if name in known}
    return replace(DEFAULTS, **values) if values else DEFAULTS


def _value(name: str, stored: Any) -> Any:
    """A stored JSON value in the type that the field has: times as HH:MM, durations in seconds."""
    default = getattr(DEFAULTS, name)
    if isinstance(default, time):
        return time.fromisoformat(stored)
    if isinstance(default, timedelta):
        return timedelta(seconds=stored)
    if isinstance(default, tuple):
        return tuple(tuple(item) for item in stored)
    return stored
