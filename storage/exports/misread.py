"""Texts that were misread, as test cases of the reading: those that staff noted as missed, and false alarms.

A row has the shape of the labelled texts that the reading is judged by. ``urgent`` is what staff said, the
other labels are what the service read where that does not contradict it. Names and numbers are replaced,
which is not enough: somebody must read each text before it leaves the council.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from messages.anonymity import anonymous, name_words
from messages.understand.lexicon import lexicon
from messages.understanding import Context, Intent, Need
from storage import restrictions
from storage.alerts import Alert, Outcome
from storage.check_ins import CheckIn
from storage.exports.batches import batches, within
from storage.exports.shapes import Export, Format, Kind, Row, Span, columns
from storage.inbound import InboundMessage
from storage.people import Person
from storage.staff import Staff

_DANGER = (Intent.CRISIS, Intent.SAFEGUARDING)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Misread:
    text: InboundMessage
    #: What was read: of a false alarm all parts.
    said: str
    #: Whose it is, or may be.
    owners: Sequence[Person]
    context: Context
    #: Kept from the worker that it, or what was said before it, is about.
    restricted: bool


def _rows(session: Session, span: Span) -> Iterator[Row]:
    everybody = name_words([*session.scalars(select(Staff.name)), *lexicon().given_names])
    query = select(InboundMessage).where(
        InboundMessage.staff_id.is_(None),
        or_(
            and_(InboundMessage.missed_at.is_not(None), *within(span, InboundMessage.missed_at)),
            InboundMessage.id.in_(select(Alert.inbound_id).where(_false_alarm(span))),
        ),
    )
    numbers = count(1)
    for batch in batches(session, query, InboundMessage.id, InboundMessage):
        for misread in _misread(session, span, batch):
            if span.show_restricted or not misread.restricted:
                yield (f"misread-{next(numbers):04}", *_case(misread, everybody))


def _false_alarm(span: Span) -> ColumnElement[bool]:
    """Of alerts that the words of a text raised, not that nobody had read it."""
    return and_(
        Alert.outcome == Outcome.FALSE_ALARM, Alert.cause.is_not(None), *within(span, Alert.closed_at)
    )


def _misread(session: Session, span: Span, batch: Sequence[InboundMessage]) -> Iterator[_Misread]:
    ids = [text.id for text in batch]
    answers = set(session.scalars(select(CheckIn.answer_id).where(CheckIn.answer_id.in_(ids))))
    alerts = session.scalars(select(Alert).where(_false_alarm(span), Alert.inbound_id.in_(ids))).all()
    causes = {alert.inbound_id: json.loads(alert.cause or "{}") for alert in alerts}
    owned = {(text.id, text.person_id) for text in batch}
    owned |= {(alert.inbound_id, alert.person_id) for alert in alerts if alert.inbound_id}
    people = {
        person.id: person
        for person in session.scalars(select(Person).where(Person.id.in_({owner for _, owner in owned})))
    }
    since = restrictions.restricted_since(session, people)
    for text in batch:
        owners = [people[owner] for message, owner in owned if message == text.id and owner]
        yield _Misread(
            text=text,
            said=text.body if text.missed_at else " ".join(causes[text.id]["texts"]),
            owners=owners,
            context=Context.CHECK_IN if text.id in answers else Context.NONE,
            restricted=text.restricted
            or any(text.happened_at >= since[owner.id] for owner in owners if owner.id in since),
        )


def _case(misread: _Misread, everybody: frozenset[str]) -> Row:
    owners, urgent = misread.owners, misread.text.missed_at is not None
    theirs = (
        name
        for person in owners
        for name in (person.first_name, person.last_name, person.preferred_name, person.safe_name)
    )
    names = everybody | name_words(theirs)
    reading: dict[str, Any] = json.loads(misread.text.reading or "{}")
    return (
        anonymous(misread.said, names),
        misread.context,
        owners[0].language if owners else "en",
        "urgent" if urgent else "hard_negative",
        json.dumps(_labels(reading, names, urgent=urgent)),
    )


def _labels(reading: dict[str, Any], names: frozenset[str], *, urgent: bool) -> dict[str, Any]:
    intent = Intent(reading.get("intent", Intent.OTHER))
    detail = reading.get("detail", {}) if urgent else {}
    return {
        "intent": intent if (intent in _DANGER) is urgent else Intent.CRISIS if urgent else Intent.OTHER,
        "urgent": urgent,
        "opt_out": reading.get("opt_out", False),
        "mood": reading.get("mood"),
        "needs": reading.get("needs", [Need.NONE]),
        # To a free question it is the text itself.
        "answer": anonymous(answer, names) if (answer := reading.get("answer")) else None,
        "dangers": detail.get("dangers", []),
        "about_staff": detail.get("about_staff"),
    }


EXPORT = Export(
    name="misread",
    rows=_rows,
    format=Format.JSONL,
    columns=columns(
        id=Kind.TEXT,
        text=Kind.TEXT,
        context=Kind.TEXT,
        lang=Kind.TEXT,
        group=Kind.TEXT,
        labels=Kind.JSON,
    ),
)
