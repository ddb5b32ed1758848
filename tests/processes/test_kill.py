"""Processes that die at random in the middle of everything: nothing acknowledged is lost, nobody asked twice.

``KIT_TEST_KILLS`` is how often; ``make soak`` kills 30 times during 3,000 texts and 500 dangers.
"""

import os
import random
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field

import pytest
from sqlalchemy import select

from burst import burst
from callers import Callers
from installation import Installation, Process, wait_until
from reckoning import (
    assert_nobody_was_asked_twice,
    assert_sound,
    dangers_without_alert,
    settle_in,
    unhandled,
    untold,
)
from standins.twilio import TwilioStandIn
from storage.inbound import InboundMessage

KILLS = int(os.environ.get("KIT_TEST_KILLS", "4"))
TEXTS, DANGERS = KILLS * 100, KILLS * 17
DANGER = "i want to kill myself"


@dataclass(kw_only=True)
class Supervisor:
    """Starts ``line`` again whenever it has died, as a host does."""

    start: Callable[[], Process]
    process: Process = field(init=False)

    def __post_init__(self) -> None:
        self.process = self.start()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        while not self._stop.wait(0.2):
            if not self.process.running:
                self.process = self.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()
        self.process.kill()


def test_killing_web_and_worker_loses_and_doubles_nothing(
    installation: Installation, twilio: TwilioStandIn, capsys: pytest.CaptureFixture[str]
) -> None:
    rng = random.Random(KILLS)
    installation.release()
    with closing(installation.database()) as database:
        phones = [phone.address for phone in settle_in(database, 200)]
        calm = burst(installation, phones[:150], TEXTS)
        grave = burst(installation, phones[150:], DANGERS, words=[DANGER], first_sid=0xDD << 120)
        callers = Callers(requests=[*calm.requests, *grave.requests], clients=8, insist=True)
        sids = [*calm.sids, *grave.sids]
        web, worker = Supervisor(start=installation.web), Supervisor(start=installation.worker)
        installation.wait_for_web()
        callers.start()
        for _ in range(KILLS):
            for victim in rng.choice(((web,), (worker,), (web, worker))):
                victim.process.kill()
            threading.Event().wait(rng.uniform(1, 5))
        calls = callers.finish(seconds=600)
        assert len({sids[place] for place in calls.acknowledged}) == len(set(sids)), str(calls)

        wait_until(lambda: not unhandled(database), what="every text to be handled", seconds=300)
        wait_until(lambda: not untold(database, twilio), what="every alert to be told", seconds=180)
        web.stop()
        worker.stop()
        with capsys.disabled():
            sys.stdout.write(f"\n{KILLS} kills, {installation.url.partition(':')[0]}: {calls}\n")

        assert set(calls.statuses) <= {200, 503, 0}
        with database.read() as session:
            kept = session.scalars(select(InboundMessage.provider_id)).all()
            parked = session.scalars(select(InboundMessage.id).where(InboundMessage.parked_at.is_not(None)))
            assert not parked.all()
        assert sorted(kept) == sorted(set(sids))
        assert not dangers_without_alert(database, grave.distinct)
        assert_nobody_was_asked_twice(database, twilio)
        assert_sound(installation, database)
