"""From a recorded text to its situation: every look-up that deciding needs, in one place."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.conversation.situation import Earlier, OpenCheckIn, Said, Sender, Situation, Whom
from messages.names import addressed_as
from messages.understanding import Context
from messages.wordings import WordingKey
from scheduler.local_time import day_of
from scheduler.turn import Turn
from scheduler.working_time import add_working_hours, hours_of, is_working, next_working_time
from storage import addresses, check_ins, inbound, markers, people
from storage.addresses import Address, AddressHealth
from storage.check_ins import CheckInState
from storage.inbound import InboundMessage
from storage.outbound import OutboundMessage, OutboundState
from storage.people import AllocationRole, Person, Risk, StateKind
from storage.staff import Staff, Team

_DAY = timedelta(days=1)
#: "Who is this?" counts as asked twice within this time; an apology is given once ever.
_WHO_WITHIN = timedelta(days=183)
_TAKEN_BACK = (OutboundState.CANCELLED, OutboundState.SKIPPED)
_FROZEN = {StateKind.DIED, StateKind.DEATH_REPORTED}


def gather(turn: Turn, message: InboundMessage) -> tuple[Situation, Sequence[Address]]:
    """The situation of ``message``, as at the moment it came, and the addresses it may belong to."""
    session, services, now = turn.session, turn.services, message.received_at
    indexes = services.database.keyring.indexes(message.sender)
    held = addresses.holders(session, message.channel, indexes)
    persons = _people(session, held)
    whom = tuple(_whom(turn, message, person, held) for person in persons)
    earlier = inbound.before(session, message, indexes, after=now - _DAY)
    team = session.get(Team, persons[0].team_id) if persons and persons[0].team_id else None
    hours = hours_of(team, services.council.time_zone)
    check_in = _check_in(turn, persons, earlier, message)
    situation = Situation(
        now=now,
        today=day_of(now, services.council.time_zone),
        message_id=message.id,
        kind=message.kind,
        channel=message.channel,
        text=message.body,
        has_media=message.media is not None,
        carrier_keyword=message.carrier_keyword,
        sender=_sender(session, persons, held),
        people=whom,
        check_in=check_in,
        context=Context.CHECK_IN if check_in else Context.NONE,
        earlier=tuple(Earlier(id=text.id, at=text.received_at, text=text.body) for text in earlier),
        said=_said(session, indexes, message),
        ever_said=_ever_said(session, indexes, message),
        answers_stopped=_answers_stopped(session, indexes, message),
        working_time=is_working(now, hours),
        back_at=next_working_time(now, hours),
        read_by=add_working_hours(now, turn.rules.unread_working_hours, hours),
        staff_names=_staff_names(session, persons, message),
    )
    return situation, held


def quiet_marker(index: bytes) -> str:
    """The marker that says until when an address gets no automatic answers."""
    return f"quiet:{index.hex()}"


def _people(session: Session, held: Sequence[Address]) -> list[Person]:
    ids = dict.fromkeys(address.person_id for address in held)
    found = {person.id: person for person in session.scalars(select(Person).where(Person.id.in_(ids)))}
    return [found[person_id] for person_id in ids]


def _sender(session: Session, persons: Sequence[Person], held: Sequence[Address]) -> Sender:
    if not held:
        return Sender.STRANGER
    if all(address.health is AddressHealth.DISPUTED for address in held):
        return Sender.DISPUTED
    if len(persons) > 1:
        return Sender.SHARED
    confirmed = any(address.confirmed_at is not None for address in held)
    if persons[0].closed_at or not confirmed or people.enrolment(session, persons[0].id) is None:
        return Sender.UNENROLLED
    return Sender.KNOWN


def _whom(turn: Turn, message: InboundMessage, person: Person, held: Sequence[Address]) -> Whom:
    session, services, rules = turn.session, turn.services, turn.rules
    now = message.received_at
    today = day_of(now, services.council.time_zone)
    states = {state.kind for state in people.states_on(session, person.id, today)}
    adviser = people.allocated(session, person.id, AllocationRole.ADVISER, now)
    own = [address for address in held if address.person_id == person.id]
    fresh = any(
        address.confirmed_at and now - address.confirmed_at <= rules.name_needs_confirmation_within
        for address in own
    )
    watched = person.watched or any(address.shared for address in own)
    return Whom(
        id=person.id,
        called=addressed_as(
            person.first_name,
            person.preferred_name,
            person.safe_name,
            may_name=fresh and len(held) == len(own) and _name_is_safe(person, own),
        ),
        age=person.age_on(today),
        language=person.language,
        watched=watched,
        at_risk=person.risk is not Risk.STANDARD,
        cadence=person.cadence.value,
        in_custody=StateKind.CUSTODY in states,
        missing=StateKind.MISSING in states,
        frozen=bool(states & _FROZEN),
        adviser_id=adviser.id if adviser else None,
        adviser_name=adviser.first_name if adviser else "",
        opted_out=addresses.opted_out(
            session, message.channel, services.database.keyring.indexes(message.sender)
        ),
    )


def _name_is_safe(person: Person, own: Sequence[Address]) -> bool:
    """Where others see the phone, only the agreed safe name may stand in a text."""
    return person.safe_name is not None or not any(address.shared for address in own)


def _check_in(
    turn: Turn, persons: Sequence[Person], earlier: Sequence[InboundMessage], message: InboundMessage
) -> OpenCheckIn | None:
    """The check-in this text may answer: the latest one asked, if nothing or only a part has answered it."""
    if len(persons) != 1:
        return None
    asked = check_ins.latest(turn.session, persons[0].id, count=2)
    if not asked:
        return None
    parts = {
        text.id for text in earlier if message.received_at - text.received_at <= turn.rules.read_together
    }
    latest = asked[0]
    if latest.state is CheckInState.ANSWERED and latest.answer_id not in parts:
        return None
    return OpenCheckIn(id=latest.id, mood_before=asked[1].mood if len(asked) > 1 else None)


def _said(session: Session, indexes: Sequence[bytes], message: InboundMessage) -> tuple[Said, ...]:
    rows = session.scalars(
        select(OutboundMessage)
        .where(
            OutboundMessage.to_index.in_(indexes),
            OutboundMessage.channel == message.channel,
            OutboundMessage.due_at > message.received_at - _DAY,
            OutboundMessage.created_at <= message.received_at,
            OutboundMessage.state.not_in(_TAKEN_BACK),
        )
        .order_by(OutboundMessage.due_at.desc())
        .limit(20)
    ).all()
    return tuple(
        Said(
            id=row.id,
            at=row.sent_at or row.created_at,
            body=row.body,
            wording=row.wording,
            queued=row.state is OutboundState.QUEUED,
            answers_id=row.inbound_id,
        )
        for row in reversed(rows)
    )


def _ever_said(session: Session, indexes: Sequence[bytes], message: InboundMessage) -> frozenset[str]:
    rows = session.execute(
        select(OutboundMessage.wording, func.max(OutboundMessage.created_at))
        .where(
            OutboundMessage.to_index.in_(indexes),
            OutboundMessage.wording.like(f"{WordingKey.WHO}/%")
            | OutboundMessage.wording.like(f"{WordingKey.WRONG_NUMBER_APOLOGY}/%"),
            OutboundMessage.state.not_in(_TAKEN_BACK),
        )
        .group_by(OutboundMessage.wording)
    )
    return frozenset(
        wording.split("/")[0]
        for wording, last in rows
        if wording.startswith(WordingKey.WRONG_NUMBER_APOLOGY) or last > message.received_at - _WHO_WITHIN
    )


def _answers_stopped(session: Session, indexes: Sequence[bytes], message: InboundMessage) -> bool:
    stops = (markers.get(session, quiet_marker(index)) for index in indexes)
    return any(stop is not None and stop.at > message.received_at for stop in stops)


def _staff_names(session: Session, persons: Sequence[Person], message: InboundMessage) -> frozenset[str]:
    """First names that a text about a worker may use: the worker's own and the team's."""
    teams = {person.team_id for person in persons if person.team_id}
    workers: set[UUID] = set()
    for person in persons:
        for role in AllocationRole:
            worker = people.allocated(session, person.id, role, message.received_at)
            workers |= {worker.id} if worker else set()
    if not teams and not workers:
        return frozenset()
    query = select(Staff.name).where(
        (Staff.id.in_(workers)) | (Staff.team_id.in_(teams)), Staff.disabled_at.is_(None)
    )
    return frozenset(name.split()[0].casefold() for name in session.scalars(query))
