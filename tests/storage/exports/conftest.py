"""A little of everything that can be exported, about one person."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from messages.channel import ChannelName
from messages.kinds import AlertKind, ContactMethod, Deadline, NotCounted, OutboundKind
from storage import audit
from storage.addresses import Address
from storage.alerts import Alert, Restriction
from storage.check_ins import CheckIn, CheckInState
from storage.contacts import Contact, ContactCorrection, Direction, Layer
from storage.database import Database
from storage.inbound import InboundMessage
from storage.outbound import OutboundMessage, OutboundState
from storage.people import Allocation, Enrolment, Person, PersonState, StateKind, Status
from storage.plans import PlanReview, Visit
from storage.staff import Role, Staff, Team

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


def text_in(person: Person | None, number: int, body: str, **facts: Any) -> InboundMessage:
    return InboundMessage(
        channel=ChannelName.SMS,
        provider_id=f"SM{number}",
        received_at=facts.pop("at", NOW),
        sender="+447700900101",
        body=body,
        person_id=person.id if person else None,
        **facts,
    )


def text_out(person: Person | None, key: str, body: str, **facts: Any) -> OutboundMessage:
    at = facts.pop("at", NOW)
    return OutboundMessage(
        key=key,
        kind=facts.pop("kind", OutboundKind.CHECK_IN),
        priority=5,
        channel=ChannelName.SMS,
        to="+447700900101",
        body=body,
        person_id=person.id if person else None,
        created_at=at,
        due_at=at,
        expires_at=at + timedelta(hours=4),
        state=OutboundState.SENT,
        sent_at=at,
        **facts,
    )


@pytest.fixture
def filled(database: Database) -> Database:
    with database.begin() as session:
        team = Team(name="Harbour")
        session.add(team)
        session.flush()
        sam = Staff(
            email="sam.okafor@westhaven.example",
            name="Sam Okafor",
            role=Role.ADVISER,
            team_id=team.id,
            created_at=NOW,
        )
        jay = Person(
            case_id="WH-1",
            first_name="Jordan",
            last_name="=Whitlock",
            preferred_name="Jay",
            date_of_birth=date(2006, 5, 4),
            status=Status.FORMER_RELEVANT,
            team_id=team.id,
            created_at=NOW - timedelta(days=60),
        )
        session.add_all([sam, jay])
        session.flush()
        session.add_all(
            [
                Address(
                    person_id=jay.id,
                    channel=ChannelName.SMS,
                    value="+447700900101",
                    safe_to_text=True,
                    confirmed_at=NOW - timedelta(days=30),
                    starts_at=NOW - timedelta(days=60),
                ),
                Enrolment(
                    person_id=jay.id,
                    enrolled_on=date(2026, 11, 2),
                    number_confirmed_on=date(2026, 11, 2),
                    safe_to_text=True,
                    safe_to_ring=False,
                    told_how_to_stop=True,
                    created_at=NOW,
                ),
                Allocation(person_id=jay.id, staff_id=sam.id, starts_at=NOW - timedelta(days=60)),
                PersonState(
                    person_id=jay.id, kind=StateKind.ABROAD, starts_on=date(2026, 11, 20), recorded_at=NOW
                ),
                Visit(person_id=jay.id, visited_on=date(2026, 10, 14), recorded_at=NOW),
                PlanReview(person_id=jay.id, reviewed_on=date(2026, 8, 3), recorded_at=NOW),
            ]
        )
        _correspondence(session, jay, sam)
        _alerts(session, jay, sam)
        audit.note(session, "person.enrolled", now=NOW, staff_id=sam.id, subject="person", subject_id=jay.id)
    return database


def _correspondence(session: Any, jay: Person, sam: Staff) -> None:
    day = timedelta(days=1)
    good = text_in(jay, 1, "good ta", at=NOW - 5 * day, handled_at=NOW)
    about = text_in(jay, 2, "SECRET about sam", at=NOW - 2 * day, restricted=True, missed_at=NOW)
    session.add_all(
        [
            good,
            about,
            text_in(None, 3, "who is this", at=NOW - day),
            text_in(None, 4, "OK 4821", at=NOW - day, staff_id=sam.id),
            text_out(jay, "check_in:1", "How are things?", at=NOW - 6 * day),
            text_out(jay, "staff:1", "SECRET from helen", at=NOW - day, kind=OutboundKind.STAFF_TEXT),
            text_out(None, "alert:1", "J.W. OK 4821", kind=OutboundKind.ALERT, staff_id=sam.id),
            text_out(None, "page:1", "operator", kind=OutboundKind.OPERATOR_PAGE),
            CheckIn(
                person_id=jay.id,
                slot=date(2026, 11, 18),
                due_at=NOW - 6 * day,
                state=CheckInState.ANSWERED,
                answered_at=NOW - 5 * day,
                mood=-1,
                created_at=NOW - 6 * day,
            ),
        ]
    )
    session.flush()
    counted = Contact(
        person_id=jay.id,
        at=NOW - 5 * day,
        direction=Direction.TWO_WAY,
        method=ContactMethod.TEXT,
        layer=Layer.TEXT,
        inbound_id=good.id,
        recorded_at=NOW,
    )
    refused = Contact(
        person_id=jay.id,
        at=NOW - 2 * day,
        direction=Direction.RECEIVED,
        method=ContactMethod.TEXT,
        not_counted=NotCounted.NOISE,
        inbound_id=about.id,
        note="SECRET note",
        recorded_at=NOW,
    )
    session.add_all(
        [
            counted,
            refused,
            Contact(
                person_id=jay.id,
                at=NOW - 4 * day,
                direction=Direction.ATTEMPT,
                method=ContactMethod.CALL,
                note="SECRET heard by helen while the thread was kept",
                recorded_at=NOW - day,
            ),
        ]
    )
    session.flush()
    for contact, counts in ((counted, False), (refused, True)):
        session.add(
            ContactCorrection(contact_id=contact.id, counts=counts, reason="seen", staff_id=sam.id, at=NOW)
        )


def _alerts(session: Any, jay: Person, sam: Staff) -> None:
    complaint = Alert(
        key="c",
        kind=AlertKind.COMPLAINT,
        deadline=Deadline.TODAY,
        person_id=jay.id,
        restricted=True,
        about_staff_id=sam.id,
        opened_at=NOW - timedelta(days=2),
        chain_from=NOW,
        outcome_note="SECRET outcome",
    )
    session.add_all(
        [
            complaint,
            Alert(
                key="d",
                kind=AlertKind.CALL_ME,
                deadline=Deadline.TODAY,
                person_id=jay.id,
                opened_at=NOW - timedelta(days=4),
                chain_from=NOW,
                taken_at=NOW - timedelta(days=4),
                taken_by_id=sam.id,
                outcome_note="rang back",
            ),
            Alert(
                key="e",
                kind=AlertKind.CALL_ME,
                deadline=Deadline.TODAY,
                person_id=jay.id,
                opened_at=NOW - timedelta(days=3),
                closed_at=NOW,
                chain_from=NOW,
                outcome_note="SECRET said to helen while the thread was kept",
            ),
        ]
    )
    session.flush()
    session.add(
        Restriction(person_id=jay.id, staff_id=sam.id, alert_id=complaint.id, from_at=NOW - timedelta(days=2))
    )
