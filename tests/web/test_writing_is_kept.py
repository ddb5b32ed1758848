"""What somebody wrote is never lost or cut in silence: it is saved, or shown again with what to put right."""

import pytest

from browsing import Browser, id_of
from storage.alerts import Alert, AlertState
from storage.people import Person
from town import Phone, Town

DANGER = "cant do this anymore i want to die"


def taken(sam: Browser, town: Town) -> tuple[Phone, str]:
    jay = town.young_person("Jay")
    jay.texts(DANGER)
    page = f"/alerts/{town.alerts(jay)[0].id}"
    assert sam.sends(f"{page}/take", on=page) == 303
    sam.opens(page)
    return jay, page


def test_an_outcome_written_while_the_alert_went_back_closes_it_by_taking_it_again(
    sam: Browser, town: Town
) -> None:
    jay, page = taken(sam, town)
    with town.database.begin() as session:
        alert = session.get_one(Alert, town.alerts(jay)[0].id)
        alert.state, alert.taken_by_id, alert.taken_at = AlertState.OPEN, None, None
    assert sam.sends(f"{page}/outcome", outcome="spoke", note="Rang her mum, safe.") == 422
    assert "Take the alert first" in sam.words
    assert "Rang her mum, safe." in sam.page
    assert "Take it and close it" in sam.words
    assert sam.sends(f"{page}/outcome", outcome="spoke", note="Rang her mum, safe.", take="yes") == 303
    closed = town.alerts(jay)[0]
    assert (closed.state, closed.outcome_note) == (AlertState.CLOSED, "Rang her mum, safe.")
    assert (closed.taken_by_id, closed.closed_by_id) == (town.sam.staff_id, town.sam.staff_id)


def test_a_note_that_is_too_long_is_not_cut(sam: Browser, town: Town) -> None:
    jay, page = taken(sam, town)
    note = "a" * 4000 + "END"
    assert sam.sends(f"{page}/outcome", outcome="spoke", note=note) == 422
    assert "At most 4,000 characters fit here: this has 4,003" in sam.words
    assert note in sam.page
    log = f"/people/{jay.person_id}/log"
    fields = {"method": "call", "two_way": "yes", "on__day": "24", "on__month": "11", "on__year": "2026"}
    assert sam.sends(log, on=log, at="9am", note=note, **fields) == 422
    assert note in sam.page
    assert not [one for one in town.contacts(jay) if one.method.value == "call"]


@pytest.mark.parametrize("why", ["stop", "closed"])
def test_a_reply_that_cannot_go_any_more_stays_on_the_page(sam: Browser, town: Town, why: str) -> None:
    jay = town.young_person("Jay")
    page = f"/people/{jay.person_id}"
    sam.opens(page)
    if why == "stop":
        jay.texts("STOP")
    else:
        with town.database.begin() as session:
            session.get_one(Person, id_of(jay)).closed_at = town.clock()
    jay.hears()
    assert sam.sends(f"{page}/reply", reply="All I wanted to say", do="send") == 422
    assert "This was not sent All I wanted to say" in sam.words
    assert ("Jay stopped the texts" if why == "stop" else "Jay’s record is closed") in sam.words
    town.clock.advance(seconds=12)
    town.deliver()
    assert jay.hears_nothing()


def test_texts_are_no_contact_that_staff_log(sam: Browser, town: Town) -> None:
    jay = town.young_person("Jay")
    log = f"/people/{jay.person_id}/log"
    fields = {"two_way": "yes", "on__day": "24", "on__month": "11", "on__year": "2026", "at": "9am"}
    for method in ("text", "telegram"):
        assert sam.sends(log, on=log, method=method, **fields) == 422
        assert "Choose what it was" in sam.words
    assert not town.contacts(jay)


def test_an_unknown_number_reads_nothing_one_day(sam: Browser, town: Town) -> None:
    town.stranger().texts(DANGER)
    mira_page = f"/alerts/{town.alerts()[0].id}"
    with town.database.begin() as session:
        alert = session.get_one(Alert, town.alerts()[0].id)
        alert.passed_to_id = alert.taken_by_id = town.sam.staff_id
        alert.state, alert.taken_at = AlertState.TAKEN, town.clock()
    sam.opens(mira_page)
    assert "They may read this one day." in sam.words
    assert "Unknown number may read" not in sam.words
