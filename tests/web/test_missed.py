"""A text that should have raised an alert is noted, and comes back to those who look after the reading."""

import io
from uuid import UUID

from sqlalchemy import select

from browsing import Browser, SignIn
from messages.channel import InboundKind
from storage.audit import AuditEvent
from storage.exports import EXPORTS, Span, write
from storage.inbound import InboundMessage
from storage.staff import Role
from tools.understanding.texts import Group, Labelled, read
from town import Phone, Town

QUIET, DANGER = "ok see you at two", "i want to kill myself"
ASKED = "Should have alerted?"


def page_of(phone: Phone, message: UUID | None = None) -> str:
    page = f"/people/{phone.person_id}"
    return f"{page}/texts/{message}/missed" if message else page


def says(browser: Browser, phone: Phone, message: UUID | None, missed: str) -> int:
    page = page_of(phone, message)
    return browser.sends(page, on=page, missed=missed)


def noted(town: Town) -> list[AuditEvent]:
    with town.database.read() as session:
        found = select(AuditEvent).where(AuditEvent.action.in_(["text.missed", "text.not_missed"]))
        return list(session.scalars(found.order_by(AuditEvent.number)))


def exported(town: Town) -> list[Labelled]:
    export, target = EXPORTS["misread"], io.BytesIO()
    zone = town.services.council.time_zone
    with town.database.read() as session:
        rows = export.rows(session, Span.between(None, None, now=town.clock(), zone=zone))
        write(target, export.format, name=export.name, columns=export.columns, rows=rows, zone=zone)
    return [read(line, "misread") for line in target.getvalue().decode().splitlines()]


def test_a_missed_text_is_noted_by_the_adviser_and_exported_as_an_urgent_case(
    sam: Browser, town: Town
) -> None:
    jay = town.young_person("Jay")
    message = jay.texts(f"{QUIET}. whitlock")
    assert town.alerts(jay) == []
    assert ASKED in sam.opens(page_of(jay))
    sam.opens(page_of(jay, message))
    assert "It alerts nobody. What Jay needs now is yours to do." in sam.words
    assert says(sam, jay, message, "yes") == 303
    sam.opens(sam.location)
    assert "Noted as missed It will help the reading. What Jay needs now is yours to do." in sam.words
    sam.opens(page_of(jay))
    assert "Noted as missed by Sam. Take back" in sam.words
    assert ASKED not in sam.words
    assert town.alerts(jay) == []
    (event,) = noted(town)
    assert (event.staff_id, event.subject_id, event.payload) == (town.sam.staff_id, str(message), "{}")
    (case,) = exported(town)
    assert (case.text, case.urgent, case.group) == (f"{QUIET}. alex", True, Group.URGENT)


def test_an_alert_closed_as_misread_is_exported_as_a_hard_negative(sam: Browser, town: Town) -> None:
    jay = town.young_person("Jay")
    jay.texts(DANGER)
    (alert,) = town.alerts(jay)
    assert ASKED not in sam.opens(page_of(jay))
    page = f"/alerts/{alert.id}"
    assert sam.sends(f"{page}/take", on=page) == 303
    assert sam.sends(f"{page}/outcome", on=page, outcome="false_alarm", note="A line of a song.") == 303
    (case,) = exported(town)
    assert (case.text, case.urgent, case.group) == (DANGER, False, Group.HARD_NEGATIVE)


def test_noting_twice_is_once_and_it_can_be_taken_back(sam: Browser, town: Town, signed_in: SignIn) -> None:
    jay = town.young_person("Jay")
    message = jay.texts(QUIET)
    page, helen = page_of(jay, message), signed_in(town.helen)
    sam.opens(page)
    shown = sam.page
    for _ in range(2):
        sam.page = shown
        assert sam.sends(page, missed="yes") == 303
    assert says(helen, jay, message, "yes") == 303
    assert town.message(message).missed_by_id == town.sam.staff_id
    assert says(helen, jay, message, "no") == 303
    assert helen.location == page_of(jay)
    sam.page = shown
    assert sam.sends(page, missed="yes") == 303  # the form of before does nothing more
    assert town.message(message).missed_at is None
    assert [event.action for event in noted(town)] == ["text.missed", "text.not_missed"]
    assert ASKED in sam.opens(page_of(jay))
    assert exported(town) == []


def test_without_an_answer_nothing_is_noted(sam: Browser, town: Town) -> None:
    jay = town.young_person("Jay")
    message = jay.texts(QUIET)
    assert says(sam, jay, message, "perhaps") == 422
    assert "Say whether it should have raised an alert" in sam.words
    assert QUIET in sam.words
    assert noted(town) == []


def test_a_colleague_who_may_not_see_them_finds_nothing(sam: Browser, town: Town, signed_in: SignIn) -> None:
    jay, kofi = town.young_person("Jay"), town.young_person("Kofi")
    message = jay.texts(QUIET)
    kim = signed_in(town.staff("Kim Ray", Role.ADVISER))
    kim.opens(page_of(jay, message))
    assert kim.status == 404
    for wrong in (page_of(kofi, message), page_of(jay, town.stranger().texts("who is this"))):
        sam.opens(wrong)
        assert sam.status == 404


def test_what_is_kept_from_the_worker_it_is_about_is_not_theirs_to_note(
    sam: Browser, town: Town, signed_in: SignIn
) -> None:
    jay = town.young_person("Jay")
    jay.texts("sam touched me and i dont want to see him")
    town.clock.advance(minutes=10)
    message = jay.texts(QUIET)
    for browser, status in ((sam, 404), (signed_in(town.mira), 404), (signed_in(town.helen), 200)):
        browser.opens(page_of(jay, message))
        assert browser.status == status
    assert says(signed_in(town.helen), jay, message, "yes") == 303
    assert exported(town) == []


def test_only_words_that_went_by_without_an_alert_can_be_missed(sam: Browser, town: Town) -> None:
    jay = town.young_person("Jay")
    on_its_way = jay.texts(QUIET)
    with town.database.begin() as session:
        session.get_one(InboundMessage, on_its_way).handled_at = None
    for message in (jay.texts(DANGER), jay.presses("2"), jay.sends_photo(), on_its_way):
        sam.opens(page_of(jay, message))
        assert sam.status == 404
    assert ASKED not in sam.opens(page_of(jay))


def test_the_note_stays_on_a_text_that_was_changed_later(sam: Browser, town: Town) -> None:
    jay = town.young_person("Jay")
    chat = town.telegram_chat(jay)
    first = chat.texts("ok see u at two", provider_id="first")
    assert says(sam, jay, first, "yes") == 303
    chat.texts(QUIET, provider_id="second", kind=InboundKind.EDIT, edit_of="first")
    sam.opens(page_of(jay))
    assert "Noted as missed by Sam. Take back" in sam.words
    assert page_of(jay, first) in sam.page


def test_an_unread_text_can_be_noted_from_the_tray(town: Town, signed_in: SignIn) -> None:
    mira, jay = signed_in(town.mira), town.young_person("Jay")
    message = jay.texts("ok see you at two then, need to talk")
    assert page_of(jay, message) in mira.opens("/triage")
    assert says(mira, jay, message, "yes") == 303
    assert town.message(message).missed_by_id == town.mira.staff_id
