"""From a recorded text to its situation: every look-up that deciding needs, in one place."""

import json
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from bot.conversation.situation import Earlier, OpenCheckIn, Said, Sender, Situation, Whom
from messages.channel import InboundKind
from messages.kinds import OutboundKind
from messages.understanding import Context
from messages.wordings import WordingKey
from scheduler import circumstances, prompts, slots
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
_NEVER_ARRIVED = (*_TAKEN_BACK, OutboundState.FAILED)
#: What the four answers of a check-in look like when they stand alone.
_ANSWERS = ("1", "2", "3", "4")
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
    context = _context(turn, persons, check_in, message)
    situation = Situation(
        now=now,
        today=day_of(now, services.council.time_zone),
        message_id=message.id,
        kind=message.kind,
        channel=message.channel,
        text=message.body,
        has_media=message.media is not None,
        carrier_keyword=message.carrier_keyword,
        sender=_sender(turn, persons, held, message),
        people=whom,
        check_in=check_in,
        context=context,
        earlier=tuple(map(_earlier, earlier)),
        said=_said(turn, indexes, message),
        ever_said=_ever_said(session, indexes, message),
        answers_stopped=_answers_stopped(session, indexes, message),
        danger_answered=_danger_answered(turn, indexes, persons, message),
        working_time=is_working(now, hours),
        back_at=next_working_time(now, hours),
        read_by=add_working_hours(now, turn.rules.unread_working_hours, hours),
        workers=_workers(session),
    )
    return situation, held


def _earlier(text: InboundMessage) -> Earlier:
    reading = json.loads(text.reading) if text.reading else {}
    machine = reading.get("detail", {}).get("machine", False)
    return Earlier(id=text.id, at=text.received_at, text=text.body, machine=machine)


def quiet_marker(index: bytes) -> str:
    """The marker that says until when an address gets no automatic answers."""
    return f"quiet:{index.hex()}"


def _people(session: Session, held: Sequence[Address]) -> list[Person]:
    ids = dict.fromkeys(address.person_id for address in held)
    found = {person.id: person for person in session.scalars(select(Person).where(Person.id.in_(ids)))}
    return [found[person_id] for person_id in ids]


def _sender(
    turn: Turn, persons: Sequence[Person], held: Sequence[Address], message: InboundMessage
) -> Sender:
    if not held:
        return Sender.STRANGER
    if all(address.health is AddressHealth.DISPUTED for address in held):
        return Sender.DISPUTED
    if len(persons) > 1:
        return Sender.SHARED
    enrolled = people.enrolment(turn.session, persons[0].id)
    if persons[0].closed_at or enrolled is None or not enrolled.safe_to_text:
        return Sender.UNENROLLED
    return Sender.KNOWN if _confirmed(turn, persons[0], held, message) else Sender.UNCONFIRMED


def _confirmed(turn: Turn, person: Person, held: Sequence[Address], message: InboundMessage) -> bool:
    """Somebody has confirmed that this address is theirs; after custody, once more."""
    states = people.states(turn.session, person.id)
    released = circumstances.released_at(states, day_of(message.received_at, turn.home), turn.home)
    return any(
        address.confirmed_at is not None
        and (released is None or circumstances.confirmed_since(address, released))
        for address in held
    )


def _whom(turn: Turn, message: InboundMessage, person: Person, held: Sequence[Address]) -> Whom:
    session, now = turn.session, message.received_at
    today = day_of(now, turn.home)
    states = {state.kind for state in people.states_on(session, person.id, today)}
    adviser = people.allocated(session, person.id, AllocationRole.ADVISER, now)
    own = [address for address in held if address.person_id == person.id]
    called = prompts.name_for(person, own[0], turn.rules, now) if len(held) == len(own) else None
    return Whom(
        id=person.id,
        called=called,
        age=person.age_on(today),
        language=person.language,
        watched=person.watched or any(address.shared for address in own),
        at_risk=person.risk is not Risk.STANDARD,
        cadence=slots.rhythm_of(person).value,
        may_change_cadence=person.risk is not Risk.HIGH,
        in_custody=StateKind.CUSTODY in states,
        missing=StateKind.MISSING in states,
        frozen=bool(states & _FROZEN),
        adviser_id=adviser.id if adviser else None,
        adviser_name=prompts.signature(session, person, adviser) if adviser and called else "",
        opted_out=addresses.opted_out(
            session, message.channel, turn.services.database.keyring.indexes(message.sender)
        ),
    )


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


def _context(
    turn: Turn, persons: Sequence[Person], check_in: OpenCheckIn | None, message: InboundMessage
) -> Context:
    """What a bare digit or a button means: the answers of the last check-in, answered or not."""
    bare = message.kind is InboundKind.PRESS or message.body.strip() in _ANSWERS
    asked = len(persons) == 1 and bool(check_ins.latest(turn.session, persons[0].id))
    return Context.CHECK_IN if check_in or (bare and asked) else Context.NONE


def _danger_answered(
    turn: Turn, indexes: Sequence[bytes], persons: Sequence[Person], message: InboundMessage
) -> bool:
    """A person gets one automatic danger text in three hours, whichever channel they write on.

    The answer to the word HELP is none: who then says what is wrong is answered.
    """
    theirs: ColumnElement[bool] = OutboundMessage.to_index.in_(indexes)
    if len(persons) == 1:
        theirs |= OutboundMessage.person_id == persons[0].id
    query = select(OutboundMessage.id).where(
        theirs,
        OutboundMessage.kind == OutboundKind.DANGER_ANSWER,
        OutboundMessage.wording.not_like(f"{WordingKey.HELP}/%"),
        OutboundMessage.due_at > message.received_at - turn.rules.danger_answer_every,
        OutboundMessage.state.not_in(_NEVER_ARRIVED),
    )
    return turn.session.scalars(query.limit(1)).first() is not None


def _said(turn: Turn, indexes: Sequence[bytes], message: InboundMessage) -> tuple[Said, ...]:
    rows = turn.session.scalars(
        select(OutboundMessage)
        .where(
            OutboundMessage.to_index.in_(indexes),
            OutboundMessage.channel == message.channel,
            OutboundMessage.due_at > message.received_at - _DAY,
            OutboundMessage.state.not_in(_NEVER_ARRIVED),
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
            kind=row.kind,
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


def _workers(session: Session) -> dict[str, tuple[UUID, ...]]:
    """Everybody who works here by first name: whom a text about a worker may mean."""
    found: dict[str, tuple[UUID, ...]] = {}
    for worker_id, name in session.execute(
        select(Staff.id, Staff.name).where(Staff.disabled_at.is_(None)).order_by(Staff.created_at, Staff.id)
    ):
        first = str(name).split()[0].casefold() if str(name).split() else ""
        if first:
            found[first] = (*found.get(first, ()), worker_id)
    return found
