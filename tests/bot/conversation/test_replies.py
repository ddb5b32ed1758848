"""Replies to a check-in: any reply is good, and the answer is one short human line."""

from datetime import timedelta

import pytest

from storage.check_ins import CheckInState
from storage.contacts import Direction, Layer
from town import EVENING, Town


@pytest.mark.parametrize(
    ("text", "mood"),
    [
        pytest.param("1", 1, id="digit"),
        pytest.param("1️⃣", 1, id="keycap"),
        pytest.param("one", 1, id="word"),
        pytest.param("👍", 1, id="thumb"),
        pytest.param("alrite ta", None, id="slang"),
        pytest.param("2", 0, id="ok"),
        pytest.param("meh", None, id="meh"),
        pytest.param("3", -1, id="not great"),
        pytest.param("not doing great tbh", -1, id="low in words"),
    ],
)
def test_any_reply_closes_the_check_in_and_counts(town: Town, text: str, mood: int | None) -> None:
    jay = town.young_person("Jay")
    town.asks(jay)
    jay.texts(text)
    answer = jay.hears_one()
    assert "understand" not in answer
    check_in = town.check_in(jay)
    assert check_in.state is CheckInState.ANSWERED
    assert check_in.next_step_at is None
    if mood is not None:
        assert check_in.mood == mood
    (contact,) = [c for c in town.contacts(jay) if c.inbound_id is not None]
    assert (contact.direction, contact.layer) == (Direction.TWO_WAY, Layer.TEXT)


def test_words_after_a_digit_are_read_too(town: Town) -> None:
    jay = town.young_person()
    town.asks(jay)
    jay.texts("2 but can u ring me after 5")
    assert len(jay.hears()) == 1
    assert town.check_in(jay).mood == 0
    assert "call_me" in town.kinds(jay)


def test_four_asks_for_a_call(town: Town) -> None:
    jay = town.young_person()
    town.asks(jay)
    jay.texts("4")
    jay.hears_one()
    assert town.kinds(jay) == ["call_me"]


def test_out_of_hours_a_call_is_promised_for_when_someone_is_back(town: Town) -> None:
    town.clock.now = EVENING
    jay = town.young_person()
    jay.texts("can u ring me")
    answer = jay.hears_one()
    assert "Wed 25 Nov" in answer
    assert "01632 960 990" in answer


def test_a_photo_is_a_reply(town: Town) -> None:
    jay = town.young_person()
    town.asks(jay)
    jay.sends_photo()
    assert len(jay.hears()) == 1
    assert town.check_in(jay).state is CheckInState.ANSWERED


def test_a_late_answer_counts(town: Town) -> None:
    jay = town.young_person()
    town.asks(jay)
    town.passes(days=6, tick_every=timedelta(hours=2))
    assert town.check_in(jay).state is CheckInState.MISSED
    jay.texts("1")
    assert town.check_in(jay).state is CheckInState.ANSWERED


def test_low_twice_in_a_row_tells_the_adviser(town: Town) -> None:
    jay = town.young_person()
    town.asks(jay)
    jay.texts("3")
    assert "low_mood" not in town.kinds(jay)
    town.clock.advance(days=14)
    jay.hears()
    town.asks(jay)
    jay.texts("3")
    assert "low_mood" in town.kinds(jay)


def test_thanks_for_our_answer_is_not_answered(town: Town) -> None:
    jay = town.young_person()
    town.asks(jay)
    jay.texts("1")
    jay.hears_one()
    town.clock.advance(minutes=2)
    jay.texts("thanks")
    jay.hears_nothing()


def test_an_autoreply_is_kept_and_does_not_count(town: Town) -> None:
    jay = town.young_person()
    town.asks(jay)
    jay.texts("I'm driving right now, I'll get back to you later. Sent from my phone (auto-reply)")
    jay.hears_nothing()
    assert town.check_in(jay).state is CheckInState.OPEN
    (contact,) = [c for c in town.contacts(jay) if c.inbound_id is not None]
    assert contact.direction is Direction.RECEIVED
    assert contact.not_counted == "autoreply"
