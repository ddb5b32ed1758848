"""When nobody answers: who is texted again, on which channel and day, and when the adviser hears of it."""

import json
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from cohort import TUESDAY, Cohort
from messages.channel import ChannelName
from messages.kinds import AlertKind, ContactMethod, OutboundKind
from scheduler import check_ins, silence
from scheduler.contacts import log_contact
from scheduler.local_time import LONDON, day_of
from storage.check_ins import CheckInState
from storage.contacts import Direction
from storage.database import Database
from storage.outbound import OutboundState
from storage.people import Risk

DAY = timedelta(days=1)


def silent(database: Database, *, telegram: bool = False, **facts: Any) -> tuple[Cohort, UUID]:
    """Somebody who was asked on Tuesday and says nothing."""
    cohort = Cohort(database)
    jay = cohort.person(**facts)
    if telegram:
        cohort.telegram(jay)
    cohort.due_now(jay)
    cohort.tick()
    cohort.change(jay, next_check_in_at=None)
    return cohort, jay


def sent(cohort: Cohort, person_id: UUID) -> list[tuple[str, int, ChannelName]]:
    """(step, days after the check-in, channel) of what left after it."""
    return [
        (text.key.split(":")[0], (day_of(text.sent_at, LONDON) - TUESDAY.date()).days, text.channel)
        for text in cohort.texts(person_id)
        if text.sent_at is not None and text.kind is OutboundKind.NUDGE
    ]


def told_on(cohort: Cohort, person_id: UUID) -> list[int]:
    return [
        (day_of(alert.opened_at, LONDON) - TUESDAY.date()).days
        for alert in cohort.alerts(person_id)
        if alert.kind is AlertKind.NO_REPLY
    ]


@pytest.mark.parametrize(
    ("risk", "days"),
    [(Risk.STANDARD, (2, 4, 5)), (Risk.RAISED, (1, 1, 3)), (Risk.HIGH, (1, 1, 2))],
)
@pytest.mark.parametrize("telegram", [False, True])
def test_the_steps_by_risk(
    database: Database, risk: Risk, days: tuple[int, int, int], telegram: bool
) -> None:
    nudge, second, adviser = days
    cohort, jay = silent(database, risk=risk, telegram=telegram)
    cohort.passes(days=10)
    steps = [("nudge", nudge, ChannelName.SMS)]
    if telegram:
        steps.append(("second_channel", second, ChannelName.TELEGRAM))
    assert sent(cohort, jay) == steps
    assert told_on(cohort, jay) == [adviser]
    (check_in,) = cohort.check_ins(jay)
    assert (check_in.state, check_in.next_step) == (CheckInState.MISSED, None)


def test_other_words_and_the_keys(database: Database) -> None:
    cohort, jay = silent(database, telegram=True)
    cohort.passes(days=10)
    (check_in,) = cohort.check_ins(jay)
    texts = cohort.texts(jay)
    assert [text.key for text in texts[1:]] == [f"nudge:{check_in.id}", f"second_channel:{check_in.id}"]
    assert len({text.body for text in texts}) == 3


def test_the_adviser_reads_the_plan_for_going_quiet(database: Database) -> None:
    cohort, jay = silent(database, quiet_plan="Ring my nan first", risk=Risk.HIGH)
    cohort.passes(days=3)
    (alert,) = cohort.alerts(jay)
    why = json.loads(alert.cause or "")["why"]
    assert why == ["No answer to the check-in of Tue 24 Nov 2026", "If I go quiet: Ring my nan first"]


def test_an_answer_ends_the_silence(database: Database) -> None:
    cohort, jay = silent(database, telegram=True)
    cohort.passes(days=3)
    cohort.answers(jay, mood=-1)
    cohort.passes(days=7)
    assert sent(cohort, jay) == [("nudge", 2, ChannelName.SMS)]
    assert told_on(cohort, jay) == []
    (check_in,) = cohort.check_ins(jay)
    assert (check_in.state, check_in.mood) == (CheckInState.ANSWERED, -1)


def test_a_late_answer_still_counts(database: Database) -> None:
    cohort, jay = silent(database)
    cohort.passes(days=7)
    cohort.answers(jay)
    (check_in,) = cohort.check_ins(jay)
    assert (check_in.state, check_in.answered_at) == (CheckInState.ANSWERED, cohort.now)


def test_somebody_who_was_spoken_with_is_not_silent(database: Database) -> None:
    cohort, jay = silent(database)
    cohort.passes(days=3)
    with database.begin() as session:
        log_contact(
            session,
            jay,
            method=ContactMethod.CALL,
            direction=Direction.TWO_WAY,
            at=cohort.now,
            staff_id=cohort.adviser_id,
            now=cohort.now,
        )
    cohort.passes(days=7)
    assert told_on(cohort, jay) == []


def test_a_pause_stops_the_texts_but_not_the_clock(database: Database) -> None:
    cohort, jay = silent(database, telegram=True)
    cohort.change(jay, paused_until=TUESDAY + 14 * DAY)
    cohort.passes(days=10)
    assert sent(cohort, jay) == []
    assert told_on(cohort, jay) == [5]
    skipped = [text for text in cohort.texts(jay) if text.state is OutboundState.SKIPPED]
    assert {text.reason for text in skipped} == {"texts are paused"}


def test_after_an_outage_the_adviser_is_told_at_once_and_stale_nudges_are_left_out(
    database: Database,
) -> None:
    cohort, jay = silent(database)
    cohort.tick(TUESDAY + 12 * DAY + timedelta(hours=17))
    assert sent(cohort, jay) == []
    assert told_on(cohort, jay) == [13]


def test_a_nudge_on_christmas_waits_and_never_follows_the_adviser(database: Database) -> None:
    cohort = Cohort(database, now=TUESDAY + 30 * DAY)
    assert cohort.now.date() == date(2026, 12, 24)
    standard, high = cohort.person(), cohort.person(risk=Risk.HIGH)
    for one in (standard, high):
        cohort.due_now(one)
        cohort.tick()
        cohort.change(one, next_check_in_at=None)
    cohort.passes(days=6)
    nudges = [text for text in cohort.texts(standard) if text.kind is OutboundKind.NUDGE]
    assert [day_of(text.sent_at or cohort.now, LONDON) for text in nudges] == [date(2026, 12, 27)]
    assert [text.kind for text in cohort.texts(high)] == [OutboundKind.CHECK_IN]
    assert [alert.opened_at.date() for alert in cohort.alerts(high)] == [date(2026, 12, 26)]


def test_a_check_in_that_never_left_is_nobodys_silence(database: Database) -> None:
    cohort = Cohort(database)
    jay = cohort.person()
    cohort.due_now(jay)
    check_ins.ask_check_ins(cohort.services, TUESDAY)
    with database.begin() as session:
        row = session.merge(cohort.texts(jay)[0])
        row.state, row.reason = OutboundState.SKIPPED, "in custody"
    silence.take_silence_steps(cohort.services, TUESDAY + 6 * DAY)
    (check_in,) = cohort.check_ins(jay)
    assert (check_in.state, check_in.reason) == (CheckInState.SKIPPED, "in custody")
    assert cohort.alerts(jay) == []
