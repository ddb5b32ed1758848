"""The ladder of each kind of alert, without a database."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messages.kinds import ALERT_TERMS, AlertKind, Deadline
from scheduler import chain
from scheduler.chain import Situation
from scheduler.rules import DEFAULTS
from scheduler.working_time import WorkingHours
from storage.alerts import StepRole as R
from storage.people import Risk

TUESDAY = datetime(2026, 11, 24, 10, tzinfo=UTC)
NIGHT = datetime(2026, 11, 24, 22, tzinfo=UTC)
FRIDAY = datetime(2026, 11, 27, 16, 30, tzinfo=UTC)
SATURDAY = datetime(2026, 11, 28, 11, tzinfo=UTC)
HOURS = WorkingHours()


def situation(kind: AlertKind, since: datetime = TUESDAY, **facts: object) -> Situation:
    values: dict[str, object] = {"deadline": ALERT_TERMS[kind].deadline, "hours": HOURS} | facts
    return Situation(kind=kind, since=since, **values)  # type: ignore[arg-type]


def plan(kind: AlertKind, since: datetime = TUESDAY, **facts: object) -> list[tuple[float, tuple[R, ...]]]:
    """Minutes after the start, and the roles told then."""
    steps = chain.planned(situation(kind, since, **facts), DEFAULTS)
    return [((step.at - since) / timedelta(minutes=1), step.roles) for step in steps]


NOW_WORKING = [(0, (R.ADVISER,)), (5, (R.COVER, R.DUTY)), (10, (R.MANAGER,)), (15, (R.OPERATOR,))]
NOW_NIGHT = [
    (0, (R.ON_CALL, R.OUT_OF_HOURS, R.INFORMED)),
    (10, (R.MANAGER,)),
    (15, (R.OPERATOR,)),
]
ORDINARY = {kind for kind, terms in ALERT_TERMS.items() if terms.deadline == Deadline.NOW} - {
    AlertKind.ALLEGATION
}


@pytest.mark.parametrize("kind", sorted(ORDINARY))
def test_now_in_working_time(kind: AlertKind) -> None:
    assert plan(kind) == NOW_WORKING


@pytest.mark.parametrize("kind", sorted(ORDINARY))
@pytest.mark.parametrize("since", [NIGHT, SATURDAY, datetime(2026, 12, 28, 11, tzinfo=UTC)])
def test_now_outside_it(kind: AlertKind, since: datetime) -> None:
    assert plan(kind, since) == NOW_NIGHT


def test_the_social_worker_stands_beside_the_adviser_of_an_under_18() -> None:
    assert plan(AlertKind.ARREST, under_18=True)[0] == (0, (R.ADVISER, R.SOCIAL_WORKER))
    assert plan(AlertKind.CALL_ME, under_18=True)[0] == (0, (R.ADVISER, R.SOCIAL_WORKER))
    assert plan(AlertKind.LOST_TOUCH, under_18=True)[0] == (0, (R.ADVISER,))


def test_a_working_day_that_ends_in_mid_chain_hands_over_to_the_on_call() -> None:
    closing = datetime(2026, 11, 24, 16, 53, tzinfo=UTC)
    assert plan(AlertKind.MEDICAL, closing) == [
        (0, (R.ADVISER,)),
        (5, (R.COVER, R.DUTY)),
        (10, (R.ON_CALL, R.OUT_OF_HOURS, R.INFORMED, R.MANAGER)),
        (15, (R.OPERATOR,)),
    ]


def test_without_an_adviser_it_starts_with_duty() -> None:
    assert plan(AlertKind.MEDICAL, has_adviser=False) == [
        (0, (R.DUTY,)),
        (5, (R.COVER,)),
        (10, (R.MANAGER,)),
        (15, (R.OPERATOR,)),
    ]


def test_today_waits_one_working_hour() -> None:
    together = (R.COVER, R.DUTY, R.MANAGER)
    assert plan(AlertKind.CALL_ME) == [(0, (R.ADVISER,)), (60, together)]
    # Friday 16:30: half an hour is left, the other half is Monday's.
    monday = (datetime(2026, 11, 30, 9, 30, tzinfo=UTC) - FRIDAY) / timedelta(minutes=1)
    assert plan(AlertKind.CALL_ME, FRIDAY)[1] == (monday, together)


def test_soon_counts_working_days() -> None:
    day = 24 * 60
    assert plan(AlertKind.LOST_TOUCH) == [
        (0, (R.ADVISER,)),
        (day, (R.COVER, R.DUTY)),
        (2 * day, (R.MANAGER,)),
    ]
    assert plan(AlertKind.LOST_TOUCH, FRIDAY)[1] == (3 * day, (R.COVER, R.DUTY))


@pytest.mark.parametrize("risk", [Risk.RAISED, Risk.HIGH])
def test_silence_of_somebody_at_risk_reaches_the_manager_the_next_day(risk: Risk) -> None:
    day = 24 * 60
    assert plan(AlertKind.NO_REPLY, risk=risk)[:2] == [(0, (R.ADVISER,)), (day, (R.COVER, R.DUTY, R.MANAGER))]
    assert plan(AlertKind.NO_REPLY, FRIDAY, risk=risk)[1] == (day, (R.MANAGER,))


def test_high_risk_silence_goes_to_duty_at_weekends() -> None:
    assert plan(AlertKind.NO_REPLY, SATURDAY, risk=Risk.HIGH)[0] == (0, (R.DUTY,))
    assert plan(AlertKind.NO_REPLY, SATURDAY, risk=Risk.RAISED)[0] == (0, (R.ADVISER,))
    assert plan(AlertKind.NO_REPLY, TUESDAY, risk=Risk.HIGH)[0] == (0, (R.ADVISER,))


def test_two_missed_in_a_row_are_seen_by_the_manager_too() -> None:
    assert plan(AlertKind.NO_REPLY, missed_twice=True)[0] == (0, (R.ADVISER, R.MANAGER))


def test_about_a_worker() -> None:
    assert plan(AlertKind.ALLEGATION) == [(0, (R.MANAGER, R.SENIOR)), (15, (R.OPERATOR,))]
    assert plan(AlertKind.ALLEGATION, NIGHT) == [(0, (R.MANAGER, R.SENIOR)), (15, (R.OPERATOR,))]
    assert plan(AlertKind.COMPLAINT)[0] == (0, (R.MANAGER,))


@pytest.mark.parametrize("kind", sorted(AlertKind))
@pytest.mark.parametrize("since", [TUESDAY, NIGHT])
def test_adviser_and_cover_are_left_out_of_what_concerns_a_worker(kind: AlertKind, since: datetime) -> None:
    roles = {role for _, told in plan(kind, since, about_worker=True) for role in told}
    assert not roles & {R.ADVISER, R.COVER}


def test_a_colleague_it_was_passed_to_comes_first() -> None:
    assert plan(AlertKind.MEDICAL, passed_on=True)[0] == (0, (R.NAMED,))
    assert plan(AlertKind.MEDICAL, NIGHT, passed_on=True)[:2] == [
        (0, (R.NAMED,)),
        (5, (R.ON_CALL, R.OUT_OF_HOURS, R.INFORMED)),
    ]


def test_when_everybody_is_told_again() -> None:
    assert chain.again_at(Deadline.NOW, TUESDAY, DEFAULTS, HOURS) == TUESDAY + timedelta(minutes=10)
    assert chain.again_at(Deadline.TODAY, FRIDAY, DEFAULTS, HOURS) == FRIDAY + timedelta(days=3)
    assert chain.again_at(Deadline.SOON, TUESDAY, DEFAULTS, HOURS) == TUESDAY + timedelta(days=7)


def test_what_is_owed_after_taking() -> None:
    now = chain.owed(Deadline.NOW, TUESDAY, DEFAULTS, HOURS)
    assert (now.taker_at - TUESDAY, now.back_at) == (timedelta(hours=1), TUESDAY + timedelta(hours=2))
    assert now.taker_at < now.manager_at < TUESDAY + timedelta(hours=2)
    today = chain.owed(Deadline.TODAY, TUESDAY, DEFAULTS, HOURS)
    assert today.taker_at == datetime(2026, 11, 24, 17, tzinfo=UTC)
    assert today.manager_at == datetime(2026, 11, 25, 10, tzinfo=UTC)
    assert today.back_at is None


@given(
    kind=st.sampled_from(AlertKind),
    since=st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    risk=st.sampled_from(Risk),
    flags=st.fixed_dictionaries(
        {
            name: st.booleans()
            for name in ("has_adviser", "under_18", "about_worker", "passed_on", "missed_twice")
        }
    ),
)
def test_every_chain_starts_at_once_and_ends_with_somebody_who_answers_for_it(
    kind: AlertKind, since: datetime, risk: Risk, flags: dict[str, bool]
) -> None:
    case = situation(kind, since, risk=risk, **flags)
    steps = chain.planned(case, DEFAULTS)
    assert steps[0].at == since
    assert set(steps[0].roles) - chain.BESIDE, "somebody is asked to act at once"
    assert [step.at for step in steps] == sorted({step.at for step in steps})
    roles = [role for step in steps for role in step.roles]
    assert len(roles) == len(set(roles))
    assert {R.MANAGER, R.SENIOR} & set(roles)
    if case.deadline == Deadline.NOW:
        operator = [step.at for step in steps if R.OPERATOR in step.roles]
        assert operator == [since + timedelta(minutes=15)]
