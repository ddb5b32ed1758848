"""The only way a text leaves: claim by lease, commit, ask once more whether it may, send, record.

Nothing is sent inside a transaction, and every text's outcome is recorded durably as soon as it is known.
A worker that dies in between leaves a lapsed lease, which :mod:`scheduler.settle` finds: what had not begun
goes back into the queue, what may have left is looked for. A row whose lease was used up in waiting for a
thread is put back unsent. Ordinary texts never hold up alerts: they have a
claim, a lease and threads of their own, and a worker may run :func:`deliver_urgent` beside
:func:`deliver_due`.
"""

import threading
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache, cached_property
from typing import Protocol, TypeAlias

import structlog
from sqlalchemy.orm import Session

from messages.channel import Accepted, ChannelName, Failure, OutboundText, SendError
from scheduler import claims, outcomes, pace, permission, refusals, rules
from scheduler.outcomes import Result
from scheduler.pace import Pace, gates
from scheduler.permission import Verdict
from scheduler.refusals import Refusal
from scheduler.rules import Rules
from scheduler.services import Services
from storage import leases
from storage.leases import LEASE, URGENT_LEASE
from storage.outbound import OutboundMessage

#: Urgent texts are claimed a few at a time, so that their short lease is enough.
URGENT_AT_ONCE = 8
THREADS = 16
#: A channel may take ten seconds; a lease with less left than this is too short to begin with.
_ONE_SEND = timedelta(seconds=12)
#: How long the provider may keep an alert before the next person is told instead.
_URGENT_VALIDITY = 300
_LONGEST_VALIDITY = 14_400
#: When the question whether a text may leave could not be answered.
_ASK_LATER = timedelta(seconds=60)

log = structlog.get_logger()

#: Accepted, refused, or (None) not even begun.
_Answer: TypeAlias = Accepted | Refusal | None


class Permission(Protocol):
    def __call__(
        self, session: Session, services: Services, rules: Rules, message: OutboundMessage, *, now: datetime
    ) -> Verdict: ...


def deliver_due(
    services: Services,
    now: datetime,
    *,
    limit: int = 50,
    threads: int = THREADS,
    paces: Mapping[ChannelName, Pace] | None = None,
    may_send: Permission = permission.may_send,
    stopping: threading.Event | None = None,
) -> dict[str, int]:
    """One pass: urgent texts first, then at most ``limit`` others. Its numbers; empty when nothing was due.

    ``claimed`` says whether another pass at once may find more. ``paces``: None for those in force, an
    empty mapping for no limit. Once ``stopping`` is set, no further send is begun.
    """
    work = _Pass(services=services, now=now, may_send=may_send, stopping=stopping, given_paces=paces)
    if work.anything_due():
        work.give_up_stale()
        work.run(urgent=True, limit=URGENT_AT_ONCE, threads=URGENT_AT_ONCE)
        work.run(urgent=False, limit=limit, threads=threads)
    return {name: count for name, count in work.numbers.items() if count}


def deliver_urgent(
    services: Services,
    now: datetime,
    *,
    paces: Mapping[ChannelName, Pace] | None = None,
    may_send: Permission = permission.may_send,
    stopping: threading.Event | None = None,
) -> dict[str, int]:
    """As :func:`deliver_due`, for alerts, danger answers and operator pages alone."""
    work = _Pass(services=services, now=now, may_send=may_send, stopping=stopping, given_paces=paces)
    if work.anything_due():
        work.run(urgent=True, limit=URGENT_AT_ONCE, threads=URGENT_AT_ONCE)
    return {name: count for name, count in work.numbers.items() if count}


@cache
def _pool(name: str, threads: int) -> ThreadPoolExecutor:
    """Kept from pass to pass: a channel's connection belongs to its thread."""
    return ThreadPoolExecutor(threads, thread_name_prefix=f"deliver-{name}")


@dataclass(slots=False, kw_only=True)
class _Pass:
    services: Services
    now: datetime
    may_send: Permission
    stopping: threading.Event | None
    given_paces: Mapping[ChannelName, Pace] | None
    numbers: Counter[str] = field(default_factory=Counter)
    #: Senders whose account was refused before this pass: a success must be told to the others.
    troubled: set[ChannelName] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._began = self.services.clock()

    @cached_property
    def paces(self) -> Mapping[ChannelName, Pace]:
        if self.given_paces is not None:
            return self.given_paces
        with self.services.database.read() as session:
            return pace.load(session)

    def moment(self) -> datetime:
        """``now`` and the time that this pass has taken so far; never before ``now``."""
        return self.now + max(self.services.clock() - self._began, timedelta(0))

    def anything_due(self) -> bool:
        with self.services.database.read() as session:
            return leases.due(session, self.now)

    def give_up_stale(self) -> None:
        with self.services.database.begin() as session:
            for message in leases.expire(session, self.now, reason="Too late to be worth sending."):
                outcomes.never_left(session, message, now=self.now)
                self.numbers["expired"] += 1

    def run(self, *, urgent: bool, limit: int, threads: int) -> None:
        found = claims.claim(self.services, self.now, self.paces, urgent=urgent, limit=limit)
        self.troubled |= found.troubled
        self.numbers.update(claimed=len(found.taken), held=found.held)
        begun = self.begin(self.allowed(found.taken))
        ends = self.now + (URGENT_LEASE if urgent else LEASE) - _ONE_SEND
        pool = _pool("urgent" if urgent else "rest", threads)
        futures = {pool.submit(self.send, message, ends): message for message in begun}
        waiting: set[Future[_Answer]] = set(futures)
        while waiting:
            done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            self.record([(futures[future], future.result()) for future in done])

    # Ask once more

    def allowed(self, claimed: Sequence[OutboundMessage]) -> list[OutboundMessage]:
        if not claimed:
            return []
        with self.services.database.read() as session:
            in_force = rules.load(session)
            verdicts = [(message, self.verdict(session, in_force, message)) for message in claimed]
        stopped = [(message, verdict) for message, verdict in verdicts if not verdict.allowed]
        if stopped:
            self.stop(stopped)
        return [message for message, verdict in verdicts if verdict.allowed]

    def verdict(self, session: Session, in_force: Rules, message: OutboundMessage) -> Verdict:
        try:
            return self.may_send(session, self.services, in_force, message, now=self.now)
        except Exception as error:  # noqa: BLE001  (one row that cannot be checked must not stop the rest)
            log.warning("may_send_failed", outbound=str(message.id), error=type(error).__name__)
            if message.kind.to_staff:
                return Verdict(allowed=True)  # an alert is never held up by a fault of ours
            return Verdict(allowed=False, reason="It could not be checked.", later=self.now + _ASK_LATER)

    def begin(self, allowed: Sequence[OutboundMessage]) -> Sequence[OutboundMessage]:
        if not allowed:
            return []
        with self.services.database.begin() as session:
            ours = leases.begin(session, allowed, self.moment())
        self.numbers[Result.FENCED] += len(allowed) - len(ours)
        return [message for message in allowed if message.id in ours]

    def stop(self, stopped: Iterable[tuple[OutboundMessage, Verdict]]) -> None:
        verdicts = {message.id: (message.lease_token, verdict) for message, verdict in stopped}
        with self.services.database.begin() as session:
            for message in leases.locked(session, verdicts.keys()).values():
                token, verdict = verdicts[message.id]
                if message.lease_token != token:
                    self.numbers[Result.FENCED] += 1
                elif verdict.later is not None and outcomes.postponed(
                    session, message, verdict.later, verdict.reason, now=self.now
                ):
                    self.numbers["postponed"] += 1
                else:
                    if verdict.later is None:
                        outcomes.skipped(session, message, verdict.reason, now=self.now)
                    self.numbers["skipped"] += 1

    # Send

    def send(self, message: OutboundMessage, ends: datetime) -> _Answer:
        """In a thread of the pool, with no transaction open."""
        moment = self.moment()
        if moment > ends or (self.stopping is not None and self.stopping.is_set()):
            return None
        try:
            return self.services.channels[message.channel].send(text_of(message, moment))
        except SendError as error:
            return Refusal.of(error)
        except Exception as error:  # noqa: BLE001  (whatever it was, the text may have left)
            log.warning("channel_failed", outbound=str(message.id), error=type(error).__name__)
            return Refusal(
                failure=Failure.AMBIGUOUS,
                words="The sending program failed: the text may have left.",
                code=type(error).__name__,
            )

    # Record

    def record(self, answers: Sequence[tuple[OutboundMessage, _Answer]]) -> None:
        """Those accepted together; each of the others by itself, since much may follow from it."""
        taken = [pair for pair in answers if isinstance(pair[1], Accepted)]
        rest = [[pair] for pair in answers if not isinstance(pair[1], Accepted)]
        for together in ([taken] if taken else []) + rest:
            if not self.recorded(together) and len(together) > 1:
                for pair in together:
                    self.recorded([pair])

    def recorded(self, answers: Sequence[tuple[OutboundMessage, _Answer]]) -> bool:
        """One unit of work. False: it could not be written, and the lease will lapse."""
        results: list[str] = []
        at = self.moment()
        try:
            with self.services.database.begin() as session:
                rows = leases.locked(session, [message.id for message, _ in answers])
                for message, answer in answers:
                    results.append(self.apply(session, rows[message.id], message, answer, at))
                self.tell_recovered(session, answers, at)
        except Exception as error:  # noqa: BLE001  (the other outcomes must still be written)
            log.warning("record_failed", error=type(error).__name__)
            self.numbers["unrecorded"] += len(answers) if len(answers) == 1 else 0
            return False
        self.numbers.update(results)
        return True

    def apply(
        self,
        session: Session,
        row: OutboundMessage,
        claimed: OutboundMessage,
        answer: _Answer,
        at: datetime,
    ) -> str:
        if isinstance(answer, Accepted):
            # Proof that it left counts whoever holds the row by now: no row is sent twice.
            return outcomes.accepted(session, row, answer, at)
        if row.lease_token != claimed.lease_token or row.state is not claimed.state:
            return Result.FENCED
        if answer is None:
            outcomes.put_back(row)
            return "not_begun"
        return refusals.refused(session, self.services, row, answer, at=at, paces=self.paces)

    def tell_recovered(
        self, session: Session, answers: Iterable[tuple[OutboundMessage, _Answer]], at: datetime
    ) -> None:
        worked = {message.channel for message, answer in answers if isinstance(answer, Accepted)}
        if worked & self.troubled:
            with gates(session, worked & self.troubled, self.paces, at) as opened:
                for gate in opened.values():
                    gate.worked()
            self.troubled -= worked


def text_of(message: OutboundMessage, now: datetime) -> OutboundText:
    """The row as its channel takes it."""
    left = int((message.expires_at - now).total_seconds())
    longest = _URGENT_VALIDITY if message.kind.repeatable else _LONGEST_VALIDITY
    return OutboundText(
        id=message.id,
        to=message.to,
        body=message.body,
        subject=message.subject,
        buttons=message.choices,
        valid_for=min(max(left, 1), longest),
    )
