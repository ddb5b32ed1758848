"""Several workers at once, threads and processes, on both databases: no text leaves twice."""

import multiprocessing
import threading
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, select, text

from fakes import FakeChannel, FakeClock
from messages.channel import Accepted, ChannelName, OutboundText
from messages.kinds import OutboundKind
from messages.wordings import Wordings
from outgoing import NOON, queue, services_of, yes
from scheduler.delivery import deliver_due
from scheduler.services import Council, Services
from scheduler.settle import settle_unknown
from storage import leases
from storage.database import Database
from storage.outbound import OutboundMessage, OutboundState
from storage.sealing import Keyring, new_key

TEXTS = 120


def fill(database: Database, count: int = TEXTS) -> None:
    kinds = (OutboundKind.CHECK_IN, OutboundKind.ANSWER, OutboundKind.ALERT)
    with database.begin() as session:
        for number in range(count):
            queue(session, f"k{number}", kind=kinds[number % 3], to=f"+447700900{number:03d}")


def drain(services: Services) -> None:
    while deliver_due(services, NOON, limit=7, paces={}, may_send=yes, threads=4).get("claimed"):
        settle_unknown(services, NOON)


def states(database: Database) -> Counter[OutboundState]:
    with database.read() as session:
        return Counter(session.scalars(select(OutboundMessage.state)))


def test_four_threads_send_each_text_once(database: Database) -> None:
    fill(database)
    channel = FakeChannel()
    services = services_of(database, channel)
    threads = [threading.Thread(target=drain, args=(services,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    drain(services)
    assert Counter(Counter(text.id for text in channel.tried).values()) == {1: TEXTS}
    assert states(database) == {OutboundState.SENT: TEXTS}


class Told:
    """A channel that tells another process what it took."""

    name = ChannelName.SMS

    def __init__(self, taken: "multiprocessing.Queue[str]") -> None:
        self._taken = taken

    def send(self, text: OutboundText) -> Accepted:
        self._taken.put(str(text.id))
        return Accepted(provider_id=f"sms-{text.id}")

    def find(self, text: OutboundText, *, since: object) -> Accepted | None:
        return None


def worker(url: str, keys: tuple[str, str], taken: "multiprocessing.Queue[str]") -> None:
    database = Database(url, keyring=Keyring(encryption_keys=keys[0], index_keys=keys[1]))
    drain(
        Services(
            database=database,
            channels={ChannelName.SMS: Told(taken)},
            wordings=Wordings.load(),
            council=Council(),
            clock=FakeClock(NOON),
        )
    )
    database.close()


def test_two_processes_send_each_text_once(database_url: str) -> None:
    keys = (new_key(), new_key())
    database = Database(database_url, keyring=Keyring(encryption_keys=keys[0], index_keys=keys[1]))
    fill(database)
    context = multiprocessing.get_context("spawn")
    taken = context.Queue()
    processes = [context.Process(target=worker, args=(database_url, keys, taken)) for _ in range(2)]
    for process in processes:
        process.start()
    ids = [taken.get(timeout=60) for _ in range(TEXTS)]
    for process in processes:
        process.join(timeout=60)
    assert [process.exitcode for process in processes] == [0, 0]
    assert taken.empty()
    assert len(set(ids)) == TEXTS
    assert states(database) == {OutboundState.SENT: TEXTS}
    database.close()


@pytest.mark.parametrize("urgent", [False, True])
def test_a_lease_keeps_every_other_worker_away(database: Database, urgent: bool) -> None:
    with database.begin() as session:
        queue(session, kind=OutboundKind.ALERT if urgent else OutboundKind.ANSWER)

    def claim(seconds: float) -> list[OutboundMessage]:
        now = NOON + timedelta(seconds=seconds)
        with database.begin() as session:
            return leases.claim(session, now, channels=[ChannelName.SMS], urgent=urgent, limit=5)

    first = claim(0)
    assert [row.lease_until for row in first] == [NOON + timedelta(seconds=15 if urgent else 60)]
    assert [row.body for row in first] == ["How are things?"]
    # Not even a lapsed lease is sent again: it is looked for.
    assert claim(1) == claim(3600) == []


def test_two_open_claims_take_different_rows(postgresql_database_url: str, keyring: Keyring) -> None:
    # Not on SQLite: with its one writer, two claims are never open together.
    database = Database(postgresql_database_url, keyring=keyring)
    fill(database, 6)
    with database.begin() as one, database.begin() as two:
        mine = leases.claim(one, NOON, channels=[ChannelName.SMS], urgent=False, limit=2)
        other = leases.claim(two, NOON, channels=[ChannelName.SMS], urgent=False, limit=2)
        assert len({row.id for row in (*mine, *other)}) == 4
    database.close()


def test_a_claim_takes_the_most_urgent_and_oldest_first(database: Database) -> None:
    with database.begin() as session:
        for number, kind in enumerate((OutboundKind.CHECK_IN, OutboundKind.ANSWER, OutboundKind.CHECK_IN)):
            queue(session, f"k{number}", kind=kind, now=NOON - timedelta(seconds=number))
    with database.begin() as session:
        claimed = leases.claim(session, NOON, channels=[ChannelName.SMS], urgent=False, limit=2)
        assert [row.key for row in claimed] == ["k1", "k2"]


@pytest.mark.parametrize("statement", ["claim", "expire", "unsettled"])
def test_looking_for_what_is_due_reads_an_index_only_as_long_as_what_is_due(
    database: Database, statement: str
) -> None:
    """The plans name the partial indexes: a parameter in place of a literal state would lose them."""
    seen: list[tuple[str, Any]] = []

    @event.listens_for(database.engine, "before_cursor_execute")
    def note(_c: object, _cursor: object, sql: str, values: Any, *_rest: object) -> None:
        if sql.startswith("UPDATE outbound_messages"):
            seen.append((sql, values))

    with database.begin() as session:
        if statement == "claim":
            leases.claim(session, NOON, channels=[ChannelName.SMS], urgent=True, limit=5)
        elif statement == "expire":
            leases.expire(session, NOON, reason="Late.")
        else:
            leases.claim_unsettled(session, NOON, limit=5)
    event.remove(database.engine, "before_cursor_execute", note)
    ((sql, values),) = seen
    with database.engine.connect() as connection:
        if not database.is_sqlite:
            connection.execute(text("SET enable_seqscan = off"))
        explain = "EXPLAIN QUERY PLAN " if database.is_sqlite else "EXPLAIN "
        plan = str(connection.exec_driver_sql(explain + sql, values).all())
    # Both indexes over what is queued cost nothing on an empty table: either shows that the state was seen.
    wanted = {"claim": ("queued",), "expire": ("expiring", "queued"), "unsettled": ("unsettled",)}[statement]
    assert any(f"ix_outbound_messages_{index}" in plan for index in wanted)
