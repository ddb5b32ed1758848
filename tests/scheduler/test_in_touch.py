"""In touch, drifting, out of touch, lost touch: from contacts alone, with corrections, at any moment."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from cohort import TUESDAY, Cohort
from messages.kinds import AlertKind, ContactMethod, NotCounted
from scheduler.contacts import NotYet, correct_contact, log_contact
from scheduler.in_touch import InTouch, Standing, standing, standings
from scheduler.lost_touch import (
    close_plan,
    months_after,
    plan_review_due_on,
    regain,
    visit_due_on,
)
from scheduler.rules import DEFAULTS
from storage import plans
from storage.contacts import Contact, Direction, Layer
from storage.database import Database
from storage.people import Person
from storage.plans import LostTouchEnd, PlanReview

DAY = timedelta(days=1)
WEEK = timedelta(weeks=1)


def stands(cohort: Cohort, person_id: UUID, now: datetime | None = None) -> Standing:
    with cohort.database.read() as session:
        return standing(session, person_id, DEFAULTS, now=now or cohort.now)


def log(
    cohort: Cohort,
    person_id: UUID,
    method: ContactMethod = ContactMethod.CALL,
    direction: Direction = Direction.TWO_WAY,
    *,
    ago: timedelta = timedelta(0),
) -> Contact:
    with cohort.database.begin() as session:
        return log_contact(
            session,
            person_id,
            method=method,
            direction=direction,
            at=cohort.now - ago,
            staff_id=cohort.adviser_id,
            now=cohort.now,
        )


@pytest.mark.parametrize(
    ("ago", "state"),
    [
        (timedelta(hours=1), InTouch.IN_TOUCH),
        (4 * WEEK, InTouch.IN_TOUCH),
        (4 * WEEK + DAY, InTouch.DRIFTING),
        (8 * WEEK, InTouch.DRIFTING),
        (8 * WEEK + DAY, InTouch.OUT_OF_TOUCH),
    ],
)
def test_by_the_age_of_the_last_contact(database: Database, ago: timedelta, state: InTouch) -> None:
    cohort = Cohort(database)
    jay = cohort.person()
    log(cohort, jay, ago=ago)
    assert stands(cohort, jay).state is state


def test_never_is_out_of_touch_and_our_tries_do_not_count(database: Database) -> None:
    cohort = Cohort(database)
    jay = cohort.person()
    log(cohort, jay, direction=Direction.ATTEMPT)
    log(cohort, jay, ContactMethod.AGENCY, Direction.THIRD_PARTY)
    found = stands(cohort, jay)
    assert (found.state, found.last_two_way_at) == (InTouch.OUT_OF_TOUCH, None)


def test_three_layers(database: Database) -> None:
    cohort = Cohort(database)
    jay = cohort.person()
    log(cohort, jay, ContactMethod.VISIT, ago=9 * WEEK)
    log(cohort, jay, ContactMethod.CALL, ago=5 * WEEK)
    log(cohort, jay, ContactMethod.TEXT, ago=6 * WEEK)
    found = stands(cohort, jay)
    assert found.by_layer == {
        Layer.SEEN: TUESDAY - 9 * WEEK,
        Layer.SPOKEN: TUESDAY - 5 * WEEK,
        Layer.TEXT: TUESDAY - 6 * WEEK,
    }
    assert [found.reached(layer, DEFAULTS, TUESDAY) for layer in Layer] == [True, True, False]


def test_two_check_ins_in_a_row_without_an_answer_are_drifting(database: Database) -> None:
    cohort = Cohort(database)
    jay = cohort.person()
    log(cohort, jay)
    for _ in range(2):
        assert stands(cohort, jay).state is InTouch.IN_TOUCH
        cohort.now += DAY
        cohort.due_now(jay)
        cohort.tick()
        cohort.change(jay, next_check_in_at=None)
        cohort.passes(days=6)
    found = stands(cohort, jay)
    assert (found.state, found.unanswered) == (InTouch.DRIFTING, 2)
    cohort.answers(jay)
    assert stands(cohort, jay).state is InTouch.IN_TOUCH


def test_the_past_is_judged_by_what_had_happened_then(database: Database) -> None:
    cohort = Cohort(database)
    jay = cohort.person()
    log(cohort, jay, ago=20 * WEEK)
    log(cohort, jay, ago=1 * WEEK)
    states = [stands(cohort, jay, TUESDAY - weeks * WEEK).state for weeks in (21, 19, 15, 10, 0)]
    assert states == [
        InTouch.OUT_OF_TOUCH,
        InTouch.IN_TOUCH,
        InTouch.DRIFTING,
        InTouch.OUT_OF_TOUCH,
        InTouch.IN_TOUCH,
    ]


def test_staff_correct_what_counts(database: Database) -> None:
    cohort = Cohort(database)
    jay = cohort.person()
    with database.begin() as session:
        reply = Contact(
            person_id=jay,
            at=TUESDAY - DAY,
            direction=Direction.RECEIVED,
            method=ContactMethod.TEXT,
            not_counted=NotCounted.NOISE,
            recorded_at=TUESDAY,
        )
        session.add(reply)
        session.flush()
        assert standing(session, jay, DEFAULTS, now=TUESDAY).last_two_way_at is None
        for counts in (True, False):
            correct_contact(
                session,
                reply,
                counts=counts,
                reason="It was Jay",
                staff_id=cohort.adviser_id,
                now=TUESDAY + (timedelta(0) if counts else DAY),
            )
            found = standing(session, jay, DEFAULTS, now=TUESDAY).by_layer
            assert found == ({Layer.TEXT: TUESDAY - DAY} if counts else {})


def test_many_people_at_once(database: Database) -> None:
    cohort = Cohort(database)
    one, other = cohort.person(), cohort.person()
    log(cohort, one)
    with database.read() as session:
        found = standings(session, [one, other], DEFAULTS, now=TUESDAY)
    assert [found[who].state for who in (one, other)] == [InTouch.IN_TOUCH, InTouch.OUT_OF_TOUCH]


def test_a_contact_in_the_future_is_refused(database: Database) -> None:
    cohort = Cohort(database)
    with pytest.raises(NotYet):
        log(cohort, cohort.person(), ago=-DAY)


# Lost touch


def lost(cohort: Cohort, person_id: UUID) -> list[date]:
    return [one.opened_at.date() for one in cohort.alerts(person_id) if one.kind is AlertKind.LOST_TOUCH]


def quiet(database: Database) -> tuple[Cohort, UUID]:
    """Spoken with on a Tuesday, and then never again; nobody is texted."""
    cohort = Cohort(database)
    jay = cohort.person()
    cohort.change(jay, paused_until=TUESDAY + 1000 * DAY)
    log(cohort, jay)
    return cohort, jay


def test_after_eight_weeks_a_plan_opens_in_working_time(database: Database) -> None:
    cohort, jay = quiet(database)
    cohort.passes(weeks=12)
    assert lost(cohort, jay) == [date(2027, 1, 19)]
    with database.read() as session:
        plan = plans.open_lost_touch(session, jay)
        assert plan is not None
        assert plan.opened_at - TUESDAY <= 8 * WEEK + timedelta(hours=1)


def test_it_closes_when_touch_is_regained_and_its_tries_belong_to_it(database: Database) -> None:
    cohort, jay = quiet(database)
    cohort.passes(weeks=9)
    attempt = log(cohort, jay, ContactMethod.VISIT, Direction.ATTEMPT)
    assert attempt.lost_touch_plan_id is not None
    log(cohort, jay)
    with database.read() as session:
        assert plans.open_lost_touch(session, jay) is None
        plan = session.get_one(plans.LostTouchPlan, attempt.lost_touch_plan_id)
        assert plan.end is LostTouchEnd.REGAINED
    cohort.passes(weeks=9)
    assert len(lost(cohort, jay)) == 2


def test_a_plan_that_a_manager_closed_does_not_open_the_next_day(database: Database) -> None:
    cohort, jay = quiet(database)
    cohort.passes(weeks=9)
    with database.begin() as session:
        plan = plans.open_lost_touch(session, jay)
        assert plan is not None
        close_plan(session, plan, reason="Does not want contact", staff_id=cohort.adviser_id, now=cohort.now)
        assert regain(session, jay, now=cohort.now) is None
    cohort.passes(weeks=7)
    assert len(lost(cohort, jay)) == 1
    cohort.passes(weeks=3)
    assert len(lost(cohort, jay)) == 2


def test_somebody_imported_and_never_enrolled_gets_a_plan_but_no_text_leaves(database: Database) -> None:
    cohort = Cohort(database)
    jay = cohort.person(enrolled=False, welcomed=False)
    cohort.passes(weeks=9)
    with database.read() as session:
        assert plans.open_lost_touch(session, jay) is not None
    assert cohort.alerts(jay) == []


# Visits and plans


def test_the_clocks_of_visits_and_plans(database: Database) -> None:
    cohort = Cohort(database)
    jay = cohort.person()
    with database.begin() as session:
        person = session.get_one(Person, jay)
        began = (TUESDAY - 30 * DAY).date()
        assert visit_due_on(session, person, DEFAULTS) == began
        assert plan_review_due_on(session, person, DEFAULTS) == began
    log(cohort, jay, ContactMethod.VISIT, ago=DAY)
    log(cohort, jay, ContactMethod.VISIT, Direction.ATTEMPT)
    with database.begin() as session:
        session.add(PlanReview(person_id=jay, reviewed_on=date(2026, 8, 31), recorded_at=TUESDAY))
        session.flush()
        person = session.get_one(Person, jay)
        assert visit_due_on(session, person, DEFAULTS) == date(2026, 11, 23) + 8 * WEEK
        assert plan_review_due_on(session, person, DEFAULTS) == date(2027, 2, 28)


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 1, 15), 6, date(2026, 7, 15)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
    ],
)
def test_months_after(day: date, months: int, then: date) -> None:
    assert months_after(day, months) == then


def test_a_night_is_no_time_to_be_told(database: Database) -> None:
    cohort = Cohort(database, now=datetime(2026, 11, 21, 3, tzinfo=UTC))
    jay = cohort.person()
    cohort.change(jay, paused_until=TUESDAY + 1000 * DAY)
    log(cohort, jay)
    cohort.passes(weeks=9)
    assert lost(cohort, jay) == [date(2027, 1, 18)]
