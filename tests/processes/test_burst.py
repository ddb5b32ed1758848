"""Thousands of signed texts over real HTTP from sixteen connections: one row each, and none lost.

``KIT_TEST_BURST`` is how many; ``make soak`` sends 5,000.
"""

import os
import sys
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from burst import burst
from callers import Callers
from installation import Installation, wait_until
from reckoning import unhandled
from storage.contacts import Contact
from storage.inbound import InboundMessage
from town import Town

TEXTS = int(os.environ.get("KIT_TEST_BURST", "1667"))
SENDERS = 400


def test_every_text_of_a_burst_is_one_row(
    installation: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    installation.release()
    database = installation.database()
    town = Town(database, now=datetime.now(UTC))
    senders = [town.young_person(f"Jay {number}").address for number in range(SENDERS)]
    sent = burst(installation, senders, TEXTS)
    assert len(sent.requests) > TEXTS * 1.2
    installation.web()
    installation.wait_for_web()

    callers = Callers(requests=sent.requests)
    callers.start()
    calls = callers.finish(seconds=600)

    with capsys.disabled():
        sys.stdout.write(f"\n{TEXTS} texts, {installation.url.partition(':')[0]}: {calls}\n")
    assert calls.statuses == {200: len(sent.requests)}
    with database.read() as session:
        kept = session.scalars(select(InboundMessage.provider_id)).all()
    assert len(kept) == TEXTS
    assert set(kept) == sent.distinct

    # Handled once each, by the tails of the requests and by the worker together.
    installation.worker()
    wait_until(lambda: unhandled(database) == 0, what="the last text to be handled", seconds=300)
    with database.read() as session:
        contacts = session.scalars(select(Contact.inbound_id)).all()
        parked = session.scalars(select(InboundMessage.id).where(InboundMessage.parked_at.is_not(None))).all()
    assert len(contacts) == len(set(contacts)) == TEXTS
    assert not parked
    database.close()
