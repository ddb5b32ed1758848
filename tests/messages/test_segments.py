"""The golden cases were answered by Twilio's sms-segments-calculator 1.3.0."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from messages.graphemes import clusters
from messages.segments import Encoding, Segments, count, odd_characters, plain_quotes

GOLDEN = [
    json.loads(line)
    for line in (Path(__file__).parent / "segments_golden.jsonl").read_text(encoding="utf-8").splitlines()
]
GSM = st.text(alphabet="ab £é\n€[]{}|~^\\", max_size=400)


@pytest.mark.parametrize("case", GOLDEN, ids=lambda case: str(case["id"]))
def test_counts_as_twilio_does(case: dict[str, str]) -> None:
    expected = Segments(
        encoding=Encoding(case["encoding"]),
        characters=int(case["characters"]),
        segments=int(case["segments"]),
    )
    assert count(case["text"]) == expected


def test_there_are_enough_golden_cases() -> None:
    assert len(GOLDEN) >= 60


def test_an_extension_character_is_never_torn_apart() -> None:
    assert count("a" * 152 + "€" + "a" * 152).segments == 3


def test_stacked_accents_longer_than_a_part_are_paid_for() -> None:
    assert count("e" + "\u0301" * 200).segments == 3


@settings(max_examples=60)
@given(GSM)
def test_septets_bound_the_parts(text: str) -> None:
    counted = count(text)
    assert counted.encoding is Encoding.GSM_7
    if counted.characters <= 160:
        assert counted.segments == 1
    else:
        assert -(-counted.characters // 153) <= counted.segments <= counted.characters // 152 + 1


@settings(max_examples=60)
@given(st.text(max_size=200))
def test_any_unicode_is_counted(text: str) -> None:
    assert "".join(clusters(text)) == text
    counted = count(text)
    units = len(text.encode("utf-16-le", "surrogatepass")) // 2
    if counted.encoding is Encoding.UCS_2:
        assert (counted.segments == 1) == (units <= 70)
        assert counted.segments * 70 >= units


@settings(max_examples=40)
@given(st.text(max_size=60), st.text(max_size=60))
def test_a_longer_text_never_costs_less(text: str, more: str) -> None:
    if count(text).encoding is count(text + more).encoding:
        assert count(text + more).segments >= count(text).segments


def test_odd_characters_are_named_once_in_order() -> None:
    assert odd_characters("it’s “ok” it’s ŵ €[]") == ("’", "“", "”", "ŵ")
    assert odd_characters("plain £ € text") == ()


def test_smart_quotes_can_be_swapped() -> None:
    assert plain_quotes("it’s “ok” – really…\u00a0yes") == 'it\'s "ok" - really... yes'
    assert count(plain_quotes("it’s “fine” – `ok`")).encoding is Encoding.GSM_7
    assert plain_quotes("café ŵ 👍") == "café ŵ 👍"
