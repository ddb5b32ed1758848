"""Delivery: what is due leaves once, by its priority, after one last look, and is recorded."""

import threading
from collections.abc import Iterable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from fakes import FakeChannel, FakeClock, Lost
from messages.channel import Accepted, Button, ChannelName, Failure, OutboundText, SendError
from messages.kinds import ContactMethod, OutboundKind
from outgoing import MOBILE, NOON, alert, check_in, person, queue, row_of, services_of, sms_of, yes
from scheduler import outbox
from scheduler.delivery import deliver_due, deliver_urgent
from scheduler.outbox import About
from scheduler.permission import Verdict
from scheduler.refusals import BACK_OFF
from scheduler.rules import Rules
from scheduler.services import Services
from storage import addresses
from storage.addresses import OptOutSource
from storage.alerts import Alert
from storage.check_ins import CheckIn, CheckInState
from storage.contacts import Contact, Direction
from storage.database import Database
from storage.outbound import OutboundMessage, OutboundState


def deliver(
    services: Services,
    now: datetime = NOON,
    *,
    limit: int = 50,
    threads: int = 4,
    stopping: threading.Event | None = None,
) -> dict[str, int]:
    return deliver_due(services, now, limit=limit, threads=threads, paces={}, may_send=yes, stopping=stopping)


def refusal(failure: Failure, *, retry_after: float | None = None) -> SendError:
    return SendError(failure, "Refused.", code="1", retry_after=retry_after)


def test_a_due_text_leaves_and_is_recorded(database: Database) -> None:
    services = services_of(database)
    with database.begin() as session:
        outbox.enqueue(
            session,
            key="k",
            kind=OutboundKind.ANSWER,
            channel=ChannelName.SMS,
            to=MOBILE,
            body="Hi",
            subject="S",
            buttons=(Button(label="1 good", value="1"),),
            now=NOON,
            about=About(),
        )
    assert deliver(services) == {"claimed": 1, "sent": 1}
    row = row_of(database)
    assert sms_of(services).accepted == [
        OutboundText(
            id=row.id,
            to=MOBILE,
            body="Hi",
            subject="S",
            buttons=(Button(label="1 good", value="1"),),
            valid_for=14_400,
        )
    ]
    assert (row.state, row.provider_id, row.attempts) == (OutboundState.SENT, f"sms-{row.id}", 1)
    assert (row.sent_at, row.tried_at, row.lease_until) == (NOON, NOON, None)
    assert deliver(services) == {}
    assert len(sms_of(services).tried) == 1


def test_nothing_leaves_before_it_is_due(database: Database) -> None:
    services = services_of(database)
    with database.begin() as session:
        queue(session, now=NOON)
    assert deliver(services, NOON - timedelta(seconds=1)) == {}
    assert row_of(database).state is OutboundState.QUEUED


def test_urgent_texts_leave_before_any_other(database: Database) -> None:
    services = services_of(database)
    with database.begin() as session:
        for number in range(5):
            queue(session, f"a{number}", to=f"+44770090030{number}")
        queue(session, "page", kind=OutboundKind.OPERATOR_PAGE, to="+447700900400")
    deliver(services, limit=2)
    assert sms_of(services).accepted[0].to == "+447700900400"
    assert sms_of(services).accepted[0].valid_for == 300
    assert len(sms_of(services).accepted) == 3
    assert deliver(services, limit=2)["sent"] == 2


def test_urgent_delivery_leaves_the_rest_alone(database: Database) -> None:
    services = services_of(database)
    with database.begin() as session:
        queue(session, "a")
        queue(session, "page", kind=OutboundKind.OPERATOR_PAGE, to="+447700900400")
    numbers = deliver_urgent(services, NOON, paces={}, may_send=yes)
    assert numbers == {"claimed": 1, "sent": 1}
    assert row_of(database, "a").state is OutboundState.QUEUED


def test_texts_to_one_number_keep_their_order(database: Database) -> None:
    services = services_of(database)
    with database.begin() as session:
        for number in range(3):
            queue(session, f"k{number}", now=NOON + timedelta(seconds=number), body=str(number))
    one = {"claimed": 1, "sent": 1}
    assert [deliver(services, NOON + timedelta(seconds=5)) for _ in range(4)] == [one, one, one, {}]
    assert [text.body for text in sms_of(services).accepted] == ["0", "1", "2"]


def test_what_waited_too_long_is_skipped_with_the_reason(database: Database) -> None:
    services = services_of(database)
    with database.begin() as session:
        jay, address = person(session)
        asked = check_in(session, jay)
        queue(
            session,
            kind=OutboundKind.CHECK_IN,
            about=About(person_id=jay.id, check_in_id=asked.id),
            address=address,
        )
    assert deliver(services, NOON + timedelta(hours=4)) == {"expired": 1}
    assert row_of(database).state is OutboundState.SKIPPED
    assert row_of(database).reason
    with database.read() as session:
        stored = session.get_one(CheckIn, asked.id)
        assert (stored.state, stored.next_step_at) == (CheckInState.SKIPPED, None)
    assert not sms_of(services).tried


@pytest.mark.parametrize(
    ("verdict", "state", "due"),
    [
        (Verdict(allowed=False, reason="In custody."), OutboundState.SKIPPED, NOON),
        (
            Verdict(allowed=False, reason="Night.", later=NOON + timedelta(hours=1)),
            OutboundState.QUEUED,
            NOON + timedelta(hours=1),
        ),
        (
            Verdict(allowed=False, reason="Night.", later=NOON + timedelta(days=9)),
            OutboundState.SKIPPED,
            NOON,
        ),
    ],
)
def test_permission_is_asked_at_the_minute_of_sending(
    database: Database, verdict: Verdict, state: OutboundState, due: datetime
) -> None:
    def may_send(
        session: Session, services: Services, rules: Rules, message: OutboundMessage, *, now: datetime
    ) -> Verdict:
        return verdict

    services = services_of(database)
    with database.begin() as session:
        queue(session)
    deliver_due(services, NOON, paces={}, may_send=may_send)
    row = row_of(database)
    assert (row.state, row.due_at) == (state, due)
    assert row.reason == (verdict.reason if state is OutboundState.SKIPPED else "")
    assert not sms_of(services).tried


def test_a_fault_in_asking_holds_up_no_alert(database: Database) -> None:
    def broken(
        session: Session, services: Services, rules: Rules, message: OutboundMessage, *, now: datetime
    ) -> Verdict:
        raise ZeroDivisionError

    services = services_of(database)
    with database.begin() as session:
        queue(session, "alert", kind=OutboundKind.ALERT, to="+447700900400")
        queue(session, "answer")
    numbers = deliver_due(services, NOON, paces={}, may_send=broken)
    assert numbers == {"claimed": 2, "sent": 1, "postponed": 1}
    assert [text.to for text in sms_of(services).accepted] == ["+447700900400"]
    assert row_of(database, "answer").state is OutboundState.QUEUED


@pytest.mark.parametrize(
    ("kind", "logged"),
    [
        (OutboundKind.CHECK_IN, True),
        (OutboundKind.STAFF_TEXT, True),
        (OutboundKind.ANSWER, False),
        (OutboundKind.DANGER_ANSWER, False),
    ],
)
def test_a_prompt_or_staff_text_that_left_is_an_attempt(
    database: Database, kind: OutboundKind, logged: bool
) -> None:
    services = services_of(database)
    with database.begin() as session:
        jay, address = person(session)
        row = queue(session, kind=kind, about=About(person_id=jay.id), address=address)
    deliver(services)
    with database.read() as session:
        contacts = session.scalars(select(Contact)).all()
        assert [(c.direction, c.method, c.outbound_id, c.at) for c in contacts] == (
            [(Direction.ATTEMPT, ContactMethod.TEXT, row.id, NOON)] if logged else []
        )


def test_a_refusal_of_the_moment_is_tried_again_ever_more_slowly(database: Database) -> None:
    services = services_of(database, script=[refusal(Failure.TRANSIENT)] * 5)
    with database.begin() as session:
        queue(session)
    now = NOON
    for wait in (*BACK_OFF, BACK_OFF[-1]):
        assert deliver(services, now) == {"claimed": 1, "retry": 1}
        due = row_of(database).due_at
        assert timedelta(seconds=wait * 0.8) <= due - now <= timedelta(seconds=wait * 1.2)
        assert deliver(services, due - timedelta(milliseconds=1)) == {}
        now = due
    assert deliver(services, now) == {"claimed": 1, "sent": 1}
    assert (row_of(database).attempts, row_of(database).failure) == (6, None)


def test_two_rows_do_not_come_back_in_the_same_instant(database: Database) -> None:
    services = services_of(database, script=[refusal(Failure.TRANSIENT)] * 2)
    with database.begin() as session:
        queue(session, "a", to="+447700900301")
        queue(session, "b", to="+447700900302")
    deliver(services)
    assert row_of(database, "a").due_at != row_of(database, "b").due_at


def test_a_try_that_could_only_be_too_late_is_the_last(database: Database) -> None:
    services = services_of(database, script=[refusal(Failure.TRANSIENT)])
    with database.begin() as session:
        queue(session, kind=OutboundKind.CHECK_IN)
    assert deliver(services, NOON + timedelta(hours=4, seconds=-0.5))["failed"] == 1
    assert row_of(database).state is OutboundState.FAILED


def test_an_alert_that_does_not_get_through_hurries_its_chain(database: Database) -> None:
    services = services_of(database, script=[refusal(Failure.TRANSIENT)] * 4)
    with database.begin() as session:
        raised = alert(session, next_step_at=NOON + timedelta(minutes=5))
        queue(session, kind=OutboundKind.ALERT, to="+447700900400", about=About(alert_id=raised.id))
    for _ in range(4):
        deliver(services, row_of(database).due_at)
    with database.read() as session:
        assert session.get_one(Alert, raised.id).next_step_at == NOON + timedelta(seconds=60)


def test_too_fast_waits_for_the_whole_sender_and_burns_no_attempt(database: Database) -> None:
    services = services_of(database, script=[refusal(Failure.THROTTLED, retry_after=34)])
    with database.begin() as session:
        queue(session, "a")
    assert deliver(services) == {"claimed": 1, "held": 1}
    with database.begin() as session:
        queue(session, "b", to="+447700900301")
        queue(session, "alert", kind=OutboundKind.ALERT, to="+447700900400")
    assert deliver(services, NOON + timedelta(seconds=33)) == {}
    assert row_of(database, "a").attempts == 0
    deliver(services, NOON + timedelta(seconds=34))
    assert sms_of(services).accepted[0].to == "+447700900400"
    assert len(sms_of(services).accepted) == 3


def test_too_fast_on_one_channel_does_not_hold_another(database: Database) -> None:
    sms, telegram = FakeChannel(), FakeChannel(name=ChannelName.TELEGRAM)
    telegram.script.append(refusal(Failure.THROTTLED, retry_after=34))
    services = services_of(database, sms, telegram)
    with database.begin() as session:
        queue(session, "chat", channel=ChannelName.TELEGRAM, to="1001")
    deliver(services)
    with database.begin() as session:
        queue(session, "text")
    assert deliver(services, NOON + timedelta(seconds=1)) == {"claimed": 1, "sent": 1}


def test_when_nobody_knows_whether_it_left_it_is_not_sent_again(database: Database) -> None:
    services = services_of(database, script=[Lost()])
    with database.begin() as session:
        queue(session, kind=OutboundKind.CHECK_IN)
    assert deliver(services) == {"claimed": 1, "unknown": 1}
    assert deliver(services, NOON + timedelta(hours=1)) == {}
    assert row_of(database).state is OutboundState.UNKNOWN
    assert len(sms_of(services).tried) == 1


def test_a_channel_that_breaks_may_have_sent(database: Database) -> None:
    class Broken(FakeChannel):
        def send(self, text: OutboundText) -> Accepted:
            raise ZeroDivisionError

    services = services_of(database, Broken())
    with database.begin() as session:
        queue(session)
    assert deliver(services) == {"claimed": 1, "unknown": 1}


def test_a_lost_lease_records_no_refusal(database: Database) -> None:
    class Slow(FakeChannel):
        """Meanwhile somebody else has taken the row."""

        def send(self, text: OutboundText) -> Accepted:
            with database.begin() as session:
                row = session.get_one(OutboundMessage, text.id)
                row.state, row.lease_token = OutboundState.UNKNOWN, row.id
            raise refusal(Failure.TRANSIENT)

    services = services_of(database, Slow())
    with database.begin() as session:
        queue(session)
    assert deliver(services) == {"claimed": 1, "fenced": 1}
    assert row_of(database).state is OutboundState.UNKNOWN


def test_a_late_acceptance_is_proof_even_without_the_lease(database: Database) -> None:
    class Slow(FakeChannel):
        def send(self, text: OutboundText) -> Accepted:
            with database.begin() as session:
                row = session.get_one(OutboundMessage, text.id)
                row.state, row.lease_token = OutboundState.UNKNOWN, row.id
            return self._answer(text)

    services = services_of(database, Slow())
    with database.begin() as session:
        queue(session)
    assert deliver(services) == {"claimed": 1, "sent": 1}
    assert row_of(database).state is OutboundState.SENT


def test_what_no_thread_took_in_time_is_put_back_unsent(database: Database) -> None:
    clock = FakeClock(NOON)

    class Slow(FakeChannel):
        def send(self, text: OutboundText) -> Accepted:
            clock.advance(seconds=50)
            return FakeChannel.send(self, text)

    services = services_of(database, Slow(), clock=clock)
    with database.begin() as session:
        queue(session, "a", to="+447700900301")
        queue(session, "b", to="+447700900302")
    assert deliver(services, threads=1) == {"claimed": 2, "sent": 1, "not_begun": 1}
    assert row_of(database, "b").state is OutboundState.QUEUED
    assert row_of(database, "b").attempts == 0


def test_a_worker_that_is_told_to_stop_begins_no_send(database: Database) -> None:
    services = services_of(database)
    stopping = threading.Event()
    stopping.set()
    with database.begin() as session:
        queue(session)
    assert deliver(services, stopping=stopping) == {"claimed": 1, "not_begun": 1}
    assert not sms_of(services).tried
    assert deliver(services) == {"claimed": 1, "sent": 1}


def test_a_channel_that_this_process_does_not_have_is_left_to_others(database: Database) -> None:
    services = services_of(database)
    with database.begin() as session:
        queue(session, channel=ChannelName.TELEGRAM, to="1001")
    assert deliver(services) == {}
    assert row_of(database).state is OutboundState.QUEUED


def test_an_outcome_that_cannot_be_written_does_not_stop_the_others(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    from scheduler import outcomes

    whole = outcomes.accepted

    def broken(session: Session, message: OutboundMessage, *rest: object) -> object:
        if message.key == "bad":
            raise ZeroDivisionError
        return whole(session, message, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(outcomes, "accepted", broken)
    services = services_of(database)
    with database.begin() as session:
        for number, key in enumerate(("good", "bad", "fine")):
            queue(session, key, to=f"+44770090030{number}")
    assert deliver(services) == {"claimed": 3, "sent": 2, "unrecorded": 1}
    assert row_of(database, "bad").state is OutboundState.SENDING


def states(rows: Iterable[OutboundMessage]) -> set[OutboundState]:
    return {row.state for row in rows}


def test_a_backlog_of_many_leaves_whole(database: Database) -> None:
    services = services_of(database)
    with database.begin() as session:
        for number in range(120):
            queue(session, f"k{number}", to=f"+447700900{number:03d}")
    while deliver(services).get("claimed"):
        pass
    with database.read() as session:
        assert states(session.scalars(select(OutboundMessage))) == {OutboundState.SENT}
    assert len({text.id for text in sms_of(services).accepted}) == len(sms_of(services).accepted) == 120


def test_without_being_told_otherwise_it_keeps_consent_and_pace(database: Database) -> None:
    services = services_of(database)
    with database.begin() as session:
        indexes = database.keyring.indexes(MOBILE)
        addresses.opt_out(session, ChannelName.SMS, indexes, source=OptOutSource.WORD, now=NOON)
        queue(session, "stopped")
        for number in range(20):
            queue(session, f"k{number}", to=f"+447700900{number + 300}")
    numbers = deliver_due(services, NOON)
    assert numbers["skipped"] == 1
    assert 0 < numbers["sent"] < 20
    assert row_of(database, "stopped").state is OutboundState.SKIPPED
    assert MOBILE not in {text.to for text in sms_of(services).tried}
