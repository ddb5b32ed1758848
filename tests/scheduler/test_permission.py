"""May it leave, at this minute? Each reason by itself, for each kind of text."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from cohort import TUESDAY, Cohort
from messages.channel import ChannelName
from messages.kinds import AlertKind, OutboundKind
from scheduler import alerts, outbox, rules
from scheduler.outbox import About
from scheduler.permission import Verdict, may_send
from storage import addresses, people
from storage.addresses import AddressHealth, OptOutSource
from storage.check_ins import CheckIn, CheckInState
from storage.database import Database
from storage.outbound import OutboundMessage
from storage.people import Person, PersonState, StateKind
from storage.staff import Staff

KINDS = tuple(kind for kind in OutboundKind if not kind.to_staff)
AUTOMATIC = {kind for kind in KINDS if kind.automatic}
ANSWERS = {OutboundKind.ANSWER, OutboundKind.DANGER_ANSWER, OutboundKind.STOP_CONFIRMATION}
EVENING = TUESDAY.replace(hour=22)

Change = Callable[[Session, Cohort, Person], None]


def nothing(session: Session, cohort: Cohort, person: Person) -> None:
    """As everything should be."""


def opts_out(session: Session, cohort: Cohort, person: Person) -> None:
    number = addresses.of_person(session, person.id)[0]
    indexes = cohort.database.keyring.indexes(number.value)
    addresses.opt_out(
        session, number.channel, indexes, source=OptOutSource.WORD, now=TUESDAY - timedelta(hours=1)
    )


def health(value: AddressHealth) -> Change:
    def change(session: Session, cohort: Cohort, person: Person) -> None:
        addresses.of_person(session, person.id)[0].health = value

    return change


def ends_address(session: Session, cohort: Cohort, person: Person) -> None:
    addresses.of_person(session, person.id)[0].ended_at = TUESDAY


def ends_enrolment(session: Session, cohort: Cohort, person: Person) -> None:
    enrolled = people.enrolment(session, person.id)
    assert enrolled is not None
    enrolled.ended_at = TUESDAY


def state(kind: StateKind, *, ends_on: date | None = None) -> Change:
    def change(session: Session, cohort: Cohort, person: Person) -> None:
        session.add(
            PersonState(
                person_id=person.id,
                kind=kind,
                starts_on=date(2026, 11, 1),
                ends_on=ends_on,
                recorded_at=TUESDAY,
            )
        )

    return change


def pauses(session: Session, cohort: Cohort, person: Person) -> None:
    person.paused_until = TUESDAY + timedelta(days=3)


def alarm(session: Session, cohort: Cohort, person: Person) -> None:
    alerts.open_alert(
        session, cohort.services, kind=AlertKind.MEDICAL, key="k", now=TUESDAY, person_id=person.id
    )


CASES: list[Any] = [
    pytest.param(nothing, TUESDAY, set(KINDS), id="all is well"),
    pytest.param(nothing, EVENING, set(KINDS) - AUTOMATIC, id="in the evening"),
    pytest.param(nothing, TUESDAY.replace(month=12, day=25), set(KINDS) - AUTOMATIC, id="Christmas"),
    pytest.param(opts_out, TUESDAY, {OutboundKind.STOP_CONFIRMATION}, id="stopped"),
    pytest.param(health(AddressHealth.SUSPECT), TUESDAY, ANSWERS, id="suspect"),
    pytest.param(health(AddressHealth.DISPUTED), TUESDAY, ANSWERS, id="disputed"),
    pytest.param(ends_address, TUESDAY, ANSWERS, id="ended"),
    pytest.param(ends_enrolment, TUESDAY, set(KINDS) - AUTOMATIC, id="not enrolled"),
    pytest.param(pauses, TUESDAY, set(KINDS) - AUTOMATIC, id="paused"),
    pytest.param(alarm, TUESDAY, set(KINDS) - AUTOMATIC, id="alert now"),
    pytest.param(state(StateKind.CUSTODY), TUESDAY, set[OutboundKind](), id="custody"),
    pytest.param(state(StateKind.DIED), TUESDAY, set[OutboundKind](), id="died"),
    pytest.param(state(StateKind.DEATH_REPORTED), TUESDAY, set[OutboundKind](), id="death reported"),
    pytest.param(state(StateKind.MISSING), TUESDAY, set(KINDS) - AUTOMATIC, id="missing"),
    pytest.param(state(StateKind.HOSPITAL), TUESDAY, set(KINDS) - AUTOMATIC, id="hospital"),
    pytest.param(
        state(StateKind.CUSTODY, ends_on=date(2026, 11, 20)),
        TUESDAY,
        set(KINDS) - AUTOMATIC,
        id="released, number not confirmed since",
    ),
    pytest.param(
        state(StateKind.CUSTODY, ends_on=date(2026, 10, 20)), TUESDAY, set(KINDS), id="released, confirmed"
    ),
]


def message(
    session: Session, person_id: UUID, kind: OutboundKind, *, check_in_id: UUID | None = None
) -> OutboundMessage:
    number = session.scalars(
        select(addresses.Address).where(addresses.Address.person_id == person_id)
    ).first()
    assert number is not None
    row = outbox.enqueue(
        session,
        key=f"{kind}:{check_in_id}",
        kind=kind,
        channel=number.channel,
        to=number.value,
        body="Hi",
        now=TUESDAY,
        address=number,
        about=About(person_id=person_id, check_in_id=check_in_id),
    )
    assert row is not None
    return row


def verdict(session: Session, cohort: Cohort, row: OutboundMessage, now: datetime = TUESDAY) -> Verdict:
    return may_send(session, cohort.services, rules.load(session), row, now=now)


@pytest.mark.parametrize(("change", "now", "allowed"), CASES)
def test_which_kinds_may_leave(
    database: Database, change: Change, now: datetime, allowed: set[OutboundKind]
) -> None:
    cohort = Cohort(database)
    jay = cohort.person()
    with database.begin() as session:
        # Confirmed after the 20th of October, before the 20th of November.
        addresses.of_person(session, jay)[0].confirmed_at = TUESDAY - timedelta(days=20)
        change(session, cohort, session.get_one(Person, jay))
        session.flush()
        verdicts = {kind: verdict(session, cohort, message(session, jay, kind), now) for kind in KINDS}
    assert {kind for kind, one in verdicts.items() if one.allowed} == allowed
    assert all(one.reason for one in verdicts.values() if not one.allowed)


@pytest.mark.parametrize("kind", [OutboundKind.WELCOME, OutboundKind.NEW_ADVISER])
def test_what_never_gives_way_waits(database: Database, kind: OutboundKind) -> None:
    cohort = Cohort(database)
    jay = cohort.person()
    cohort.due_now(jay)
    cohort.tick()
    with database.begin() as session:
        row = message(session, jay, kind)
        assert verdict(session, cohort, row).later == TUESDAY.replace(day=25, hour=9)
        session.get_one(Person, jay).paused_until = TUESDAY + timedelta(days=3)
        assert verdict(session, cohort, row).later == TUESDAY + timedelta(days=3)


def test_outside_the_window_it_waits_for_the_opening(database: Database) -> None:
    cohort = Cohort(database)
    jay = cohort.person()
    with database.begin() as session:
        row = message(session, jay, OutboundKind.CHECK_IN)
        assert verdict(session, cohort, row, EVENING).later == TUESDAY.replace(day=25, hour=9)


def test_a_second_prompt_in_a_day_is_left_out(database: Database) -> None:
    cohort = Cohort(database)
    jay = cohort.person()
    cohort.due_now(jay)
    cohort.tick()
    with database.begin() as session:
        one = verdict(session, cohort, message(session, jay, OutboundKind.NUDGE))
        assert (one.allowed, one.later, one.reason) == (False, None, "enough texts this week")
        assert verdict(session, cohort, message(session, jay, OutboundKind.ANSWER)).allowed


def test_a_nudge_after_the_answer_stays_here(database: Database) -> None:
    cohort = Cohort(database)
    jay = cohort.person()
    with database.begin() as session:
        asked = CheckIn(
            person_id=jay,
            slot=date(2026, 11, 22),
            due_at=TUESDAY,
            created_at=TUESDAY,
            state=CheckInState.ANSWERED,
        )
        session.add(asked)
        session.flush()
        row = message(session, jay, OutboundKind.NUDGE, check_in_id=asked.id)
        assert verdict(session, cohort, row).reason == "answered already"


def test_staff_are_always_told_except_on_a_phone_that_failed(database: Database) -> None:
    cohort = Cohort(database)
    jay = cohort.person()
    with database.begin() as session:
        sam = session.get_one(Staff, cohort.adviser_id)
        assert sam.phone is not None
        rows = [
            outbox.enqueue(
                session,
                key=f"alert:{channel}",
                kind=OutboundKind.ALERT,
                channel=channel,
                to=to,
                body="J.W. may be in danger",
                now=EVENING,
                about=About(person_id=jay, staff_id=sam.id),
            )
            for channel, to in ((ChannelName.SMS, sam.phone), (ChannelName.EMAIL, sam.email))
        ]
        session.add(
            PersonState(person_id=jay, kind=StateKind.DIED, starts_on=date(2026, 11, 1), recorded_at=TUESDAY)
        )
        for failed, allowed in ((None, [True, True]), (TUESDAY, [False, True])):
            sam.phone_failed_at = failed
            assert [verdict(session, cohort, row, EVENING).allowed for row in rows if row] == allowed


def test_an_answer_to_a_number_that_is_nobodys_may_leave(database: Database) -> None:
    cohort = Cohort(database)
    with database.begin() as session:
        row = outbox.enqueue(
            session,
            key="k",
            kind=OutboundKind.ANSWER,
            channel=ChannelName.SMS,
            to="+447700900999",
            body="Hi",
            now=EVENING,
            about=About(),
        )
        assert row is not None
        assert verdict(session, cohort, row, EVENING).allowed
