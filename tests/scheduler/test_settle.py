"""Texts that may have left: found, repeated where two are better than none, or let be."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from fakes import FakeChannel, Lost
from messages.channel import Accepted, ChannelName, Failure, OutboundText, SendError
from messages.kinds import OutboundKind
from outgoing import NOON, alert, person, queue, row_of, services_of, sms_of, yes
from scheduler.delivery import deliver_due
from scheduler.outbox import About
from scheduler.services import Services
from scheduler.settle import GIVE_UP_AFTER, MARK, REPEAT_AFTER, REPEATS, settle_unknown
from storage import leases
from storage.alerts import Alert, AlertState
from storage.contacts import Contact
from storage.database import Database
from storage.outbound import OutboundMessage, OutboundState

TICK = timedelta(seconds=15)


def run(services: Services, now: datetime, until: datetime) -> datetime:
    """The clock and the delivery of one worker, over this time."""
    while now <= until:
        settle_unknown(services, now)
        deliver_due(services, now, paces={}, may_send=yes)
        now += TICK
    return now


def die(database: Database, now: datetime, *, urgent: bool = False, begun: bool = True) -> None:
    """A worker claims, perhaps begins to send, and is never heard of again."""
    with database.begin() as session:
        claimed = leases.claim(session, now, channels=[ChannelName.SMS], urgent=urgent, limit=50)
        assert claimed
        if begun:
            assert leases.begin(session, claimed, now) == {row.id for row in claimed}


@pytest.mark.parametrize("kind", [OutboundKind.ALERT, OutboundKind.DANGER_ANSWER])
def test_what_must_arrive_is_sent_again_marked(database: Database, kind: OutboundKind) -> None:
    services = services_of(database, script=[Lost()])
    sms_of(services).lists = False
    with database.begin() as session:
        queue(session, kind=kind, body="Read this")
    run(services, NOON, NOON + REPEAT_AFTER - TICK)
    assert len(sms_of(services).accepted) == 1
    run(services, NOON + REPEAT_AFTER, NOON + timedelta(minutes=5))
    assert [text.body for text in sms_of(services).accepted] == ["Read this", MARK + "Read this"]
    assert row_of(database).state is OutboundState.UNKNOWN
    assert row_of(database, "k:repeat1").state is OutboundState.SENT


def test_repeats_end(database: Database) -> None:
    services = services_of(database, script=[Lost()] * 9)
    sms_of(services).lists = False
    with database.begin() as session:
        queue(session, kind=OutboundKind.ALERT)
    run(services, NOON, NOON + timedelta(minutes=5))
    assert len(sms_of(services).accepted) == 1 + REPEATS
    assert sms_of(services).accepted[-1].body.count(MARK) == 1


def test_an_alert_that_somebody_has_taken_is_not_repeated(database: Database) -> None:
    services = services_of(database, script=[Lost()])
    sms_of(services).lists = False
    with database.begin() as session:
        raised = alert(session)
        queue(session, kind=OutboundKind.ALERT, about=About(alert_id=raised.id))
    deliver_due(services, NOON, paces={}, may_send=yes)
    with database.begin() as session:
        session.get_one(Alert, raised.id).state = AlertState.TAKEN
    run(services, NOON, NOON + timedelta(minutes=5))
    assert len(sms_of(services).accepted) == 1


@pytest.mark.parametrize(
    "kind", [OutboundKind.CHECK_IN, OutboundKind.NUDGE, OutboundKind.WELCOME, OutboundKind.STAFF_TEXT]
)
@pytest.mark.parametrize("killed", [False, True])
def test_what_must_not_be_doubled_is_given_up(database: Database, kind: OutboundKind, killed: bool) -> None:
    services = services_of(database, script=[Lost()])
    sms_of(services).lists = False
    with database.begin() as session:
        queue(session, kind=kind)
    if killed:
        die(database, NOON)
    run(services, NOON, NOON + GIVE_UP_AFTER - TICK)
    assert row_of(database).lease_until is not None
    for wait in (GIVE_UP_AFTER, GIVE_UP_AFTER * 2, timedelta(hours=5)):
        run(services, NOON + wait, NOON + wait)
    row = row_of(database)
    assert (row.state, row.lease_until) == (OutboundState.UNKNOWN, None)
    assert row.reason
    assert len(sms_of(services).tried) == (0 if killed else 1)


def test_the_providers_list_settles_it(database: Database) -> None:
    services = services_of(database, script=[Lost()])
    with database.begin() as session:
        jay, address = person(session)
        queue(session, kind=OutboundKind.CHECK_IN, about=About(person_id=jay.id), address=address)
    run(services, NOON, NOON + timedelta(minutes=1))
    row = row_of(database)
    assert (row.state, row.provider_id, row.sent_at) == (OutboundState.SENT, f"sms-{row.id}", NOON)
    with database.read() as session:
        assert session.scalars(select(Contact)).one().outbound_id == row.id


def test_a_worker_that_died_over_an_alert_is_replaced_within_seconds(database: Database) -> None:
    services = services_of(database)
    with database.begin() as session:
        queue(session, kind=OutboundKind.ALERT)
    die(database, NOON, urgent=True)
    run(services, NOON, NOON + timedelta(seconds=40))
    assert len(sms_of(services).accepted) == 1


def test_what_a_dead_worker_had_not_begun_is_sent_once(database: Database) -> None:
    services = services_of(database)
    with database.begin() as session:
        queue(session, kind=OutboundKind.CHECK_IN)
    die(database, NOON, begun=False)
    assert settle_unknown(services, NOON + timedelta(seconds=61)) == {"put_back": 1}
    run(services, NOON + timedelta(seconds=62), NOON + timedelta(minutes=20))
    assert len(sms_of(services).tried) == 1
    assert row_of(database).state is OutboundState.SENT


def test_a_worker_that_slept_past_its_lease_begins_nothing(database: Database) -> None:
    with database.begin() as session:
        queue(session)
        claimed = leases.claim(session, NOON, channels=[ChannelName.SMS], urgent=False, limit=5)
    with database.begin() as session:
        assert leases.begin(session, claimed, NOON + leases.LEASE) == set()
    settle_unknown(services_of(database), NOON + timedelta(seconds=61))
    with database.begin() as session:
        assert leases.begin(session, claimed, NOON) == set()


def test_a_running_send_is_left_alone(database: Database) -> None:
    services = services_of(database)
    with database.begin() as session:
        queue(session)
    die(database, NOON)
    assert settle_unknown(services, NOON + timedelta(seconds=59)) == {}
    assert row_of(database).state is OutboundState.SENDING


def test_a_channel_that_cannot_be_asked_proves_nothing(database: Database) -> None:
    class Deaf(FakeChannel):
        def find(self, text: OutboundText, *, since: datetime) -> Accepted | None:
            raise SendError(Failure.TRANSIENT, "Not now.")

    services = services_of(database, Deaf())
    with database.begin() as session:
        queue(session)
    die(database, NOON)
    assert settle_unknown(services, NOON + timedelta(seconds=60)) == {"waiting": 1}


def test_one_look_at_a_time(database: Database) -> None:
    with database.begin() as session:
        queue(session)
    die(database, NOON)
    later = NOON + timedelta(seconds=61)
    with database.begin() as session:
        assert len(leases.claim_unsettled(session, later, limit=9)) == 1
        assert len(leases.claim_unsettled(session, later, limit=9)) == 0


def test_providers_that_say_nothing_more_are_counted(database: Database) -> None:
    services = services_of(database)
    with database.begin() as session:
        queue(session)
    deliver_due(services, NOON, paces={}, may_send=yes)
    assert settle_unknown(services, NOON + timedelta(minutes=9)) == {}
    assert settle_unknown(services, NOON + timedelta(minutes=10)) == {"unreported": 1}
    with database.begin() as session:
        row = session.scalars(select(OutboundMessage)).one()
        row.state = OutboundState.DELIVERED
    assert settle_unknown(services, NOON + timedelta(minutes=10)) == {}
