"""The welcome: one, at the next window, with the notice; and the task when nobody ever answers."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from cohort import TUESDAY, Cohort
from messages.kinds import AlertKind, OutboundKind
from scheduler import states
from storage import addresses, people
from storage.database import Database
from storage.outbound import OutboundState
from storage.people import Person, StateKind

EVENING = datetime(2026, 11, 24, 22, tzinfo=UTC)
WEEK = timedelta(weeks=1)


def test_nobody_hears_anything_before_they_are_enrolled(database: Database) -> None:
    cohort = Cohort(database)
    everybody = [cohort.person(enrolled=False, welcomed=False) for _ in range(5)]
    cohort.passes(days=31, every=timedelta(hours=6))
    assert all(channel.tried == [] for channel in cohort.channels.values())
    assert all(cohort.check_ins(one) == [] for one in everybody)


def test_one_welcome_at_the_next_window_then_check_ins(database: Database) -> None:
    cohort = Cohort(database, now=EVENING)
    jay = cohort.person(welcomed=False)
    cohort.passes(days=10)
    welcome, check_in = [text for text in cohort.texts(jay) if text.kind is not OutboundKind.NUDGE][:2]
    assert (welcome.kind, check_in.kind) == (OutboundKind.WELCOME, OutboundKind.CHECK_IN)
    assert welcome.sent_at is not None
    assert datetime(2026, 11, 25, 9, tzinfo=UTC) <= welcome.sent_at <= datetime(2026, 11, 25, 10, tzinfo=UTC)
    assert "https://kit.example.org/notice" in welcome.body
    assert "STOP" in welcome.body


def test_a_welcome_is_due_once_for_each_number(database: Database) -> None:
    cohort = Cohort(database)
    jay = cohort.person(welcomed=False)
    cohort.tick()
    for new_number in (False, True):
        with database.begin() as session:
            enrolled = people.enrolment(session, jay)
            assert enrolled is not None
            enrolled.ended_at = cohort.now
            if new_number:
                old = addresses.of_person(session, jay)[0]
                old.ended_at = cohort.now
                session.add(
                    addresses.Address(
                        person_id=jay,
                        channel=old.channel,
                        value="+447700900888",
                        confirmed_at=cohort.now,
                        safe_to_text=True,
                        starts_at=cohort.now,
                    )
                )
            session.flush()
            cohort.enrol(session, session.get_one(Person, jay), cohort.now, welcomed_at=None)
        cohort.passes(days=1)
        sent = [text for text in cohort.texts(jay) if text.kind is OutboundKind.WELCOME]
        assert len(sent) == 1 + new_number


def test_a_welcome_waits_while_there_is_nowhere_to_send_it(database: Database) -> None:
    cohort = Cohort(database)
    jay = cohort.person(welcomed=False)
    with database.begin() as session:
        addresses.of_person(session, jay)[0].safe_to_text = False
    assert cohort.tick()["send_welcomes"] == {"waiting": 1}
    assert cohort.tick()["send_welcomes"] == {}
    with database.begin() as session:
        addresses.of_person(session, jay)[0].safe_to_text = True
    cohort.passes(days=2)
    assert [text.state for text in cohort.texts(jay)][:1] == [OutboundState.SENT]


def test_a_welcome_waits_for_a_pause_and_a_state(database: Database) -> None:
    cohort = Cohort(database)
    jay = cohort.person(welcomed=False)
    with database.begin() as session:
        state = states.start_state(session, jay, StateKind.MISSING, starts_on=TUESDAY.date(), now=TUESDAY)
    cohort.passes(days=5)
    assert cohort.texts(jay) == []
    with database.begin() as session:
        states.end_state(session, session.merge(state), ends_on=date(2026, 11, 29), now=cohort.now)
    cohort.passes(days=2)
    assert [text.kind for text in cohort.texts(jay)][:1] == [OutboundKind.WELCOME]


def reconfirm(cohort: Cohort, person_id: UUID) -> int:
    return sum(alert.kind is AlertKind.RECONFIRM_NUMBER for alert in cohort.alerts(person_id))


def test_four_weeks_without_any_reply_bring_one_task(database: Database) -> None:
    cohort = Cohort(database)
    jay = cohort.person(welcomed=False)
    cohort.passes(weeks=3.9)
    assert reconfirm(cohort, jay) == 0
    cohort.passes(weeks=8)
    assert reconfirm(cohort, jay) == 1


def test_any_reply_is_enough(database: Database) -> None:
    cohort = Cohort(database)
    jay = cohort.person(welcomed=False)
    cohort.passes(weeks=2)
    cohort.answers(jay)
    cohort.passes(weeks=4)
    assert reconfirm(cohort, jay) == 0
