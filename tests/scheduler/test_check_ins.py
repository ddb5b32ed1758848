"""Asking: once in a slot, in the right words, or skipped with the reason; one catch-up after an outage."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest

from cohort import TUESDAY, Cohort
from messages.channel import ChannelName
from messages.kinds import AlertKind, OutboundKind
from scheduler import alerts, check_ins, states
from scheduler.local_time import LONDON, local
from storage import addresses, people
from storage.addresses import AddressHealth, OptOutSource
from storage.alerts import AlertState
from storage.check_ins import CheckInState, SilenceStep
from storage.database import Database
from storage.markers import Setting
from storage.outbound import OutboundState
from storage.people import Cadence, Risk, StateKind


def asked_on(cohort: Cohort, person_id: UUID) -> list[date]:
    return [one.slot for one in cohort.check_ins(person_id) if one.state is not CheckInState.SKIPPED]


def reasons(cohort: Cohort, person_id: UUID) -> list[tuple[date, str]]:
    found = cohort.check_ins(person_id)
    return [(one.slot, one.reason) for one in found if one.state is CheckInState.SKIPPED]


def test_a_due_check_in_is_asked_once_and_the_next_one_is_planned(database: Database) -> None:
    cohort = Cohort(database)
    jay = cohort.person(preferred_day=1)
    cohort.due_now(jay)
    assert check_ins.ask_check_ins(cohort.services, TUESDAY) == {"asked": 1}
    assert check_ins.ask_check_ins(cohort.services, TUESDAY) == {}
    cohort.tick()
    (text,) = cohort.texts(jay)
    assert (text.key, text.state) == (f"check_in:{jay}:2026-11-24", OutboundState.SENT)
    assert text.body.startswith(("Hi Jay", "Hey Jay", "Jay"))
    assert "Sam" in text.body
    (check_in,) = cohort.check_ins(jay)
    assert (check_in.state, check_in.next_step) == (CheckInState.OPEN, SilenceStep.NUDGE)
    due = cohort.get(jay).next_check_in_at
    assert due is not None
    assert due.date() == date(2026, 12, 8)


def test_never_the_same_words_twice_in_a_row(database: Database) -> None:
    cohort = Cohort(database)
    jay = cohort.person(cadence=Cadence.WEEKLY)
    for _ in range(9):
        cohort.due_now(jay)
        cohort.tick()
        cohort.answers(jay)
        cohort.now += timedelta(days=7)
    said = [text.body for text in cohort.texts(jay)]
    assert len(said) == 9
    assert all(one != other for one, other in pairwise(said))
    assert len(set(said)) >= 5


@pytest.mark.parametrize(
    ("facts", "shared", "confirmed", "names"),
    [
        pytest.param({}, False, timedelta(days=1), ["Jay", "Sam"], id="their own confirmed phone"),
        pytest.param(
            {"preferred_name": "Jayjay"}, False, timedelta(days=1), ["Jayjay", "Sam"], id="preferred"
        ),
        pytest.param({}, True, timedelta(days=1), [], id="shared"),
        pytest.param({"safe_name": "Mo"}, True, timedelta(days=1), ["Mo", "Sam"], id="safe name"),
        pytest.param({"discreet": True}, False, timedelta(days=1), [], id="discreet"),
        pytest.param({"controlled": True, "safe_name": "Mo"}, False, timedelta(days=1), [], id="controlled"),
        pytest.param({}, False, timedelta(days=190), [], id="not confirmed for half a year"),
    ],
)
def test_names_in_a_check_in(
    database: Database, facts: dict[str, Any], shared: bool, confirmed: timedelta, names: list[str]
) -> None:
    cohort = Cohort(database)
    jay = cohort.person(**facts)
    with database.begin() as session:
        address = addresses.of_person(session, jay)[0]
        address.shared, address.confirmed_at = shared, TUESDAY - confirmed
    cohort.due_now(jay)
    cohort.tick()
    body = cohort.texts(jay)[0].body
    assert [name for name in ("Jayjay", "Mo", "Sam") if name in body] == [n for n in names if n != "Jay"]
    assert ("Jay" in body) is any(name.startswith("Jay") for name in names)


def test_the_chosen_channel_shows_buttons(database: Database) -> None:
    cohort = Cohort(database)
    jay = cohort.person(preferred_channel="telegram")
    cohort.telegram(jay)
    cohort.due_now(jay)
    cohort.tick()
    (text,) = cohort.texts(jay)
    assert (text.channel, len(text.choices)) == (ChannelName.TELEGRAM, 4)


def test_without_a_wish_it_is_a_text_message(database: Database) -> None:
    cohort = Cohort(database)
    jay = cohort.person()
    cohort.telegram(jay)
    cohort.due_now(jay)
    cohort.tick()
    (text,) = cohort.texts(jay)
    assert (text.channel, text.choices) == (ChannelName.SMS, ())


def test_an_address_that_stopped_gives_way_to_another(database: Database) -> None:
    cohort = Cohort(database)
    jay = cohort.person()
    cohort.telegram(jay)
    with database.begin() as session:
        addresses.of_person(session, jay)[0].health = AddressHealth.SUSPECT
    cohort.due_now(jay)
    cohort.tick()
    assert [text.channel for text in cohort.texts(jay)] == [ChannelName.TELEGRAM]


def hold_by(cohort: Cohort, person_id: UUID, why: str) -> None:
    """Bring about ``why`` behind the planner's back, as a race would."""
    with cohort.database.begin() as session:
        person = session.get_one(people.Person, person_id)
        number = addresses.of_person(session, person.id)[0]
        match why:
            case "opted_out":
                indexes = cohort.database.keyring.indexes(number.value)
                addresses.opt_out(session, number.channel, indexes, source=OptOutSource.WORD, now=cohort.now)
            case "no_address":
                number.ended_at = cohort.now
            case "paused":
                person.paused_until = cohort.now + timedelta(days=3)
            case "not_enrolled":
                enrolled = people.enrolment(session, person.id)
                assert enrolled is not None
                enrolled.ended_at = cohort.now
            case "alert_now":
                alerts.open_alert(
                    session,
                    cohort.services,
                    kind=AlertKind.MEDICAL,
                    key="k",
                    now=cohort.now,
                    person_id=person.id,
                )
            case state:
                session.add(
                    people.PersonState(
                        person_id=person.id,
                        kind=StateKind(state),
                        starts_on=cohort.now.date(),
                        recorded_at=cohort.now,
                    )
                )


@pytest.mark.parametrize(
    "why",
    [
        "opted_out",
        "no_address",
        "paused",
        "not_enrolled",
        "alert_now",
        "custody",
        "missing",
        "hospital",
        "died",
        "death_reported",
    ],
)
def test_what_may_not_be_asked_is_skipped_with_the_reason(database: Database, why: str) -> None:
    cohort = Cohort(database)
    jay = cohort.person()
    cohort.due_now(jay)
    hold_by(cohort, jay, why)
    cohort.tick()
    assert reasons(cohort, jay) == [(TUESDAY.date(), why)]
    assert cohort.texts(jay) == []


def test_two_days_after_the_alert_was_closed_check_ins_go_on(database: Database) -> None:
    cohort = Cohort(database)
    jay = cohort.person()
    hold_by(cohort, jay, "alert_now")
    (alert,) = cohort.alerts(jay)
    with database.begin() as session:
        alert = session.merge(alert)
        alert.state, alert.closed_at, alert.next_step_at = AlertState.CLOSED, TUESDAY, None
    cohort.now = TUESDAY + timedelta(hours=47)
    cohort.due_now(jay)
    cohort.tick()
    assert reasons(cohort, jay) == [(date(2026, 11, 26), "alert_now")]
    cohort.now = TUESDAY + timedelta(hours=72)
    cohort.due_now(jay)
    cohort.tick()
    assert asked_on(cohort, jay) == [date(2026, 11, 27)]


def test_a_check_in_beyond_the_weekly_ceiling_is_skipped(database: Database) -> None:
    cohort = Cohort(database)
    jay = cohort.person()
    for day in range(4):
        cohort.now = TUESDAY + timedelta(days=day)
        cohort.due_now(jay)
        cohort.tick()
        cohort.answers(jay)
    assert asked_on(cohort, jay) == [date(2026, 11, 24), date(2026, 11, 25), date(2026, 11, 26)]
    assert reasons(cohort, jay) == [(date(2026, 11, 27), "ceiling")]


# After an outage

FRIDAY_EVENING = datetime(2026, 11, 27, 18, tzinfo=UTC)
MONDAY_MORNING = datetime(2026, 11, 30, 8, tzinfo=UTC)


def test_a_weekend_without_the_scheduler(database: Database) -> None:
    """Stale slots are recorded as such; each person is asked once on Monday, spread over half an hour."""
    cohort = Cohort(database, now=FRIDAY_EVENING)
    everybody = [cohort.person(preferred_day=5, cadence=Cadence.WEEKLY) for _ in range(25)]
    cohort.tick(MONDAY_MORNING)
    assert all(reasons(cohort, one) == [(date(2026, 11, 28), "skipped_stale")] for one in everybody)
    assert all(cohort.texts(one) == [] for one in everybody)
    cohort.passes(hours=2, every=timedelta(minutes=3))
    times = [cohort.texts(one)[0].sent_at for one in everybody]
    assert all(len(cohort.texts(one)) == 1 for one in everybody)
    assert min(filter(None, times)) >= MONDAY_MORNING + timedelta(hours=1)
    assert max(filter(None, times)) <= MONDAY_MORNING + timedelta(hours=1, minutes=33)
    assert len(set(times)) > 5


def test_many_missed_slots_bring_one_catch_up(database: Database) -> None:
    cohort = Cohort(database, now=FRIDAY_EVENING)
    jay = cohort.person(preferred_day=5, cadence=Cadence.WEEKLY)
    cohort.tick(MONDAY_MORNING + timedelta(days=28))
    assert [slot.day for slot, _ in reasons(cohort, jay)] == [28, 5, 12, 19, 27]  # 26 December is quiet
    cohort.passes(hours=12)
    assert asked_on(cohort, jay) == [date(2026, 12, 28)]


def test_no_catch_up_when_the_regular_day_is_near(database: Database) -> None:
    cohort = Cohort(database, now=FRIDAY_EVENING)
    jay = cohort.person(preferred_day=5, cadence=Cadence.WEEKLY)
    cohort.tick(datetime(2026, 12, 4, 8, tzinfo=UTC))
    cohort.passes(days=2)
    assert asked_on(cohort, jay) == [date(2026, 12, 5)]


def test_a_few_hours_late_is_still_asked(database: Database) -> None:
    cohort = Cohort(database, now=datetime(2026, 11, 24, 8, tzinfo=UTC))
    jay = cohort.person(preferred_day=1, cadence=Cadence.WEEKLY)
    cohort.tick(datetime(2026, 11, 24, 12, 30, tzinfo=UTC))
    assert asked_on(cohort, jay) == [date(2026, 11, 24)]
    (text,) = cohort.texts(jay)
    assert text.due_at - cohort.now < timedelta(minutes=30)


def test_stale_within_the_day_is_caught_up_on_the_next_one(database: Database) -> None:
    cohort = Cohort(database, now=datetime(2026, 11, 24, 8, tzinfo=UTC))
    jay = cohort.person(preferred_day=1, cadence=Cadence.FORTNIGHTLY)
    cohort.tick(datetime(2026, 11, 24, 15, tzinfo=UTC))
    cohort.passes(days=2)
    assert reasons(cohort, jay) == [(date(2026, 11, 24), "skipped_stale")]
    assert asked_on(cohort, jay) == [date(2026, 11, 25)]


def test_nobody_is_caught_up_outside_the_window(database: Database) -> None:
    cohort = Cohort(database, now=FRIDAY_EVENING)
    jay = cohort.person(preferred_day=5, window_from=time(18), cadence=Cadence.FORTNIGHTLY)
    cohort.tick(MONDAY_MORNING)
    cohort.passes(days=1)
    (text,) = cohort.texts(jay)
    assert text.sent_at is not None
    assert local(text.sent_at, LONDON).hour in (18, 19)


@pytest.mark.parametrize(
    ("night", "opens", "hours"),
    [
        pytest.param(date(2026, 10, 25), "09:00", (9, 10), id="clocks go back, usual window"),
        pytest.param(date(2027, 3, 28), "09:00", (9, 10), id="clocks go forward, usual window"),
        pytest.param(date(2026, 10, 25), "01:30", (1, 1), id="in the hour that comes twice"),
        pytest.param(date(2027, 3, 28), "01:30", (2, 2), id="in the hour that does not come"),
    ],
)
def test_a_clock_change_brings_neither_two_nor_none(
    database: Database, night: date, opens: str, hours: tuple[int, int]
) -> None:
    before = datetime(night.year, night.month, night.day, tzinfo=UTC) - timedelta(hours=14)
    cohort = Cohort(database, now=before)
    with database.begin() as session:
        session.add(Setting(name="window_from", value=opens, at=before))
        if opens == "01:30":
            session.add(Setting(name="window_to", value="03:00", at=before))
    jay = cohort.person(preferred_day=6, cadence=Cadence.WEEKLY)
    cohort.passes(days=1.2, every=timedelta(minutes=10))
    assert asked_on(cohort, jay) == [night]
    (text,) = cohort.texts(jay)
    assert text.sent_at is not None
    assert hours[0] <= local(text.sent_at, LONDON).hour <= hours[1]


def test_an_old_check_in_still_reaches_the_adviser_when_a_new_one_is_asked(database: Database) -> None:
    cohort = Cohort(database)
    jay = cohort.person()
    cohort.due_now(jay)
    cohort.tick()
    cohort.now += timedelta(days=1)
    cohort.due_now(jay)
    cohort.tick()
    old, new = cohort.check_ins(jay)
    assert (old.next_step, old.reason) == (SilenceStep.ADVISER, "superseded")
    assert new.next_step is SilenceStep.NUDGE
    cohort.passes(days=5)
    keys = [alert.key for alert in cohort.alerts(jay) if alert.kind is AlertKind.NO_REPLY]
    assert keys == [f"silence:{old.id}", f"silence:{new.id}"]


def test_one_bad_row_does_not_stop_the_others(database: Database) -> None:
    cohort = Cohort(database)
    bad, good = cohort.person(), cohort.person()
    for one in (bad, good):
        cohort.due_now(one)
    with database.begin() as session:
        session.add(
            people.PersonState(
                person_id=bad,
                kind=StateKind.ABROAD,
                time_zone="Nowhere/Land",
                starts_on=TUESDAY.date(),
                recorded_at=TUESDAY,
            )
        )
    assert check_ins.ask_check_ins(cohort.services, TUESDAY) == {"asked": 1, "failed": 1}
    assert asked_on(cohort, good) == [TUESDAY.date()]


def test_high_risk_is_asked_every_week(database: Database) -> None:
    cohort = Cohort(database)
    jay = cohort.person(risk=Risk.HIGH, cadence=Cadence.EIGHT_WEEKLY, preferred_day=2)
    for _ in range(28 * 24):
        cohort.tick(cohort.now + timedelta(hours=1))
        if cohort.now.hour == 18:
            cohort.answers(jay)
    assert [day.weekday() for day in asked_on(cohort, jay)] == [2, 2, 2, 2]


def test_prompts_stop_when_somebody_is_reported_dead(database: Database) -> None:
    cohort = Cohort(database)
    jay = cohort.person()
    cohort.due_now(jay)
    check_ins.ask_check_ins(cohort.services, TUESDAY)
    with database.begin() as session:
        states.start_state(session, jay, StateKind.DEATH_REPORTED, starts_on=TUESDAY.date(), now=TUESDAY)
    cohort.passes(days=20)
    (text,) = cohort.texts(jay)
    assert (text.kind, text.state) == (OutboundKind.CHECK_IN, OutboundState.CANCELLED)
    assert cohort.alerts(jay) == []
