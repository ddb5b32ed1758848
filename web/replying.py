"""Texting somebody from their page: whether that is possible, what it costs, and queueing it with an undo."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from messages import segments
from messages.kinds import OutboundKind
from messages.segments import Encoding
from scheduler import outbox, prompts
from scheduler.local_time import day_of
from scheduler.outbox import About
from scheduler.rules import Rules
from scheduler.services import Services
from scheduler.turn import Turn
from storage import addresses, audit, people
from storage.addresses import Address, OptOut
from storage.outbound import OutboundMessage, OutboundState
from storage.people import Person
from storage.staff import Staff
from web import access, formats, words
from web.policy import CASEWORK
from web.shapes.person import SegmentCount

#: Until then a text can be taken back.
UNDO = timedelta(seconds=10)
#: What Twilio takes as one text.
LONGEST = 1_600
_ALONE = {Encoding.GSM_7: 160, Encoding.UCS_2: 70}
_JOINED = {Encoding.GSM_7: 153, Encoding.UCS_2: 67}


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """Where a reply goes; or, without ``address``, why nobody can text."""

    address: Address | None = None
    why_not: str = ""


def way_to(
    session: Session, services: Services, reader: Staff, person: Person, *, rules: Rules, now: datetime
) -> Way:
    name = words.first_name(person)
    if reader.role not in CASEWORK:
        return Way(why_not="Only those who work with young people can text them.")
    if person.closed_at is not None:
        return Way(why_not=f"{name}’s record is closed: nobody can text them from here.")
    if access.kept_from(session, reader, person.id) is not None:
        return Way(why_not=f"{name}’s texts are being handled by your manager.")
    today = day_of(now, services.council.time_zone)
    if state := words.silencing(people.states_on(session, person.id, today)):
        return Way(why_not=f"{words.STATE_WORDS[state.kind]}: nothing is sent to a mobile.")
    if people.enrolment(session, person.id) is None:
        return Way(why_not=f"Nobody can text {name} before the declaration is made.")
    turn = Turn(session=session, services=services, rules=rules, now=now)
    usable = prompts.usable(turn, person)
    if usable:
        return Way(address=usable[0])
    own = addresses.of_person(session, person.id)
    if stopped(session, own):
        return Way(why_not=f"{name} stopped the texts. Agree another way to keep in touch.")
    return Way(why_not=f"There is no number on which {name} may be texted.")


def stopped(session: Session, own: Sequence[Address]) -> frozenset[UUID]:
    """Those of these addresses that may not be texted any more, in one query."""
    keyring = session.info["keyring"]
    indexes = {one.id: (one.channel, frozenset(keyring.indexes(one.value))) for one in own}
    closed = session.execute(
        select(OptOut.channel, OptOut.address_index).where(
            OptOut.address_index.in_({index for _, held in indexes.values() for index in held}),
            OptOut.ended_at.is_(None),
        )
    ).all()
    return frozenset(
        address_id
        for address_id, (channel, held) in indexes.items()
        if any(channel == closed_channel and index in held for closed_channel, index in closed)
    )


def count(text: str) -> SegmentCount:
    """What a text costs, as the provider counts it."""
    found = segments.count(text) if text else segments.count(" ")
    odd = segments.odd_characters(text)
    limit = _ALONE[found.encoding] if found.segments == 1 else _JOINED[found.encoding] * found.segments
    note = (
        f"{formats.joined([f'“{char}”' for char in odd[:3]])} leaves room for fewer characters."
        if odd
        else ""
    )
    return SegmentCount(
        characters=found.characters if text else 0, limit=limit, segments=found.segments, note=note
    )


def queue_text(
    session: Session, reader: Staff, person: Person, address: Address, text: str, *, key: str, now: datetime
) -> OutboundMessage | None:
    """Queue what ``reader`` wrote, to leave when its undo has passed; None when it is queued already."""
    row = outbox.enqueue(
        session,
        key=f"staff_text:{key}",
        kind=OutboundKind.STAFF_TEXT,
        channel=address.channel,
        to=address.value,
        body=text,
        now=now,
        due_at=now + UNDO,
        language=person.language,
        address=address,
        about=About(person_id=person.id, author_id=reader.id),
    )
    if row is not None:
        audit.note(
            session, "text.written", now=now, staff_id=reader.id, subject="person", subject_id=person.id
        )
    return row


def undo(session: Session, reader: Staff, person_id: UUID, text_id: UUID, *, now: datetime) -> bool | None:
    """Take a text back before it leaves. False: it has left; None: there is no such text of this reader's."""
    row = session.scalars(
        select(OutboundMessage)
        .where(
            OutboundMessage.id == text_id,
            OutboundMessage.person_id == person_id,
            OutboundMessage.author_id == reader.id,
            OutboundMessage.kind == OutboundKind.STAFF_TEXT,
        )
        .with_for_update()
    ).one_or_none()
    if row is None:
        return None
    if row.state is OutboundState.QUEUED:
        row.state, row.reason = OutboundState.CANCELLED, f"by {reader.first_name}, before it left"
        audit.note(
            session, "text.taken_back", now=now, staff_id=reader.id, subject="person", subject_id=person_id
        )
    return row.state is OutboundState.CANCELLED
