"""Texts that are not simply a known young person's: strangers, shared numbers, staff, machines, custody."""

from datetime import date, timedelta

from messages.kinds import AlertKind
from scheduler import states
from scheduler.delivery import deliver_due
from storage.people import StateKind
from town import Phone, Town


def test_a_stranger_gets_one_neutral_line_a_day(town: Town) -> None:
    stranger = town.stranger()
    stranger.texts("hello who is this")
    line = stranger.hears_one()
    assert "Sam" not in line
    town.clock.advance(hours=1)
    stranger.texts("hello??")
    stranger.hears_nothing()
    town.clock.advance(hours=24)
    stranger.texts("anyone")
    stranger.hears_one()


def test_a_stranger_in_danger_gets_the_crisis_text_and_duty_the_alert(town: Town) -> None:
    stranger = town.stranger()
    stranger.texts("i want to kill myself")
    assert "116 123" in stranger.hears_one()
    (alert,) = town.alerts()
    assert (alert.kind, alert.person_id) == (AlertKind.DANGER_TO_LIFE, None)
    assert town.mira.hears()


def test_a_number_of_two_people_is_nobodys_and_stop_stops_both(town: Town) -> None:
    jay = town.young_person("Jay")
    kim = town.young_person("Kim", number=jay.address)
    message_id = jay.texts("all good here")
    assert town.message(message_id).person_id is None
    assert "Jay" not in jay.hears_one()
    assert town.contacts(jay) == town.contacts(kim) == []
    jay.texts("stop")
    assert "stopped" in town.kinds(jay)
    assert "stopped" in town.kinds(kim)


def test_somebody_not_enrolled_is_heard_and_not_counted(town: Town) -> None:
    jay = town.young_person(enrolled=False)
    jay.texts("hi is that sam")
    assert "Sam" not in jay.hears_one()
    (contact,) = town.contacts(jay)
    assert contact.not_counted == "not_enrolled"


def test_custody_no_answer_but_danger_is_read(town: Town) -> None:
    jay = town.young_person()
    _state(town, jay, StateKind.CUSTODY)
    jay.texts("hello")
    jay.hears_nothing()
    assert town.contacts(jay)[0].not_counted == "custody"
    jay.texts("i want to die")
    jay.hears_nothing()
    assert "danger_to_life" in town.kinds(jay)


def test_anything_from_a_missing_person_is_now(town: Town) -> None:
    jay = town.young_person()
    _state(town, jay, StateKind.MISSING)
    jay.texts("im ok")
    assert "heard_while_missing" in town.kinds(jay)


def _state(town: Town, phone: Phone, kind: StateKind) -> None:
    assert phone.person_id is not None
    with town.database.begin() as session:
        states.start_state(session, phone.person_id, kind, starts_on=date(2026, 11, 20), now=town.clock())


def test_an_allegation_never_reaches_the_worker_it_is_about(town: Town) -> None:
    jay = town.young_person()
    message_id = jay.texts("my pa sam hit me")
    answer = jay.hears_one()
    assert "Sam" not in answer
    assert "allegation" in town.kinds(jay)
    town.sam.hears_nothing()
    assert town.helen.hears()
    assert town.ruth.hears()
    assert town.message(message_id).restricted
    town.passes(hours=1)
    town.sam.hears_nothing()


def test_a_complaint_goes_to_the_manager(town: Town) -> None:
    jay = town.young_person()
    jay.texts("i want a new worker sam never rings me back")
    jay.hears_one()
    assert "complaint" in town.kinds(jay)
    town.sam.hears_nothing()
    assert town.helen.hears()


def test_an_adviser_takes_an_alert_by_code(town: Town) -> None:
    jay = town.young_person()
    jay.texts("i want to kill myself")
    told = town.sam.hears_one()
    assert "Jay" not in told
    assert "kill" not in told
    code = told.split("OK ")[1][:4]
    town.dan.texts(f"ok {code}")
    assert town.alerts(jay)[0].taken_at is None
    town.sam.texts(f"ok {code.lower()}")
    assert town.alerts(jay)[0].taken_by_id == town.sam.staff_id
    assert town.sam.hears()


def test_an_echo_is_never_answered_for_long(town: Town) -> None:
    jay = town.young_person()
    asked = town.asks(jay)
    echo = asked
    sent = 0
    for _ in range(60):
        town.clock.advance(seconds=1)
        jay.texts(echo)
        heard = jay.hears()
        sent += len(heard)
        echo = heard[-1] if heard else echo
    assert sent <= 3


def test_a_machine_that_answers_at_once_is_left_alone_after_three_exchanges(town: Town) -> None:
    jay = town.young_person()
    town.asks(jay)
    sent = 0
    for number in range(40):
        jay.texts(f"Bright Nails: your visit number {number} is booked, see you then", settle=False)
        town.clock.advance(seconds=60)
        deliver_due(town.services, town.clock())
        sent += len(jay.hears())
        town.clock.advance(seconds=1)
    assert sent <= 3
    assert "machine_loop" in town.kinds(jay)


def test_danger_is_heard_even_while_answers_are_stopped(town: Town) -> None:
    jay = town.young_person()
    for number in range(5):
        jay.texts(f"AUTO REPLY: this inbox is not monitored, ticket {number} was opened for you")
    jay.hears()
    town.clock.advance(minutes=1)
    jay.texts("i want to kill myself")
    assert "116 123" in jay.hears_one()


def test_recorded_words_never_leave_in_staff_texts(town: Town) -> None:
    jay = town.young_person("Jay")
    jay.texts("im gonna jump off the bridge tonight zebra")
    town.passes(minutes=20, tick_every=timedelta(minutes=1))
    for phone in (town.sam, town.dan, town.mira, town.helen):
        for text in phone.hears():
            assert "zebra" not in text
            assert "Jay" not in text
