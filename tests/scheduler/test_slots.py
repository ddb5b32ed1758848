"""Slots: the right day, the right time of it, and none while nothing may be asked."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohort import TUESDAY, Cohort
from scheduler import rules, slots, states
from scheduler.local_time import LONDON, local
from scheduler.rules import DEFAULTS
from scheduler.working_time import is_working_day
from storage import addresses
from storage.check_ins import CheckIn, CheckInState
from storage.database import Database
from storage.people import Cadence, Person, Risk, StateKind, Status

days = st.dates(min_value=date(2026, 1, 1), max_value=date(2028, 12, 31))
QUIET = {(12, 25), (12, 26), (1, 1)}


def quiet(day: date) -> bool:
    return (day.month, day.day) in QUIET


def somebody(**facts: object) -> Person:
    return Person(
        case_id="1",
        first_name="Jay",
        last_name="Doe",
        date_of_birth=date(2006, 5, 1),
        status=Status.RELEVANT,
        created_at=TUESDAY,
        **facts,  # type: ignore[arg-type]
    )


@given(days, st.sampled_from([7, 14, 28, 56]), st.integers(min_value=0, max_value=6))
def test_slots_keep_their_rhythm_and_weekday(first: date, step: int, weekday: int) -> None:
    last = first
    for _ in range(30):
        day = slots.slot_day(last=last, step=step, weekday=weekday, earliest=last, avoid=quiet)
        assert step - 5 <= (day - last).days <= step + 5
        assert not quiet(day)
        assert day.weekday() == weekday or quiet(day - timedelta(days=(day.weekday() - weekday) % 7))
        last = day


@given(days, st.integers(min_value=0, max_value=400), st.integers(min_value=0, max_value=6))
def test_a_slot_is_never_before_the_earliest_day_and_soon_after_it(
    last: date, gap: int, weekday: int
) -> None:
    earliest = last + timedelta(days=gap)
    day = slots.slot_day(last=last, step=7, weekday=weekday, earliest=earliest, avoid=quiet)
    assert day >= earliest
    assert day > last
    assert (day - max(earliest, last + timedelta(days=7))).days <= 8


@given(days, st.uuids(version=4), st.sampled_from(["Europe/London", "Asia/Kathmandu", "America/New_York"]))
def test_prompts_leave_in_the_first_hour_of_the_window(day: date, row_id: object, zone: str) -> None:
    person = somebody(window_from=time(17))
    object.__setattr__(person, "id", row_id)
    shown = local(slots.prompt_time(person, day, DEFAULTS, ZoneInfo(zone)), ZoneInfo(zone))
    assert (shown.date(), shown.hour) == (day, 17)


def test_a_narrow_window_is_kept() -> None:
    for _ in range(100):
        person = somebody(window_from=time(12), window_to=time(12, 10))
        shown = local(slots.prompt_time(person, date(2026, 11, 24), DEFAULTS, LONDON), LONDON)
        assert time(12) <= shown.time() < time(12, 8)


def test_a_team_is_not_texted_in_the_same_second() -> None:
    day = date(2026, 11, 24)
    times = Counter(slots.prompt_time(somebody(), day, DEFAULTS, LONDON) for _ in range(300))
    assert max(times.values()) <= 4
    assert max(times) - min(times) > timedelta(minutes=50)


def plan(cohort: Cohort, person_id: object) -> datetime | None:
    with cohort.database.begin() as session:
        person = session.get_one(Person, person_id)
        return slots.plan_next(session, person, rules.load(session), now=cohort.now)


def test_somebody_without_a_chosen_day_is_asked_on_a_working_day(database: Database) -> None:
    cohort = Cohort(database)
    for _ in range(10):
        due = cohort.get(cohort.person()).next_check_in_at
        assert due is not None
        assert is_working_day(due.date())
        assert TUESDAY < due < TUESDAY + timedelta(days=8)


def test_a_chosen_day_and_window_are_kept(database: Database) -> None:
    cohort = Cohort(database)
    jay = cohort.person(preferred_day=6, window_from=time(17), cadence=Cadence.WEEKLY)
    due = cohort.get(jay).next_check_in_at
    assert due is not None
    assert local(due, LONDON).date() == date(2026, 11, 29)
    assert local(due, LONDON).hour == 17


@pytest.mark.parametrize(
    ("risk", "cadence", "gap"),
    [
        (Risk.STANDARD, Cadence.FORTNIGHTLY, 14),
        (Risk.RAISED, Cadence.EIGHT_WEEKLY, 56),
        (Risk.HIGH, Cadence.EIGHT_WEEKLY, 7),
    ],
)
def test_rhythm_by_choice_and_risk(database: Database, risk: Risk, cadence: Cadence, gap: int) -> None:
    cohort = Cohort(database)
    jay = cohort.person(risk=risk, cadence=cadence, preferred_day=1)
    with database.begin() as session:
        session.add(CheckIn(person_id=jay, slot=date(2026, 11, 24), due_at=TUESDAY, created_at=TUESDAY))
    due = plan(cohort, jay)
    assert due is not None
    assert due.date() == date(2026, 11, 24) + timedelta(days=gap)


def test_quicker_rhythm_after_a_long_one_starts_at_once(database: Database) -> None:
    cohort = Cohort(database)
    jay = cohort.person(cadence=Cadence.WEEKLY, preferred_day=3)
    with database.begin() as session:
        session.add(
            CheckIn(
                person_id=jay,
                slot=date(2026, 10, 1),
                due_at=TUESDAY,
                created_at=TUESDAY,
                state=CheckInState.ANSWERED,
            )
        )
    due = plan(cohort, jay)
    assert due is not None
    assert due.date() == date(2026, 11, 26)


def test_christmas_day_moves_on_and_the_weekday_comes_back(database: Database) -> None:
    cohort = Cohort(database, now=datetime(2026, 12, 19, 10, tzinfo=UTC))
    jay = cohort.person(cadence=Cadence.WEEKLY, preferred_day=4)
    asked = []
    for _ in range(4):
        due = plan(cohort, jay)
        assert due is not None
        asked.append(due.date())
        with database.begin() as session:
            session.add(CheckIn(person_id=jay, slot=due.date(), due_at=due, created_at=due))
        cohort.now = due + timedelta(minutes=1)
        cohort.change(jay, next_check_in_at=None)
    assert asked == [date(2026, 12, 27), date(2027, 1, 2), date(2027, 1, 8), date(2027, 1, 15)]


def test_nobody_is_planned_who_is_not_enrolled_or_paused(database: Database) -> None:
    cohort = Cohort(database)
    assert cohort.get(cohort.person(enrolled=False)).next_check_in_at is None
    jay = cohort.person(preferred_day=3)
    cohort.change(jay, paused_until=TUESDAY + timedelta(days=14))
    due = cohort.get(jay).next_check_in_at
    assert due is not None
    assert due.date() == date(2026, 12, 10)
    cohort.change(jay, closed_at=TUESDAY)
    assert cohort.get(jay).next_check_in_at is None


@pytest.mark.parametrize("kind", [StateKind.CUSTODY, StateKind.MISSING, StateKind.HOSPITAL, StateKind.DIED])
def test_a_state_without_an_end_stops_the_plan(database: Database, kind: StateKind) -> None:
    cohort = Cohort(database)
    jay = cohort.person()
    with database.begin() as session:
        states.start_state(session, jay, kind, starts_on=TUESDAY.date(), now=TUESDAY)
    assert cohort.get(jay).next_check_in_at is None


def test_a_state_with_an_end_moves_the_plan_behind_it(database: Database) -> None:
    cohort = Cohort(database)
    jay = cohort.person(preferred_day=1)
    with database.begin() as session:
        states.start_state(
            session,
            jay,
            StateKind.HOSPITAL,
            starts_on=TUESDAY.date(),
            ends_on=date(2026, 12, 3),
            now=TUESDAY,
        )
    due = cohort.get(jay).next_check_in_at
    assert due is not None
    assert due.date() == date(2026, 12, 8)


def test_after_custody_only_a_confirmed_number_wakes_the_plan(database: Database) -> None:
    cohort = Cohort(database)
    jay = cohort.person(preferred_day=1)
    with database.begin() as session:
        state = states.start_state(session, jay, StateKind.CUSTODY, starts_on=TUESDAY.date(), now=TUESDAY)
    cohort.now = TUESDAY + timedelta(days=10)
    with database.begin() as session:
        states.end_state(session, session.merge(state), ends_on=cohort.now.date(), now=cohort.now)
    assert cohort.get(jay).next_check_in_at is None
    with database.begin() as session:
        number = addresses.of_person(session, jay)[0]
        states.confirm_address(session, number, now=cohort.now)
    due = cohort.get(jay).next_check_in_at
    assert due is not None
    assert due.date() == date(2026, 12, 8)


def test_abroad_people_are_asked_on_their_own_clock(database: Database) -> None:
    cohort = Cohort(database)
    jay = cohort.person(preferred_day=3)
    with database.begin() as session:
        states.start_state(
            session,
            jay,
            StateKind.ABROAD,
            starts_on=TUESDAY.date(),
            time_zone="Australia/Sydney",
            now=TUESDAY,
        )
    due = cohort.get(jay).next_check_in_at
    assert due is not None
    there = due.astimezone(ZoneInfo("Australia/Sydney"))
    assert (there.date(), there.hour) == (date(2026, 11, 26), 9)


def test_the_first_check_in_comes_after_the_welcome(database: Database) -> None:
    cohort = Cohort(database)
    for weekday in range(7):
        due = cohort.get(cohort.person(welcomed=False, preferred_day=weekday)).next_check_in_at
        assert due is not None
        assert due.date() >= TUESDAY.date() + timedelta(days=2)


def test_a_check_in_that_is_due_stays_due_when_the_rhythm_changes(database: Database) -> None:
    cohort = Cohort(database)
    jay = cohort.person()
    cohort.due_now(jay)
    cohort.change(jay, cadence=Cadence.EIGHT_WEEKLY)
    assert cohort.get(jay).next_check_in_at == TUESDAY
