"""What a council may set, and what it may not."""

from datetime import UTC, datetime, time, timedelta

import pytest

from scheduler import rules
from scheduler.rules import DEFAULTS, BadSetting
from storage.database import Database
from storage.markers import Setting

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)


def changed(database: Database, name: str, typed: str) -> rules.Rules:
    with database.begin() as session:
        rules.change(session, name, typed, now=NOW)
    with database.read() as session:
        return rules.load(session)


def test_nothing_changed_is_the_stricter_default(database: Database) -> None:
    with database.read() as session:
        assert rules.load(session) == DEFAULTS


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("window_from", "10:30", time(10, 30)),
        ("texts_a_week", "2", 2),
        ("pause", "P21D", timedelta(days=21)),
        ("read_together", "45", timedelta(seconds=45)),
        ("quiet_days", "[[12, 24], [12, 25]]", ((12, 24), (12, 25))),
        ("adviser_day", '{"standard": 4, "raised": 3, "high": 2}', {"standard": 4, "raised": 3, "high": 2}),
        ("complaints_contact", " 01632 960011 ", "01632 960011"),
        ("offer_url", "", ""),
    ],
)
def test_a_change_is_what_was_typed(database: Database, name: str, typed: str, value: object) -> None:
    assert getattr(changed(database, name, typed), name) == value


def test_the_newest_change_holds_and_the_older_stays_as_history(database: Database) -> None:
    changed(database, "texts_a_week", "2")
    assert changed(database, "texts_a_week", "3").texts_a_week == 3


@pytest.mark.parametrize(
    ("name", "typed", "says"),
    [
        ("texts_a_month", "9", "no setting texts_a_month"),
        ("window_from", "noon", "like its default, '09:00:00'"),
        ("window_from", "21:00", "open before it closes"),
        ("texts_a_week", "many", "like its default, 3"),
        ("texts_a_day", "0", "between 1 and 60"),
        ("texts_a_day", "4", "no fewer a week"),
        ("adviser_day", '{"standard": 4}', "standard, raised, high"),
        ("adviser_day", '{"standard": 0, "raised": 3, "high": 2}', "from 1 to 28"),
        ("quiet_days", "[[12,", "like its default"),
        ("quiet_days", "[[13, 45]]", "a month and a day"),
        ("plan_review_every_months", "-6", "between 1 and 60"),
        ("danger_answer_every", "999999999999", "two years|like its default"),
        ("texts_a_week", "99999999999999999999", "between|like its default"),
        ("help_unread_minutes", "99999999999", "between 0 and 1440"),
        ("machine_exchanges", "0", "between 1 and 60"),
        ("soon_cover_days", "999999", "between 1 and 60"),
        ("adviser_day", '{"standard": 40, "raised": 3, "high": 2}', "from 1 to 28"),
        ("window_from", "09:00:00+05:00", "without a zone"),
        ("now_manager_minutes", "3", "must follow each other"),
        ("now_again_minutes", "0", "must follow each other"),
        ("quiet_after_now", "-PT1H", "negative"),
    ],
)
def test_what_cannot_be_is_refused_in_words(database: Database, name: str, typed: str, says: str) -> None:
    with pytest.raises(BadSetting, match=says):
        changed(database, name, typed)
    with database.read() as session:
        assert rules.load(session) == DEFAULTS


def test_a_value_that_cannot_be_read_leaves_the_default_in_force(database: Database) -> None:
    with database.begin() as session:
        session.add(Setting(name="texts_a_week", value="many", at=NOW))
    with database.read() as session:
        assert rules.load(session) == DEFAULTS


def test_every_value_can_be_written_and_read_back(database: Database) -> None:
    for name, value in rules.written(DEFAULTS).items():
        typed = value if isinstance(value, str) else str(value).replace("'", '"')
        assert changed(database, name, typed) == DEFAULTS, name
