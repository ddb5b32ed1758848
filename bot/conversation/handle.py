"""Handling one recorded text: lease it, read it, decide, write; and never lose it when something breaks.

The web process calls this in the tail of the request that recorded the text; the worker calls it for
every text that nobody has handled after five seconds. Both take the same lease, so effects happen once.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from bot.conversation import staff_phones
from bot.conversation.apply import apply
from bot.conversation.decide import decide
from bot.conversation.gather import gather
from bot.conversation.heard import Heard
from bot.conversation.links import link_chat
from bot.conversation.parts import read_with_parts
from bot.conversation.situation import Situation
from messages.channel import InboundKind
from messages.kinds import AlertKind
from messages.understanding import Context, Understanding
from scheduler import rules as council_rules
from scheduler.alerts import open_alert
from scheduler.rules import Rules
from scheduler.services import Services
from scheduler.turn import Turn
from storage import addresses, inbound
from storage.base import new_id
from storage.inbound import MAX_ATTEMPTS, InboundMessage

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """All that a text's understanding depends on."""

    earlier: tuple[str, ...]
    text: str
    context: Context
    workers: frozenset[str]


#: What was asked before the unit of work began, and what was understood.
Ahead = tuple[Asked, Understanding]


def handle(services: Services, message_id: UUID, now: datetime) -> bool:
    """Handle one text. True when this call did it; False when it was done, leased elsewhere, or failed."""
    token = new_id()
    with services.database.begin() as session:
        claimed = inbound.claim(session, message_id, token, now=now) is not None
    if not claimed:
        return False
    try:
        ahead = _read_ahead(services, message_id, now)
        with services.database.begin() as session:
            message = session.get_one(InboundMessage, message_id)
            if message.lease_token != token or message.handled_at is not None:
                return False
            _handle(_turn(session, services, now), message, ahead)
    except Exception as error:  # noqa: BLE001  (whatever breaks, the text is kept and owned)
        # Its words may quote the text: only the kind of error is logged.
        log.error("text_not_handled", message_id=str(message_id), error=type(error).__name__)
        _let_go_safely(services, message_id, token, now=now)
        return False
    return True


def _turn(session: Session, services: Services, now: datetime) -> Turn:
    return Turn(session=session, services=services, rules=council_rules.load(session), now=now)


def _read_ahead(services: Services, message_id: UUID, now: datetime) -> Ahead:
    """Understanding takes longest: it is done before anything is written, when SQLite has room for others."""
    with services.database.read() as session:
        turn, message = _turn(session, services, now), session.get_one(InboundMessage, message_id)
        asked = _asked(gather(turn, message)[0], turn.rules)
    return asked, _understood(asked)


def _handle(turn: Turn, message: InboundMessage, ahead: Ahead) -> None:
    if staff_phones.handled(turn, message):
        message.handled_at = turn.now
        return
    if message.kind is InboundKind.LINK and link_chat(turn, message):
        message.handled_at = turn.now
        return
    situation, held = gather(turn, message)
    asked, understood = _asked(situation, turn.rules), ahead[1]
    if asked != ahead[0]:  # a part of it, or a question of ours, came between
        understood = _understood(asked)
    heard = Heard(message=message, held=held, situation=situation, understood=understood)
    apply(turn, heard, decide(situation, understood, turn.rules))


def _asked(situation: Situation, rules: Rules) -> Asked:
    return Asked(
        earlier=tuple(part.text for part in situation.together(rules.read_together)),
        text=situation.text,
        context=situation.context,
        workers=frozenset(situation.workers),
    )


def _understood(asked: Asked) -> Understanding:
    return read_with_parts(asked.earlier, asked.text, asked.context, staff_names=asked.workers)


def _let_go_safely(services: Services, message_id: UUID, token: UUID, *, now: datetime) -> None:
    """Where even letting go fails, the lease ends by itself, and other texts have their turn meanwhile."""
    try:
        _let_go(services, message_id, token, now=now)
    except Exception as error:  # noqa: BLE001  (as above)
        log.error("text_not_let_go", message_id=str(message_id), error=type(error).__name__)


def _let_go(services: Services, message_id: UUID, token: UUID, *, now: datetime) -> None:
    """Free a text whose handler failed; after the last try park it, where a person owns it."""
    with services.database.begin() as session:
        message = session.get_one(InboundMessage, message_id)
        if message.lease_token != token or message.handled_at is not None:
            return
        message.lease_until = None
        if message.attempts >= MAX_ATTEMPTS:
            _park(session, services, message, now=now)


def _park(session: Session, services: Services, message: InboundMessage, *, now: datetime) -> None:
    message.parked_at = now
    held = addresses.holders(session, message.channel, services.database.keyring.indexes(message.sender))
    owners = {address.person_id for address in held}
    message.person_id = next(iter(owners)) if len(owners) == 1 else None
    open_alert(
        session,
        services,
        kind=AlertKind.UNREADABLE,
        key=f"unreadable:{message.id}",
        person_id=message.person_id,
        inbound_id=message.id,
        now=now,
    )
