"""A person's mobile: a new one ends the old, and somebody is asked about one that nobody has confirmed."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from messages.channel import ChannelName
from messages.kinds import AlertKind
from scheduler import alerts
from scheduler.alerts import Cause
from scheduler.circumstances import hold_of
from scheduler.local_time import day_of
from scheduler.services import Services
from storage import addresses, people
from storage import alerts as alert_records
from storage.addresses import Address
from storage.people import Person

_REPLACED = "they have a new number"


def newest(own: Sequence[Address]) -> Address | None:
    """The newest mobile of a person's active addresses."""
    return next((one for one in reversed(own) if one.channel is ChannelName.SMS), None)


def begin(session: Session, person_id: UUID, number: str, *, now: datetime) -> Address:
    """``number`` (E.164) is theirs from now on, to be confirmed. Their other mobiles end, and are kept."""
    mobiles = [one for one in addresses.of_person(session, person_id) if one.channel is ChannelName.SMS]
    known = next((one for one in mobiles if one.value == number), None)
    for old in mobiles:
        if old is not known:
            old.ended_at, old.ended_why = now, _REPLACED
    if known is not None:
        return known
    others = addresses.holders(session, ChannelName.SMS, session.info["keyring"].indexes(number))
    for other in others:
        other.shared = True
    address = Address(
        person_id=person_id,
        channel=ChannelName.SMS,
        value=number,
        shared=bool(others),
        starts_at=now,
    )
    session.add(address)
    session.flush()
    addresses.keep_stopped(session, address, now=now)
    return address


def ask_about(session: Session, services: Services, person_ids: Iterable[UUID], *, now: datetime) -> None:
    """Each of these has another number from elsewhere (an import), on which nobody is prompted before it was
    confirmed with them: their adviser is asked to. STOP holds on it.
    """
    today = day_of(now, services.council.time_zone)
    for person_id in person_ids:
        person = session.get_one(Person, person_id)
        mobile = newest(addresses.of_person(session, person_id))
        if mobile is None:
            continue
        addresses.keep_stopped(session, mobile, now=now)
        silent = hold_of(people.states(session, person_id), today, silent_only=True)
        if silent or alert_records.has_open(session, person_id, AlertKind.NEW_NUMBER):
            continue
        alerts.open_alert(
            session,
            services,
            kind=AlertKind.NEW_NUMBER,
            key=f"new-number:{mobile.id}",
            now=now,
            person_id=person_id,
            cause=Cause(why=("An import brought another number, which nobody has confirmed",)),
            watched=person.watched,
        )
