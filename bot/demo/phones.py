"""The phones of the demo: young people's, staff's, the out-of-hours line, and one that nobody knows."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.demo.network import Network
from bot.demo.scenes import STRANGERS
from bot.demo.world import OUT_OF_HOURS_ALERT
from messages import phones
from messages.channel import Button, ChannelName, InboundKind
from storage.addresses import Address
from storage.alerts import Alert, AlertState, AlertStep
from storage.inbound import InboundMessage
from storage.outbound import OutboundMessage, OutboundState
from storage.people import Person
from storage.staff import Staff

#: As much as a phone shows.
_TEXTS, _REACH = 24, timedelta(days=70)
_ARRIVED = (OutboundState.SENT, OutboundState.DELIVERED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """``key`` names it in addresses of pages. ``owner``: who has it in hand; None: nobody of ours."""

    key: str
    channel: ChannelName
    address: str
    name: str
    heading: str
    detail: str
    owner: UUID | None = None
    staff: bool = False

    @property
    def telegram(self) -> bool:
        return self.channel is ChannelName.TELEGRAM


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenText:
    """One text on a phone. ``id`` is the outbound row's, for its buttons."""

    at: datetime
    body: str
    mine: bool
    id: str
    language: str = ""
    buttons: tuple[Button, ...] = ()


def all_phones(session: Session) -> list[Phone]:
    """Every phone there is: young people by name, then staff, then the rest."""
    held = session.execute(
        select(Person, Address)
        .join(Address, Address.person_id == Person.id)
        .where(Address.ended_at.is_(None), Person.closed_at.is_(None))
        .order_by(Person.case_id, Address.starts_at, Address.channel)
    )
    young = [_of_person(person, address) for person, address in held]
    workers = session.scalars(select(Staff).where(Staff.disabled_at.is_(None)).order_by(Staff.name))
    return [*young, *(_of_staff(staff) for staff in workers if staff.phone), *_others()]


def key_of(channel: ChannelName, address: str, case_id: str = "") -> str:
    plain = f"{channel}-{address.lstrip('+')}"
    return f"{plain}-{case_id}" if case_id else plain


def _of_person(person: Person, address: Address) -> Phone:
    telegram = address.channel is ChannelName.TELEGRAM
    return Phone(
        key=key_of(address.channel, address.value, person.case_id),
        channel=address.channel,
        address=address.value,
        name=person.first_name,
        heading=f"{person.first_name}’s {'Telegram' if telegram else 'phone'}",
        detail="Telegram" if telegram else f"SMS, {phones.friendly(address.value)}",
        owner=person.id,
    )


def _of_staff(staff: Staff) -> Phone:
    number = staff.phone or ""
    role = "social worker" if staff.social_worker else staff.role.value
    return Phone(
        key=key_of(ChannelName.SMS, number),
        channel=ChannelName.SMS,
        address=number,
        name=staff.first_name,
        heading=f"{staff.first_name}’s work phone",
        detail=f"{role.capitalize()}, SMS, {phones.friendly(number)}",
        owner=staff.id,
        staff=True,
    )


def _others() -> list[Phone]:
    line, stranger = OUT_OF_HOURS_ALERT, STRANGERS[0]
    return [
        Phone(
            key=key_of(ChannelName.SMS, line),
            channel=ChannelName.SMS,
            address=line,
            name="Out-of-hours team",
            heading="Out-of-hours team",
            detail=f"Shared line, SMS, {phones.friendly(line)}",
            staff=True,
        ),
        Phone(
            key=key_of(ChannelName.SMS, stranger),
            channel=ChannelName.SMS,
            address=stranger,
            name="A stranger",
            heading="A number nobody knows",
            detail=f"SMS, {phones.friendly(stranger)}",
        ),
    ]


def texts_on(session: Session, phone: Phone, network: Network, *, now: datetime) -> list[ScreenText]:
    """What is on the screen, oldest first."""
    since = now - _REACH
    indexes = session.info["keyring"].indexes(phone.address)
    written = session.scalars(
        select(InboundMessage)
        .where(
            InboundMessage.channel == phone.channel,
            InboundMessage.sender_index.in_(indexes),
            InboundMessage.received_at > since,
        )
        .order_by(InboundMessage.received_at.desc())
        .limit(_TEXTS)
    )
    arrived = session.scalars(
        select(OutboundMessage)
        .where(
            OutboundMessage.channel == phone.channel,
            OutboundMessage.to_index.in_(indexes),
            OutboundMessage.due_at > since,
            OutboundMessage.state.in_(_ARRIVED),
        )
        .order_by(OutboundMessage.due_at.desc())
        .limit(_TEXTS)
    )
    found = [_written(row) for row in written] + [_arrived(row) for row in arrived]
    found += [
        ScreenText(at=said.at, body=said.body, mine=False, id=f"network-{said.at:%H%M%S}")
        for said in network.said_to(phone.address)
        if said.at > since
    ]
    return sorted(found, key=lambda one: (one.at, not one.mine))[-_TEXTS:]


def _written(row: InboundMessage) -> ScreenText:
    body = f"Pressed {row.body}" if row.kind is InboundKind.PRESS else row.body
    return ScreenText(at=row.received_at, body=body, mine=True, id=str(row.id))


def _arrived(row: OutboundMessage) -> ScreenText:
    return ScreenText(
        at=row.sent_at or row.due_at,
        body=row.body,
        mine=False,
        id=str(row.id),
        language="" if row.language == "en" else row.language,
        buttons=row.choices if row.channel is ChannelName.TELEGRAM else (),
    )


def codes_on(session: Session, phone: Phone) -> list[str]:
    """The codes by which this staff phone can take an open alert, the newest first."""
    recipient = str(phone.owner) if phone.owner else "out_of_hours"
    rows = session.execute(
        select(AlertStep.code)
        .join(Alert, Alert.id == AlertStep.alert_id)
        .where(AlertStep.recipient == recipient, AlertStep.code.is_not(None), Alert.state == AlertState.OPEN)
        .order_by(AlertStep.at.desc())
        .limit(3)
    )
    return [code for (code,) in rows if code]
