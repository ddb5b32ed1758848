"""Bringing in the cohort: what a file makes, what a second one changes, and who is told what."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from messages.errors import KitError
from storage import audit, cohort, people
from storage.addresses import Address
from storage.audit import AuditEvent
from storage.cohort.planning import Effect
from storage.contacts import Contact, Direction, Layer
from storage.imports import Import, ImportChange
from storage.people import Allocation, AllocationRole, Cadence, Enrolment, Person, Risk, Status
from storage.plans import PlanReview, Visit
from storage.staff import Staff, Team

Row = Callable[..., dict[str, str]]
ROOT = Path(__file__).resolve().parents[3]
DAN, RUTH = "dan.whitaker@westhaven.example", "ruth.hale@westhaven.example"


def words(plan: cohort.Plan) -> dict[tuple[int, str], str]:
    return {(fault.row, fault.column): fault.words for fault in plan.faults}


def test_a_new_person_with_all_that_belongs_to_them(office: Any, jay: Row) -> None:
    done = office.brings(
        jay(
            enrolled_on="02/11/2026",
            safe_to_ring="no",
            last_visit="2026-10-14",
            last_plan_review="2026-08-03",
            social_worker_email=RUTH,
            language="Somali",
            risk="Raised",
            in_area="no",
            discreet="yes",
            safe_name="Jo",
            preferred_name="Jay",
        )
    )
    person = office.person()
    assert done.created == 1
    assert (person.first_name, person.preferred_name, person.safe_name) == ("Jordan", "Jay", "Jo")
    assert (person.status, person.cadence, person.risk) == (
        Status.FORMER_RELEVANT,
        Cadence.WEEKLY,
        Risk.RAISED,
    )
    assert (person.language, person.in_area, person.discreet) == ("so", False, True)
    address = office.all(Address)[0]
    assert address.value == "+447700900101"
    assert (address.safe_to_text, address.safe_to_ring, address.shared) == (True, False, False)
    assert address.confirmed_at == datetime(2026, 11, 2, tzinfo=UTC)
    enrolment = office.all(Enrolment)[0]
    assert (enrolment.enrolled_on, enrolment.import_id) == (date(2026, 11, 2), done.import_id)
    assert (enrolment.declared_by_id, enrolment.welcomed_at) == (None, None)
    contact, visit, review = office.all(Contact)[0], office.all(Visit)[0], office.all(PlanReview)[0]
    assert (contact.direction, contact.layer, contact.via) == (Direction.TWO_WAY, Layer.SEEN, "by import")
    assert (visit.visited_on, visit.contact_id) == (date(2026, 10, 14), contact.id)
    assert review.reviewed_on == date(2026, 8, 3)
    with office.database.read() as session:
        adviser = people.allocated(session, person.id, AllocationRole.ADVISER, office.now)
        worker = people.allocated(session, person.id, AllocationRole.SOCIAL_WORKER, office.now)
    assert adviser
    assert worker
    assert (adviser.name, worker.name) == ("Sam Okafor", "Ruth Hale")
    assert [team.name for team in office.all(Team)] == ["Harbour"]


def test_nobody_is_enrolled_without_a_declaration(office: Any, jay: Row) -> None:
    office.brings(jay())
    assert office.count(Enrolment) == 0
    assert office.all(Address)[0].confirmed_at is None


def test_a_dry_run_tells_and_writes_nothing(office: Any, jay: Row) -> None:
    office.brings(jay(), jay(person_id="WH-2", mobile="07700900102"))
    office.now += timedelta(days=1)
    plan = office.plan(
        jay(adviser_email=DAN),
        jay(person_id="WH-2", mobile="07700900102"),
        jay(person_id="WH-3", mobile="07700900103", team="Quayside"),
    )
    assert [intent.effect for intent in plan.intents] == [Effect.CHANGED, Effect.UNCHANGED, Effect.NEW]
    assert plan.moved == 1
    assert plan.intents[0].columns == ["adviser_email"]
    assert plan.new_teams == ["Quayside"]
    assert office.count(Person) == 2
    assert office.count(Import) == 1


def test_a_second_import_of_the_same_file_changes_nothing(office: Any, jay: Row) -> None:
    row = jay(enrolled_on="2026-11-02", last_visit="2026-10-14", last_plan_review="2026-08-03")
    office.brings(row)
    before = {kind: office.count(kind) for kind in (Import, Visit, Contact, AuditEvent, Allocation, Address)}
    office.now += timedelta(days=2)
    again = office.brings(row)
    assert again == cohort.Applied()
    assert {kind: office.count(kind) for kind in before} == before


def test_the_same_file_does_not_undo_what_people_chose_since(office: Any, jay: Row) -> None:
    office.brings(jay(enrolled_on="2026-11-02"))
    with office.database.begin() as session:
        person = session.scalars(select(Person)).one()
        person.cadence = Cadence.EIGHT_WEEKLY
        old = session.scalars(select(Address)).one()
        old.ended_at = office.now
        session.add(
            Address(
                person_id=person.id,
                channel=old.channel,
                value="+447700900150",
                confirmed_at=office.now,
                safe_to_text=True,
                starts_at=office.now,
            )
        )
        enrolment = session.scalars(select(Enrolment)).one()
        enrolment.ended_at = office.now
    plan = office.plan(jay(enrolled_on="2026-11-02"))
    assert plan.count(Effect.UNCHANGED) == 1
    assert {note.column for note in plan.notes} == {"mobile", "cadence"}
    assert office.brings(jay(enrolled_on="2026-11-02")).import_id is None
    # What the file newly says does count.
    assert office.brings(jay(enrolled_on="2026-11-02", cadence="fortnightly")).changed == 1
    assert office.person().cadence is Cadence.FORTNIGHTLY


def test_a_new_number_ends_the_old_one_and_begins_unconfirmed(office: Any, jay: Row) -> None:
    office.brings(jay(enrolled_on="2026-11-02"))
    office.now += timedelta(days=1)
    office.brings(jay(enrolled_on="2026-11-02", mobile="07700 900 150"))
    old, new = office.all(Address)
    assert (old.value, old.ended_at) == ("+447700900101", office.now)
    assert (new.value, new.ended_at, new.confirmed_at) == ("+447700900150", None, None)
    assert office.count(Enrolment) == 1


def test_a_new_declaration_confirms_the_new_number_and_ends_the_old_declaration(
    office: Any, jay: Row
) -> None:
    office.brings(jay(enrolled_on="2026-11-02"))
    office.now += timedelta(days=1)
    office.brings(jay(enrolled_on="2026-11-24", mobile="07700 900 150"))
    first, second = office.all(Enrolment)
    assert (first.ended_at, second.ended_at) == (office.now, None)
    assert office.all(Address)[1].confirmed_at == datetime(2026, 11, 24, tzinfo=UTC)


def test_safe_to_text_can_be_withdrawn_by_a_later_file(office: Any, jay: Row) -> None:
    office.brings(jay(enrolled_on="2026-11-02"))
    office.brings({"person_id": "WH-1", "safe_to_text": "no"})
    assert office.all(Address)[0].safe_to_text is False


def test_a_file_with_few_columns_changes_those_only(office: Any, jay: Row) -> None:
    office.brings(jay())
    done = office.brings({"person_id": "WH-1", "risk": "high"})
    assert (done.created, done.changed) == (0, 1)
    person = office.person()
    assert (person.risk, person.cadence, person.first_name) == (Risk.HIGH, Cadence.WEEKLY, "Jordan")


def test_an_empty_cell_takes_nothing_away(office: Any, jay: Row) -> None:
    office.brings(jay(safe_name="Jo", enrolled_on="2026-11-02"))
    assert office.brings(jay(safe_name="", enrolled_on="")).import_id is None


def test_another_adviser_takes_over_and_the_first_stays_in_the_history(office: Any, jay: Row) -> None:
    office.brings(jay())
    office.now += timedelta(days=1)
    office.brings(jay(adviser_email=DAN))
    first, second = office.all(Allocation)
    assert (first.ended_at, second.starts_at, second.ended_at) == (office.now, office.now, None)


def test_people_in_rhythm_whose_rhythm_changed_are_named(office: Any, jay: Row) -> None:
    office.brings(jay())
    assert office.brings(jay(cadence="fortnightly")).replan == ()
    with office.database.begin() as session:
        session.scalars(select(Person)).one().next_check_in_at = office.now
    assert office.brings(jay(cadence="eight weekly")).replan == (office.person().id,)


def test_one_bad_row_stops_them_all(office: Any, jay: Row) -> None:
    with pytest.raises(cohort.ImportRefused):
        office.brings(jay(), jay(person_id="WH-2", mobile="01632 960001"))
    assert office.count(Person) == 0
    assert office.count(AuditEvent) == 0


def test_bad_rows_can_be_left_out(office: Any, jay: Row) -> None:
    done = office.brings(jay(), jay(person_id="WH-2", mobile="01632 960001"), skip_bad=True)
    assert (done.created, office.count(Person)) == (1, 1)


def test_one_message_for_each_bad_cell_with_row_and_column(office: Any, jay: Row) -> None:
    plan = office.plan(
        jay(),
        jay(person_id="", status="leaver", date_of_birth="31/02/2006"),
        jay(person_id="WH-3", mobile="0800 1111", adviser_email="nobody@westhaven.example"),
        jay(person_id="WH-4", adviser_email="gone@westhaven.example", last_visit="2027-01-01"),
        jay(person_id="WH-5", adviser_email="sen@westhaven.example"),
        jay(person_id="WH-6", first_name=""),
    )
    found = words(plan)
    assert set(found) == {
        (3, "person_id"),
        (3, "status"),
        (3, "date_of_birth"),
        (4, "mobile"),
        (4, "adviser_email"),
        (5, "adviser_email"),
        (5, "last_visit"),
        (6, "adviser_email"),
        (7, "first_name"),
    }
    assert plan.bad_rows == 5


def test_staff_must_be_known_and_with_us(office: Any, jay: Row) -> None:
    found = words(
        office.plan(
            jay(adviser_email="nobody@westhaven.example"),
            jay(person_id="WH-2", adviser_email="gone@westhaven.example"),
            jay(person_id="WH-3", social_worker_email="nobody@westhaven.example"),
        )
    )
    assert "kit staff add" in found[2, "adviser_email"]
    assert "has left" in found[3, "adviser_email"]
    assert "--social-worker" in found[4, "social_worker_email"]


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"safe_to_text": "no"}, "safe_to_text"),
        ({"safe_to_text": ""}, "safe_to_text"),
        ({"adviser_email": ""}, "adviser_email"),
        ({"mobile": ""}, "mobile"),
        ({"enrolled_on": "2026-11-25"}, "enrolled_on"),
    ],
)
def test_enrolment_needs_its_declaration_whole(
    office: Any, jay: Row, changes: dict[str, str], column: str
) -> None:
    plan = office.plan(jay(**({"enrolled_on": "2026-11-02"} | changes)))
    assert [fault.column for fault in plan.faults] == [column]


def test_the_same_id_twice_is_told_at_both_rows(office: Any, jay: Row) -> None:
    found = words(office.plan(jay(), jay(person_id="WH-2", mobile="07700900102"), jay(first_name="Jo")))
    assert set(found) == {(2, "person_id"), (4, "person_id")}
    assert "row 4" in found[2, "person_id"]


def test_a_column_that_new_people_need_is_missed_once(office: Any, jay: Row) -> None:
    rows = [jay(person_id=f"WH-{number}") for number in range(5)]
    for row in rows:
        del row["status"]
    plan = office.plan(*rows)
    assert [(fault.row, fault.column) for fault in plan.faults] == [(1, "status")]
    assert "5 new people" in plan.faults[0].words
    assert plan.bad_rows == 5


def test_unknown_columns_are_named_and_left_out(office: Any, jay: Row) -> None:
    plan = office.plan(jay(mobil="07700900199", Ethnicity="x"))
    assert plan.unknown_columns == ("mobil", "Ethnicity")
    assert plan.intents[0].entry.mobile == "+447700900101"


def test_a_number_of_two_people_is_marked_as_shared_and_told(office: Any, jay: Row) -> None:
    office.brings(jay())
    rows = (jay(), jay(person_id="WH-2"))
    plan = office.plan(*rows)
    assert {(note.row, note.column) for note in plan.notes} == {(2, "mobile"), (3, "mobile")}
    office.brings(*rows)
    assert [address.shared for address in office.all(Address)] == [True, True]
    assert office.brings(*rows).import_id is None


def test_two_new_people_may_share_a_number(office: Any, jay: Row) -> None:
    office.brings(jay(), jay(person_id="WH-2"))
    assert [address.shared for address in office.all(Address)] == [True, True]


def test_a_number_that_passes_from_one_to_another_is_not_shared(office: Any, jay: Row) -> None:
    office.brings(jay())
    plan = office.plan(jay(mobile="07700900102"), jay(person_id="WH-2"))
    assert not plan.notes


def test_teams_are_found_without_case(office: Any, jay: Row) -> None:
    office.brings(jay())
    office.brings(jay(person_id="WH-2", team="HARBOUR", mobile="07700900102"))
    assert [team.name for team in office.all(Team)] == ["Harbour"]


def test_somebody_closed_here_stays_closed(office: Any, jay: Row) -> None:
    office.brings(jay())
    with office.database.begin() as session:
        session.scalars(select(Person)).one().closed_at = office.now
    plan = office.plan(jay(cadence="fortnightly"))
    assert plan.count(Effect.UNCHANGED) == 1
    assert "closed" in plan.notes[0].words


def test_who_imported_and_who_was_enrolled_is_audited(office: Any, jay: Row) -> None:
    with office.database.begin() as session:
        by = session.scalars(select(Staff.id).where(Staff.email == DAN)).one()
        plan = cohort.prepare(
            session, office.table(jay(enrolled_on="2026-11-02")), now=office.now, allow_drama=True
        )
        done = cohort.apply(session, plan, now=office.now, imported_by_id=by)
    imported, enrolled = office.all(AuditEvent)
    assert (imported.action, imported.staff_id) == ("people.imported", by)
    assert imported.subject_id == str(done.import_id)
    assert (enrolled.action, enrolled.subject_id) == ("person.enrolled", str(office.person().id))
    assert office.all(Import)[0].imported_by_id == by
    with office.database.read() as session:
        assert audit.verify(session).whole


def test_drama_numbers_are_refused_where_people_are_real(office: Any, jay: Row) -> None:
    with office.database.read() as session:
        plan = cohort.prepare(session, office.table(jay()), now=office.now)
    assert [fault.column for fault in plan.faults] == ["mobile"]


def test_no_message_holds_a_name_or_a_number(office: Any, jay: Row) -> None:
    canary = "Zebedee"
    office.brings(jay(person_id="WH-0", first_name=canary, mobile="07700 900 777"))
    with office.database.begin() as session:
        session.scalars(select(Person)).one().first_name = "Zebby"
    plan = office.plan(
        jay(person_id="WH-0", first_name=canary, mobile="07700 900 777"),
        jay(first_name=canary, mobile="07700 900 777"),
        jay(person_id=canary, status=canary, mobile="07700 900777 9", date_of_birth=canary),
        jay(person_id="WH-3", safe_to_text=canary, language=canary, adviser_email=f"{canary}@x.example"),
        jay(person_id="WH-4", adviser_email=f"{canary}@x.example", mobile=canary),
        jay(person_id="WH-5", first_name="7700900777", last_name=canary * 30),
    )
    said = " ".join(map(str, [*plan.faults, *plan.notes])).replace(" ", "").lower()
    assert plan.faults
    assert plan.notes
    assert "zeb" not in said
    assert "900777" not in said


def test_what_an_import_keeps_is_sealed(office: Any, jay: Row) -> None:
    office.brings(jay())
    with office.database.engine.connect() as connection:
        table = ImportChange.__table__
        stored = connection.execute(select(table.c.after)).scalar_one()
    assert b"Jordan" not in bytes(str(stored), "utf-8")


def test_the_example_in_the_documentation_is_a_good_file(office: Any) -> None:
    table = cohort.read(ROOT / "docs" / "examples" / "cohort.csv")
    with office.database.begin() as session:
        plan = cohort.prepare(session, table, now=office.now, allow_drama=True)
        assert not plan.faults
        assert not plan.unknown_columns
        assert cohort.apply(session, plan, now=office.now).created == 5


def test_a_file_does_not_take_discretion_away_from_somebody_whom_staff_marked(office: Any, jay: Row) -> None:
    office.brings(jay())
    with office.database.begin() as session:
        session.scalars(select(Person)).one().discreet = True
    plan = office.plan(jay(discreet="no"))
    assert plan.count(Effect.UNCHANGED) == 1
    assert [note.column for note in plan.notes] == ["discreet"]
    office.brings(jay(discreet="yes", risk="high"))
    assert office.brings(jay(discreet="no", risk="high")).changed == 1
    assert office.person().discreet is False


def test_two_imports_at_once_leave_one(office: Any, jay: Row) -> None:
    with office.database.read() as session:
        plan = cohort.prepare(session, office.table(jay()), now=office.now, allow_drama=True)
    office.brings(jay())
    with pytest.raises(KitError, match="in the meantime"), office.database.begin() as session:
        cohort.apply(session, plan, now=office.now)
    assert office.count(Person) == office.count(Import) == 1


def test_five_hundred_people(office: Any, jay: Row) -> None:
    rows = [
        jay(
            person_id=f"WH-{number}",
            mobile=f"07700 900{number:03}",
            enrolled_on="2026-11-02",
            last_visit="2026-10-14",
            adviser_email=DAN if number % 2 else "sam.okafor@westhaven.example",
        )
        for number in range(500)
    ]
    assert office.brings(*rows).created == 500
    assert office.count(Enrolment) == 500
    assert office.brings(*rows).import_id is None
    changed = [row | {"cadence": "fortnightly"} for row in rows[:10]] + rows[10:]
    done = office.brings(*changed)
    assert (done.created, done.changed) == (0, 10)
    assert office.undoes(done.import_id).restored == 10
    first = office.all(Import)[0].id
    assert office.undoes(first).removed == 500
    assert office.count(Person) == office.count(Address) == office.count(Contact) == 0
