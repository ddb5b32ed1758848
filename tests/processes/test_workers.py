"""Several workers on one database: every text leaves exactly once, whoever takes it."""

from contextlib import closing

from sqlalchemy import select

from burst import burst
from callers import Callers
from installation import Installation, wait_until
from messages.kinds import OutboundKind
from reckoning import (
    accepted_ids,
    assert_nobody_was_asked_twice,
    dangers_without_alert,
    outbound_of,
    settle_in,
    unhandled,
    untold,
)
from standins.twilio import TwilioStandIn
from storage.check_ins import CheckIn, CheckInState
from storage.outbound import OutboundMessage, OutboundState

PEOPLE, ENDANGERED = 300, 30


def test_two_or_three_workers_do_the_work_of_one(installation: Installation, twilio: TwilioStandIn) -> None:
    installation.release()
    with closing(installation.database()) as database:
        phones = [phone.address for phone in settle_in(database, PEOPLE)]
        web = installation.web()
        installation.wait_for_web()
        grave = burst(installation, phones[:ENDANGERED], ENDANGERED, words=["i want to kill myself"])
        callers = Callers(requests=grave.requests)
        callers.start()
        assert set(callers.finish(seconds=60).statuses) == {200}
        wait_until(lambda: not unhandled(database), what="every text to be handled")
        web.end()

        # All of it waits: nobody was asked, nobody was told. Now they start in the same moment.
        assert not twilio.accepted
        workers = [installation.worker() for _ in range(2 if database.is_sqlite else 3)]
        asked = PEOPLE - ENDANGERED
        wait_until(
            lambda: sum(assert_nobody_was_asked_twice(database, twilio).values()) == asked,
            what=f"{asked} check-ins to leave",
            every=1,
        )
        wait_until(lambda: not untold(database, twilio), what="every alert to be told")
        assert all(worker.end() == 0 for worker in workers)

        assert not dangers_without_alert(database, grave.distinct)
        taken = accepted_ids(twilio)
        assert set(taken.values()) == {1}, "a row left more than once"
        with database.read() as session:
            states = {row.id: row.state for row in session.scalars(select(OutboundMessage))}
            skipped = session.scalars(
                select(CheckIn.reason).where(CheckIn.state == CheckInState.SKIPPED)
            ).all()
        assert {states[row_id] for row_id in taken} <= {OutboundState.SENT, OutboundState.DELIVERED}
        assert len(outbound_of(database, OutboundKind.CHECK_IN)) == asked
        assert len(skipped) == ENDANGERED, "while an alert is open nothing automatic is sent"
