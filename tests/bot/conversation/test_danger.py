"""Danger is always an alert; what the young person gets back depends on its kind."""

from datetime import date, timedelta

import pytest

from bot.conversation import danger
from messages.channel import CarrierKeyword, InboundKind
from messages.kinds import AlertKind
from messages.understanding import Danger
from messages.wordings import WordingKey
from town import EVENING, Town

HELPLINES = ("999", "116 123", "85258", "111")


@pytest.mark.parametrize(
    ("kind", "open_phone", "watched_phone"),
    [
        (Danger.OWN_LIFE, WordingKey.DANGER_OWN_LIFE, WordingKey.DANGER_NEUTRAL),
        (Danger.MEDICAL, WordingKey.DANGER_OWN_LIFE, WordingKey.DANGER_NEUTRAL),
        (Danger.OTHER_PERSON, WordingKey.DANGER_NEUTRAL, WordingKey.DANGER_NEUTRAL),
        (Danger.EXPLOITATION, WordingKey.DANGER_NEUTRAL, WordingKey.DANGER_NEUTRAL),
        (Danger.WATCHED_PHONE, WordingKey.DANGER_NEUTRAL, WordingKey.DANGER_NEUTRAL),
        (Danger.ARREST, WordingKey.DANGER_NEUTRAL, WordingKey.DANGER_NEUTRAL),
        (Danger.CHILD, WordingKey.DANGER_NEUTRAL, WordingKey.DANGER_NEUTRAL),
        (Danger.DESTITUTE, WordingKey.DANGER_DESTITUTE, WordingKey.DANGER_NEUTRAL),
        (Danger.EVICTION, WordingKey.DANGER_DESTITUTE, WordingKey.DANGER_NEUTRAL),
        (Danger.THIRD_PARTY, None, None),
        (Danger.DEATH, None, None),
    ],
)
def test_each_kind_has_its_answer(
    kind: Danger, open_phone: WordingKey | None, watched_phone: WordingKey | None
) -> None:
    assert danger.answer({kind}, watched=False, age=22) == open_phone
    assert danger.answer({kind}, watched=True, age=22) == watched_phone


@pytest.mark.parametrize("kind", list(Danger))
def test_every_kind_raises_an_alert(kind: Danger) -> None:
    assert isinstance(danger.alert_kind({kind}), AlertKind)


@pytest.mark.parametrize("first", list(Danger))
@pytest.mark.parametrize("second", list(Danger))
def test_when_kinds_mix_the_most_discreet_answer_wins(first: Danger, second: Danger) -> None:
    both = danger.discretion({first, second}, watched=False)
    assert both == max(danger.discretion({kind}, watched=False) for kind in (first, second))


def test_danger_to_life_gets_the_crisis_text_and_an_alert(town: Town) -> None:
    jay = town.young_person()
    jay.texts("i want to kill myself")
    answer = jay.hears_one()
    assert all(number in answer for number in (*HELPLINES, "01632 960 990"))
    assert "0800 1111" not in answer
    (alert,) = town.alerts(jay)
    assert (alert.kind, alert.watched) == (AlertKind.DANGER_TO_LIFE, False)
    assert any("OK" in text for text in town.sam.hears())


def test_under_19_childline_is_named_too(town: Town) -> None:

    kai = town.young_person("Kai", date_of_birth=date(2009, 1, 1))
    kai.texts("i want to kill myself")
    assert "0800 1111" in kai.hears_one()


def test_a_language_that_nobody_has_checked_brings_the_english_too(town: Town) -> None:
    jay = town.young_person(language="pl")
    jay.texts("chcę umrzeć")
    drafted, english = jay.hears_one().split("\n\n")
    assert drafted.startswith("Dziękujemy, że nam o tym mówisz.")
    assert english.startswith("Thank you for telling us.")
    assert all(number in drafted and number in english for number in (*HELPLINES, "01632 960 990"))


def test_a_watched_phone_gets_one_line_in_one_language(town: Town) -> None:
    amina = town.young_person("Amina", number=None, discreet=True, language="pl")
    amina.texts("chcę umrzeć")
    assert amina.hears_one() == "Dzięki, wiadomość dotarła."


@pytest.mark.parametrize("mark", ["discreet", "controlled", "shared"])
def test_no_number_ever_goes_to_a_watched_phone(town: Town, mark: str) -> None:
    amina = town.young_person("Amina", number=None, **{mark: True})
    amina.texts("i want to kill myself")
    answer = amina.hears_one()
    assert not any(character.isdigit() for character in answer)
    assert "Sam" not in answer
    assert "Amina" not in answer
    assert town.alerts(amina)[0].watched


def test_danger_from_another_person_gets_one_neutral_line_and_a_warning_for_staff(town: Town) -> None:
    amina = town.young_person("Amina")
    amina.texts("hes going to kill me he has a knife")
    assert not any(character.isdigit() for character in amina.hears_one())
    assert town.alerts(amina)[0].watched


def test_one_danger_text_in_three_hours_an_alert_every_time(town: Town) -> None:
    jay = town.young_person()
    jay.texts("i want to die")
    jay.hears_one()
    town.clock.advance(minutes=30)
    jay.texts("i really want to die tonight")
    jay.hears_nothing()
    assert town.kinds(jay).count("danger_to_life") == 2
    town.clock.advance(hours=3)
    jay.texts("still want to die")
    jay.hears_one()


def test_no_bed_tonight_names_the_out_of_hours_number(town: Town) -> None:
    jay = town.young_person()
    jay.texts("ive got nowhere to sleep tonight")
    assert "01632 960 990" in jay.hears_one()
    assert town.kinds(jay)[0] == "no_bed_or_food"


def test_a_reported_death_is_answered_by_no_machine_and_freezes_sending(town: Town) -> None:
    jay = town.young_person()
    jay.texts("hes passed away. its his sister")
    jay.hears_nothing()
    assert "death_reported" in town.kinds(jay)
    town.passes(days=20, tick_every=timedelta(hours=3))
    jay.hears_nothing()


def test_danger_at_night_is_answered_and_alerts_on_call_and_out_of_hours(town: Town) -> None:
    town.clock.now = EVENING
    jay = town.young_person()
    jay.texts("i took all my pills")
    jay.hears_one()
    assert town.on_call.hears()
    assert town.out_of_hours.hears()


def test_danger_with_stop_does_both_in_order(town: Town) -> None:
    jay = town.young_person()
    jay.texts("i want to die. stop texting me")
    answer, confirmation = jay.hears()
    assert "116 123" in answer
    assert "START" in confirmation
    assert "danger_to_life" in town.kinds(jay)
    town.clock.advance(hours=4)
    jay.texts("hi")
    jay.hears_nothing()


def test_an_edit_that_brings_danger_alerts(town: Town) -> None:

    jay = town.young_person()
    chat = town.telegram_chat(jay)
    chat.texts("im fine", provider_id="5550001:7:0")
    chat.hears()
    chat.texts("i want to die", kind=InboundKind.EDIT, provider_id="5550001:7:99", edit_of="5550001:7:0")
    assert "danger_to_life" in town.kinds(jay)


def test_help_from_the_carrier_is_not_answered_twice(town: Town) -> None:

    jay = town.young_person()
    town.carrier_takes(jay, CarrierKeyword.HELP)
    jay.hears_nothing()
    assert town.kinds(jay) == ["help_word"]


def test_help_on_telegram_from_a_watched_phone_gets_the_neutral_line(town: Town) -> None:
    amina = town.young_person("Amina", discreet=True)
    chat = town.telegram_chat(amina)
    chat.texts("HELP")
    assert not any(character.isdigit() for character in chat.hears_one())


def test_shout_goes_to_shout_and_alerts(town: Town) -> None:
    jay = town.young_person()
    jay.texts("SHOUT")
    assert "85258" in jay.hears_one()
    assert town.kinds(jay) == ["danger_to_life"]
