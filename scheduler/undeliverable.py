"""What follows for people when a text cannot arrive: addresses, opt-outs, staff phones, alerts, pages."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from messages.channel import ChannelName, Failure
from messages.kinds import AlertKind, Deadline, OutboundKind
from scheduler import rules
from scheduler.alerts import open_alert
from scheduler.operator import page_operator
from scheduler.services import Services
from storage import addresses
from storage.addresses import Address, AddressHealth, OptOutSource
from storage.alerts import Alert, AlertState
from storage.outbound import OutboundMessage
from storage.staff import Staff

#: What a final failure says about the address itself.
_HEALTH = {
    Failure.UNKNOWN_ADDRESS: AddressHealth.SUSPECT,
    Failure.NOT_MOBILE: AddressHealth.INVALID,
    Failure.INVALID_ADDRESS: AddressHealth.INVALID,
}
#: Alerts about the address, which say already that texts do not arrive.
_OF_THE_ADDRESS = {AlertKind.UNDELIVERABLE, AlertKind.CANNOT_TEXT_BACK}


def follow_up(
    session: Session, services: Services, message: OutboundMessage, failure: Failure, *, now: datetime
) -> None:
    """Do what a final ``failure`` of ``message`` asks for. Once per cause: keys and states see to it."""
    hurry(session, message, by=now)
    if message.kind.to_staff:
        _staff_phone(session, services, message, failure, now=now)
    elif failure is Failure.CONSENT:
        _no_consent(session, services, message, now=now)
    elif failure in _HEALTH:
        _bad_address(session, services, message, _HEALTH[failure], now=now)
    elif failure is Failure.UNREACHABLE:
        _phone_off(session, services, message, now=now)
    if failure is Failure.UNKNOWN:
        page(
            session,
            services,
            key=f"unknown-failure:{message.channel}:{now:%Y-%m-%d}",
            words=f"A text by {message.channel} failed for a reason that is new to us. Somebody must look.",
            now=now,
        )


def hurry(session: Session, message: OutboundMessage, *, by: datetime) -> None:
    """When ``message`` told somebody of an alert that is still open, and did not get through: let the
    chain look again at ``by`` at the latest.
    """
    if message.kind is not OutboundKind.ALERT or message.alert_id is None:
        return
    alert = session.get(Alert, message.alert_id)
    if alert is None or alert.state is not AlertState.OPEN or alert.next_step_at is None:
        return
    alert.next_step_at = min(alert.next_step_at, by)


def page(session: Session, services: Services, *, key: str, words: str, now: datetime) -> None:
    page_operator(session, services, key=key, words=words, now=now)


def _staff_phone(
    session: Session, services: Services, message: OutboundMessage, failure: Failure, *, now: datetime
) -> None:
    gone = failure is Failure.CONSENT or failure in _HEALTH
    if message.staff_id is None or message.channel is not ChannelName.SMS or not gone:
        return
    staff = session.get(Staff, message.staff_id)
    # A number that has been replaced since is not the one that failed.
    if staff is None or staff.phone != message.to or staff.phone_failed_at is not None:
        return
    staff.phone_failed_at = now
    open_alert(
        session,
        services,
        kind=AlertKind.FIX_CONTACT,
        key=f"fix-contact:{message.id}",
        now=now,
        about_staff_id=staff.id,
    )


def _no_consent(session: Session, services: Services, message: OutboundMessage, *, now: datetime) -> None:
    indexes = session.info["keyring"].indexes(message.to)
    if addresses.opted_out(session, message.channel, indexes):
        return
    source = OptOutSource.CARRIER if message.channel is ChannelName.SMS else OptOutSource.BLOCKED
    addresses.opt_out(session, message.channel, indexes, source=source, now=now)
    if message.person_id is not None:
        _cannot_text_back(session, services, message.person_id, now=now)
        open_alert(
            session,
            services,
            kind=AlertKind.STOPPED,
            key=f"stopped:{message.id}",
            now=now,
            person_id=message.person_id,
        )


def _bad_address(
    session: Session,
    services: Services,
    message: OutboundMessage,
    health: AddressHealth,
    *,
    now: datetime,
) -> None:
    good = [address for address in _addresses(session, message) if address.health is AddressHealth.GOOD]
    for address in good:
        address.health = health
    if good and message.person_id is not None:
        _cannot_text_back(session, services, message.person_id, now=now)
        _undeliverable(session, services, message, now=now)


def _phone_off(session: Session, services: Services, message: OutboundMessage, *, now: datetime) -> None:
    limit = rules.load(session).unreachable_limit
    for address in _addresses(session, message):
        address.unreachable_count += 1
        if address.unreachable_count == limit:
            _undeliverable(session, services, message, now=now)


def _undeliverable(session: Session, services: Services, message: OutboundMessage, *, now: datetime) -> None:
    open_alert(
        session,
        services,
        kind=AlertKind.UNDELIVERABLE,
        key=f"undeliverable:{message.id}",
        now=now,
        person_id=message.person_id,
        check_in_id=message.check_in_id,
    )


def _cannot_text_back(session: Session, services: Services, person_id: UUID, *, now: datetime) -> None:
    """Whoever holds the open alerts of somebody whom we can no longer text must know."""
    waiting = session.scalars(
        select(Alert.id)
        .where(
            Alert.person_id == person_id,
            Alert.state != AlertState.CLOSED,
            Alert.deadline.in_([Deadline.NOW, Deadline.TODAY]),
            Alert.kind.not_in(_OF_THE_ADDRESS),
        )
        .order_by(Alert.opened_at.desc())
        .limit(1)
    ).one_or_none()
    if waiting is not None:
        open_alert(
            session,
            services,
            kind=AlertKind.CANNOT_TEXT_BACK,
            key=f"cannot-text-back:{waiting}",
            now=now,
            person_id=person_id,
        )


def _addresses(session: Session, message: OutboundMessage) -> Sequence[Address]:
    """The address rows of this person that the text went to; none for a number that is nobody's."""
    if message.address_id is not None:
        address = session.get(Address, message.address_id)
        return [address] if address is not None else []
    indexes = session.info["keyring"].indexes(message.to)
    held = addresses.holders(session, message.channel, indexes)
    return [address for address in held if address.person_id == message.person_id]
