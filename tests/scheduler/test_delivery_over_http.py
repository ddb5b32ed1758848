"""Delivery through the real Twilio adapter to a stand-in over HTTP that resets, hangs, throttles and lies."""

import random
from collections import Counter
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from bot.channels.parsing import parse_form
from bot.channels.simulated_requests import WebhookRequest
from bot.channels.twilio_sms import TwilioSms
from bot.channels.twilio_webhook import parse_status
from fakes import FakeClock
from messages.kinds import OutboundKind
from outgoing import NOON, keys, queue, row_of, services_of, yes
from scheduler.delivery import deliver_due
from scheduler.reports import apply_report
from scheduler.services import Services
from scheduler.settle import settle_unknown
from standins.server import Behaviour
from standins.twilio import TwilioStandIn
from standins.twilio_records import ACCOUNT_SID, AUTH_TOKEN, SERVICE_SID, CallbackPlan
from storage.database import Database
from storage.outbound import OutboundMessage, OutboundState


class Twilio:
    """A stand-in, our adapter for it, and our status webhook without the HTTP before it."""

    def __init__(self, database: Database, far_side: TwilioStandIn, *, timeout: float = 5) -> None:
        sms = TwilioSms(
            ACCOUNT_SID,
            AUTH_TOKEN,
            messaging_service_sid=SERVICE_SID,
            callback_url="http://127.0.0.1:9/webhooks/twilio/status",
            base_url=far_side.url,
            timeout=timeout,
        )
        self.far_side = far_side
        self.clock = FakeClock(NOON)
        self.services: Services = services_of(database, sms, clock=self.clock)
        far_side._now = self.clock
        far_side._post = self.report

    def report(self, request: WebhookRequest) -> int:
        told = parse_status(parse_form(request.body), request.body, urlsplit(request.url).query.encode())
        assert told is not None
        with self.services.database.begin() as session:
            apply_report(session, self.services, told, now=self.clock(), paces={})
        return 200

    def run(self, until: timedelta, *, step: timedelta = timedelta(seconds=10)) -> None:
        while self.clock() <= NOON + until:
            settle_unknown(self.services, self.clock())
            while self.deliver().get("claimed"):
                pass
            self.clock.now += step

    def deliver(self) -> dict[str, int]:
        return deliver_due(self.services, self.clock(), paces={}, may_send=yes)

    @property
    def taken(self) -> Counter[str]:
        """How often the carrier took a text to each number."""
        return Counter(message.to for message in self.far_side.accepted)


@pytest.mark.parametrize("behaviour", [Behaviour.ACCEPT_THEN_RESET, Behaviour.GARBAGE])
def test_an_answer_that_was_lost_is_found_in_twilios_list(database: Database, behaviour: Behaviour) -> None:
    with TwilioStandIn() as far_side:
        twilio = Twilio(database, far_side)
        far_side.script(behaviour)
        with database.begin() as session:
            queue(session, kind=OutboundKind.CHECK_IN)
        twilio.run(timedelta(minutes=20), step=timedelta(minutes=1))
        assert len(far_side.accepted) == 1
        row = row_of(database)
        assert (row.state, row.provider_id) == (OutboundState.SENT, far_side.accepted[0].sid)


def test_a_hang_is_cut_and_an_alert_goes_again(database: Database) -> None:
    with TwilioStandIn() as far_side:
        twilio = Twilio(database, far_side, timeout=0.3)
        far_side.script(Behaviour.HANG, Behaviour.HANG)
        with database.begin() as session:
            queue(session, "alert", kind=OutboundKind.ALERT, to="+447700900200")
            queue(session, "prompt", kind=OutboundKind.CHECK_IN)
        twilio.run(timedelta(minutes=16), step=timedelta(seconds=30))
        assert twilio.taken == {"+447700900200": 1}
        assert row_of(database, "prompt").state is OutboundState.UNKNOWN
        assert keys(database, OutboundKind.ALERT) == ["alert", "alert:repeat1"]


def test_too_fast_is_waited_for(database: Database) -> None:
    with TwilioStandIn() as far_side:
        twilio = Twilio(database, far_side)
        far_side.script(Behaviour.THROTTLE)
        with database.begin() as session:
            queue(session)
        assert twilio.deliver() == {"claimed": 1, "held": 1}
        assert twilio.deliver() == {}
        twilio.run(timedelta(minutes=1))
        assert (len(far_side.accepted), row_of(database).attempts) == (1, 1)


def test_a_refusal_of_the_moment_is_tried_again(database: Database) -> None:
    with TwilioStandIn() as far_side:
        twilio = Twilio(database, far_side)
        far_side.script(Behaviour.ERROR_503, Behaviour.ERROR_500)
        with database.begin() as session:
            queue(session)
        twilio.run(timedelta(seconds=20), step=timedelta(seconds=1))
        assert (len(far_side.accepted), row_of(database).attempts) == (1, 3)


def test_a_report_that_overtakes_the_answer(database: Database) -> None:
    with TwilioStandIn(callbacks=CallbackPlan(before_answer=True)) as far_side:
        twilio = Twilio(database, far_side)
        with database.begin() as session:
            queue(session)
        assert twilio.deliver()["sent"] == 1
        row = row_of(database)
        assert (row.state, row.provider_id) == (OutboundState.DELIVERED, far_side.accepted[0].sid)


@pytest.mark.parametrize("callbacks", [False, True])
def test_a_flaky_provider(database: Database, callbacks: bool) -> None:
    """A fifth 5xx, and resets, hangs and lost answers: every alert arrives, no check-in arrives twice."""
    dice = random.Random(20)
    behaviours = dice.choices(list(ODDS), weights=list(ODDS.values()), k=150)
    plan = CallbackPlan(statuses=("delivered", "sent"), times=2) if callbacks else None
    with TwilioStandIn(callbacks=plan) as far_side:
        twilio = Twilio(database, far_side, timeout=0.5)
        far_side.script(*behaviours)
        with database.begin() as session:
            for number in range(100):
                kind = OutboundKind.ALERT if number % 4 == 0 else OutboundKind.CHECK_IN
                queue(session, f"k{number}", kind=kind, to=f"+447700900{number:03d}")
        twilio.run(timedelta(minutes=18), step=timedelta(seconds=15))
        far_side.settle()
        check_the_truth(database, twilio)


ODDS = {
    Behaviour.OK: 70,
    Behaviour.ERROR_503: 20,
    Behaviour.ACCEPT_THEN_RESET: 5,
    Behaviour.RESET_BEFORE_ACCEPT: 2,
    Behaviour.HANG: 1,
    Behaviour.ACCEPT_THEN_HANG: 2,
}


def check_the_truth(database: Database, twilio: Twilio) -> None:
    with database.read() as session:
        rows = session.scalars(select(OutboundMessage)).all()
    taken = {message.sid for message in twilio.far_side.accepted}
    for row in rows:
        if row.kind is OutboundKind.ALERT:
            assert twilio.taken[row.to] >= 1
            continue
        assert twilio.taken[row.to] <= 1
        settled = OutboundState.DELIVERED, OutboundState.SENT
        assert (row.state in settled) == (twilio.taken[row.to] == 1), "nothing that left stays in doubt"
    known = {row.provider_id for row in rows if row.provider_id}
    assert known <= taken
    assert any(row.state is OutboundState.UNKNOWN for row in rows), "the dice threw no loss"
