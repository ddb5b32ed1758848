"""Delivery reports: early, late, twice, in any order; and failures that come by report."""

from datetime import timedelta
from itertools import permutations
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from fakes import FakeChannel, Lost
from messages.channel import Accepted, ChannelName, DeliveryReport, DeliveryStatus, Failure, OutboundText
from messages.kinds import AlertKind, OutboundKind
from outgoing import MOBILE, NOON, alerts, keys, person, queue, row_of, services_of, sms_of, yes
from scheduler.delivery import deliver_due
from scheduler.outbox import About
from scheduler.reports import ReportOutcome, apply_report
from scheduler.services import Services
from storage.addresses import Address, AddressHealth
from storage.contacts import Contact
from storage.database import Database
from storage.outbound import DeliveryEvent, OutboundMessage, OutboundState

FINAL = {
    DeliveryStatus.DELIVERED: OutboundState.DELIVERED,
    DeliveryStatus.UNDELIVERED: OutboundState.FAILED,
    DeliveryStatus.FAILED: OutboundState.FAILED,
}


def report(
    row: OutboundMessage | None,
    status: DeliveryStatus,
    *,
    failure: Failure | None = None,
    named: bool = True,
) -> DeliveryReport:
    return DeliveryReport(
        channel=ChannelName.SMS,
        provider_id=f"sms-{row.id}" if row else "SM0",
        status=status,
        outbound_id=row.id if row and named else None,
        failure=failure,
        code="30003" if failure else "",
    )


def apply(services: Services, told: DeliveryReport, minutes: int = 1) -> ReportOutcome:
    with services.database.begin() as session:
        return apply_report(session, services, told, now=NOON + timedelta(minutes=minutes), paces={})


def sent(database: Database, services: Services, key: str = "k") -> OutboundMessage:
    with database.begin() as session:
        queue(session, key)
    deliver_due(services, NOON, paces={}, may_send=yes)
    return row_of(database, key)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=st.lists(st.sampled_from(DeliveryStatus), min_size=1, max_size=8))
def test_the_end_is_the_same_for_every_order(database: Database, told: list[DeliveryStatus]) -> None:
    services = services_of(database)
    row = sent(database, services, f"k{uuid4()}")
    for status in told:
        before = row_of(database, row.key).delivery
        apply(services, report(row, status))
        after = row_of(database, row.key).delivery
        assert after is not None
        assert before is None or after.rank >= before.rank
    stored = row_of(database, row.key)
    highest = max(status.rank for status in told)
    assert stored.delivery is not None
    assert stored.delivery.rank == highest
    if DeliveryStatus.DELIVERED in told:
        assert stored.state is OutboundState.DELIVERED
    elif stored.delivery.final:
        assert stored.state is OutboundState.FAILED
    else:
        assert stored.state is OutboundState.SENT


@pytest.mark.parametrize("order", list(permutations(FINAL, 2)))
def test_a_phone_that_has_it_has_it(database: Database, order: tuple[DeliveryStatus, DeliveryStatus]) -> None:
    services = services_of(database)
    row = sent(database, services)
    for status in order:
        apply(services, report(row, status, failure=Failure.EXPIRED))
    stored = row_of(database)
    best = DeliveryStatus.DELIVERED if DeliveryStatus.DELIVERED in order else DeliveryStatus.UNDELIVERED
    assert (stored.delivery, stored.state) == (best, FINAL[best])


def test_a_repeated_report_changes_nothing(database: Database) -> None:
    services = services_of(database)
    row = sent(database, services)
    told = report(row, DeliveryStatus.DELIVERED)
    assert apply(services, told) is ReportOutcome.APPLIED
    assert apply(services, told, minutes=9) is ReportOutcome.REPEATED
    assert apply(services, report(row, DeliveryStatus.SENT)) is ReportOutcome.OVERTAKEN
    assert row_of(database).delivered_at == NOON + timedelta(minutes=1)
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(DeliveryEvent)) == 2


def test_a_report_of_no_text_of_ours_is_kept(database: Database) -> None:
    services = services_of(database)
    assert apply(services, report(None, DeliveryStatus.DELIVERED)) is ReportOutcome.UNKNOWN
    with database.read() as session:
        assert session.scalars(select(DeliveryEvent)).one().outbound_id is None


def test_a_report_without_our_id_finds_its_text_by_the_providers(database: Database) -> None:
    services = services_of(database)
    row = sent(database, services)
    assert apply(services, report(row, DeliveryStatus.DELIVERED, named=False)) is ReportOutcome.APPLIED
    assert row_of(database).state is OutboundState.DELIVERED


@pytest.mark.parametrize("lost", [False, True])
def test_a_report_may_come_before_our_own_send_returned(database: Database, lost: bool) -> None:
    class Hasty(FakeChannel):
        def send(self, text: OutboundText) -> Accepted:
            told = DeliveryReport(
                channel=ChannelName.SMS,
                provider_id=f"sms-{text.id}",
                status=DeliveryStatus.DELIVERED,
                outbound_id=text.id,
            )
            assert apply(services, told) is ReportOutcome.APPLIED
            return FakeChannel.send(self, text)

    hasty = Hasty()
    services = services_of(database, hasty)
    if lost:
        hasty.script.append(Lost())
    with database.begin() as session:
        jay, address = person(session)
        queue(session, kind=OutboundKind.STAFF_TEXT, about=About(person_id=jay.id), address=address)
    deliver_due(services, NOON, paces={}, may_send=yes)
    row = row_of(database)
    assert (row.state, row.provider_id) == (OutboundState.DELIVERED, f"sms-{row.id}")
    with database.read() as session:
        assert len(session.scalars(select(Contact)).all()) == 1
    assert len(sms_of(services).accepted) == 1


def test_a_report_settles_what_nobody_knew(database: Database) -> None:
    services = services_of(database, script=[Lost()])
    row = sent(database, services)
    assert row.state is OutboundState.UNKNOWN
    apply(services, report(row, DeliveryStatus.SENT))
    assert row_of(database).state is OutboundState.SENT


def test_a_report_stops_a_text_that_would_be_tried_again(database: Database) -> None:
    services = services_of(database)
    with database.begin() as session:
        row = queue(session)
    apply(services, report(row, DeliveryStatus.SENT))
    assert deliver_due(services, NOON + timedelta(minutes=2), paces={}, may_send=yes) == {}


def test_a_phone_that_is_off_is_tried_once_more_the_next_day(database: Database) -> None:
    services = services_of(database)
    with database.begin() as session:
        jay, address = person(session)
        queue(session, kind=OutboundKind.CHECK_IN, about=About(person_id=jay.id), address=address)
    deliver_due(services, NOON, paces={}, may_send=yes)
    apply(services, report(row_of(database), DeliveryStatus.UNDELIVERED, failure=Failure.UNREACHABLE))
    again = row_of(database, "k:again")
    assert (again.due_at, again.body) == (NOON + timedelta(days=1), row_of(database).body)
    deliver_due(services, again.due_at, paces={}, may_send=yes)
    apply(services, report(again, DeliveryStatus.UNDELIVERED, failure=Failure.UNREACHABLE))
    assert keys(database, OutboundKind.CHECK_IN) == ["k", "k:again"]
    assert alerts(database) == []


def test_a_phone_off_three_times_in_a_row_is_a_task(database: Database) -> None:
    services = services_of(database)
    with database.begin() as session:
        jay, address = person(session)
    for number in range(5):
        with database.begin() as session:
            queue(session, f"k{number}", about=About(person_id=jay.id), address=address)
        deliver_due(services, NOON, paces={}, may_send=yes)
        arrives = number == 1
        apply(
            services,
            report(
                row_of(database, f"k{number}"),
                DeliveryStatus.DELIVERED if arrives else DeliveryStatus.UNDELIVERED,
                failure=None if arrives else Failure.UNREACHABLE,
            ),
        )
        assert alerts(database) == ([AlertKind.UNDELIVERABLE] if number == 4 else [])


def test_a_number_that_is_gone_is_suspect_the_same_day(database: Database) -> None:
    services = services_of(database)
    with database.begin() as session:
        jay, address = person(session)
        queue(session, about=About(person_id=jay.id), address=address, to=MOBILE)
    deliver_due(services, NOON, paces={}, may_send=yes)
    apply(services, report(row_of(database), DeliveryStatus.UNDELIVERED, failure=Failure.UNKNOWN_ADDRESS))
    with database.read() as session:
        assert session.get_one(Address, address.id).health is AddressHealth.SUSPECT
    assert alerts(database) == [AlertKind.UNDELIVERABLE]
    assert row_of(database).state is OutboundState.FAILED
