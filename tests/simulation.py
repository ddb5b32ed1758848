"""A cohort that lives: people answer or do not, pause, move, are arrested, stop; the worker is down at times.

Every text that leaves is judged at the moment it leaves. What remains (each slot once, or skipped with a
reason) is judged at the end.
"""

import random
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from uuid import UUID

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from cohort import Cohort
from messages.channel import OutboundText
from messages.kinds import AlertKind, OutboundKind
from scheduler import alerts, rules, silence, slots, states
from scheduler.circumstances import hold_of, zone_of
from scheduler.local_time import day_of, local
from scheduler.rules import DEFAULTS
from storage import addresses, people
from storage import alerts as alert_records
from storage.addresses import OptOutSource
from storage.alerts import Alert, AlertState, Outcome
from storage.check_ins import CheckIn, CheckInState
from storage.database import Database
from storage.outbound import OutboundMessage, OutboundState
from storage.people import Cadence, Person, Risk, StateKind

HOUR = timedelta(hours=1)
WINDOWS = ((None, None), (time(9), time(12)), (time(12), time(17)), (time(17), time(20)), (time(18), None))
ZONES = ("Australia/Sydney", "America/New_York", "Asia/Kathmandu")
#: Life events of one person in a year, on average.
EVENTS_A_YEAR = 8


def never_mind_power_cuts(database: Database) -> Database:
    """A simulation may lose its database: it need not wait for the disk."""

    @event.listens_for(database.engine, "connect")
    def hasten(connection: object, _record: object) -> None:
        connection.execute("PRAGMA synchronous=OFF")  # type: ignore[attr-defined]

    return database


@dataclass
class Simulation:
    cohort: Cohort
    seed: int = 1
    #: Tick at every hour, or only where something is due.
    every_hour: bool = False
    everybody: list[UUID] = field(default_factory=list)
    #: Nothing ever happens to them: their slots must be exactly as planned.
    steady: list[UUID] = field(default_factory=list)
    seen_due: set[tuple[UUID, date]] = field(default_factory=set)
    left: dict[UUID, list[OutboundMessage]] = field(default_factory=lambda: defaultdict(list))
    faults: list[str] = field(default_factory=list)
    happened: Counter[str] = field(default_factory=Counter)
    down_until: datetime | None = None
    _judged: Counter[str] = field(default_factory=Counter)
    #: When something falls due next; None: must be looked up.
    _next_due: datetime | None = None

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)

    def populate(self, count: int) -> None:
        for number in range(count):
            choose = self.random.choice
            steady = number % 5 == 0
            window = (None, None) if steady else choose(WINDOWS)
            row_id = self.cohort.person(
                f"P{number}",
                id=UUID(int=self.random.getrandbits(128), version=4),
                welcomed=False,
                cadence=choose(list(Cadence)[:3]),
                risk=Risk.STANDARD if steady else choose(list(Risk)),
                preferred_day=choose([None, *range(7)]),
                window_from=window[0],
                window_to=window[1],
            )
            (self.steady if steady else self.everybody).append(row_id)
            if number % 3 == 0:
                self.cohort.telegram(row_id, chat=str(5_000_000 + number))

    # Time

    def run(self, *, days: int) -> None:
        until = self.cohort.now + timedelta(days=days)
        while self.cohort.now < until:
            self._live_an_hour()
            self.cohort.now += HOUR

    def _live_an_hour(self) -> None:
        now = self.cohort.now
        if self.random.random() < len(self.everybody) * EVENTS_A_YEAR / 8766:
            self._something_happens(self.random.choice(self.everybody))
        if now.hour % 4 == 0:
            self._some_answer()
        if self.down_until is None and self.random.random() < 1 / 500:
            self.down_until = now + self.random.choice([3, 6, 14, 62, 200]) * HOUR
            self.happened["outage"] += 1
        if self.down_until is not None and now < self.down_until:
            return
        self.down_until = None
        if self.random.random() < 1 / 2000:
            self.happened["clock went back"] += 1
            self._tick(now - HOUR)
        self._tick(now)

    def _tick(self, now: datetime) -> None:
        if not self.every_hour:
            self._next_due = self._next_due or self.cohort.next_due() or now + HOUR
            if self._next_due > now:
                return
            self._next_due = None
        self._note_due(now)
        back = self.cohort.now
        self.cohort.tick(now)
        self.cohort.now = back
        self._judge_new(now)

    def _note_due(self, now: datetime) -> None:
        with self.cohort.database.read() as session:
            for person in session.scalars(select(Person).where(Person.next_check_in_at <= now)):
                assert person.next_check_in_at is not None
                zone = zone_of(session, person.id, now)
                self.seen_due.add((person.id, day_of(person.next_check_in_at, zone)))

    # What people do

    def _some_answer(self) -> None:
        with self.cohort.database.read() as session:
            waiting = session.execute(
                select(CheckIn.person_id, CheckIn.created_at).where(
                    CheckIn.state == CheckInState.OPEN, CheckIn.next_step_at.is_not(None)
                )
            ).all()
        for person_id, _ in sorted(waiting):
            # Some always answer soon, some hardly ever.
            if self.random.random() < (person_id.int % 7) ** 2 / 170:
                self.happened["answer"] += 1
                self._next_due = None
                self.cohort.answers(person_id, mood=self.random.choice([-1, 0, 1]))

    def _something_happens(self, person_id: UUID) -> None:
        what = self.random.choice(
            [self._choose, self._pause, self._state, self._state, self._stop, self._alarm]
        )
        self.happened[what.__name__.strip("_")] += 1
        self._next_due = None
        with self.cohort.database.begin() as session:
            person = session.get_one(Person, person_id)
            what(session, person)
            session.flush()
            in_force = rules.load(session)
            slots.plan_next(session, person, in_force, now=self.cohort.now)
            silence.retime(session, person, in_force, now=self.cohort.now)

    def _choose(self, session: Session, person: Person) -> None:
        person.cadence = self.random.choice(list(Cadence))
        person.preferred_day = self.random.choice([None, *range(7)])
        person.window_from, person.window_to = self.random.choice(WINDOWS)
        person.risk = self.random.choice(list(Risk))
        person.preferred_channel = self.random.choice([None, "sms", "telegram"])

    def _pause(self, session: Session, person: Person) -> None:
        paused = person.paused_until is not None and person.paused_until > self.cohort.now
        person.paused_until = None if paused else self.cohort.now + DEFAULTS.pause

    def _state(self, session: Session, person: Person) -> None:
        today = day_of(self.cohort.now, self.cohort.services.council.time_zone)
        running = [state for state in people.states_on(session, person.id, today) if state.ends_on is None]
        for state in running:
            states.end_state(session, state, ends_on=today, now=self.cohort.now)
        if running:
            for address in addresses.of_person(session, person.id):
                if self.random.random() < 0.8:
                    states.confirm_address(session, address, now=self.cohort.now + timedelta(seconds=1))
            return
        kind = self.random.choice(
            [StateKind.CUSTODY, StateKind.MISSING, StateKind.HOSPITAL, StateKind.ABROAD, StateKind.ABROAD]
        )
        states.start_state(
            session,
            person.id,
            kind,
            starts_on=today,
            now=self.cohort.now,
            time_zone=self.random.choice(ZONES) if kind is StateKind.ABROAD else None,
        )

    def _stop(self, session: Session, person: Person) -> None:
        keyring = self.cohort.database.keyring
        for address in addresses.of_person(session, person.id):
            indexes = keyring.indexes(address.value)
            if addresses.opted_out(session, address.channel, indexes):
                addresses.opt_in(session, address.channel, indexes, now=self.cohort.now)
            else:
                addresses.opt_out(
                    session, address.channel, indexes, source=OptOutSource.WORD, now=self.cohort.now
                )

    def _alarm(self, session: Session, person: Person) -> None:
        still = [
            alert
            for alert in alert_records.of_person(session, person.id, open_only=True)
            if alert.kind is AlertKind.MEDICAL
        ]
        for alert in still:
            close(alert, self.cohort.now)
        if not still:
            alerts.open_alert(
                session,
                self.cohort.services,
                kind=AlertKind.MEDICAL,
                key=f"medical:{person.id}:{self.cohort.now}",
                now=self.cohort.now,
                person_id=person.id,
            )

    # Judging

    def _judge_new(self, now: datetime) -> None:
        fresh: list[OutboundText] = []
        for name, channel in self.cohort.channels.items():
            fresh += channel.accepted[self._judged[name] :]
            self._judged[name] = len(channel.accepted)
        if not fresh:
            return
        with self.cohort.database.read() as session:
            found = session.scalars(
                select(OutboundMessage).where(OutboundMessage.id.in_([text.id for text in fresh]))
            ).all()
            if len(found) != len(fresh):
                self.faults.append(f"{now}: a text left twice")
            for row in found:
                if row.kind.automatic and row.person_id:
                    self._judge(session, row, session.get_one(Person, row.person_id), now)
                    self.left[row.person_id].append(row)

    def _judge(self, session: Session, row: OutboundMessage, person: Person, now: datetime) -> None:
        zone = zone_of(session, person.id, now)
        shown = local(now, zone)
        opens, closes = person.window_from or time(9), person.window_to or time(20)
        today = day_of(now, self.cohort.services.council.time_zone)
        keyring = self.cohort.database.keyring
        wrong = {
            "outside the window": not opens <= shown.time() < closes or not 9 <= shown.hour < 20,
            "on a quiet day": (shown.month, shown.day) in DEFAULTS.quiet_days,
            "while paused": person.paused_until is not None and person.paused_until > now,
            "in a state": hold_of(people.states(session, person.id), today) is not None,
            "after STOP": addresses.opted_out(session, row.channel, keyring.indexes(row.to)),
            "during an alert": alert_records.has_open_now(session, person.id),
            "above the ceiling": self._too_much(row, person, now),
            "the same words": self._same_words(row, person),
        }
        self.faults += [f"{row.key} at {shown}: {fault}" for fault, is_so in wrong.items() if is_so]

    def _too_much(self, row: OutboundMessage, person: Person, now: datetime) -> bool:
        with self.cohort.database.read() as session:
            zone = zone_of(session, person.id, now)
        today = day_of(now, zone)
        units = {
            (
                day_of(text.sent_at or now, zone),
                text.check_in_id if text.kind is OutboundKind.NUDGE else text.id,
            )
            for text in [*self.left[person.id], row]
        }
        week = [day for day, _ in units if today - timedelta(days=7) < day <= today]
        return len(week) > DEFAULTS.texts_a_week or week.count(today) > DEFAULTS.texts_a_day

    def _same_words(self, row: OutboundMessage, person: Person) -> bool:
        before = [
            text for text in self.left[person.id] if text.kind is row.kind and text.channel is row.channel
        ]
        return bool(before) and row.kind is OutboundKind.CHECK_IN and before[-1].body == row.body

    def judge_the_end(self) -> None:
        """Each slot that came is a check-in, asked by exactly one text, or skipped with a reason."""
        with self.cohort.database.read() as session:
            rows = session.scalars(select(CheckIn)).all()
            texts: dict[UUID, list[OutboundMessage]] = defaultdict(list)
            for text in session.scalars(
                select(OutboundMessage).where(OutboundMessage.kind == OutboundKind.CHECK_IN)
            ):
                assert text.check_in_id is not None
                texts[text.check_in_id].append(text)
        kept = {(row.person_id, row.slot) for row in rows}
        self.faults += [f"slot {slot} of {who} vanished" for who, slot in self.seen_due - kept]
        for row in rows:
            self._judge_slot(row, texts[row.id])

    def _judge_slot(self, row: CheckIn, texts: list[OutboundMessage]) -> None:
        self.happened["skipped" if row.state is CheckInState.SKIPPED else "asked"] += 1
        gone = [text for text in texts if text.state is OutboundState.SENT]
        if row.state is CheckInState.SKIPPED:
            if gone or not row.reason:
                self.faults.append(f"slot {row.slot} of {row.person_id}: skipped, yet sent or without reason")
        elif len(gone) != 1 and not any(text.reason for text in texts):
            self.faults.append(f"slot {row.slot} of {row.person_id}: {len(gone)} texts")

    def gaps(self, person_id: UUID) -> list[int]:
        """Days from slot to slot."""
        found = [row.slot for row in self.cohort.check_ins(person_id)]
        return [(later - sooner).days for sooner, later in pairwise(found)]


def close(alert: Alert, now: datetime) -> None:
    alert.state, alert.outcome = AlertState.CLOSED, Outcome.SPOKE
    alert.closed_at, alert.next_step_at = now, None
