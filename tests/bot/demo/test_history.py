"""A year of rows, moved to today, sealed with this installation's keys, and whole."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from bot.demo.history import History, Redating, kept_tables
from bot.demo.world import Demo
from scheduler import rules
from scheduler.in_touch import InTouch, standings
from storage import audit
from storage.check_ins import CheckIn
from storage.inbound import InboundMessage
from storage.outbound import OutboundMessage
from storage.people import Person

#: As in conftest: the moment as of which the history was loaded.
TUESDAY = datetime(2027, 6, 8, 7, 30, tzinfo=UTC)
LONDON = ZoneInfo("Europe/London")
ANCHOR = datetime(2026, 11, 16, tzinfo=UTC)


def test_as_many_rows_come_out_as_went_in(demo: Demo, history: History) -> None:
    redating = Redating.to(history.anchor, TUESDAY)
    until = TUESDAY - redating.moment(history.anchor.timestamp())
    with demo.world.services.database.read() as session:
        for table in kept_tables():
            expected = len(history.rows(table.name, until=until))
            found = session.scalar(select(func.count()).select_from(table)) or 0
            markers_of_the_demo_itself = 3 if table.name == "markers" else 0
            assert expected <= found <= expected + markers_of_the_demo_itself, table.name


def test_the_audit_trail_is_whole(demo: Demo) -> None:
    with demo.world.services.database.read() as session:
        verdict = audit.verify(session)
    assert verdict.whole
    assert verdict.events > 50


def test_everything_lies_around_today(demo: Demo) -> None:
    now = TUESDAY
    with demo.world.services.database.read() as session:
        newest = session.scalar(select(func.max(InboundMessage.received_at)))
        ahead = session.scalar(select(func.max(OutboundMessage.sent_at)))
        planned = session.scalars(select(Person.next_check_in_at)).all()
        slots = session.scalars(select(CheckIn.slot)).all()
    assert newest is not None
    assert ahead is not None
    assert now - timedelta(days=4) < newest <= now
    assert ahead <= now
    assert sum(at is not None and at > now for at in planned) > 30
    assert max(slots) <= now.astimezone(LONDON).date()


def test_what_is_sealed_opens_and_what_is_looked_up_is_found(demo: Demo) -> None:
    with demo.world.services.database.read() as session:
        names = {person.first_name for person in session.scalars(select(Person))}
        assert {"Jay", "Amina", "Leanne", "Tyler"} <= names
        bodies = [row.body for row in session.scalars(select(OutboundMessage).limit(50))]
        assert all(bodies)
        indexes = demo.world.services.database.keyring.indexes("+447700900142")
        assert session.scalar(select(func.count()).where(InboundMessage.sender_index.in_(indexes)))


def test_the_caseload_looks_alive(demo: Demo) -> None:
    now = TUESDAY
    with demo.world.services.database.read() as session:
        ids = session.scalars(select(Person.id)).all()
        found = standings(session, ids, rules.load(session), now=now)
    states = [one.state for one in found.values()]
    assert len(ids) == 60
    assert states.count(InTouch.IN_TOUCH) > 25
    assert states.count(InTouch.DRIFTING) >= 2
    assert states.count(InTouch.OUT_OF_TOUCH) >= 3


@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 11, 20, 9, 30, tzinfo=UTC),
        datetime(2027, 3, 28, 0, 59, tzinfo=UTC),
        datetime(2027, 3, 28, 1, 30, tzinfo=UTC),
        datetime(2027, 7, 1, 22, 30, tzinfo=UTC),
        datetime(2027, 10, 31, 0, 30, tzinfo=UTC),
        datetime(2025, 5, 5, 12, 0, tzinfo=UTC),
    ],
)
def test_any_now_falls_into_the_week_after_the_anchor(now: datetime) -> None:
    redating = Redating.to(ANCHOR, now)
    begins = redating.moment(ANCHOR.timestamp())
    local = begins.astimezone(LONDON)
    assert (local.weekday(), local.hour, local.minute) == (0, 0, 0)
    assert timedelta(0) <= now - begins < timedelta(days=7, hours=1)


def test_wall_time_stays_through_the_change_of_clocks() -> None:
    nine_in_winter = datetime(2026, 1, 13, 9, 0, tzinfo=UTC)
    moved = Redating(weeks=26, anchor=ANCHOR).moment(nine_in_winter.timestamp())
    assert moved.astimezone(LONDON).hour == 9
    assert moved.astimezone(LONDON).weekday() == nine_in_winter.weekday()


def test_days_that_texts_name_move_with_them() -> None:
    redating = Redating(weeks=3, anchor=ANCHOR)
    assert redating.words("We're back Mon 16 Nov at 9:00am") == "We're back Mon 7 Dec at 9:00am"
    assert redating.words("Last contact Tue 24 Nov 2026") == "Last contact Tue 15 Dec 2026"
    assert redating.words("Mon 17 Nov") == "Mon 8 Dec"  # a Monday in the year before
    assert redating.words("check_in:x:2026-11-16") == "check_in:x:2026-12-07"
    assert redating.words("Fri 31 Feb") == "Fri 31 Feb"
    assert redating.day(date(2026, 11, 16)) == date(2026, 12, 7)
