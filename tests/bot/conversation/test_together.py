"""Several texts in a row are read together and answered once; danger never waits."""

from storage.people import Cadence
from town import Town


def test_three_texts_are_answered_once(town: Town) -> None:
    jay = town.young_person()
    town.asks(jay)
    jay.texts("hey", settle=False)
    town.clock.advance(seconds=2)
    jay.texts("so i got the job", settle=False)
    town.clock.advance(seconds=2)
    jay.texts("start monday", settle=False)
    town.clock.advance(seconds=6)
    town.deliver()
    assert len(jay.hears()) == 1


def test_a_second_text_after_the_answer_brings_no_second_answer(town: Town) -> None:
    jay = town.young_person()
    town.asks(jay)
    jay.texts("1")
    jay.hears_one()
    town.clock.advance(seconds=10)
    jay.texts("got the college place!!")
    jay.hears_nothing()


def test_danger_split_over_two_texts_is_heard(town: Town) -> None:
    jay = town.young_person()
    jay.texts("im going to kill my", settle=False)
    town.clock.advance(seconds=4)
    jay.texts("self")
    assert "danger_to_life" in town.kinds(jay)
    assert any("116 123" in text for text in jay.hears())


def test_a_cheerful_answer_that_waits_is_replaced_by_the_answer_to_danger(town: Town) -> None:
    jay = town.young_person()
    town.asks(jay)
    jay.texts("1", settle=False)
    town.clock.advance(seconds=2)
    jay.texts("jk i want to die")
    assert "danger_to_life" in town.kinds(jay)
    (answer,) = jay.hears()
    assert "116 123" in answer


def test_the_same_text_again_gets_no_answer_for_ten_minutes(town: Town) -> None:
    jay = town.young_person()
    jay.texts("hello?")
    assert len(jay.hears()) == 1
    town.clock.advance(minutes=5)
    jay.texts("hello?")
    jay.hears_nothing()
    assert len(town.contacts(jay)) == 2


def test_what_an_earlier_part_brought_about_is_not_done_twice(town: Town) -> None:
    jay = town.young_person()
    jay.texts("LESS", settle=False)
    town.clock.advance(seconds=3)
    jay.texts("thanks")
    assert town.person(jay).cadence is Cadence.FOUR_WEEKLY
    jay.texts("can u ring me", settle=False)
    town.clock.advance(seconds=3)
    jay.texts("please")
    assert town.kinds(jay) == ["call_me"]


def test_start_right_after_stop_is_a_start(town: Town) -> None:
    jay = town.young_person()
    jay.texts("stop texting me pls")
    jay.hears()
    jay.texts("start")
    assert "STOP" in jay.hears_one()
