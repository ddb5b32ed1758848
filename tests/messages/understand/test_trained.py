"""The trained readers beside what is around them: long texts, two languages in one, names that are words."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from messages.understand import understand
from messages.understand.trained import ROOM, _starts, wording
from messages.understanding import AboutStaff, Context


@given(st.integers(0, 5_000))
def test_every_piece_of_a_text_lies_in_a_window(length: int) -> None:
    covered = {place for start in _starts(length) for place in range(start, start + ROOM)}
    assert set(range(length)) <= covered


@pytest.mark.parametrize(
    "text", ["i want to kill myself", "stop texting me", "my pa hit me", "2", "can u ring me after 5", ""]
)
def test_without_reasons_all_else_is_the_same(text: str) -> None:
    explained = understand(text, Context.CHECK_IN)
    assert replace(explained, why=()) == replace(understand(text, Context.CHECK_IN, explain=False), why=())


@pytest.mark.parametrize(
    "text",
    [
        "ok thanks. \u0644\u0627 \u0627\u0631\u064a\u062f \u0627\u0644\u0639\u064a\u0634",
        "hi its jay. je veux mourir",
        "yes ok. chc\u0119 si\u0119 zabi\u0107",
    ],
)
def test_danger_in_another_language_after_english_is_heard(text: str) -> None:
    assert understand(text, Context.NONE).urgent


@pytest.mark.parametrize(
    ("text", "worker"),
    [
        ("theres no hope left for me, goodbye", "Hope"),
        ("nothing brings me joy i want to die", "Joy"),
        ("dont think i may live much longer, ending it", "May"),
    ],
)
def test_a_workers_name_hides_no_danger(text: str, worker: str) -> None:
    assert understand(text, Context.NONE, staff_names=frozenset({worker})).urgent


def test_an_accused_worker_is_known_by_name_alone() -> None:
    accused = understand("ines hit me", Context.NONE, staff_names=frozenset({"Ines"})).detail
    assert accused.about_staff is AboutStaff.ALLEGATION
    assert accused.about == {"ines"}


@pytest.mark.parametrize("text", ["\ud800", "i want to die \udfff", "\x00"])
def test_what_is_no_text_is_read_all_the_same(text: str) -> None:
    assert understand(text, Context.CHECK_IN).urgent is ("die" in text)


@given(st.text(max_size=200))
@settings(deadline=None)
def test_a_wording_holds_no_letter_more_than_three_times_in_a_row(text: str) -> None:
    taken = wording(text)
    assert not any(len(set(taken[at : at + 4])) == 1 for at in range(len(taken) - 3))
