"""What a state takes back in the transaction that records it, and two clocks that run at once."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from cohort import TUESDAY, Cohort
from messages.channel import ChannelName
from messages.kinds import OutboundKind
from scheduler import check_ins, outbox, silence, states
from scheduler.outbox import About
from scheduler.rules import DEFAULTS
from storage.check_ins import CheckIn, SilenceStep
from storage.database import Database
from storage.outbound import OutboundMessage, OutboundState
from storage.people import Person, Risk, StateKind

KINDS = (OutboundKind.CHECK_IN, OutboundKind.ANSWER, OutboundKind.STAFF_TEXT, OutboundKind.ALERT)


def queue_one_of_each(cohort: Cohort, person_id: UUID) -> None:
    with cohort.database.begin() as session:
        for kind in KINDS:
            outbox.enqueue(
                session,
                key=f"one:{kind}",
                kind=kind,
                channel=ChannelName.SMS,
                to="+447700900100",
                body="Hi",
                now=TUESDAY,
                about=About(person_id=person_id),
            )


@pytest.mark.parametrize(
    ("kind", "kept"),
    [
        (StateKind.DIED, {OutboundKind.ALERT}),
        (StateKind.DEATH_REPORTED, {OutboundKind.ALERT}),
        (StateKind.CUSTODY, {OutboundKind.ALERT}),
        (StateKind.MISSING, set(KINDS) - {OutboundKind.CHECK_IN}),
        (StateKind.HOSPITAL, set(KINDS) - {OutboundKind.CHECK_IN}),
        (StateKind.ABROAD, set(KINDS)),
    ],
)
def test_what_is_queued_is_taken_back(database: Database, kind: StateKind, kept: set[OutboundKind]) -> None:
    cohort = Cohort(database)
    jay = cohort.person()
    queue_one_of_each(cohort, jay)
    with database.begin() as session:
        states.start_state(session, jay, kind, starts_on=TUESDAY.date(), now=TUESDAY)
    with database.read() as session:
        rows = session.scalars(select(OutboundMessage)).all()
    assert {row.kind for row in rows if row.state is OutboundState.QUEUED} == kept
    assert all(row.reason for row in rows if row.state is OutboundState.CANCELLED)


def test_a_state_that_starts_next_week_takes_nothing_back_yet(database: Database) -> None:
    cohort = Cohort(database)
    jay = cohort.person()
    queue_one_of_each(cohort, jay)
    with database.begin() as session:
        states.start_state(session, jay, StateKind.CUSTODY, starts_on=date(2026, 12, 1), now=TUESDAY)
    assert {row.state for row in cohort.texts(jay)} == {OutboundState.QUEUED}
    with database.read() as session:
        person = session.get_one(Person, jay)
        assert states.prompts_stopped(session, person, date(2026, 12, 1)) == "custody"


def test_hospital_with_texts_going_on(database: Database) -> None:
    cohort = Cohort(database)
    jay = cohort.person()
    with database.begin() as session:
        states.start_state(
            session, jay, StateKind.HOSPITAL, starts_on=TUESDAY.date(), now=TUESDAY, stop_prompts=False
        )
    assert cohort.get(jay).next_check_in_at is not None


@pytest.mark.parametrize(
    ("facts", "error"),
    [
        ({"ends_on": date(2026, 11, 1)}, states.EndsBeforeItStarts),
        ({"time_zone": "Europe/Nowhere"}, states.UnknownTimeZone),
        ({"time_zone": "../etc/passwd"}, states.UnknownTimeZone),
    ],
)
def test_states_that_cannot_be(database: Database, facts: dict[str, str], error: type[Exception]) -> None:
    cohort = Cohort(database)
    jay = cohort.person()
    with pytest.raises(error), database.begin() as session:
        states.start_state(
            session,
            jay,
            StateKind.ABROAD,
            starts_on=TUESDAY.date(),
            now=TUESDAY,
            **facts,  # type: ignore[arg-type]
        )


def test_a_higher_risk_brings_the_next_step_forward(database: Database) -> None:
    cohort = Cohort(database)
    jay = cohort.person()
    cohort.due_now(jay)
    cohort.tick()
    cohort.change(jay, risk=Risk.HIGH)
    with database.begin() as session:
        silence.retime(session, session.get_one(Person, jay), DEFAULTS, now=TUESDAY)
    (check_in,) = cohort.check_ins(jay)
    assert check_in.next_step is SilenceStep.NUDGE
    assert check_in.next_step_at is not None
    assert check_in.next_step_at.date() == date(2026, 11, 25)


def test_two_clocks_at_once_do_what_one_would(database: Database) -> None:
    cohort = Cohort(database)
    everybody = [cohort.person() for _ in range(30)]
    for one in everybody:
        cohort.due_now(one)
    later = TUESDAY + timedelta(days=6)
    for job, now in ((check_ins.ask_check_ins, TUESDAY), (silence.take_silence_steps, later)):
        with ThreadPoolExecutor(3) as pool:
            counts = [pool.submit(job, cohort.services, now) for _ in range(3)]
        total = sum((Counter(one.result()) for one in counts), Counter())
        assert total["failed"] == 0
    with database.read() as session:
        assert Counter(session.scalars(select(CheckIn.person_id))) == dict.fromkeys(everybody, 1)
    for one in everybody:
        kinds = Counter(text.kind for text in cohort.texts(one))
        assert kinds[OutboundKind.CHECK_IN] == 1
        assert len(cohort.alerts(one)) == 1


def test_every_report_of_a_death_that_was_none_ends_at_once(database: Database) -> None:
    cohort = Cohort(database)
    jay = cohort.person()
    with database.begin() as session:
        assert not states.refute_death(session, jay, reason="Nobody said so.", now=TUESDAY)
        for days in (0, 2):
            states.start_state(
                session,
                jay,
                StateKind.DEATH_REPORTED,
                starts_on=TUESDAY.date() - timedelta(days=days),
                now=TUESDAY,
            )
        assert session.get_one(Person, jay).next_check_in_at is None
        assert states.refute_death(session, jay, reason="Spoke with Jay.", now=TUESDAY)
    with database.read() as session:
        person = session.get_one(Person, jay)
        assert person.next_check_in_at is not None
        assert states.prompts_stopped(session, person, TUESDAY.date()) is None
