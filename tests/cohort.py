"""An invented cohort for tests of the clock: people with phones, and what reaches them, hour by hour."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fakes import FakeChannel, FakeClock
from messages.channel import ChannelName
from messages.kinds import ContactMethod
from messages.wordings import Wordings
from scheduler import check_ins, lost_touch, rules, silence, slots, welcome
from scheduler.delivery import deliver_due
from scheduler.services import Council, Services
from storage import people
from storage.addresses import Address
from storage.alerts import Alert
from storage.base import UtcDateTime
from storage.check_ins import CheckIn
from storage.contacts import Contact, Direction, Layer
from storage.database import Database
from storage.inbound import InboundMessage
from storage.outbound import OutboundMessage, OutboundState
from storage.people import AllocationRole, Enrolment, Person, Status
from storage.staff import Role, Staff, Team

#: One for all tests: it never changes, and reading fourteen languages takes a moment.
WORDINGS = Wordings.load()

#: A Tuesday, 10:00 in London.
TUESDAY = datetime(2026, 11, 24, 10, tzinfo=UTC)
JOBS = (
    welcome.send_welcomes,
    check_ins.ask_check_ins,
    silence.take_silence_steps,
    welcome.reconfirm_numbers,
    lost_touch.follow_lost_touch,
)


#: When anything falls due next, in each of the places where that is written.
_NEXT_DUE = select(
    *(
        select(func.min(column)).where(*where).scalar_subquery()
        for column, where in (
            (Person.next_check_in_at, ()),
            (Person.touch_check_at, ()),
            (CheckIn.next_step_at, ()),
            (Enrolment.reconfirm_at, ()),
            (OutboundMessage.due_at, (OutboundMessage.state == OutboundState.QUEUED,)),
            (
                func.coalesce(Enrolment.welcome_after, Enrolment.created_at, type_=UtcDateTime()),
                (Enrolment.welcomed_at.is_(None), Enrolment.ended_at.is_(None)),
            ),
        )
    )
)


@dataclass
class Cohort:
    database: Database
    now: datetime = TUESDAY
    channels: dict[ChannelName, FakeChannel] = field(init=False)
    services: Services = field(init=False)
    _numbers: Any = field(default_factory=lambda: count(100))

    def __post_init__(self) -> None:
        self.channels = {
            name: FakeChannel(name=name)
            for name in (ChannelName.SMS, ChannelName.TELEGRAM, ChannelName.EMAIL)
        }
        self.services = Services(
            database=self.database,
            channels=self.channels,
            wordings=WORDINGS,
            council=Council(name="Westhaven", public_url="https://kit.example.org"),
            clock=FakeClock(self.now),
        )
        with self.database.begin() as session:
            team = Team(name="Harbour")
            session.add(team)
            session.flush()
            sam = Staff(
                email="sam@westhaven.example",
                name="Sam Okafor",
                role=Role.ADVISER,
                team_id=team.id,
                phone="+447700900001",
                created_at=self.now,
            )
            session.add(sam)
            self.team_id, self.adviser_id = team.id, sam.id

    def person(
        self, name: str = "Jay", *, enrolled: bool = True, welcomed: bool = True, **facts: Any
    ) -> UUID:
        """Somebody of Sam's with a confirmed mobile, enrolled and welcomed a month ago."""
        known: dict[str, Any] = {"date_of_birth": date(2006, 5, 4), "status": Status.FORMER_RELEVANT}
        then = self.now - timedelta(days=30) if welcomed else self.now
        number = next(self._numbers)
        with self.database.begin() as session:
            person = Person(
                case_id=f"WH-{number}",
                first_name=name,
                last_name="Whitlock",
                team_id=self.team_id,
                created_at=then,
                **(known | facts),
            )
            session.add(person)
            session.flush()
            session.add(
                Address(
                    person_id=person.id,
                    channel=ChannelName.SMS,
                    value=f"+4477009{number:05}",
                    confirmed_at=then,
                    safe_to_text=True,
                    starts_at=then,
                )
            )
            people.allocate(session, person.id, self.adviser_id, role=AllocationRole.ADVISER, now=then)
            if enrolled:
                self.enrol(session, person, then, welcomed_at=then if welcomed else None)
            slots.plan_next(session, person, rules.load(session), now=self.now)
        return person.id

    def enrol(self, session: Session, person: Person, at: datetime, *, welcomed_at: datetime | None) -> None:
        session.add(
            Enrolment(
                person_id=person.id,
                enrolled_on=at.date(),
                number_confirmed_on=at.date(),
                safe_to_text=True,
                safe_to_ring=True,
                told_how_to_stop=True,
                created_at=at,
                welcomed_at=welcomed_at,
            )
        )
        session.flush()

    def telegram(self, person_id: UUID, chat: str = "5550001") -> None:
        with self.database.begin() as session:
            session.add(
                Address(
                    person_id=person_id,
                    channel=ChannelName.TELEGRAM,
                    value=chat,
                    confirmed_at=self.now,
                    starts_at=self.now,
                )
            )

    def change(self, person_id: UUID, **facts: Any) -> None:
        with self.database.begin() as session:
            person = session.get_one(Person, person_id)
            for name, value in facts.items():
                setattr(person, name, value)
            session.flush()
            if "next_check_in_at" not in facts:
                slots.plan_next(session, person, rules.load(session), now=self.now)

    def due_now(self, person_id: UUID) -> None:
        self.change(person_id, next_check_in_at=self.now)

    # What happens

    def tick(self, now: datetime | None = None) -> dict[str, dict[str, int]]:
        """One pass of the clock, then everything that is due leaves."""
        self.now = now or self.now
        numbers = {job.__name__: job(self.services, self.now) for job in JOBS}
        assert not any("failed" in counts for counts in numbers.values()), numbers
        while deliver_due(self.services, self.now, paces={}).get("claimed"):
            pass
        return numbers

    def passes(self, *, every: timedelta = timedelta(hours=1), **time: float) -> None:
        """Time passes with a tick at each step of ``every`` at which anything is due."""
        until = self.now + timedelta(**time)
        while self.now < until:
            idle = max(timedelta(0), (self.next_due() or until) - self.now)
            self.now = min(self.now + max(1, -(-idle // every)) * every, until)
            if (self.next_due() or until) <= self.now:
                self.tick()

    def next_due(self) -> datetime | None:
        with self.database.read() as session:
            return min((at for at in session.execute(_NEXT_DUE).one() if at is not None), default=None)

    def answers(self, person_id: UUID, mood: int | None = 1) -> None:
        """A two-way text, as the conversation records one."""
        with self.database.begin() as session:
            message = InboundMessage(
                channel=ChannelName.SMS,
                provider_id=f"SM{next(self._numbers)}",
                received_at=self.now,
                sender="+447700900555",
                body="1",
                person_id=person_id,
                handled_at=self.now,
            )
            session.add(message)
            session.flush()
            session.add(
                Contact(
                    person_id=person_id,
                    at=self.now,
                    direction=Direction.TWO_WAY,
                    method=ContactMethod.TEXT,
                    layer=Layer.TEXT,
                    inbound_id=message.id,
                    recorded_at=self.now,
                )
            )
            session.flush()
            silence.record_answer(session, person_id, inbound_id=message.id, mood=mood, now=self.now)
            lost_touch.regain(session, person_id, now=self.now)

    # What can be seen

    def texts(self, person_id: UUID) -> list[OutboundMessage]:
        """Everything ever queued for somebody, in the order in which it was due."""
        with self.database.read() as session:
            rows = session.scalars(
                select(OutboundMessage)
                .where(OutboundMessage.person_id == person_id)
                .order_by(OutboundMessage.due_at, OutboundMessage.id)
            )
            return [row for row in rows if not row.kind.to_staff]

    def check_ins(self, person_id: UUID) -> list[CheckIn]:
        with self.database.read() as session:
            return list(
                session.scalars(
                    select(CheckIn).where(CheckIn.person_id == person_id).order_by(CheckIn.due_at)
                )
            )

    def alerts(self, person_id: UUID) -> Sequence[Alert]:
        with self.database.read() as session:
            return session.scalars(
                select(Alert).where(Alert.person_id == person_id).order_by(Alert.opened_at)
            ).all()

    def get(self, person_id: UUID) -> Person:
        with self.database.read() as session:
            return session.get_one(Person, person_id)
