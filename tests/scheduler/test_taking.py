"""Taking an alert, its outcome, passing it on: who may, from which phone, and what is written down."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from messages.kinds import AlertKind
from office import EVENING, LINE, MORNING, Office
from scheduler import taking
from storage.alerts import Alert, AlertState, Outcome
from storage.audit import AuditEvent, verify
from storage.database import Database
from storage.staff import Role, Staff


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database, MORNING)


def audited(office: Office) -> list[tuple[str, UUID | None]]:
    with office.database.read() as session:
        assert verify(session).whole
        events = session.scalars(select(AuditEvent).order_by(AuditEvent.number))
        return [(event.action, event.staff_id) for event in events]


def test_ok_and_the_code_from_the_phone_it_was_sent_to(office: Office) -> None:
    alert = office.opens(AlertKind.DANGER_TO_LIFE)
    answer = office.texts(office.sam, f"ok {office.code(alert, office.sam).lower()}")
    assert answer is not None
    assert answer.startswith("J.W. is yours")
    taken = office.alert(alert)
    assert (taken.state, taken.taken_by_id, taken.taken_via) == (AlertState.TAKEN, office.sam, "text")
    assert audited(office) == [("alert.taken", office.sam)]


def test_another_phone_cannot_use_the_code(office: Office) -> None:
    alert = office.opens(AlertKind.DANGER_TO_LIFE)
    answer = office.texts(office.dan, f"OK {office.code(alert, office.sam)}")
    assert answer is not None
    assert answer.startswith("That code was used, replaced or mistyped")
    assert office.alert(alert).state == AlertState.OPEN


def test_a_used_code_is_dead(office: Office) -> None:
    alert = office.opens(AlertKind.DANGER_TO_LIFE)
    code = office.code(alert, office.sam)
    office.texts(office.sam, f"OK {code}")
    assert "used, replaced" in (office.texts(office.sam, f"OK {code}") or "")


def test_a_new_round_replaces_the_code(office: Office) -> None:
    alert = office.opens(AlertKind.DANGER_TO_LIFE)
    old = office.code(alert, office.sam)
    office.passes(minutes=25)
    assert office.code(alert, office.sam) != old
    office.texts(office.sam, f"OK {old}")
    assert office.alert(alert).state == AlertState.OPEN


def test_the_second_hears_who_has_it(office: Office) -> None:
    alert = office.opens(AlertKind.DANGER_TO_LIFE)
    office.passes(minutes=5)
    dans = office.code(alert, office.dan)
    assert office.takes(alert, office.sam)
    assert (
        office.texts(office.dan, f"OK {dans}") == "J.W.: Sam Hill has it already. Nothing to do, thank you."
    )
    assert not office.takes(alert, office.dan)
    assert office.takes(alert, office.sam), "taking it twice is harmless"


def test_codes_of_two_alerts_do_not_mix(office: Office) -> None:
    one = office.opens(AlertKind.DANGER_TO_LIFE, "one")
    two = office.opens(AlertKind.MEDICAL, "two")
    office.texts(office.sam, f"OK {office.code(two, office.sam)}")
    assert office.alert(one).state == AlertState.OPEN
    assert office.alert(two).state == AlertState.TAKEN


def test_another_text_from_a_staff_phone_is_no_taking(office: Office) -> None:
    office.opens(AlertKind.DANGER_TO_LIFE)
    assert office.texts(office.sam, "who is this about?") is None


def test_a_shared_phone_takes_it_for_the_one_it_was_sent_to(office: Office) -> None:
    with office.database.read() as session:
        phone = session.get_one(Staff, office.sam).phone
    kim = office.staff("Kim", Role.DUTY, phone=phone)
    alert = office.opens(AlertKind.DANGER_TO_LIFE)
    office.texts(kim, f"OK {office.code(alert, office.sam)}")
    assert office.alert(alert).taken_by_id == office.sam


def test_the_shared_line_takes_it_and_still_owes_a_name_and_an_outcome(office: Office) -> None:
    office.clock.now = EVENING
    alert = office.opens(AlertKind.DANGER_TO_LIFE)
    office.texts(None, f"OK {office.code(alert, 'out_of_hours')}")
    taken = office.alert(alert)
    assert (taken.state, taken.taken_by_id, taken.taken_via) == (AlertState.TAKEN, None, "Out-of-hours team")
    assert taken.next_step_at == EVENING + timedelta(hours=1)
    assert office.takes(alert, office.omar), "a named person gives the name"
    assert not office.takes(alert, None, "Out-of-hours team")
    office.closes(alert, office.omar)
    assert office.alert(alert).closed_by_id == office.omar


def test_a_member_of_staff_who_holds_the_line_takes_it_by_name(office: Office) -> None:
    office.clock.now = EVENING
    vi = office.staff("Vi", Role.DUTY, phone=LINE)
    alert = office.opens(AlertKind.DANGER_TO_LIFE)
    office.texts(vi, f"OK {office.code(alert, 'out_of_hours')}")
    assert office.alert(alert).taken_by_id == vi


def test_an_outcome_needs_a_taking_first(office: Office) -> None:
    alert = office.opens(AlertKind.DANGER_TO_LIFE)
    with pytest.raises(taking.NotTaken):
        office.closes(alert, office.sam)
    assert office.alert(alert).state == AlertState.OPEN


def test_an_outcome_is_written_once(office: Office) -> None:
    alert = office.opens(AlertKind.DANGER_TO_LIFE)
    office.takes(alert, office.sam)
    office.closes(alert, office.helen, Outcome.SAW)
    with pytest.raises(taking.AlreadyClosed):
        office.closes(alert, office.sam)
    with pytest.raises(taking.AlreadyClosed):
        office.passes_on(alert, office.sam, office.dan)
    assert not office.takes(alert, office.dan)
    assert audited(office) == [("alert.taken", office.sam), ("alert.outcome", office.helen)]


def test_passing_on_starts_the_chain_again_with_the_colleague(office: Office) -> None:
    alert = office.opens(AlertKind.DANGER_TO_LIFE)
    office.clock.advance(minutes=2)
    office.takes(alert, office.sam)
    office.clock.advance(minutes=1)
    office.passes_on(alert, office.sam, office.ruth)
    assert office.alert(alert).state == AlertState.OPEN
    office.passes(minutes=15)
    assert office.told(alert) == [
        (3, {"Ruth"}),
        (8, {"Dan", "Mira"}),
        (13, {"Helen"}),
        (18, {"operator"}),
    ]
    assert ("alert.passed_on", office.sam) in audited(office)


def test_it_cannot_be_passed_to_somebody_who_has_left(office: Office) -> None:
    alert = office.opens(AlertKind.DANGER_TO_LIFE)
    office.change(office.dan, disabled_at=MORNING)
    with pytest.raises(taking.NobodyToPassTo):
        office.passes_on(alert, office.sam, office.dan)


def test_the_worker_it_is_about_can_do_nothing_with_it(office: Office) -> None:
    about = office.opens(AlertKind.ALLEGATION)
    danger = office.opens(AlertKind.DANGER_TO_LIFE, "later")
    for alert in (about, danger):
        with pytest.raises(taking.NotTheirs):
            office.takes(alert, office.sam)
        with pytest.raises(taking.NobodyToPassTo):
            office.passes_on(alert, office.helen, office.sam)
    office.takes(about, office.helen)
    with pytest.raises(taking.NotTheirs):
        office.closes(about, office.sam)


def test_of_two_who_take_it_at_the_same_moment_one_has_it(office: Office) -> None:
    alert = office.opens(AlertKind.DANGER_TO_LIFE)
    with ThreadPoolExecutor(2) as pool:
        won = list(pool.map(lambda staff: office.takes(alert, staff), (office.dan, office.helen)))
    assert sorted(won) == [False, True]
    winner = (office.dan, office.helen)[won.index(True)]
    assert office.alert(alert).taken_by_id == winner


def test_words_for_staff_are_in_every_refusal() -> None:
    assert str(taking.NotTheirs()) == "This alert is being handled by your manager."
    assert issubclass(taking.NotTaken, Exception)


def test_a_note_is_sealed_with_the_outcome(office: Office) -> None:
    alert = office.opens(AlertKind.DANGER_TO_LIFE)
    office.takes(alert, office.sam)
    with office.database.begin() as session:
        taking.record_outcome(
            session,
            session.get_one(Alert, alert),
            staff_id=office.sam,
            outcome=Outcome.SPOKE,
            note="rang back",
            now=MORNING,
        )
    assert office.alert(alert).outcome_note == "rang back"
