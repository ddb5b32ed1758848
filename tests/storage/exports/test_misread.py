"""Misread texts as test cases: of the shape that the reading is judged by, and nobody's."""

import io
import json
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from messages.channel import ChannelName
from messages.kinds import AlertKind, Deadline
from messages.understanding import Context, Danger, Intent
from storage.alerts import Alert, AlertState, Outcome
from storage.check_ins import CheckIn, CheckInState
from storage.database import Database
from storage.exports import EXPORTS, Format, Span, write
from storage.inbound import InboundMessage
from storage.people import Person, Status
from storage.staff import Role, Staff
from tools.understanding.texts import Group, Labelled, read

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
DAY = timedelta(days=1)
LONDON = ZoneInfo("Europe/London")
#: As the service may have read a text, right or wrong.
FINE = {"intent": "mood_ok", "urgent": False, "opt_out": False, "mood": 0, "needs": ["money"], "answer": "2"}
DANGER = FINE | {"intent": "crisis", "urgent": True, "detail": {"dangers": ["own_life"], "about_staff": None}}


@pytest.fixture
def jay(database: Database) -> Person:
    with database.begin() as session:
        person = Person(
            case_id="WH-1",
            first_name="Jordan",
            last_name="Whitlock",
            preferred_name="Jay",
            date_of_birth=date(2006, 5, 4),
            status=Status.FORMER_RELEVANT,
            created_at=NOW - 60 * DAY,
        )
        sam = Staff(
            email="sam.okafor@westhaven.example", name="Sam Okafor", role=Role.ADVISER, created_at=NOW
        )
        session.add_all([person, sam])
    return person


def comes(
    database: Database, person: Person | None, body: str, reading: dict[str, Any] | None = FINE, **facts: Any
) -> InboundMessage:
    """A text as it is kept once it was read."""
    with database.begin() as session:
        text = InboundMessage(
            channel=ChannelName.SMS,
            provider_id=f"IN {body}",
            received_at=NOW - DAY,
            sender="+447700900101",
            body=body,
            person_id=person.id if person else None,
            reading=json.dumps(reading) if reading else None,
            **facts,
        )
        session.add(text)
    return text


def was_no_alert(database: Database, text: InboundMessage, *parts: str, **facts: Any) -> None:
    values: dict[str, Any] = {
        "key": f"inbound:{text.id}:{len(parts)}",
        "kind": AlertKind.DANGER_TO_LIFE,
        "deadline": Deadline.NOW,
        "person_id": text.person_id,
        "cause": json.dumps({"texts": parts or [text.body], "why": []}),
        "state": AlertState.CLOSED,
        "outcome": Outcome.FALSE_ALARM,
        "closed_at": NOW,
    }
    with database.begin() as session:
        session.add(Alert(inbound_id=text.id, opened_at=NOW, chain_from=NOW, **(values | facts)))


def lines(database: Database, first: date | None = None, *, show: bool = False) -> list[str]:
    export, target = EXPORTS["misread"], io.BytesIO()
    span = Span.between(first, None, now=NOW, zone=LONDON, show_restricted=show)
    with database.read() as session:
        rows = export.rows(session, span)
        write(target, export.format, name=export.name, columns=export.columns, rows=rows, zone=LONDON)
    return target.getvalue().decode().splitlines()


def cases(database: Database, first: date | None = None, *, show: bool = False) -> list[Labelled]:
    """As the tools that judge the reading take them."""
    return [read(line, "misread") for line in lines(database, first, show=show)]


def test_a_missed_text_is_an_urgent_case_without_names(database: Database, jay: Person) -> None:
    comes(database, jay, "Whitlocks not ok, tell liam n okafor, ring 07700 900 456", missed_at=NOW)
    comes(database, jay, "alrite ta")
    (case,) = cases(database)
    assert case.text == "Alexs not ok, tell alex n alex, ring 07700900123"
    assert (case.id, case.group, case.language, case.context) == (
        "misread-0001",
        Group.URGENT,
        "en",
        Context.NONE,
    )
    assert (case.urgent, case.intent, case.opt_out, case.dangers) == (True, Intent.CRISIS, False, frozenset())


def test_a_false_alarm_is_a_hard_negative_with_all_its_parts(database: Database, jay: Person) -> None:
    text = comes(database, jay, "self after that film jordan")
    was_no_alert(database, text, "i want to kill my", text.body)
    (case,) = cases(database)
    assert case.text == "i want to kill my self after that film alex"
    assert (case.urgent, case.group, case.dangers) == (False, Group.HARD_NEGATIVE, frozenset())


def test_labels_are_what_was_read_where_it_does_not_contradict(database: Database, jay: Person) -> None:
    was_no_alert(database, comes(database, jay, "this essay will kill me", DANGER))
    was_no_alert(database, comes(database, jay, "ring me", FINE | {"intent": "call_me"}))
    comes(database, jay, "2 im on the roof", missed_at=NOW)
    comes(database, jay, "same as ever", DANGER, missed_at=NOW)
    alarm, ring, missed, same = cases(database)
    assert (alarm.intent, alarm.urgent, alarm.dangers) == (Intent.OTHER, False, frozenset())
    assert (ring.intent, ring.urgent) == (Intent.CALL_ME, False)
    assert (missed.intent, missed.urgent, missed.mood, missed.answer) == (Intent.CRISIS, True, 0, "2")
    assert (same.intent, same.dangers) == (Intent.CRISIS, frozenset({Danger.OWN_LIFE}))


def test_nothing_in_a_line_leads_back(database: Database, jay: Person) -> None:
    text = comes(database, jay, "ask jordan whitlock", missed_at=NOW)
    comes(database, jay, "well", FINE | {"answer": "Jordan Whitlock, 07700 900 456"}, missed_at=NOW)
    whole = "\n".join(lines(database)).casefold()
    told = ("jordan", "whitlock", "900 456", str(text.id), str(jay.id), "wh-1", "2026", "+44")
    assert not [one for one in told if one in whole]


def test_a_text_of_one_or_the_other_hides_the_names_of_both(database: Database, jay: Person) -> None:
    text = comes(database, None, "whitlocks dead tired, i could kill myself")
    was_no_alert(database, text, person_id=jay.id)
    assert [case.text for case in cases(database)] == ["alexs dead tired, i could kill myself"]


def test_the_answer_to_a_check_in_says_so(database: Database, jay: Person) -> None:
    text = comes(database, jay, "4 cant do this", missed_at=NOW)
    with database.begin() as session:
        check_in = CheckIn(
            person_id=jay.id, slot=NOW.date(), due_at=NOW, state=CheckInState.ANSWERED, created_at=NOW
        )
        check_in.answer_id = text.id
        session.add(check_in)
    assert [case.context for case in cases(database)] == [Context.CHECK_IN]


def test_what_no_rule_could_read_is_a_case_too(database: Database, jay: Person) -> None:
    comes(database, jay, "pls", None, missed_at=NOW, parked_at=NOW)
    (case,) = cases(database)
    assert (case.text, case.intent, case.mood) == ("pls", Intent.CRISIS, None)


def test_other_ends_of_an_alert_and_texts_left_unread_are_no_cases(database: Database, jay: Person) -> None:
    was_no_alert(database, comes(database, jay, "one"), outcome=Outcome.SPOKE)
    was_no_alert(database, comes(database, jay, "two"), kind=AlertKind.UNREAD, cause=None)
    was_no_alert(database, comes(database, jay, "three"), state=AlertState.OPEN, outcome=None, closed_at=None)
    assert cases(database) == []


def test_a_text_of_staff_is_no_case(database: Database, jay: Person) -> None:
    with database.read() as session:
        sam = session.scalars(select(Staff)).one()
    was_no_alert(database, comes(database, None, "dying for a tea", DANGER, staff_id=sam.id))
    assert cases(database) == []


def test_a_text_with_two_alerts_is_one_case_and_missed_outweighs(database: Database, jay: Person) -> None:
    text = comes(database, jay, "ring me", missed_at=NOW)
    was_no_alert(database, text, kind=AlertKind.CALL_ME, deadline=Deadline.TODAY)
    was_no_alert(database, text, "oi", "ring me", kind=AlertKind.WORRY, deadline=Deadline.TODAY)
    assert [(case.text, case.urgent) for case in cases(database)] == [("ring me", True)]


def test_days_are_those_of_the_note(database: Database, jay: Person) -> None:
    comes(database, jay, "before", missed_at=NOW - 2 * DAY)
    was_no_alert(database, comes(database, jay, "long ago"), closed_at=NOW - 2 * DAY)
    comes(database, jay, "today", missed_at=NOW)
    assert [case.text for case in cases(database, NOW.date())] == ["today"]
    assert len(cases(database)) == 3


def test_what_is_kept_from_a_worker_stays(database: Database, jay: Person) -> None:
    comes(database, jay, "about a worker", missed_at=NOW, restricted=True)
    assert cases(database) == []
    assert [case.text for case in cases(database, show=True)] == ["about a worker"]


def test_the_default_is_json_lines_of_the_labelled_texts_own_fields(database: Database, jay: Person) -> None:
    comes(database, jay, "pls", missed_at=NOW)
    assert EXPORTS["misread"].format is Format.JSONL
    assert list(json.loads(lines(database)[0])) == ["id", "text", "context", "lang", "group", "labels"]
