"""What follows when a text is refused for good: for addresses, opt-outs, staff phones, alerts."""

from datetime import timedelta

import pytest

from fakes import FakeChannel
from messages.channel import ChannelName, Failure, SendError
from messages.kinds import AlertKind, OutboundKind
from outgoing import MOBILE, NOON, adviser, alert, alerts, keys, person, queue, row_of, services_of, yes
from scheduler.delivery import deliver_due
from scheduler.outbox import About
from scheduler.services import Services
from storage import addresses
from storage.addresses import Address, AddressHealth
from storage.alerts import Alert
from storage.database import Database
from storage.outbound import OutboundState
from storage.staff import Staff

STAFF_PHONE = "+447700900200"


def refused(
    database: Database,
    failure: Failure,
    *,
    times: int = 1,
    kind: OutboundKind = OutboundKind.STAFF_TEXT,
    channel: ChannelName = ChannelName.SMS,
    to: str = MOBILE,
) -> Services:
    """One text (or several, one after the other) to Jay, refused for good."""
    services = with_channels(database, channel, failure, times)
    with database.begin() as session:
        jay, address = person(session, mobile=to)
        address.channel = channel
    for number in range(times):
        with database.begin() as session:
            queue(
                session,
                f"k{number}",
                kind=kind,
                channel=channel,
                to=to,
                about=About(person_id=jay.id),
                address=address,
            )
        deliver_due(services, NOON, paces={}, may_send=yes)
    return services


def with_channels(database: Database, channel: ChannelName, failure: Failure, times: int = 1) -> Services:
    fake, email = FakeChannel(name=channel), FakeChannel(name=ChannelName.EMAIL)
    fake.script.extend([SendError(failure, "Refused.", code="1")] * times)
    return services_of(database, fake, email)


@pytest.mark.parametrize(
    ("failure", "health"),
    [
        (Failure.UNKNOWN_ADDRESS, AddressHealth.SUSPECT),
        (Failure.NOT_MOBILE, AddressHealth.INVALID),
        (Failure.INVALID_ADDRESS, AddressHealth.INVALID),
    ],
)
def test_a_bad_number_is_marked_and_told_once(
    database: Database, failure: Failure, health: AddressHealth
) -> None:
    refused(database, failure, times=2)
    with database.read() as session:
        indexes = database.keyring.indexes(MOBILE)
        assert [held.health for held in addresses.holders(session, ChannelName.SMS, indexes)] == [health]
    assert alerts(database) == [AlertKind.UNDELIVERABLE]
    assert row_of(database, "k0").state is OutboundState.FAILED
    assert row_of(database, "k0").failure is failure


@pytest.mark.parametrize(("channel", "to"), [(ChannelName.SMS, MOBILE), (ChannelName.TELEGRAM, "1001")])
def test_a_refusal_of_consent_closes_that_address_and_tells_the_adviser(
    database: Database, channel: ChannelName, to: str
) -> None:
    refused(database, Failure.CONSENT, times=2, channel=channel, to=to)
    with database.read() as session:
        assert addresses.opted_out(session, channel, database.keyring.indexes(to))
    assert alerts(database) == [AlertKind.STOPPED]


def test_whoever_waits_for_an_answer_hears_that_no_text_gets_through(database: Database) -> None:
    services = with_channels(database, ChannelName.SMS, Failure.CONSENT)
    with database.begin() as session:
        jay, address = person(session)
        alert(session, jay)
        queue(session, kind=OutboundKind.DANGER_ANSWER, about=About(person_id=jay.id), address=address)
    deliver_due(services, NOON, paces={}, may_send=yes)
    assert alerts(database) == sorted(
        [AlertKind.CANNOT_TEXT_BACK, AlertKind.DANGER_TO_LIFE, AlertKind.STOPPED]
    )


def test_after_stop_the_refusal_of_our_confirmation_is_no_news(database: Database) -> None:
    services = with_channels(database, ChannelName.SMS, Failure.CONSENT)
    with database.begin() as session:
        jay, address = person(session)
        indexes = database.keyring.indexes(MOBILE)
        addresses.opt_out(session, ChannelName.SMS, indexes, source=addresses.OptOutSource.WORD, now=NOON)
        queue(session, kind=OutboundKind.STOP_CONFIRMATION, about=About(person_id=jay.id), address=address)
    deliver_due(services, NOON, paces={}, may_send=yes)
    assert alerts(database) == []


def test_an_answer_to_a_number_that_is_nobodys_raises_nothing(database: Database) -> None:
    services = with_channels(database, ChannelName.SMS, Failure.UNKNOWN_ADDRESS)
    with database.begin() as session:
        queue(session)
    assert deliver_due(services, NOON, paces={}, may_send=yes)["failed"] == 1
    assert alerts(database) == []


@pytest.mark.parametrize(
    "failure", [Failure.CONSENT, Failure.UNKNOWN_ADDRESS, Failure.NOT_MOBILE, Failure.INVALID_ADDRESS]
)
def test_a_staff_phone_that_fails_is_skipped_from_then_on(database: Database, failure: Failure) -> None:
    services = with_channels(database, ChannelName.SMS, failure)
    with database.begin() as session:
        sam = adviser(session, STAFF_PHONE)
        raised = alert(session, next_step_at=NOON + timedelta(minutes=5))
        queue(
            session,
            kind=OutboundKind.ALERT,
            to=STAFF_PHONE,
            about=About(staff_id=sam.id, alert_id=raised.id),
        )
    deliver_due(services, NOON, paces={}, may_send=yes)
    with database.read() as session:
        assert session.get_one(Staff, sam.id).phone_failed_at == NOON
        assert session.get_one(Alert, raised.id).next_step_at == NOON
    assert AlertKind.FIX_CONTACT in alerts(database)


@pytest.mark.parametrize("failure", [Failure.UNREACHABLE, Failure.EXPIRED, Failure.FILTERED])
def test_a_staff_phone_that_is_only_off_is_not_given_up(database: Database, failure: Failure) -> None:
    services = with_channels(database, ChannelName.SMS, failure)
    with database.begin() as session:
        sam = adviser(session, STAFF_PHONE)
        raised = alert(session, next_step_at=NOON + timedelta(minutes=5))
        queue(
            session,
            kind=OutboundKind.ALERT,
            to=STAFF_PHONE,
            about=About(staff_id=sam.id, alert_id=raised.id),
        )
    deliver_due(services, NOON, paces={}, may_send=yes)
    with database.read() as session:
        assert session.get_one(Staff, sam.id).phone_failed_at is None
        assert session.get_one(Alert, raised.id).next_step_at == NOON
    assert alerts(database) == [AlertKind.DANGER_TO_LIFE]


def test_a_number_that_was_replaced_meanwhile_is_not_blamed(database: Database) -> None:
    services = with_channels(database, ChannelName.SMS, Failure.UNKNOWN_ADDRESS)
    with database.begin() as session:
        sam = adviser(session, "+447700900201")
        queue(session, kind=OutboundKind.REMINDER, to=STAFF_PHONE, about=About(staff_id=sam.id))
    deliver_due(services, NOON, paces={}, may_send=yes)
    with database.read() as session:
        assert session.get_one(Staff, sam.id).phone_failed_at is None


def test_words_that_the_network_refuses_are_not_sent_again_and_paged_at_three(database: Database) -> None:
    services = refused(database, Failure.FILTERED, times=2)
    assert keys(database, OutboundKind.OPERATOR_PAGE) == []
    fake = services.channels[ChannelName.SMS]
    assert isinstance(fake, FakeChannel)
    fake.script.append(SendError(Failure.FILTERED, "Refused.", code="30007"))
    with database.begin() as session:
        queue(session, "third", to="+447700900301")
    deliver_due(services, NOON, paces={}, may_send=yes)
    assert len(keys(database, OutboundKind.OPERATOR_PAGE)) == 1
    deliver_due(services, NOON + timedelta(hours=1), paces={}, may_send=yes)
    assert len(fake.tried) == 3


def test_a_code_that_is_new_to_us_is_somebodys_task(database: Database) -> None:
    refused(database, Failure.UNKNOWN)
    assert row_of(database, "k0").state is OutboundState.FAILED
    assert len(keys(database, OutboundKind.OPERATOR_PAGE)) == 1


def test_a_shared_number_is_marked_for_the_person_it_was_sent_to(database: Database) -> None:
    services = with_channels(database, ChannelName.SMS, Failure.NOT_MOBILE)
    with database.begin() as session:
        jay, _ = person(session, "C1")
        person(session, "C2")
        queue(session, kind=OutboundKind.ANSWER, about=About(person_id=jay.id))
    deliver_due(services, NOON, paces={}, may_send=yes)
    with database.read() as session:
        held = addresses.holders(session, ChannelName.SMS, database.keyring.indexes(MOBILE))
        assert {row.person_id: row.health for row in held}[jay.id] is AddressHealth.INVALID
        assert sorted(row.health for row in held) == [AddressHealth.GOOD, AddressHealth.INVALID]
        assert all(isinstance(row, Address) for row in held)
