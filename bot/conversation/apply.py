"""Writing what was decided: contact, check-in, alerts, changes and queued answers, in one unit of work."""

import json
from datetime import datetime, timedelta
from uuid import UUID

from babel.dates import format_skeleton
from sqlalchemy.orm import Session

from bot.conversation.changes import make_change
from bot.conversation.heard import Heard
from bot.conversation.response import Counted, Raise, Reply, Response
from bot.conversation.situation import Sender, Situation
from messages.channel import ChannelName, InboundKind
from messages.kinds import ALERT_TERMS, AlertKind, ContactMethod, Deadline
from messages.understand.printing import as_json
from messages.understanding import Intent, Understanding
from messages.wordings import PhraseKey, Placeholder
from scheduler import lost_touch
from scheduler.alerts import ABOUT_A_WORKER, Cause, open_alert
from scheduler.outbox import About, enqueue
from scheduler.services import Services
from scheduler.turn import Turn
from storage import alerts
from storage.contacts import Contact, Direction, Layer
from storage.inbound import InboundMessage
from storage.outbound import OutboundMessage, OutboundState

#: The confirmation of an opt-out leaves after the answer to a danger.
_LAST = timedelta(seconds=2)
#: What these say, the check-in or the opt-out already shows.
_SHOWN = {
    Intent.MOOD_GOOD,
    Intent.MOOD_OK,
    Intent.OPT_OUT,
    Intent.OPT_IN,
    Intent.PAUSE,
    Intent.ACK_THANKS,
}
_METHODS = {ChannelName.SMS: ContactMethod.TEXT, ChannelName.TELEGRAM: ContactMethod.TELEGRAM}


def apply(turn: Turn, heard: Heard, response: Response) -> None:
    """Write ``response`` and mark the text handled. The caller commits."""
    _own(heard)
    if response.contact is not None and heard.situation.owner is not None:
        _record_contact(turn, heard.message, heard.situation.owner.id, response.contact)
    for change in response.changes:
        make_change(turn, heard, change)
    raised = [_raise(turn, heard, alert) for alert in response.alerts]
    if not any(raised) and _is_owed_a_reader(heard):
        heard.message.read_due_at = heard.situation.read_by
    _take_back(turn.session, response.replaces)
    for position, reply in enumerate(response.replies):
        _answer(turn, heard, reply, due_at=turn.now + reply.after + position * _LAST)
    heard.message.handled_at = turn.now
    heard.message.lease_until = None


def _own(heard: Heard) -> None:
    """Whose text it is, and what was read in it. A shared or disputed number's stays nobody's: triage."""
    message, situation = heard.message, heard.situation
    if situation.whom is not None:
        message.person_id = situation.whom.id
        message.address_id = heard.held[0].id
    message.reading = json.dumps(as_json(heard.understood))
    message.restricted = heard.understood.detail.about_staff is not None


def _is_owed_a_reader(heard: Heard) -> bool:
    """A person must see it, and no new alert makes them: rules find some things, never all.

    A text from the number of somebody in custody is theirs only when a person says so.
    """
    silent = heard.message.kind in (InboundKind.BLOCKED, InboundKind.UNBLOCKED, InboundKind.OTHER)
    doubtful = any(person.in_custody for person in heard.situation.people)
    return not silent and (doubtful or not _is_read_enough(heard.understood))


def _is_read_enough(understood: Understanding) -> bool:
    """Nothing but the answer, the keyword or the thanks: the check-in or the opt-out shows it already."""
    return understood.intent is Intent.AUTOREPLY or (understood.detail.bare and understood.intent in _SHOWN)


def _record_contact(turn: Turn, message: InboundMessage, person_id: UUID, counted: Counted) -> None:
    two_way = counted.not_counted is None
    turn.session.add(
        Contact(
            person_id=person_id,
            at=message.happened_at,
            direction=Direction.TWO_WAY if two_way else Direction.RECEIVED,
            method=_METHODS[message.channel],
            layer=Layer.TEXT if two_way else None,
            not_counted=counted.not_counted,
            begun_by_person=True,
            inbound_id=message.id,
            recorded_at=turn.now,
        )
    )
    turn.session.flush()
    if two_way:
        lost_touch.regain(turn.session, person_id, now=turn.now)


def _raise(turn: Turn, heard: Heard, alert: Raise) -> bool:
    """Danger alerts every time; anything else once while it is open. Whether a new alert was opened."""
    message = heard.message
    key = f"inbound:{message.id}:{alert.kind}:{alert.person_id or 'nobody'}"
    if ALERT_TERMS[alert.kind].deadline is not Deadline.NOW and alert.kind not in ABOUT_A_WORKER:
        if alert.person_id and alerts.has_open(turn.session, alert.person_id, alert.kind):
            return False
        if alert.kind is AlertKind.UNKNOWN_SENDER and message.sender_index is not None:
            key = f"unknown:{message.sender_index.hex()}:{heard.situation.today}"
    opened = open_alert(
        turn.session,
        turn.services,
        kind=alert.kind,
        key=key,
        person_id=alert.person_id,
        inbound_id=message.id,
        cause=Cause(texts=alert.texts, why=alert.why),
        watched=alert.watched,
        about_staff_id=alert.about_staff_id,
        now=turn.now,
    )
    return opened is not None


def _take_back(session: Session, replaced: UUID | None) -> None:
    row = session.get(OutboundMessage, replaced) if replaced else None
    if row is not None and row.state is OutboundState.QUEUED:
        row.state = OutboundState.CANCELLED
        row.reason = "Replaced by the answer to the next text."


def _answer(turn: Turn, heard: Heard, reply: Reply, *, due_at: datetime) -> None:
    message, situation = heard.message, heard.situation
    rendered = turn.services.wordings.render(
        reply.key, situation.language, variant=message.id.int, **_values(turn, situation, reply)
    )
    enqueue(
        turn.session,
        key=f"answer:{message.id}:{reply.key}",
        kind=reply.kind,
        channel=message.channel,
        to=message.sender,
        body=rendered.text,
        now=turn.now,
        due_at=due_at,
        about=About(person_id=message.person_id, inbound_id=message.id),
        wording=rendered.wording,
        language=rendered.language,
        address=heard.held[0] if len(heard.held) == 1 else None,
    )


def _values(turn: Turn, situation: Situation, reply: Reply) -> dict[str, str]:
    """Every placeholder that an answer may hold; empty where there is nothing to say."""
    services, rules = turn.services, turn.rules
    whom = situation.whom if situation.sender is Sender.KNOWN else None
    language = situation.language
    values = {
        Placeholder.NAME: (whom.called or "") if whom else "",
        Placeholder.ADVISER: whom.adviser_name if whom else "",
        # A watched phone gets no number, unless it is the one way to a bed tonight (and then it is neutral).
        Placeholder.OUT_OF_HOURS: "" if situation.watched else services.council.out_of_hours_phone,
        Placeholder.NOTICE_URL: f"{services.council.public_url}/notice",
        Placeholder.OFFER_URL: rules.offer_url,
        Placeholder.COMPLAINTS_CONTACT: rules.complaints_contact,
        Placeholder.ADVOCACY_CONTACT: rules.advocacy_contact,
        Placeholder.WORKING_DAYS: services.wordings.phrase(PhraseKey.WORKING_DAYS, language),
        Placeholder.BACK_AT: _moment(services, situation.back_at, language) if situation.back_at else "",
        Placeholder.UNTIL: _day(services, reply.until, language) if reply.until else "",
    }
    if reply.phrase is not None:
        phrase = services.wordings.phrase(reply.phrase, language)
        values |= {Placeholder.RHYTHM: phrase, Placeholder.TIME_OF_DAY: phrase}
    return {placeholder.value: value for placeholder, value in values.items()}


def _day(services: Services, at: datetime, language: str) -> str:
    """A day as texts say it (Tue 8 Dec), in their language."""
    local = at.astimezone(services.council.time_zone)
    if language == "en":
        return f"{local:%a} {local.day} {local:%b}"
    return format_skeleton("EEEdMMM", local, locale=language)


def _moment(services: Services, at: datetime, language: str) -> str:
    """When somebody is back (Tue 8 Dec at 9:00am)."""
    local = at.astimezone(services.council.time_zone)
    clock = f"{local.hour % 12 or 12}:{local:%M}{'am' if local.hour < 12 else 'pm'}"
    day = _day(services, at, language)
    return f"{day} at {clock}" if language == "en" else f"{day} {local:%H:%M}"
