"""Rows of the outbox and what they belong to, for tests of delivery. Everybody here is invented."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from fakes import FakeChannel, FakeClock
from messages.channel import Channel, ChannelName, SendError
from messages.kinds import AlertKind, Deadline, OutboundKind
from messages.wordings import Wordings
from scheduler import outbox
from scheduler.outbox import About
from scheduler.permission import Verdict
from scheduler.rules import Rules
from scheduler.services import Council, Services
from storage.addresses import Address
from storage.alerts import Alert
from storage.check_ins import CheckIn, SilenceStep
from storage.database import Database
from storage.outbound import OutboundMessage
from storage.people import Person, Status
from storage.staff import Role, Staff

#: One for all tests: it never changes, and reading fourteen languages takes a moment.
WORDINGS = Wordings.load()

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)  # a Tuesday
MOBILE = "+447700900123"


def yes(
    session: Session, services: Services, rules: Rules, message: OutboundMessage, *, now: datetime
) -> Verdict:
    return Verdict(allowed=True)


def services_of(
    database: Database,
    *channels: Channel,
    clock: FakeClock | None = None,
    script: Iterable[SendError | None] = (),
) -> Services:
    """With one fake SMS channel that follows ``script`` unless ``channels`` are given."""
    sms = FakeChannel()
    sms.script.extend(script)
    by_name: Mapping[ChannelName, Channel] = {channel.name: channel for channel in channels or (sms,)}
    return Services(
        database=database,
        channels=by_name,
        wordings=WORDINGS,
        council=Council(name="Westhaven", operator_email="operator@westhaven.example"),
        clock=clock or FakeClock(NOON),
    )


def sms_of(services: Services) -> FakeChannel:
    channel = services.channels[ChannelName.SMS]
    assert isinstance(channel, FakeChannel)
    return channel


def person(session: Session, case_id: str = "C1", mobile: str = MOBILE) -> tuple[Person, Address]:
    row = Person(
        case_id=case_id,
        first_name="Jay",
        last_name="Doe",
        date_of_birth=date(2006, 5, 1),
        status=Status.FORMER_RELEVANT,
        created_at=NOON,
    )
    address = Address(
        person_id=row.id,
        channel=ChannelName.SMS,
        value=mobile,
        confirmed_at=NOON,
        safe_to_text=True,
        starts_at=NOON,
    )
    session.add(row)
    session.flush()
    session.add(address)
    session.flush()
    return row, address


def adviser(session: Session, phone: str = "+447700900200") -> Staff:
    row = Staff(
        email=f"{phone[-3:]}@westhaven.example",
        name="Sam Hill",
        role=Role.ADVISER,
        phone=phone,
        created_at=NOON,
    )
    session.add(row)
    session.flush()
    return row


def check_in(session: Session, row: Person) -> CheckIn:
    asked = CheckIn(
        person_id=row.id,
        slot=NOON.date(),
        due_at=NOON,
        created_at=NOON,
        next_step=SilenceStep.NUDGE,
        next_step_at=datetime(2026, 11, 26, 12, tzinfo=UTC),
    )
    session.add(asked)
    session.flush()
    return asked


def alert(session: Session, row: Person | None = None, *, next_step_at: datetime | None = None) -> Alert:
    raised = Alert(
        key="inbound:1:danger_to_life",
        kind=AlertKind.DANGER_TO_LIFE,
        deadline=Deadline.NOW,
        person_id=row.id if row else None,
        opened_at=NOON,
        chain_from=NOON,
        next_step_at=next_step_at,
    )
    session.add(raised)
    session.flush()
    return raised


def queue(
    session: Session,
    key: str = "k",
    *,
    kind: OutboundKind = OutboundKind.ANSWER,
    to: str = MOBILE,
    channel: ChannelName = ChannelName.SMS,
    now: datetime = NOON,
    about: About | None = None,
    address: Address | None = None,
    body: str = "How are things?",
) -> OutboundMessage:
    row = outbox.enqueue(
        session,
        key=key,
        kind=kind,
        channel=channel,
        to=to,
        body=body,
        now=now,
        about=about or About(),
        address=address,
    )
    assert row is not None
    return row


def row_of(database: Database, key: str = "k") -> OutboundMessage:
    with database.read() as session:
        return session.scalars(select(OutboundMessage).where(OutboundMessage.key == key)).one()


def keys(database: Database, kind: OutboundKind) -> list[str]:
    with database.read() as session:
        found = session.scalars(select(OutboundMessage.key).where(OutboundMessage.kind == kind))
        return sorted(found)


def alerts(database: Database) -> list[AlertKind]:
    with database.read() as session:
        return sorted(session.scalars(select(Alert.kind)))
