"""Nothing that a provider can post may raise, and what was signed must come through unchanged."""

from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.parsing import clean_text, parse_form

WHOLE_TEXT = st.text(st.characters(exclude_categories=["Cs"]))


@given(st.lists(st.tuples(WHOLE_TEXT.filter(bool), WHOLE_TEXT)))
def test_what_a_provider_encodes_comes_back_unchanged(fields: list[tuple[str, str]]) -> None:
    expected: dict[str, list[str]] = {}
    for name, value in fields:
        expected.setdefault(name, []).append(value)
    assert parse_form(urlencode(fields).encode()) == expected


@given(st.binary())
def test_any_bytes_are_a_form_that_every_driver_can_encode(body: bytes) -> None:
    for name, values in parse_form(body).items():
        "".join([name, *values]).encode()


@given(st.text())
def test_clean_text_can_be_stored_and_keeps_everything_else(text: str) -> None:
    clean = clean_text(text)
    assert "\0" not in clean
    clean.encode()
    assert clean_text(clean) == clean


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        pytest.param("hi there", "hi there", id="plain"),
        pytest.param("a\0b", "a\ufffdb", id="nul"),
        pytest.param("a\ud83db", "a\ufffdb", id="lone high surrogate"),
        pytest.param("a\ude00", "a\ufffd", id="lone low surrogate at the end"),
        pytest.param("\ud83d\ude00", "\N{GRINNING FACE}", id="a pair in two halves is an emoji"),
        pytest.param("su\u200bicide \u202e", "su\u200bicide \u202e", id="zero width and overrides stay"),
    ],
)
def test_clean_text(text: str, clean: str) -> None:
    assert clean_text(text) == clean


def test_spaces_and_empty_values_stay_as_signed() -> None:
    assert parse_form(b"Body=+hi+&Empty=&Bare&&a=1&a=2") == {
        "Body": [" hi "],
        "Empty": [""],
        "Bare": [""],
        "a": ["1", "2"],
    }


def test_invalid_utf8_is_marked() -> None:
    assert parse_form(b"Body=%ff%00%ed%a0%80") == {"Body": ["\ufffd\0\ufffd\ufffd\ufffd"]}
