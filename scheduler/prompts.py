"""Making one text of the clock: to which address, with a name or without, in which of its wordings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from messages.channel import ChannelName
from messages.kinds import OutboundKind
from messages.names import addressed_as
from messages.wordings import TERMS, PhraseKey, Placeholder, Rendered, WordingKey
from scheduler import circumstances, outbox
from scheduler.local_time import day_of
from scheduler.outbox import About
from scheduler.rules import Rules
from scheduler.slots import rhythm_of
from scheduler.turn import Turn
from storage import addresses, alerts, people
from storage.addresses import Address, AddressHealth
from storage.outbound import OutboundMessage
from storage.people import AllocationRole, Person
from storage.staff import Staff


class Family(StrEnum):
    """A prompt in all its forms: with a name, without one, and above buttons."""

    CHECK_IN = "check_in"
    NUDGE = "nudge"
    WELCOME = "welcome"

    @property
    def kind(self) -> OutboundKind:
        return OutboundKind(self.value)

    def key(self, channel: ChannelName, *, named: bool) -> WordingKey:
        if channel is ChannelName.TELEGRAM and self is not Family.WELCOME:
            return WordingKey(f"{self.value}_buttons")
        return WordingKey(self.value if named else f"{self.value}_no_name")


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """What is to be queued for somebody, and until when it is worth sending."""

    family: Family
    key: str
    due_at: datetime
    expires_at: datetime
    check_in_id: UUID | None = None


def usable(turn: Turn, person: Person) -> Sequence[Address]:
    """The addresses that a prompt may use, the preferred one first; empty when there is none."""
    states = people.states(turn.session, person.id)
    released = circumstances.released_at(states, day_of(turn.now, turn.home), turn.home)
    found = [
        address
        for address in addresses.of_person(turn.session, person.id)
        if may_use(address, released) and not is_opted_out(turn.session, address)
    ]
    return sorted(found, key=lambda address: _rank(address, person))


def may_use(address: Address, released: datetime | None) -> bool:
    """In health, declared safe (a chat was joined by its owner), and confirmed as theirs, after custody anew.

    What a file says of a new number is no confirmation.
    """
    return (
        address.ended_at is None
        and address.health is AddressHealth.GOOD
        and address.channel in (ChannelName.SMS, ChannelName.TELEGRAM)
        and (address.safe_to_text or address.channel is ChannelName.TELEGRAM)
        and address.confirmed_at is not None
        and (released is None or circumstances.confirmed_since(address, released))
    )


def is_opted_out(session: Session, address: Address) -> bool:
    indexes = session.info["keyring"].indexes(address.value)
    return addresses.opted_out(session, address.channel, indexes)


def _rank(address: Address, person: Person) -> tuple[bool, bool, bool, float]:
    """Their chosen channel, then SMS, then what was confirmed last."""
    confirmed = address.confirmed_at.timestamp() if address.confirmed_at else 0.0
    return (
        address.channel != person.preferred_channel,
        address.channel is not ChannelName.SMS,
        address.confirmed_at is None,
        -confirmed,
    )


def name_for(person: Person, address: Address, rules: Rules, now: datetime) -> str | None:
    """The name a text to this address may use; None: none at all."""
    confirmed = address.confirmed_at
    may_name = (
        not person.watched
        and (not address.shared or person.safe_name is not None)
        and confirmed is not None
        and confirmed > now - rules.name_needs_confirmation_within
    )
    return addressed_as(person.first_name, person.preferred_name, person.safe_name, may_name=may_name)


def signature(session: Session, person: Person, adviser: Staff) -> str:
    """How a text names the adviser; empty while the thread is kept from them."""
    if alerts.restricted_from(session, person.id, adviser.id) is not None:
        return ""
    return addressed_as(adviser.first_name, None, None, may_name=True) or ""


def _is_somebody_elses_too(session: Session, address: Address) -> bool:
    """Two people have this number on record, whether or not anybody marked it as shared."""
    indexes = session.info["keyring"].indexes(address.value)
    return len({held.person_id for held in addresses.holders(session, address.channel, indexes)}) > 1


def queue(turn: Turn, person: Person, address: Address, prompt: Prompt) -> OutboundMessage | None:
    """Word a prompt for this person and address and queue it; None when its key is queued already."""
    text = _worded(turn, person, address, prompt.family)
    buttons = turn.services.wordings.buttons(text.key, text.language)
    return outbox.enqueue(
        turn.session,
        key=prompt.key,
        kind=prompt.family.kind,
        channel=address.channel,
        to=address.value,
        body=text.text,
        buttons=buttons if address.channel is ChannelName.TELEGRAM else (),
        wording=f"{text.key}/{text.language}/{text.variant}",
        language=text.language,
        now=turn.now,
        due_at=prompt.due_at,
        expires_at=prompt.expires_at,
        address=address,
        about=About(person_id=person.id, check_in_id=prompt.check_in_id),
    )


def _worded(turn: Turn, person: Person, address: Address, family: Family) -> Rendered:
    adviser = people.allocated(turn.session, person.id, AllocationRole.ADVISER, turn.now)
    signed = signature(turn.session, person, adviser) if adviser else None
    name = name_for(person, address, turn.rules, turn.now)
    if _is_somebody_elses_too(turn.session, address):
        name = None
    key = family.key(address.channel, named=name is not None and signed is not None)
    wordings = turn.services.wordings
    values = {
        Placeholder.NAME: name or "" if signed else "",
        Placeholder.ADVISER: signed or "" if name else "",
        Placeholder.RHYTHM: wordings.phrase(PhraseKey(rhythm_of(person).value), person.language),
        Placeholder.NOTICE_URL: f"{turn.services.council.public_url}/notice",
    }
    return wordings.render(
        key,
        person.language,
        variant=next_variant(turn.session, person, family),
        **{slot.value: value for slot, value in values.items() if slot in TERMS[key].placeholders},
    )


def next_variant(session: Session, person: Person, family: Family) -> int:
    """The wording after the one used last, so that none comes twice in a row."""
    last = session.scalars(
        select(OutboundMessage.wording)
        .where(OutboundMessage.person_id == person.id, OutboundMessage.kind == family.kind)
        .order_by(OutboundMessage.due_at.desc(), OutboundMessage.id.desc())
        .limit(1)
    ).one_or_none()
    used = last.rpartition("/")[2] if last else ""
    return int(used) + 1 if used.isdigit() else person.id.int % 97
