"""A thread about a worker: read by managers and seniors, both directions; acted on without its words."""

import pytest
from sqlalchemy import select

from browsing import SignIn, id_of
from storage.alerts import Alert
from storage.audit import AuditEvent
from storage.people import AllocationRole, allocate
from storage.staff import Role, Staff
from town import Phone, Town

ABOUT_SAM = "sam touched me and i dont want to see him"
AFTER = "nowhere to sleep tonight"
ANSWER = "I believe you. Helen"
HANDLED = "being handled by your manager"


@pytest.fixture
def jay(town: Town, signed_in: SignIn) -> Phone:
    """Told about Sam; Helen answered; then Jay wrote something that others must act on."""
    jay = town.young_person("Jay")
    jay.texts(ABOUT_SAM)
    town.clock.advance(minutes=10)
    page = f"/people/{jay.person_id}"
    assert signed_in(town.helen).sends(f"{page}/reply", on=page, reply=ANSWER, do="send") == 303
    town.clock.advance(hours=4)
    town.deliver()
    jay.texts(AFTER)
    return jay


def worker(town: Town, jay: Phone) -> Phone:
    made = town.staff("Lena Fox", Role.ADVISER, social_worker=True)
    with town.database.begin() as session:
        allocate(session, id_of(jay), id_of(made), role=AllocationRole.SOCIAL_WORKER, now=town.clock())
    return made


def test_both_directions_are_for_managers_and_seniors(town: Town, jay: Phone, signed_in: SignIn) -> None:
    town.clock.advance(seconds=1)
    for reader in (town.sam, town.mira, worker(town, jay)):
        town.clock.advance(seconds=1)
        browser = signed_in(reader)
        for path in (f"/people/{jay.person_id}", f"/people/{jay.person_id}?tab=contacts", "/alerts"):
            browser.opens(path)
            assert browser.status == 200
            assert not [words for words in (ABOUT_SAM, AFTER, ANSWER) if words in browser.words]
        browser.opens(f"/people/{jay.person_id}")
        assert HANDLED in browser.words.lower()
        assert f"/people/{jay.person_id}/reply" not in browser.page
    helen = signed_in(town.helen)
    helen.opens(f"/people/{jay.person_id}")
    assert all(words in helen.words for words in (ABOUT_SAM, AFTER, ANSWER))


def test_duty_acts_on_a_later_alert_without_its_words(town: Town, jay: Phone, signed_in: SignIn) -> None:
    later = next(one for one in town.alerts(jay) if not one.restricted)
    mira = signed_in(town.mira)
    mira.opens(f"/alerts/{later.id}")
    assert mira.status == 200
    assert AFTER not in mira.words
    assert HANDLED in mira.words
    assert mira.sends(f"/alerts/{later.id}/take") == 303
    helen = signed_in(town.helen)
    helen.opens(f"/alerts/{later.id}")
    assert AFTER in helen.words


def test_the_tray_keeps_it_from_the_desk_and_is_not_starved_by_it(
    town: Town, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.triage._MOST", 2)
    jay = town.young_person("Jay")
    for number in range(3):
        jay.texts(f"sam hit me {number}", settle=False)
        town.clock.advance(minutes=1)
    town.young_person("Kim").texts("alrite ta")
    town.clock.advance(minutes=5)
    mira = signed_in(town.mira)
    mira.opens("/triage")
    assert "alrite ta" in mira.words
    assert "hit me" not in mira.words


def test_a_manager_whom_it_is_about_reads_nothing_of_it(town: Town, signed_in: SignIn) -> None:
    jay = town.young_person("Jay")
    with town.database.begin() as session:
        session.get_one(Staff, town.sam.staff_id).role = Role.MANAGER
    jay.texts(ABOUT_SAM)
    sam = signed_in(town.sam)
    sam.opens(f"/people/{jay.person_id}")
    assert sam.status == 200
    assert "touched" not in sam.page
    assert "touched" not in sam.opens("/alerts")
    assert "touched" not in sam.opens("/triage")


def test_what_was_open_before_can_still_be_taken(town: Town, signed_in: SignIn) -> None:
    jay = town.young_person("Jay")
    jay.texts("can u ring me")
    before = town.alerts(jay)[0]
    town.clock.advance(minutes=30)
    jay.texts(ABOUT_SAM)
    sam, page = signed_in(town.sam), f"/alerts/{before.id}"
    assert sam.sends(f"{page}/take", on=page) == 303
    sam.opens(page)
    assert "touched" not in sam.page
    assert sam.sends(f"{page}/outcome", outcome="spoke", note="Rang.") == 303


def test_it_is_passed_on_to_managers_and_seniors_only(town: Town, signed_in: SignIn) -> None:
    jay = town.young_person("Jay")
    jay.texts(ABOUT_SAM)
    page = f"/alerts/{town.alerts(jay)[0].id}/pass-on"
    helen = signed_in(town.helen)
    helen.opens(page)
    for nobody in (town.dan, town.mira, town.sam):
        assert str(nobody.staff_id) not in helen.page
    assert helen.sends(page, staff=str(town.dan.staff_id)) == 422
    assert helen.sends(page, on=page, staff=str(town.ruth.staff_id)) == 303
    with town.database.read() as session:
        assert session.scalars(select(Alert.passed_to_id)).one() == town.ruth.staff_id


def test_looking_at_words_in_a_list_is_audited_once_for_a_page_left_open(
    town: Town, signed_in: SignIn
) -> None:
    def views() -> list[AuditEvent]:
        with town.database.read() as session:
            return list(session.scalars(select(AuditEvent).where(AuditEvent.action == "alerts.viewed")))

    jay, poll = town.young_person("Jay"), {"X-Requested-With": "kit-poll"}
    sam = signed_in(town.sam)
    sam.opens("/alerts")
    assert not views()
    jay.texts("can u ring me")
    for _ in range(3):
        sam.opens("/alerts", headers=poll)
    (event,) = views()
    assert event.staff_id == town.sam.staff_id
    assert str(town.alerts(jay)[0].id) in (event.payload or "")
    town.clock.advance(minutes=11)
    sam.opens("/alerts", headers=poll)
    assert len(views()) == 2
    sam.opens("/alerts")
    assert len(views()) == 3
