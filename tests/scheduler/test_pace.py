"""The pace of a sender: shared, never exceeded, with room kept for alerts; and the gate that shuts."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes import FakeChannel
from messages.channel import Accepted, ChannelName, Failure, OutboundText, SendError
from messages.kinds import OutboundKind
from outgoing import NOON, keys, queue, row_of, services_of, sms_of, yes
from scheduler import pace
from scheduler.delivery import deliver_due
from scheduler.pace import FAULTS, PACES, PROBE_EVERY, Gate, Pace, gates
from scheduler.services import Services
from storage.database import Database
from storage.markers import Setting
from storage.outbound import OutboundState

SLOW = Pace(per_second=1, burst=3, reserve=2)


def second(number: float) -> timedelta:
    return timedelta(seconds=number)


@given(
    asks=st.lists(st.tuples(st.floats(0, 5), st.integers(1, 4), st.booleans()), min_size=1, max_size=60),
    rate=st.floats(0.5, 30),
)
def test_in_any_time_no_more_leaves_than_the_pace_allows(
    asks: list[tuple[float, int, bool]], rate: float
) -> None:
    gate = Gate(pace=Pace(per_second=rate, burst=3, reserve=2))
    now, taken = NOON, []
    for wait, units, urgent in asks:
        now += second(wait)
        if gate.take(now, units=units, urgent=urgent, address="") is None:
            taken.append((now, units))
    for first, (start, _) in enumerate(taken):
        for end, _ in taken[first:]:
            sent = sum(units for at, units in taken if start <= at <= end)
            # The last text of a burst may have several parts: they leave together.
            assert sent <= 3 + 2 + 3 + (end - start).total_seconds() * rate + 1e-3


def test_alerts_find_room_behind_a_full_queue() -> None:
    gate = Gate(pace=SLOW)
    ordinary = [gate.take(NOON, units=1, urgent=False, address="") for _ in range(4)]
    assert ordinary == [None, None, None, NOON + second(1)]
    assert [gate.take(NOON, units=1, urgent=True, address="") for _ in range(2)] == [None, None]
    assert gate.take(NOON, units=1, urgent=True, address="") is not None


def test_one_chat_rests_while_others_go_on() -> None:
    gate = Gate(pace=Pace(per_second=25, burst=5, reserve=0, same_address=second(1)))
    assert gate.take(NOON, units=1, urgent=False, address="a") is None
    assert gate.take(NOON, units=1, urgent=False, address="a") == NOON + second(1)
    assert gate.take(NOON, units=1, urgent=False, address="b") is None
    assert gate.take(NOON + second(1), units=1, urgent=False, address="a") is None


def test_a_gate_is_the_same_after_it_was_written_down() -> None:
    gate = Gate(pace=SLOW)
    gate.take(NOON, units=2, urgent=False, address="a")
    gate.throttled(NOON, 34)
    gate.refused_altogether(NOON)
    gate.refused_words(NOON)
    assert Gate.of(gate.value(), SLOW) == gate


def test_a_sender_that_is_refused_is_shut_and_probed() -> None:
    gate = Gate()
    for _ in range(FAULTS):
        assert gate.take(NOON, units=1, urgent=True, address="") is None
        gate.refused_altogether(NOON)
    later = NOON + PROBE_EVERY
    assert gate.take(NOON, units=1, urgent=True, address="") == later
    assert gate.take(later, units=1, urgent=False, address="") is None
    assert gate.take(later, units=1, urgent=False, address="") == later + PROBE_EVERY
    gate.worked()
    assert gate.take(later, units=1, urgent=False, address="") is None


def test_refused_words_are_counted_for_an_hour() -> None:
    gate = Gate()
    assert [gate.refused_words(NOON + timedelta(minutes=40 * step)) for step in range(3)] == [1, 2, 2]


def test_workers_share_one_pace(database: Database) -> None:
    def take() -> bool:
        with database.begin() as session, gates(session, PACES, {ChannelName.SMS: SLOW}, NOON) as opened:
            return opened[ChannelName.SMS].take(NOON, units=1, urgent=False, address="") is None

    assert [take() for _ in range(5)] == [True, True, True, False, False]


def test_the_settings_change_the_pace(database: Database) -> None:
    with database.begin() as session:
        assert pace.load(session) == PACES
        session.add(Setting(name="sms_per_second", value=10, at=NOON))
        session.add(Setting(name="telegram_per_second", value=0, at=NOON))
    with database.read() as session:
        assert set(pace.load(session)) == {ChannelName.SMS}
        assert pace.load(session)[ChannelName.SMS].per_second == 10


def deliver(services: Services, seconds: float = 0) -> dict[str, int]:
    paces = {ChannelName.SMS: SLOW}
    return deliver_due(services, NOON + second(seconds), paces=paces, may_send=yes)


def test_what_finds_no_room_keeps_its_place(database: Database) -> None:
    services = services_of(database)
    with database.begin() as session:
        for number in range(5):
            queue(session, f"k{number}", to=f"+44770090030{number}", now=NOON - second(5 - number))
    assert deliver(services) == {"claimed": 3, "held": 2, "sent": 3}
    assert deliver(services) == {}
    assert row_of(database, "k3").due_at == NOON - second(2)
    assert deliver(services, 1) == {"claimed": 1, "held": 1, "sent": 1}
    with database.begin() as session:
        queue(session, "alert", kind=OutboundKind.ALERT, to="+447700900400")
    deliver(services, 1.5)
    deliver(services, 3)
    order = [text.to[-3:] for text in sms_of(services).accepted]
    assert order == ["300", "301", "302", "303", "400", "304"]


def test_a_text_of_three_parts_takes_the_room_of_three(database: Database) -> None:
    services = services_of(database)
    with database.begin() as session:
        queue(session, "long", body="x" * 400, now=NOON - second(1))
        queue(session, "next", to="+447700900301")
    assert deliver(services)["sent"] == 1
    assert row_of(database, "next").state is OutboundState.QUEUED


def test_a_shut_sender_keeps_the_queue_pages_and_recovers(database: Database) -> None:
    down = SendError(Failure.CONFIGURATION, "The account refuses all texts.", code="20003")
    sms, email = FakeChannel(), FakeChannel(name=ChannelName.EMAIL)
    sms.script.extend([down] * (FAULTS + 1))
    services = services_of(database, sms, email)
    with database.begin() as session:
        for number in range(6):
            queue(session, f"k{number}", to=f"+44770090030{number}", now=NOON - second(9 - number))

    def once(seconds: float) -> dict[str, int]:
        return deliver_due(services, NOON + second(seconds), paces={}, may_send=yes, limit=FAULTS)

    assert once(0) == {"claimed": 3, "held": 3}
    assert once(1) == {"claimed": 1, "sent": 1}, "shut, but for the page by another way"
    assert len(email.accepted) == 1
    assert once(60)["claimed"] == 1, "one probe, and it fails"
    assert once(61) == {}
    assert once(120) == {"claimed": 1, "held": 2, "sent": 1}, "one probe, and it works"
    numbers = [once(180).get("sent", 0) for _ in range(3)]
    assert sum(numbers) == 5
    assert {row_of(database, f"k{number}").attempts for number in range(6)} == {1}
    assert len(keys(database, OutboundKind.OPERATOR_PAGE)) == 1


def test_one_number_that_the_account_may_not_text_stops_nobody_else(database: Database) -> None:
    class Abroad(FakeChannel):
        def send(self, text: OutboundText) -> Accepted:
            if text.to.startswith("+33"):
                raise SendError(Failure.CONFIGURATION, "Not this country.", code="21408")
            return FakeChannel.send(self, text)

    services = services_of(database, Abroad())
    with database.begin() as session:
        queue(session, "abroad", to="+33639981234", now=NOON - second(9))
        for number in range(3):
            queue(session, f"k{number}", to=f"+44770090030{number}")
    for second_of_pass in (0, 1, 2, 3, 59, 61, 62):
        deliver_due(services, NOON + second(second_of_pass), limit=1, paces={}, may_send=yes)
    assert len(sms_of(services).accepted) == 3
    assert row_of(database, "abroad").due_at == NOON + second(121)


@pytest.mark.parametrize("channel", [ChannelName.SMS, ChannelName.TELEGRAM])
def test_every_default_leaves_room_for_alerts(channel: ChannelName) -> None:
    assert PACES[channel].reserve > 0
