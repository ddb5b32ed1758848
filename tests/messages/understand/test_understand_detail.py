"""Whom a text is about, who writes it, whether it says more than an answer, and where somebody sleeps."""

import pytest

from messages.understand import read_together, understand
from messages.understand.printing import as_json
from messages.understanding import AboutStaff, Context, Danger, Intent, Need, Wish

_STAFF = frozenset({"Marlowe", "Ines"})
_BARE = [
    "1",
    "2.",
    "\U0001f44d",
    "good ta",
    "STOP",
    "pause pls",
    "pause 3 weeks",
    "thanks",
    "not bad u?",
    "MONEY",
]
_MORE = [
    "1 but ive got no money",
    "2 and i had the baby",
    "pause pls im in hospital",
    "2 lost my job",
    "good but tired of my job",
    "STOP i want to die",
    "Marlowe never rings me back",
    "no food",
    "",
]
_NO_CALL = [
    "dont ring me",
    "pls dont ring",
    "no calls",
    "no phone calls pls",
    "i dont want to talk to anyone",
]
_CALL = [
    "dont ring me before 5",
    "dont call me at work call me after 5",
    "dont forget to ring me",
    "why dont u ring me",
]
_BY_OTHERS = [
    "hi its jays gf he is asleep",
    "this is jays mum he has lost his phone",
    "this is his mum",
]
_OF_THEMSELVES = ["its my mums birthday", "its mums 50th today", "im with jays mum", "im at my mums"]
_DEATHS = [
    "jay died on sunday",
    "sadly Tyler died last night",
    "its kates gf she died on monday",
]
_NO_DEATHS = ["my phone died", "battery died last night", "my dog oscar died yesterday", "this tune died lol"]
_ROUGH = [
    "been in a tent since tuesday",
    "staying on mates sofas",
    "sofa surfing",
    "kipping in my car",
    "slept in a doorway",
    "slept on the night bus again",
    "in a squat at the mo",
    "my tent got nicked",
]
_HOUSED = [
    "got street food",
    "on the sofa watching telly",
    "new sofa",
    "got the night bus home",
    "squats at the gym",
    "tent is up at reading festival",
    "fell asleep on the sofa",
]


@pytest.mark.parametrize(
    ("text", "about", "names"),
    [
        ("Marlowe hit me", AboutStaff.ALLEGATION, {"marlowe"}),
        ("marlowes been touching me and ines knows", AboutStaff.ALLEGATION, {"marlowe", "ines"}),
        ("Ines never rings me back", AboutStaff.COMPLAINT, {"ines"}),
        ("my pa hit me", AboutStaff.ALLEGATION, set()),
        ("Marlowe was lovely today", None, set()),
    ],
)
def test_whom_it_is_about(text: str, about: AboutStaff | None, names: set[str]) -> None:
    detail = understand(text, Context.NONE, staff_names=_STAFF).detail
    assert (detail.about_staff, set(detail.about)) == (about, names)


@pytest.mark.parametrize(
    ("text", "besides"),
    [
        ("Marlowe slapped me", False),
        ("my pa touched me and hes coming round tonight", True),
        ("my pa grabbed me. my dad hits me when im home", True),
    ],
)
def test_harm_by_a_worker_is_danger_from_another_only_with_more(text: str, besides: bool) -> None:
    understood = understand(text, Context.NONE, staff_names=_STAFF)
    assert understood.urgent
    assert (Danger.OTHER_PERSON in understood.detail.dangers) is besides
    assert Need.RELATIONSHIPS_ABUSE in understood.needs


@pytest.mark.parametrize("text", _BARE)
def test_nothing_but_the_answer(text: str) -> None:
    assert understand(text, Context.CHECK_IN).detail.bare


@pytest.mark.parametrize("text", _MORE)
def test_more_than_the_answer(text: str) -> None:
    assert not understand(text, Context.CHECK_IN, staff_names=_STAFF).detail.bare


def test_what_stands_beside_an_answer_is_read() -> None:
    understood = understand("1 but lost my bank card", Context.CHECK_IN)
    assert understood.mood == 1
    assert Need.MONEY in understood.needs


def test_parts_are_bare_when_each_is() -> None:
    assert read_together(["1", "thanks"], Context.CHECK_IN).detail.bare
    assert not read_together(["1", "lost my job"], Context.CHECK_IN).detail.bare


def test_the_new_fields_are_printed() -> None:
    printed = as_json(understand("Marlowe hit me", Context.NONE, staff_names=_STAFF))["detail"]
    assert (printed["about"], printed["bare"]) == (["marlowe"], False)


@pytest.mark.parametrize("text", _NO_CALL)
def test_a_call_that_is_not_wanted(text: str) -> None:
    understood = understand(text, Context.CHECK_IN)
    assert Wish.CALL_ME not in understood.detail.wishes
    assert understood.intent is not Intent.CALL_ME


def test_no_call_to_a_watched_phone() -> None:
    detail = understand("dont call me they check my phone", Context.CHECK_IN).detail
    assert Danger.WATCHED_PHONE in detail.dangers
    assert Wish.CALL_ME not in detail.wishes


@pytest.mark.parametrize("text", _CALL)
def test_a_call_that_is_wanted_all_the_same(text: str) -> None:
    assert Wish.CALL_ME in understand(text, Context.CHECK_IN).detail.wishes


@pytest.mark.parametrize("text", _BY_OTHERS)
def test_somebody_else_writes(text: str) -> None:
    understood = understand(text, Context.CHECK_IN)
    assert understood.detail.dangers == {Danger.THIRD_PARTY}
    assert not understood.urgent
    assert Wish.WRONG_NUMBER not in understood.detail.wishes
    assert (understood.intent, understood.mood) == (Intent.WRONG_PERSON, None)


@pytest.mark.parametrize("text", _OF_THEMSELVES)
def test_family_in_a_text_is_not_its_writer(text: str) -> None:
    assert not understand(text, Context.CHECK_IN).detail.dangers


def test_somebody_else_may_say_that_the_number_is_wrong() -> None:
    assert understand("this is jays mum wrong number", Context.CHECK_IN).intent is Intent.WRONG_PERSON


@pytest.mark.parametrize("text", _DEATHS)
def test_a_death_reported(text: str) -> None:
    assert Danger.DEATH in understand(text, Context.CHECK_IN).detail.dangers


@pytest.mark.parametrize("text", _NO_DEATHS)
def test_no_death_of_the_person(text: str) -> None:
    assert not understand(text, Context.CHECK_IN).detail.dangers


def test_grief_is_low_and_a_need() -> None:
    understood = understand("my nan died last week", Context.CHECK_IN)
    assert (understood.urgent, understood.mood) == (False, -1)
    assert Need.MENTAL_HEALTH in understood.needs


@pytest.mark.parametrize("text", _ROUGH)
def test_sleeping_without_a_bed(text: str) -> None:
    assert understand(text, Context.CHECK_IN).detail.rough_sleeping


@pytest.mark.parametrize("text", _HOUSED)
def test_tents_and_sofas_of_leisure(text: str) -> None:
    assert not understand(text, Context.CHECK_IN).detail.rough_sleeping
