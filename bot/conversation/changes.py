"""Making one change: each kind of :data:`bot.conversation.response.Change`, on the tables."""

from bot.conversation.gather import quiet_marker
from bot.conversation.heard import Heard
from bot.conversation.response import (
    AnswerCheckIn,
    Change,
    Dispute,
    FreezeForDeath,
    OptIn,
    OptOut,
    Pause,
    Resume,
    SetCadence,
    SetWindow,
    StopAnswers,
)
from bot.conversation.situation import Sender, Situation
from messages.channel import InboundKind
from scheduler import silence, slots, states
from scheduler.turn import Turn
from storage import addresses, audit, markers
from storage.addresses import AddressHealth, OptOutSource
from storage.check_ins import CheckIn, CheckInState
from storage.inbound import InboundMessage
from storage.people import Person, StateKind


def make_change(turn: Turn, heard: Heard, change: Change) -> None:
    session, message = turn.session, heard.message
    indexes = turn.services.database.keyring.indexes(message.sender)
    match change:
        case OptOut():
            _opt_out(turn, heard, change)
        case OptIn():
            only = OptOutSource.BLOCKED if change.unblocked else None
            addresses.opt_in(session, message.channel, indexes, now=turn.now, only=only)
            if not change.unblocked and heard.situation.sender is Sender.KNOWN:
                _open_every_door(turn, heard)
        case Dispute():
            for address in heard.held:
                address.health = AddressHealth.DISPUTED
        case StopAnswers():
            markers.put(session, quiet_marker(indexes[0]), {}, now=change.until)
        case AnswerCheckIn():
            _answer_check_in(turn, message, change)
        case FreezeForDeath():
            _freeze(turn, heard.situation)
        case Pause() | Resume() | SetCadence() | SetWindow():
            _choose(turn, heard.situation, change)
    audit.note(session, f"text.{_action(change)}", now=turn.now, subject="message", subject_id=message.id)


def _action(change: Change) -> str:
    """``AnswerCheckIn`` as ``answer_check_in``."""
    name = type(change).__name__
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")


def _opt_out(turn: Turn, heard: Heard, change: OptOut) -> None:
    """The word closes every address of everybody at this one; a blocked chat closes only itself."""
    session, message = turn.session, heard.message
    source = OptOutSource.BLOCKED if message.kind is InboundKind.BLOCKED else OptOutSource.WORD
    keyring = turn.services.database.keyring
    doors = {(message.channel, message.sender)}
    if change.everywhere:
        for person in heard.situation.people:
            doors |= {(door.channel, door.value) for door in addresses.of_person(session, person.id)}
    for channel, value in sorted(doors):
        addresses.opt_out(
            session, channel, keyring.indexes(value), source=source, now=turn.now, inbound_id=message.id
        )


def _open_every_door(turn: Turn, heard: Heard) -> None:
    """What the word closed everywhere, the word opens everywhere; a carrier's refusal or a block stays."""
    keyring = turn.services.database.keyring
    for person in heard.situation.people:
        for door in addresses.of_person(turn.session, person.id):
            indexes = keyring.indexes(door.value)
            addresses.opt_in(turn.session, door.channel, indexes, now=turn.now, only=OptOutSource.WORD)


def _answer_check_in(turn: Turn, message: InboundMessage, change: AnswerCheckIn) -> None:
    """A late answer counts too; a second part may still change the mood."""
    check_in = turn.session.get_one(CheckIn, change.check_in_id)
    if check_in.state is not CheckInState.ANSWERED:
        silence.record_answer(
            turn.session,
            check_in.person_id,
            inbound_id=message.id,
            mood=change.mood,
            now=message.received_at,
        )
    elif change.mood is not None:
        check_in.mood = change.mood


def _freeze(turn: Turn, situation: Situation) -> None:
    for whom in situation.people:
        states.start_state(
            turn.session,
            whom.id,
            StateKind.DEATH_REPORTED,
            starts_on=situation.today,
            now=turn.now,
            home=turn.home,
        )


def _choose(turn: Turn, situation: Situation, change: Pause | Resume | SetCadence | SetWindow) -> None:
    if situation.whom is None:
        return
    person = turn.session.get_one(Person, situation.whom.id)
    match change:
        case Pause():
            person.paused_until = change.until
        case Resume():
            person.paused_until = None
        case SetCadence():
            person.cadence = change.cadence
        case SetWindow():
            person.window_from, person.window_to = change.start, change.end
    slots.plan_next(turn.session, person, turn.rules, now=turn.now, zone=turn.home)
