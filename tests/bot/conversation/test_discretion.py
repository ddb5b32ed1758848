"""Whose phone it may be: no name and no number goes where somebody else may read it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from messages.channel import ChannelName, InboundKind
from scheduler import states
from scheduler.delivery import deliver_due
from storage import people
from storage.addresses import AddressHealth, holders
from storage.people import PersonState, Risk, StateKind
from storage.staff import Role
from town import EVENING, Phone, Town


def _names(text: str) -> list[str]:
    return [word for word in ("Amina", "Jay", "Kim", "Sam", "01632") if word in text]


@pytest.mark.parametrize(
    "text", ["1", "3 feeling really low", "can u ring me", "MONEY", "hiya", "who is this"]
)
@pytest.mark.parametrize("mark", ["discreet", "controlled", "shared"])
def test_a_watched_phone_gets_no_name_and_no_number_in_any_answer(town: Town, text: str, mark: str) -> None:
    town.clock.now = EVENING
    amina = town.young_person("Amina", number=None, **{mark: True})
    town.clock.now = datetime(2026, 11, 25, 10, tzinfo=UTC)
    town.asks(amina)
    town.clock.now = datetime(2026, 11, 25, 21, tzinfo=UTC)
    amina.texts(text)
    assert not [name for answer in amina.hears() for name in _names(answer)]


def test_a_number_of_two_people_gets_no_name_in_prompts(town: Town) -> None:
    jay = town.young_person("Jay")
    town.young_person("Kim", number=jay.address)
    assert not _names(town.asks(jay))


def test_a_number_that_nobody_confirmed_gets_no_name_and_does_not_count(town: Town) -> None:
    jay = town.young_person("Jay")
    _unconfirm(town, jay)
    jay.texts("hi its me")
    assert not _names(jay.hears_one())
    assert town.contacts(jay)[0].not_counted == "unconfirmed_address"


def test_after_custody_the_number_is_nobodys_until_an_adviser_says_so(town: Town) -> None:
    jay = town.young_person("Jay")
    assert jay.person_id is not None
    with town.database.begin() as session:
        session.add(
            PersonState(
                person_id=jay.person_id,
                kind=StateKind.CUSTODY,
                starts_on=date(2026, 11, 10),
                ends_on=date(2026, 11, 23),
                recorded_at=town.clock(),
            )
        )
    jay.texts("hi its jay im out")
    assert not _names(jay.hears_one())
    assert town.contacts(jay)[0].not_counted == "unconfirmed_address"


def test_custody_grants_no_wish_and_opens_no_call(town: Town) -> None:
    jay = town.young_person("Jay")
    assert jay.person_id is not None
    with town.database.begin() as session:
        states.start_state(
            session, jay.person_id, StateKind.CUSTODY, starts_on=date(2026, 11, 20), now=town.clock()
        )
    jay.texts("call me pls")
    jay.texts("LESS")
    assert "call_me" not in town.kinds(jay)
    assert town.person(jay).cadence == "fortnightly"


def test_who_without_an_adviser_gets_the_neutral_line(town: Town) -> None:
    jay = town.young_person("Jay")
    with town.database.begin() as session:
        for running in session.scalars(select(people.Allocation)):
            running.ended_at = town.clock() - timedelta(days=1)
    jay.texts("who is this")
    jay.hears_one()
    assert "number_in_doubt" in town.kinds(jay)


def test_wrong_again_after_the_adviser_confirmed_brings_no_second_answer(town: Town) -> None:
    jay = town.young_person("Jay")
    jay.texts("wrong number mate")
    jay.hears_one()
    with town.database.begin() as session:
        for held in holders(session, ChannelName.SMS, town.database.keyring.indexes(jay.address)):
            held.health, held.confirmed_at = AddressHealth.GOOD, town.clock()
    town.clock.advance(hours=1)
    jay.texts("wrong number lol")
    jay.hears_nothing()


def _unconfirm(town: Town, phone: Phone) -> None:
    with town.database.begin() as session:
        for held in holders(session, ChannelName.SMS, town.database.keyring.indexes(phone.address)):
            held.confirmed_at = None


# STOP holds


def test_an_unblocked_chat_does_not_undo_stop(town: Town) -> None:
    jay = town.young_person("Jay")
    chat = town.telegram_chat(jay)
    chat.texts("stop")
    chat.hears()
    chat.texts("", kind=InboundKind.BLOCKED)
    chat.texts("", kind=InboundKind.UNBLOCKED)
    town.clock.advance(minutes=2)
    chat.texts("hello")
    chat.hears_nothing()
    chat.texts("start")
    chat.hears_one()


def test_stop_by_edit_is_a_stop(town: Town) -> None:
    jay = town.young_person("Jay")
    chat = town.telegram_chat(jay)
    chat.texts("hello", provider_id="5550001:7:0")
    chat.hears()
    chat.texts("STOP", kind=InboundKind.EDIT, provider_id="5550001:7:9", edit_of="5550001:7:0")
    assert "START" in chat.hears_one()
    assert "stopped" in town.kinds(jay)


def test_less_twice_in_a_row_is_once(town: Town) -> None:
    jay = town.young_person("Jay")
    jay.texts("LESS")
    town.clock.advance(minutes=2)
    jay.texts("LESS")
    assert town.person(jay).cadence == "four_weekly"


def test_at_high_risk_the_rhythm_is_not_changed_by_text(town: Town) -> None:
    jay = town.young_person("Jay", risk=Risk.HIGH)
    jay.texts("LESS")
    jay.hears_one()
    assert town.person(jay).cadence == "fortnightly"


# Danger


def test_a_crisis_text_is_never_taken_back_for_a_plain_line(town: Town) -> None:
    jay = town.young_person("Jay")
    jay.texts("i want to kill myself", settle=False)
    town.clock.advance(seconds=1)
    jay.texts("please", settle=False)
    town.deliver()
    (answer,) = jay.hears()
    assert "116 123" in answer


def test_a_complaint_does_not_mute_the_crisis_text(town: Town) -> None:
    jay = town.young_person("Jay")
    jay.texts("i want to complain about sam he never rings me back")
    jay.hears_one()
    town.clock.advance(minutes=30)
    jay.texts("i want to kill myself")
    assert "116 123" in jay.hears_one()


def test_one_crisis_text_a_person_whichever_channel(town: Town) -> None:
    jay = town.young_person("Jay")
    chat = town.telegram_chat(jay)
    jay.texts("i want to kill myself")
    jay.hears_one()
    chat.texts("i want to kill myself")
    chat.hears_nothing()


def test_the_same_plea_every_three_hours_is_no_machine(town: Town) -> None:
    jay = town.young_person("Jay")
    for _ in range(4):
        jay.texts("i want to kill myself please help me")
        assert "116 123" in jay.hears_one()
        town.clock.advance(hours=3, minutes=1)
    assert "machine_loop" not in town.kinds(jay)


def test_three_quick_texts_are_no_machine(town: Town) -> None:
    jay = town.young_person("Jay")
    jay.texts("hey", settle=False)
    town.clock.advance(seconds=6)
    deliver_due(town.services, town.clock())
    for words in ("so", "i was thinking", "about college"):
        town.clock.advance(seconds=1)
        jay.texts(words, settle=False)
    town.deliver()
    jay.hears()
    town.clock.advance(hours=3)
    jay.texts("can u ring me")
    jay.hears_one()


def test_a_stranger_in_other_danger_gets_the_neutral_line(town: Town) -> None:
    stranger = town.stranger()
    stranger.texts("ive got nowhere to sleep tonight")
    assert not any(character.isdigit() for character in stranger.hears_one())
    assert town.mira.hears()


def test_a_death_reported_from_a_number_of_two_people_freezes_both(town: Town) -> None:
    jay = town.young_person("Jay")
    kim = town.young_person("Kim", number=jay.address)
    jay.texts("he passed away last night, this is his mum")
    for phone in (jay, kim):
        assert phone.person_id is not None
        with town.database.read() as session:
            (state,) = people.states(session, phone.person_id)
        assert state.kind is StateKind.DEATH_REPORTED


def test_a_block_by_a_missing_person_is_a_sign_of_life(town: Town) -> None:
    jay = town.young_person("Jay")
    assert jay.person_id is not None
    chat = town.telegram_chat(jay)
    with town.database.begin() as session:
        states.start_state(
            session, jay.person_id, StateKind.MISSING, starts_on=date(2026, 11, 20), now=town.clock()
        )
    chat.texts("", kind=InboundKind.BLOCKED)
    assert "heard_while_missing" in town.kinds(jay)


# Words and worries


def test_a_worry_after_a_cheerful_digit_is_a_worry(town: Town) -> None:
    jay = town.young_person("Jay")
    town.asks(jay)
    jay.texts("1 but im behind with my rent")
    jay.hears_one()
    assert "worry" in town.kinds(jay)


def test_a_pressed_four_is_a_call_even_after_the_answer(town: Town) -> None:
    jay = town.young_person("Jay")
    chat = town.telegram_chat(jay)
    town.asks(jay)
    jay.texts("1")
    town.clock.advance(minutes=3)
    chat.presses("4")
    assert "call_me" in town.kinds(jay)
    assert town.check_in(jay).mood == 1


def test_a_call_asked_for_from_a_shared_number_reaches_a_person(town: Town) -> None:
    jay = town.young_person("Jay")
    kim = town.young_person("Kim", number=jay.address)
    jay.texts("can u ring me")
    assert "call_me" in town.kinds(jay)
    assert "call_me" in town.kinds(kim)


def test_seven_texts_of_a_stranger_are_one_alert_a_day(town: Town) -> None:
    stranger = town.stranger()
    for number in range(7):
        stranger.texts(f"hello {number}")
        town.clock.advance(minutes=10)
    assert [alert.kind.value for alert in town.alerts()] == ["unknown_sender"]


# About a worker, and from workers


@pytest.mark.parametrize("shared", [False, True])
def test_an_allegation_goes_to_manager_and_senior_and_to_nobody_else(town: Town, *, shared: bool) -> None:
    jay = town.young_person("Jay")
    if shared:
        town.young_person("Kim", number=jay.address)
    jay.texts("my pa sam hit me")
    town.passes(minutes=30, tick_every=timedelta(minutes=1))
    assert town.helen.hears()
    assert town.ruth.hears()
    for phone in (town.sam, town.dan, town.mira):
        phone.hears_nothing()


def test_the_worker_who_is_named_is_the_one_kept_away(town: Town) -> None:
    jay = town.young_person("Jay")
    other = town.staff("Priya Nair", Role.MANAGER)
    jay.texts("helen my manager hit me")
    town.passes(minutes=30, tick_every=timedelta(minutes=1))
    town.helen.hears_nothing()
    assert other.hears()


def test_a_colleagues_other_text_is_never_lost(town: Town) -> None:
    town.sam.texts("jay took an overdose at mine hes not breathing")
    (alert,) = town.alerts()
    assert alert.deadline == "now"
    town.out_of_hours.texts("who is on tonight?")
    assert town.kinds()[-1] == "unread"


def test_a_number_that_is_staffs_and_a_young_persons_is_heard_as_theirs(town: Town) -> None:
    jay = town.young_person("Jay", number=town.dan.address)
    jay.texts("i want to kill myself")
    assert "danger_to_life" in town.kinds(jay)
