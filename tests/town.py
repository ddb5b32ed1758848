"""A small invented town for conversation tests, so that they read as conversations.

``jay = town.young_person("Jay")``, ``jay.texts("not great tbh")``, ``jay.hears_one()``, ``town.kinds(jay)``.
Everything real below the channels: the database, the rules, understanding, delivery.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy import select

from bot.conversation.handle import handle
from fakes import FakeChannel, FakeClock
from messages.channel import CarrierKeyword, ChannelName, Inbound, InboundKind, Media
from messages.wordings import Wordings
from scheduler import check_ins, jobs
from scheduler.delivery import deliver_due
from scheduler.services import Council, Services
from storage import alerts, contacts, inbound, people
from storage import check_ins as check_in_records
from storage.addresses import Address
from storage.alerts import Alert
from storage.check_ins import CheckIn
from storage.contacts import Contact
from storage.database import Database
from storage.inbound import InboundMessage
from storage.people import AllocationRole, Enrolment, Person, Status
from storage.staff import Role, RotaRole, RotaShift, Staff, Team

#: One for all tests: it never changes, and reading fourteen languages takes a moment.
WORDINGS = Wordings.load()

#: A Tuesday, in working time.
MORNING = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
EVENING = datetime(2026, 11, 24, 21, 0, tzinfo=UTC)
OUT_OF_HOURS_PHONE = "01632 960 990"
OUT_OF_HOURS_ALERT = "+447700900999"


@dataclass
class Phone:
    """A mobile, or a Telegram chat, and what its owner sees on it."""

    town: "Town"
    address: str
    channel: ChannelName = ChannelName.SMS
    person_id: UUID | None = None
    staff_id: UUID | None = None
    _seen: int = field(default=0, init=False)

    def texts(self, text: str, **details: Any) -> UUID | None:
        """Send one text; it is recorded, handled, and what is due at once is delivered."""
        return self.town.receive(self.channel, self.address, text, **details)

    def presses(self, value: str) -> UUID | None:
        return self.texts(value, kind=InboundKind.PRESS)

    def sends_photo(self, words: str = "") -> UUID | None:
        return self.texts(words, media=(Media(url="https://example.org/p", content_type="image/jpeg"),))

    @property
    def screen(self) -> list[str]:
        """Every text that arrived, oldest first."""
        return [text.body for text in self.town.channels[self.channel].accepted if text.to == self.address]

    def hears(self) -> list[str]:
        """What arrived since this was last asked."""
        fresh = self.screen[self._seen :]
        self._seen += len(fresh)
        return fresh

    def hears_one(self) -> str:
        fresh = self.hears()
        assert len(fresh) == 1, f"expected one text, got {fresh}"
        return fresh[0]

    def hears_nothing(self) -> bool:
        fresh = self.hears()
        assert not fresh, f"expected silence, got {fresh}"
        return True


class Town:
    def __init__(self, database: Database, *, now: datetime = MORNING, **council: Any) -> None:
        self.clock = FakeClock(now)
        self.channels = {
            name: FakeChannel(name=name)
            for name in (ChannelName.SMS, ChannelName.TELEGRAM, ChannelName.EMAIL)
        }
        facts: dict[str, Any] = {
            "name": "Westhaven",
            "public_url": "https://kit.example.org",
            "out_of_hours_phone": OUT_OF_HOURS_PHONE,
            "out_of_hours_alert": OUT_OF_HOURS_ALERT,
            "operator_email": "operator@example.org",
            "drama_numbers": True,
        }
        self.services = Services(
            database=database,
            channels=self.channels,
            wordings=WORDINGS,
            council=Council(**(facts | council)),
            clock=self.clock,
        )
        self.database = database
        self._numbers = count(100)
        self._ids = count(1)
        with database.begin() as session:
            harbour = Team(name="Harbour")
            session.add(harbour)
            session.flush()
            self.team_id = harbour.id
        self.sam = self.staff("Sam Okafor", Role.ADVISER)
        self.dan = self.staff("Dan Whitaker", Role.ADVISER)
        self.mira = self.staff("Mira Solanki", Role.DUTY)
        self.helen = self.staff("Helen Ashdown", Role.MANAGER)
        self.ruth = self.staff("Ruth Carter", Role.SENIOR)
        self.on_call = self.staff("Omar Bell", Role.DUTY)
        self.out_of_hours = Phone(self, OUT_OF_HOURS_ALERT)
        with database.begin() as session:
            sam = session.get_one(Staff, self.sam.staff_id)
            sam.cover_id = self.dan.staff_id
            for role, phone in ((RotaRole.DUTY, self.mira), (RotaRole.ON_CALL, self.on_call)):
                assert phone.staff_id is not None
                session.add(
                    RotaShift(
                        role=role,
                        staff_id=phone.staff_id,
                        starts_at=now - timedelta(days=400),
                        ends_at=now + timedelta(days=1200),
                    )
                )

    # People

    def staff(self, name: str, role: Role, **facts: Any) -> Phone:
        number = f"+447700900{next(self._numbers)}"
        with self.database.begin() as session:
            member = Staff(
                email=f"{name.replace(' ', '.').lower()}@westhaven.example",
                name=name,
                role=role,
                team_id=self.team_id,
                phone=number,
                created_at=self.clock() - timedelta(days=500),
                **facts,
            )
            session.add(member)
            session.flush()
            return Phone(self, number, staff_id=member.id)

    def young_person(
        self, name: str = "Jay", *, enrolled: bool = True, number: str | None = None, **facts: Any
    ) -> Phone:
        """An enrolled young person of Sam's with a confirmed mobile of their own."""
        address = number or f"+447700900{next(self._numbers)}"
        now = self.clock() - timedelta(days=30)
        shared = facts.pop("shared", False)
        born: dict[str, Any] = {"date_of_birth": date(2006, 5, 4), "status": Status.FORMER_RELEVANT}
        with self.database.begin() as session:
            person = Person(
                case_id=f"WH-{next(self._ids)}",
                first_name=name,
                last_name="Whitlock",
                team_id=self.team_id,
                created_at=now,
                **(born | facts),
            )
            session.add(person)
            session.flush()
            session.add(
                Address(
                    person_id=person.id,
                    channel=ChannelName.SMS,
                    value=address,
                    shared=shared,
                    confirmed_at=now if enrolled else None,
                    safe_to_text=enrolled,
                    starts_at=now,
                )
            )
            if enrolled:
                session.add(
                    Enrolment(
                        person_id=person.id,
                        enrolled_on=now.date(),
                        number_confirmed_on=now.date(),
                        safe_to_text=True,
                        safe_to_ring=True,
                        told_how_to_stop=True,
                        created_at=now,
                        welcomed_at=now,
                    )
                )
            assert self.sam.staff_id is not None
            people.allocate(session, person.id, self.sam.staff_id, role=AllocationRole.ADVISER, now=now)
            return Phone(self, address, person_id=person.id)

    def stranger(self) -> Phone:
        return Phone(self, f"+447700900{next(self._numbers)}")

    def telegram_chat(self, person: Phone, chat: str = "5550001") -> Phone:
        with self.database.begin() as session:
            assert person.person_id is not None
            session.add(
                Address(
                    person_id=person.person_id,
                    channel=ChannelName.TELEGRAM,
                    value=chat,
                    confirmed_at=self.clock(),
                    safe_to_text=True,
                    starts_at=self.clock(),
                )
            )
        return Phone(self, chat, ChannelName.TELEGRAM, person_id=person.person_id)

    # What happens

    def receive(self, channel: ChannelName, sender: str, text: str, **details: Any) -> UUID | None:
        settle = details.pop("settle", True)
        provider_id = details.pop("provider_id", f"IN{next(self._ids)}")
        message = Inbound(
            channel=channel,
            provider_id=provider_id,
            sender=sender,
            text=text,
            raw=text.encode("utf-8", "surrogatepass"),
            **details,
        )
        message_id = inbound.record(self.database, message, now=self.clock())
        if message_id is not None:
            handle(self.services, message_id, self.clock())
        if settle:
            self.deliver()
        return message_id

    def carrier_takes(self, phone: Phone, word: CarrierKeyword, text: str | None = None) -> UUID | None:
        """The carrier acts on the word itself, answers it, and still tells us."""
        return phone.texts(text or word.value, carrier_keyword=word)

    def deliver(self) -> None:
        """Deliver everything that is due in the next few seconds (an answer to a check-in waits five)."""
        for _ in range(7):
            deliver_due(self.services, self.clock())
            self.clock.advance(seconds=1)

    def passes(self, *, tick_every: timedelta = timedelta(minutes=5), **time: float) -> None:
        """Let time pass, with the clock ticking."""
        until = self.clock() + timedelta(**time)
        while self.clock() < until:
            self.clock.now = min(self.clock() + tick_every, until)
            self.tick()

    def tick(self) -> dict[str, dict[str, int]]:
        numbers = jobs.run_all(self.services, self.clock())
        while deliver_due(self.services, self.clock()).get("claimed"):
            pass
        return numbers

    def asks(self, phone: Phone) -> str:
        """A check-in leaves now; what the phone shows."""
        with self.database.begin() as session:
            assert phone.person_id is not None
            session.get_one(Person, phone.person_id).next_check_in_at = self.clock()
        check_ins.ask_check_ins(self.services, self.clock())
        self.deliver()
        return phone.hears_one()

    # What can be seen

    def check_in(self, phone: Phone) -> CheckIn:
        """The newest one that was asked."""
        assert phone.person_id is not None
        with self.database.read() as session:
            return check_in_records.latest(session, phone.person_id)[0]

    def alerts(self, person: Phone | None = None) -> list[Alert]:
        with self.database.read() as session:
            if person is not None and person.person_id is not None:
                return list(alerts.of_person(session, person.person_id))[::-1]
            return list(session.scalars(select(Alert).order_by(Alert.opened_at)))

    def kinds(self, person: Phone | None = None) -> list[str]:
        return [alert.kind.value for alert in self.alerts(person)]

    def contacts(self, person: Phone) -> list[Contact]:
        assert person.person_id is not None
        with self.database.read() as session:
            return list(contacts.of_person(session, person.person_id))[::-1]

    def message(self, message_id: UUID | None) -> InboundMessage:
        assert message_id is not None
        with self.database.read() as session:
            return session.get_one(InboundMessage, message_id)

    def person(self, phone: Phone) -> Person:
        assert phone.person_id is not None
        with self.database.read() as session:
            return session.get_one(Person, phone.person_id)
