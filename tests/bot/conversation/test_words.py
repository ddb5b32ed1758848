"""Words that always work."""

from datetime import time, timedelta

import pytest

from bot.conversation.links import new_link_token
from messages.channel import CarrierKeyword, ChannelName, InboundKind
from scheduler.rules import DEFAULTS
from storage.people import Cadence, Risk
from town import Phone, Town


def test_stop_acts_at_once_on_every_channel_and_is_confirmed_once(town: Town) -> None:
    jay = town.young_person()
    chat = town.telegram_chat(jay)
    jay.texts("stop texting me pls")
    assert "START" in jay.hears_one()
    assert town.kinds(jay) == ["stopped"]
    chat.texts("hello")
    chat.hears_nothing()
    jay.texts("stop")
    jay.hears_nothing()


def test_the_carriers_own_stop_is_confirmed_by_the_carrier(town: Town) -> None:
    jay = town.young_person()
    town.carrier_takes(jay, CarrierKeyword.STOP)
    jay.hears_nothing()
    assert town.kinds(jay) == ["stopped"]


def test_start_brings_texts_back(town: Town) -> None:
    jay = town.young_person()
    jay.texts("stop texting me pls")
    jay.hears()
    jay.texts("start")
    assert "STOP" in jay.hears_one()
    town.clock.advance(minutes=1)
    jay.texts("hello")
    jay.hears_one()


def test_yes_is_never_an_opt_in(town: Town) -> None:
    jay = town.young_person()
    jay.texts("stop texting me pls")
    jay.hears()
    jay.texts("yes")
    jay.hears_nothing()


@pytest.mark.parametrize("word", ["END", "quit", " Cancel "])
def test_end_quit_cancel_opt_out_and_ask_a_person(town: Town, word: str) -> None:
    jay = town.young_person()
    jay.texts(word)
    jay.hears_one()
    assert town.kinds(jay) == ["ended_by_word"]


def test_stop_from_somebody_at_risk_tells_the_adviser_today(town: Town) -> None:
    jay = town.young_person(risk=Risk.HIGH)
    jay.texts("stop")
    assert "quiet_at_risk" in town.kinds(jay)


def test_pause_stops_prompts_for_two_weeks_and_resume_ends_it(town: Town) -> None:
    jay = town.young_person()
    jay.texts("PAUSE")
    assert "RESUME" in jay.hears_one()
    paused = town.person(jay).paused_until
    assert paused is not None
    assert timedelta(days=13, hours=23) < paused - town.clock() < timedelta(days=14, hours=1)
    jay.texts("resume")
    jay.hears_one()
    assert town.person(jay).paused_until is None


def test_less_and_more_change_the_rhythm_to_its_ends(town: Town) -> None:
    jay = town.young_person()
    jay.texts("LESS")
    jay.hears_one()
    assert town.person(jay).cadence is Cadence.FOUR_WEEKLY
    jay.texts("more")
    jay.hears_one()
    assert town.person(jay).cadence is Cadence.FORTNIGHTLY


def test_mornings_sets_the_window(town: Town) -> None:
    jay = town.young_person()
    jay.texts("mornings")
    jay.hears_one()
    assert (town.person(jay).window_from, town.person(jay).window_to) == (time(9), time(12))


def test_who_is_told_once_and_then_the_number_is_in_doubt(town: Town) -> None:
    jay = town.young_person()
    jay.texts("who is this?")
    answer = jay.hears_one()
    assert "Sam" in answer
    assert "WRONG" in answer
    town.clock.advance(hours=1)
    jay.texts("who are you")
    assert "Sam" not in jay.hears_one()
    assert "number_in_doubt" in town.kinds(jay)


def test_who_from_a_shared_phone_gets_no_name(town: Town) -> None:
    amina = town.young_person("Amina", shared=True)
    amina.texts("who is this")
    assert "Sam" not in amina.hears_one()


def test_wrong_number_gets_one_apology_and_nothing_else_ever(town: Town) -> None:
    jay = town.young_person()
    jay.texts("wrong number mate")
    apology = jay.hears_one()
    assert "Jay" not in apology
    assert "Sam" not in apology
    assert "number_in_doubt" in town.kinds(jay)
    town.clock.advance(hours=30)
    jay.texts("who r u tho")
    jay.hears_nothing()
    assert town.contacts(jay)[0].not_counted == "wrong_person"


def test_a_new_number_is_never_believed_blindly(town: Town) -> None:
    jay = town.young_person()
    new = town.stranger()
    new.texts("new number, this is jay")
    assert "Jay" not in new.hears_one()
    assert town.message(town.receive(new.channel, new.address, "you there?")).person_id is None
    assert town.contacts(jay) == []


def test_are_you_a_robot_is_answered_with_the_truth(town: Town) -> None:
    jay = town.young_person()
    jay.texts("are u a robot")
    assert "utomatic" in jay.hears_one()


@pytest.mark.parametrize("word", ["MONEY", "house", "Health", "WORK", "OFFER", "RIGHTS"])
def test_topics_are_answered_from_the_library(town: Town, word: str) -> None:
    jay = town.young_person()
    jay.texts(word)
    jay.hears_one()


def test_complain_never_opens_a_task_for_the_adviser(town: Town) -> None:
    jay = town.young_person()
    jay.texts("COMPLAIN")
    jay.hears_one()
    assert town.kinds(jay) == []
    town.sam.hears_nothing()


def _link(town: Town, jay: Phone) -> str:
    assert jay.person_id is not None
    with town.database.begin() as session:
        return new_link_token(session, DEFAULTS, jay.person_id, staff_id=None, now=town.clock())


def test_a_link_joins_one_chat_once(town: Town) -> None:
    jay = town.young_person()
    token = _link(town, jay)
    chat = Phone(town, "777001", ChannelName.TELEGRAM)
    chat.texts(token, kind=InboundKind.LINK)
    assert "STOP" in chat.hears_one()
    town.clock.advance(minutes=1)
    chat.texts("hi its me")
    chat.hears_one()
    assert len(town.contacts(jay)) == 1
    other = Phone(town, "777002", ChannelName.TELEGRAM)
    other.texts(token, kind=InboundKind.LINK)
    other.hears_one()
    other.texts("hello")
    assert len(town.contacts(jay)) == 1


def test_an_expired_link_joins_nobody(town: Town) -> None:
    jay = town.young_person()
    token = _link(town, jay)
    town.clock.advance(days=8)
    chat = Phone(town, "777001", ChannelName.TELEGRAM)
    chat.texts(token, kind=InboundKind.LINK)
    chat.hears_one()
    chat.texts("1")
    assert town.contacts(jay) == []


def test_a_blocked_bot_closes_only_that_chat(town: Town) -> None:
    jay = town.young_person()
    chat = town.telegram_chat(jay)
    chat.texts("", kind=InboundKind.BLOCKED)
    chat.hears_nothing()
    jay.texts("hi")
    jay.hears_one()
