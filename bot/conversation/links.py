"""``/start TOKEN``: joining a Telegram chat to the one person whose adviser made the link."""

import hashlib
import secrets
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from messages.channel import ChannelName
from messages.kinds import AlertKind, OutboundKind
from messages.names import addressed_as
from messages.wordings import WordingKey
from scheduler import circumstances
from scheduler.alerts import open_alert
from scheduler.local_time import day_of
from scheduler.outbox import About, enqueue
from scheduler.rules import Rules
from scheduler.turn import Turn
from storage import addresses, audit, people
from storage.addresses import Address, AddressHealth, LinkToken
from storage.inbound import InboundMessage
from storage.people import Person, StateKind


def new_link_token(
    session: Session, rules: Rules, person_id: UUID, *, staff_id: UUID | None, now: datetime
) -> str:
    """A one-time token for ``https://t.me/BOT?start=TOKEN``; only its hash is kept."""
    token = secrets.token_urlsafe(24)
    session.add(
        LinkToken(
            token_hash=_hash(token),
            person_id=person_id,
            created_by_id=staff_id,
            created_at=now,
            expires_at=now + rules.link_token_life,
        )
    )
    return token


def link_chat(turn: Turn, message: InboundMessage) -> bool:
    """Use the token that the text holds. False: there is none, so it is read as any other text."""
    session, now = turn.session, turn.now
    token = message.body.strip()
    if not token:
        return False
    link = session.scalars(
        select(LinkToken).where(LinkToken.token_hash == _hash(token)).with_for_update()
    ).one_or_none()
    if link is None or link.used_at is not None or link.expires_at <= now:
        _say(turn, message, None, WordingKey.TELEGRAM_LINK_DEAD)
        return True
    link.used_at = now
    person = session.get_one(Person, link.person_id)
    address = _join(turn, message, person, link)
    _tell_of_the_missing(turn, message, person)
    message.person_id, message.address_id = person.id, address.id
    audit.note(session, "telegram.linked", now=now, subject="person", subject_id=person.id)
    _say(turn, message, person, WordingKey.TELEGRAM_LINKED)
    return True


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def _tell_of_the_missing(turn: Turn, message: InboundMessage, person: Person) -> None:
    """A link that is used while somebody is missing is a sign of them, like any text."""
    held = people.states_on(turn.session, person.id, day_of(turn.now, turn.home))
    if any(state.kind is StateKind.MISSING for state in held):
        open_alert(
            turn.session,
            turn.services,
            kind=AlertKind.HEARD_WHILE_MISSING,
            key=f"inbound:{message.id}:{AlertKind.HEARD_WHILE_MISSING}:{person.id}",
            person_id=person.id,
            inbound_id=message.id,
            now=turn.now,
        )


def _confirmed_at(turn: Turn, person: Person, link: LinkToken) -> datetime | None:
    """An adviser's link makes sure of the chat, unless it is from before or during custody."""
    states = people.states(turn.session, person.id)
    day = day_of(turn.now, turn.home)
    released = circumstances.released_at(states, day, turn.home)
    inside = any(state.kind is StateKind.CUSTODY and state.holds_on(day) for state in states)
    return None if inside or (released and link.created_at < released) else turn.now


def _join(turn: Turn, message: InboundMessage, person: Person, link: LinkToken) -> Address:
    session, now = turn.session, turn.now
    confirmed_at = _confirmed_at(turn, person, link)
    indexes = turn.services.database.keyring.indexes(message.sender)
    for address in addresses.holders(session, ChannelName.TELEGRAM, indexes):
        if address.person_id == person.id:
            address.confirmed_at = confirmed_at or address.confirmed_at
            address.health, address.unreachable_count = AddressHealth.GOOD, 0
            return address
    address = Address(
        person_id=person.id,
        channel=ChannelName.TELEGRAM,
        value=message.sender,
        confirmed_at=confirmed_at,
        safe_to_text=True,
        starts_at=now,
    )
    session.add(address)
    session.flush()
    addresses.keep_stopped(session, address, now=now, inbound_id=message.id)
    return address


def _say(turn: Turn, message: InboundMessage, person: Person | None, key: WordingKey) -> None:
    name = (
        addressed_as(person.first_name, person.preferred_name, person.safe_name, may_name=not person.watched)
        if person
        else None
    )
    rendered = turn.services.wordings.render(
        key, person.language if person else "en", variant=0, name=name or "", adviser=""
    )
    enqueue(
        turn.session,
        key=f"answer:{message.id}:{key}",
        kind=OutboundKind.ANSWER,
        channel=message.channel,
        to=message.sender,
        body=rendered.text,
        about=About(person_id=message.person_id, inbound_id=message.id),
        wording=rendered.wording,
        language=rendered.language,
        now=turn.now,
    )
