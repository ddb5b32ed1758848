"""The list of alerts and the page of one: taking it, its outcome, passing it on, and what is said first."""

from flask import Flask

from browsing import Browser, SignIn, id_of
from storage.alerts import Alert, AlertState, Outcome
from storage.audit import AuditEvent
from storage.people import Person
from storage.staff import Role
from town import EVENING, Town

DANGER = "cant do this anymore i want to die"


def alert_of(town: Town) -> Alert:
    return town.alerts()[0]


def state_of(town: Town, alert: Alert) -> Alert:
    with town.database.read() as session:
        return session.get_one(Alert, alert.id)


def test_the_list_says_who_is_first_and_until_when(sam: Browser, town: Town) -> None:
    assert "Nobody is waiting for you." in sam.opens("/alerts")
    town.young_person("Jay").texts("can u ring me")
    town.clock.advance(minutes=10)
    town.young_person("Leanne").texts(DANGER)
    sam.opens("/alerts")
    assert "Leanne comes first: 5 min left, by 10:15am. After that: one alert." in sam.words
    assert sam.words.index("Leanne Whitlock may be in danger") < sam.words.index(
        "Jay Whitlock asks for a call"
    )
    assert "<title>Alerts (2 open)" in sam.page
    assert "kit-alert--now" in sam.page


def test_taking_it_stops_the_round_and_an_outcome_ends_it(sam: Browser, town: Town) -> None:
    jay = town.young_person("Jay")
    jay.texts(DANGER)
    alert, page = alert_of(town), f"/alerts/{alert_of(town).id}"
    sam.opens(page)
    assert "Jay may be in danger" in sam.words
    assert "<mark>" in sam.page
    assert "OK " in sam.words
    assert sam.sends(f"{page}/take") == 303
    taken = state_of(town, alert)
    assert (taken.state, taken.taken_by_id, taken.taken_via) == (AlertState.TAKEN, town.sam.staff_id, "web")
    sam.opens(page)
    assert "You have this." in sam.words
    assert sam.sends(f"{page}/outcome", note="Rang at once.") == 422
    assert "Choose how it ended" in sam.words
    assert "Rang at once." in sam.page
    assert sam.sends(f"{page}/outcome", outcome="spoke", note="Rang at once, safe.") == 303
    closed = state_of(town, alert)
    assert (closed.state, closed.outcome, closed.outcome_note) == (
        AlertState.CLOSED,
        Outcome.SPOKE,
        "Rang at once, safe.",
    )
    assert closed.closed_by_id == town.sam.staff_id
    assert "Closed." in sam.opens(page)


def test_an_outcome_sent_twice_and_by_two_is_written_once(
    sam: Browser, town: Town, signed_in: SignIn
) -> None:
    town.young_person("Jay").texts(DANGER)
    alert, helen = alert_of(town), signed_in(town.helen)
    page = f"/alerts/{alert.id}"
    sam.sends(f"{page}/take", on=page)
    sam.opens(page)
    shown = sam.page
    helen.opens(page)
    for _ in range(2):  # the double click
        sam.page = shown
        assert sam.sends(f"{page}/outcome", outcome="spoke", note="First.") == 303
    assert helen.sends(f"{page}/outcome", outcome="done", note="Second.") == 409
    assert "What you wrote was not saved" in helen.words
    assert "Second." in helen.words
    assert "It had been closed before: Sam Okafor, " in helen.words
    assert state_of(town, alert).outcome_note == "First."
    sam.opens(page)
    assert "Second." not in sam.words


def test_an_outcome_needs_that_somebody_has_taken_it(sam: Browser, town: Town) -> None:
    town.young_person("Jay").texts(DANGER)
    page = f"/alerts/{alert_of(town).id}"
    sam.opens(page)
    token = sam.page.split('name="csrf_token" value="')[1].split('"')[0]
    fields = {"csrf_token": token, "idempotency": str(id_of(town.sam)), "outcome": "spoke", "note": "x"}
    assert sam.posts(f"{page}/outcome", fields) == 422
    assert "Take the alert first" in sam.words


def test_two_who_take_it_the_first_has_it(sam: Browser, town: Town, signed_in: SignIn) -> None:
    town.young_person("Jay").texts(DANGER)
    alert, helen = alert_of(town), signed_in(town.helen)
    page = f"/alerts/{alert.id}"
    sam.opens(page)
    helen.opens(page)
    assert sam.sends(f"{page}/take") == 303
    assert helen.sends(f"{page}/take") == 303
    assert state_of(town, alert).taken_by_id == town.sam.staff_id
    assert "Sam Okafor has this." in helen.opens(page)


def test_passing_it_on_tells_the_colleague_at_once(sam: Browser, town: Town) -> None:
    town.young_person("Jay").texts(DANGER)
    alert = alert_of(town)
    page = f"/alerts/{alert.id}/pass-on"
    town.dan.hears()
    assert sam.sends(page, on=page) == 422
    assert "Choose a colleague" in sam.words
    assert sam.sends(page, staff=str(town.dan.staff_id)) == 303
    town.deliver()
    assert "OK " in town.dan.hears_one()
    assert state_of(town, alert).passed_to_id == town.dan.staff_id


def test_nobody_is_offered_who_must_not_know(town: Town, signed_in: SignIn) -> None:
    pat = town.staff("Pat Lowe", Role.PARTICIPATION)
    jay = town.young_person("Jay")
    jay.texts("sam touched me and i dont want to see him")
    helen = signed_in(town.helen)
    helen.opens(f"/alerts/{town.alerts(jay)[0].id}/pass-on")
    assert helen.status == 200
    assert str(town.sam.staff_id) not in helen.page
    assert str(pat.staff_id) not in helen.page
    assert str(town.ruth.staff_id) in helen.page


def test_a_watched_phone_is_said_before_any_number_or_button(sam: Browser, town: Town) -> None:
    town.young_person("Leanne", discreet=True).texts("hes hit me again im scared")
    sam.opens(f"/alerts/{alert_of(town).id}")
    warning = sam.page.index("This phone may be watched.")
    assert warning < sam.page.index("I have this")
    assert "tel:+44" not in sam.page
    assert "Not safe to ring or text." in sam.words


def test_an_allegation_opens_for_the_manager_and_is_not_there_for_the_worker(
    sam: Browser, town: Town, signed_in: SignIn
) -> None:
    jay = town.young_person("Jay")
    jay.texts("sam touched me and i dont want to see him")
    page = f"/alerts/{town.alerts(jay)[0].id}"
    for path in (page, f"{page}/pass-on"):
        sam.opens(path)
        assert sam.status == 404
    assert "touched" not in sam.opens("/alerts")
    helen = signed_in(town.helen)
    assert "LADO" in helen.opens(page)
    assert "touched" in helen.words


def test_the_red_strip_is_on_every_page_with_initials_only(
    town: Town, app: Flask, signed_in: SignIn, sam: Browser
) -> None:
    jay = town.young_person("Jay")
    jay.texts(DANGER)
    everybody = [signed_in(who) for who in (town.helen, town.mira, town.staff("Ada Finch", Role.ADMIN))]
    for browser in everybody:
        assert "Nobody has taken the alert" not in browser.opens("/alerts")
    town.passes(minutes=16)
    for browser in everybody:
        browser.opens("/accessibility")
        assert "Nobody has taken the alert about J.W." in browser.words
        assert "Whitlock" not in browser.page
    helen, _, ada = everybody
    assert "/take" not in ada.page
    page = f"/alerts/{alert_of(town).id}"
    assert helen.sends(f"{page}/take") == 303
    assert "Nobody has taken the alert" not in ada.opens("/alerts")


def test_the_worker_whom_it_is_about_sees_no_strip(sam: Browser, town: Town, signed_in: SignIn) -> None:
    town.young_person("Jay").texts("sam touched me and i dont want to see him")
    town.passes(minutes=16)
    assert "Nobody has taken the alert" in signed_in(town.mira).opens("/alerts")
    assert "Nobody has taken the alert" not in sam.opens("/alerts")


def test_opening_an_alert_is_audited_and_its_text_is_read(sam: Browser, town: Town) -> None:
    jay = town.young_person("Jay")
    message = jay.texts(DANGER)
    sam.opens(f"/alerts/{alert_of(town).id}")
    assert town.message(message).read_by_id == town.sam.staff_id
    with town.database.read() as session:
        seen = session.query(AuditEvent).filter_by(action="conversation.viewed").one()
    assert (seen.staff_id, seen.subject_id) == (town.sam.staff_id, str(jay.person_id))


def test_at_night_the_page_says_who_is_told(town: Town, signed_in: SignIn) -> None:
    town.clock.now = EVENING
    town.young_person("Jay").texts(DANGER)
    on_call = signed_in(town.on_call)
    on_call.opens(f"/alerts/{alert_of(town).id}")
    assert "Omar Bell (you)" in on_call.words
    assert "Out-of-hours" in on_call.words or "out-of-hours" in on_call.words


def test_a_shared_line_still_owes_a_name(town: Town, sam: Browser) -> None:
    town.young_person("Jay").texts(DANGER)
    alert = alert_of(town)
    with town.database.begin() as session:
        row = session.get_one(Alert, alert.id)
        row.state, row.taken_at, row.taken_via = AlertState.TAKEN, town.clock(), "Out-of-hours team"
    page = f"/alerts/{alert.id}"
    sam.opens(page)
    assert sam.sends(f"{page}/take") == 303
    assert state_of(town, alert).taken_by_id == town.sam.staff_id


def test_an_alert_of_an_unknown_number_has_a_page(town: Town, signed_in: SignIn) -> None:
    town.stranger().texts(DANGER)
    mira = signed_in(town.mira)
    mira.opens(f"/alerts/{alert_of(town).id}")
    assert mira.status == 200
    assert "want to die" in mira.words


def test_markup_in_words_and_names_is_only_words(sam: Browser, town: Town) -> None:
    jay = town.young_person("<b>Jay</b>")
    jay.texts("<script>alert(1)</script> i want to die")
    for path in ("/alerts", f"/alerts/{alert_of(town).id}", f"/people/{jay.person_id}", "/people"):
        sam.opens(path)
        assert sam.status == 200
        assert "<script>alert" not in sam.page
        assert "<b>Jay" not in sam.page


def test_what_helps_stands_beside_it(sam: Browser, town: Town) -> None:
    jay = town.young_person("Jay")
    with town.database.begin() as session:
        person = session.get_one(Person, jay.person_id)
        person.quiet_plan, person.home_address = "Ring dont text.", "14 Quay Street"
    jay.texts(DANGER)
    sam.opens(f"/alerts/{alert_of(town).id}")
    assert "Ring dont text." in sam.words
    assert "14 Quay Street" in sam.words
