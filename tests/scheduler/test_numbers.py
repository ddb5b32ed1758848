"""A number that nobody has confirmed: no prompt goes to it, and somebody is asked."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from cohort import TUESDAY, Cohort
from messages.channel import ChannelName
from scheduler import numbers, states
from storage import addresses
from storage.addresses import Address, AddressHealth, OptOutSource
from storage.alerts import Alert, AlertState
from storage.check_ins import CheckInState
from storage.database import Database
from storage.people import StateKind

NEW = "+447700900777"


def begin(database: Database, person_id: UUID, number: str = NEW) -> Address:
    with database.begin() as session:
        return numbers.begin(session, person_id, number, now=TUESDAY)


def own(database: Database, person_id: UUID) -> list[Address]:
    with database.read() as session:
        query = select(Address).where(Address.person_id == person_id)
        return list(session.scalars(query.order_by(Address.starts_at, Address.id)))


def stops(database: Database, number: str) -> None:
    with database.begin() as session:
        addresses.opt_out(
            session,
            ChannelName.SMS,
            database.keyring.indexes(number),
            source=OptOutSource.WORD,
            now=TUESDAY,
        )


def is_stopped(database: Database, number: str) -> bool:
    with database.read() as session:
        return addresses.opted_out(session, ChannelName.SMS, database.keyring.indexes(number))


def test_no_prompt_goes_to_it_whatever_a_file_says(database: Database) -> None:
    cohort = Cohort(database)
    jay = cohort.person()
    new = begin(database, jay)
    with database.begin() as session:
        session.get_one(Address, new.id).safe_to_text = True
    cohort.due_now(jay)
    cohort.tick()
    (check_in,) = cohort.check_ins(jay)
    assert (check_in.state, check_in.reason) == (CheckInState.SKIPPED, "no_address")
    with database.begin() as session:
        states.confirm_address(session, session.get_one(Address, new.id), now=TUESDAY)
    cohort.passes(days=1)
    cohort.due_now(jay)
    cohort.tick()
    assert cohort.texts(jay)[-1].to == NEW


def test_the_old_one_ends_and_another_begins(database: Database) -> None:
    cohort = Cohort(database)
    jay, kofi = cohort.person(), cohort.person("Kofi")
    (old,) = own(database, jay)
    begin(database, jay)
    ended, new = own(database, jay)
    assert (ended.value, ended.ended_at, ended.starts_at) == (old.value, TUESDAY, old.starts_at)
    assert (new.ended_at, new.confirmed_at, new.safe_to_text, new.shared) == (None, None, False, False)
    begin(database, kofi)
    assert own(database, kofi)[-1].shared
    assert own(database, jay)[-1].shared
    assert begin(database, jay).id == new.id


@pytest.mark.parametrize(("health", "holds"), [(AddressHealth.GOOD, True), (AddressHealth.DISPUTED, False)])
def test_stop_holds_unless_somebody_else_may_have_sent_it(
    database: Database, health: AddressHealth, holds: bool
) -> None:
    cohort = Cohort(database)
    jay = cohort.person()
    (old,) = own(database, jay)
    stops(database, old.value)
    with database.begin() as session:
        session.get_one(Address, old.id).health = health
    begin(database, jay)
    assert is_stopped(database, NEW) is holds


def test_the_adviser_is_asked_once_and_nobody_about_somebody_in_custody(database: Database) -> None:
    cohort = Cohort(database)
    jay, kofi = cohort.person(), cohort.person("Kofi")
    stops(database, own(database, jay)[0].value)
    begin(database, jay)
    begin(database, kofi, "+447700900778")
    with database.begin() as session:
        states.start_state(session, kofi, StateKind.CUSTODY, starts_on=TUESDAY.date(), now=TUESDAY)
        for later in range(2):
            numbers.ask_about(session, cohort.services, [jay, kofi], now=TUESDAY + timedelta(minutes=later))
    with database.read() as session:
        (alert,) = session.scalars(select(Alert))
    assert (alert.person_id, alert.kind, alert.state) == (jay, "new_number", AlertState.OPEN)
    assert is_stopped(database, NEW)
