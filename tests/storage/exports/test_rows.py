"""What each export says of what is stored."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event

from storage.check_ins import CheckIn
from storage.cohort.ledger import PERSON_COLUMNS
from storage.database import Database
from storage.exports import EXPORTS, Span, batches
from storage.people import Person, Status

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
LONDON = ZoneInfo("Europe/London")


def span(first: date | None = None, last: date | None = None, *, show: bool = False) -> Span:
    return Span.between(first, last, now=NOW, zone=LONDON, show_restricted=show)


def records(database: Database, name: str, covered: Span | None = None) -> list[dict[str, Any]]:
    export = EXPORTS[name]
    names = [column.name for column in export.columns]
    with database.read() as session:
        return [dict(zip(names, row, strict=True)) for row in export.rows(session, covered or span())]


def test_the_exports_that_are_promised() -> None:
    assert set(EXPORTS) == {"people", "contacts", "messages", "check-ins", "alerts", "audit", "misread"}
    for export in EXPORTS.values():
        names = [column.name for column in export.columns]
        assert len(names) == len(set(names))


def test_a_person(filled: Database) -> None:
    (person,) = records(filled, "people")
    assert (person["person_id"], person["preferred_name"], person["mobile"]) == (
        "WH-1",
        "Jay",
        "+447700900101",
    )
    assert (person["adviser_email"], person["team"]) == ("sam.okafor@westhaven.example", "Harbour")
    assert (person["last_visit"], person["last_plan_review"]) == (date(2026, 10, 14), date(2026, 8, 3))
    assert (person["enrolled_on"], person["safe_to_text"], person["states"]) == (
        date(2026, 11, 2),
        True,
        "abroad",
    )
    # As corrected: the answer of five days ago does not count, the noise of two days ago does.
    assert person["last_contact_at"] == NOW - timedelta(days=2)


def test_the_columns_of_an_import_carry_its_names() -> None:
    exported = {column.name for column in EXPORTS["people"].columns}
    assert set(PERSON_COLUMNS) <= exported
    assert {"person_id", "mobile", "adviser_email", "team", "enrolled_on", "last_visit"} <= exported


def test_contacts_as_staff_corrected_them(filled: Database) -> None:
    first, second = (one for one in records(filled, "contacts") if one["method"] == "text")
    assert (first["counts"], first["not_counted_because"], first["layer"]) == (False, "corrected", None)
    assert (second["counts"], second["not_counted_because"], second["layer"]) == (True, None, "text")
    assert second["corrected_by"] == "sam.okafor@westhaven.example"


def test_messages_of_young_people_and_strangers_and_none_to_staff(filled: Database) -> None:
    found = records(filled, "messages")
    assert [(text["direction"], text["body"]) for text in found] == [
        ("out", "How are things?"),
        ("in", "good ta"),
        ("in", "restricted"),
        *sorted([("in", "who is this"), ("out", "restricted")], key=lambda each: _order(found, each)),
    ]
    assert found[0]["delivery"] is None
    assert found[1]["state"] == "handled"


def _order(found: list[dict[str, Any]], each: tuple[str, str]) -> int:
    """Two of the same minute stand in the order of their ids."""
    return next(
        place for place, text in enumerate(found) if place > 2 and (text["direction"], text["body"]) == each
    )


@pytest.mark.parametrize("name", sorted(EXPORTS))
def test_restricted_words_are_kept_unless_asked_for(filled: Database, name: str) -> None:
    assert "SECRET" not in str(records(filled, name))
    if name in ("messages", "contacts", "alerts", "misread"):
        assert "SECRET" in str(records(filled, name, span(show=True)))


def test_codes_that_take_an_alert_are_never_exported(filled: Database) -> None:
    assert all("4821" not in str(records(filled, name, span(show=True))) for name in EXPORTS)


def test_check_ins(filled: Database) -> None:
    (check_in,) = records(filled, "check-ins")
    assert (check_in["slot"], check_in["state"], check_in["mood"]) == (date(2026, 11, 18), "answered", -1)


def test_alerts(filled: Database) -> None:
    complaint, call, later = records(filled, "alerts")
    assert (complaint["kind"], complaint["restricted"], complaint["outcome_note"]) == (
        "complaint",
        True,
        "restricted",
    )
    assert (call["taken_by"], call["outcome_note"]) == ("sam.okafor@westhaven.example", "rang back")
    assert later["outcome_note"] == "restricted"


def test_the_audit_trail(filled: Database) -> None:
    (event_,) = records(filled, "audit")
    assert (event_["number"], event_["action"]) == (1, "person.enrolled")
    assert len(event_["hash"]) == 64


@pytest.mark.parametrize(
    ("first", "last", "count"),
    [
        (date(2026, 11, 19), date(2026, 11, 19), 1),
        (date(2026, 11, 20), None, 3),
        (None, date(2026, 11, 18), 1),
        (date(2026, 11, 25), None, 0),
    ],
)
def test_a_span_of_days(filled: Database, first: date | None, last: date | None, count: int) -> None:
    assert len(records(filled, "messages", span(first, last))) == count


def test_days_are_the_councils() -> None:
    summer = Span.between(date(2026, 7, 1), date(2026, 7, 1), now=NOW, zone=LONDON)
    assert summer.since == datetime(2026, 6, 30, 23, 0, tzinfo=UTC)
    assert summer.until == datetime(2026, 7, 1, 23, 0, tzinfo=UTC)


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    seen: list[str] = []

    def keep(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    event.listen(database.engine, "before_cursor_execute", keep)
    yield seen
    event.remove(database.engine, "before_cursor_execute", keep)


def test_the_number_of_queries_grows_with_batches_and_not_with_rows(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "BATCH", 10)
    with database.begin() as session:
        people = [
            Person(
                case_id=f"WH-{number:03}",
                first_name="Jo",
                last_name="Lee",
                date_of_birth=date(2006, 5, 4),
                status=Status.RELEVANT,
                created_at=NOW,
            )
            for number in range(40)
        ]
        session.add_all(people)
        session.flush()
        for person in people:
            session.add(CheckIn(person_id=person.id, slot=date(2026, 11, 18), due_at=NOW, created_at=NOW))
    with statements(database) as seen:
        rows = records(database, "people")
    assert [row["person_id"] for row in rows] == [f"WH-{number:03}" for number in range(40)]
    assert len(seen) <= 2 + 5 * 9
    with statements(database) as seen:
        assert len(records(database, "check-ins")) == 40
    assert len(seen) <= 5 * 2


def test_rows_are_fetched_as_they_are_taken(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "BATCH", 2)
    with database.begin() as session:
        for number in range(10):
            session.add(
                Person(
                    case_id=f"WH-{number}",
                    first_name="Jo",
                    last_name="Lee",
                    date_of_birth=date(2006, 5, 4),
                    status=Status.RELEVANT,
                    created_at=NOW,
                )
            )
    with statements(database) as seen, database.read() as session:
        rows = EXPORTS["people"].rows(session, span())
        next(rows)
        assert sum("FROM people" in statement for statement in seen) == 1
