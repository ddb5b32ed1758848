"""Going through time honestly: from one due moment to the next, each thing is done at its time."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import Select, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from bot.demo.clock import MovableClock
from bot.demo.living import Act
from bot.worker import pick_up
from scheduler import jobs
from scheduler.delivery import deliver_due
from scheduler.services import Services
from storage.alerts import Alert
from storage.check_ins import CheckIn
from storage.outbound import OutboundMessage, OutboundState
from storage.people import Enrolment, Person

#: No jump is longer: what was left undone for whatever reason gets another look.
LONGEST_STEP = timedelta(minutes=30)
#: Several things within one minute are done together.
SHORTEST_STEP = timedelta(seconds=20)
#: Passes of delivery at one moment; each sends what the one before has made ready.
_PASSES = 20
_DUE: tuple[InstrumentedAttribute[Any], ...] = (
    Person.next_check_in_at,
    Person.touch_check_at,
    CheckIn.next_step_at,
    Alert.next_step_at,
    Enrolment.welcome_after,
    Enrolment.reconfirm_at,
)


class Lives(Protocol):
    """Whoever acts by themselves while time passes."""

    def acts(self, session: Session, since: datetime, until: datetime) -> Iterator[Act]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Traveller:
    """Winds ``clock`` forward; ``alone`` keeps others from working during each step."""

    services: Services
    clock: MovableClock
    lives: tuple[Lives, ...] = ()
    alone: Callable[[], AbstractContextManager[object]] = nullcontext
    longest_step: timedelta = LONGEST_STEP
    numbers: Counter[str] = field(default_factory=Counter)
    #: When the jobs ran last: one moment, or none yet.
    last_jobs: list[datetime] = field(default_factory=list)

    def go(self, until: datetime) -> Counter[str]:
        """Live through all the time from now to ``until``. What was done, counted by name."""
        while self.clock() < until:
            self.step(until)
        return self.numbers

    def go_until_sent(self, furthest: datetime) -> Counter[str]:
        """Go on until a text has left, but no further than ``furthest``."""
        before = self.numbers["sent"]
        while self.clock() < furthest and self.numbers["sent"] == before:
            self.step(furthest)
        return self.numbers

    def step(self, until: datetime) -> datetime:
        """One jump, at most to ``until``; where it led."""
        with self.alone():
            return self._step(self.clock(), until)

    def _step(self, now: datetime, until: datetime) -> datetime:
        acts = sorted(self._acts(now, until), key=lambda act: act.at)
        moment = self._next_moment(now, until, acts[0].at if acts else None)
        for act in acts:
            if act.at <= moment:
                self.clock.move_to(act.at)
                act.do()
                self.numbers["acts"] += 1
        self.clock.move_to(moment)
        self.tick(moment)
        return moment

    def _jobs_due(self, now: datetime) -> bool:
        """Jobs touch only what is due: where nothing is, they need not even look."""
        if self.last_jobs and now - self.last_jobs[0] < self.longest_step:
            with self.services.database.read() as session:
                return any(session.scalars(look.limit(1)).first() is not None for look in _looks(now))
        return True

    def _acts(self, now: datetime, until: datetime) -> list[Act]:
        horizon = min(until, now + self.longest_step)
        with self.services.database.read() as session:
            return [act for life in self.lives for act in life.acts(session, now, horizon)]

    def _next_moment(self, now: datetime, until: datetime, act_at: datetime | None) -> datetime:
        with self.services.database.read() as session:
            due = next_due(session, now)
        soonest = min(at for at in (due, act_at, now + self.longest_step) if at is not None)
        return min(max(soonest, now + SHORTEST_STEP), until)

    def tick(self, now: datetime) -> None:
        """One pass of everything, as the worker would make it at ``now``."""
        services = self.services.at(now)
        pick_up(services)
        if self._jobs_due(now):
            self.last_jobs[:] = [now]
            for name, done in jobs.run_all(services, now).items():
                self.numbers.update({f"{name}.{what}": count for what, count in done.items() if count})
        for _ in range(_PASSES):
            done = deliver_due(services, now, paces={})
            self.numbers.update(done)
            if not done.get("claimed"):
                break


def _looks(now: datetime) -> Iterator[Select[Any]]:
    for column in _DUE:
        yield select(column).where(column <= now)
    yield select(Enrolment.id).where(Enrolment.welcomed_at.is_(None), Enrolment.ended_at.is_(None))
    yield select(OutboundMessage.id).where(
        OutboundMessage.state.in_([OutboundState.SENDING, OutboundState.UNKNOWN])
    )


def next_due(session: Session, now: datetime) -> datetime | None:
    """The first moment after ``now`` at which the clock or the outbox has something to do."""
    found = [
        session.scalars(select(column).where(column > now).order_by(column).limit(1)).first()
        for column in _DUE
    ]
    queued = select(OutboundMessage.due_at).where(
        OutboundMessage.state == OutboundState.QUEUED, OutboundMessage.due_at > now
    )
    found.append(session.scalars(queued.order_by(OutboundMessage.due_at).limit(1)).first())
    return min((at for at in found if at is not None), default=None)
