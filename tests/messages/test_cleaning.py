"""Storable whatever comes, and nothing hides from the rules."""

import json
from unicodedata import is_normalized

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from messages.cleaning import clean, decode, for_rules

ANY_TEXT = st.text(alphabet=st.characters(), max_size=120)


@settings(max_examples=100)
@given(ANY_TEXT)
def test_clean_changes_only_what_cannot_be_stored(raw: str) -> None:
    cleaned = clean(raw)
    cleaned.encode("utf-8")
    assert "\x00" not in cleaned
    assert clean(cleaned) == cleaned
    if "\x00" not in raw and not any("\ud800" <= char <= "\udfff" for char in raw):
        assert cleaned == raw


@settings(max_examples=100)
@given(st.binary(max_size=120))
def test_any_bytes_decode_to_storable_text(raw: bytes) -> None:
    decode(raw).encode("utf-8")


@settings(max_examples=50)
@given(ANY_TEXT)
def test_decode_gives_back_what_was_written(text: str) -> None:
    assert decode(clean(text).encode("utf-8")) == clean(text)


@settings(max_examples=150)
@given(ANY_TEXT)
def test_for_rules_takes_any_text_and_settles(text: str) -> None:
    folded = for_rules(text)
    assert for_rules(folded) == folded
    assert is_normalized("NFC", folded)
    assert not any(sign in folded for sign in "\u200b\u200d\u202e\u2066\ufeff\x00")


@pytest.mark.parametrize(
    ("raw", "stored"),
    [
        pytest.param("a\x00b", "a\ufffdb", id="nul"),
        pytest.param("a\ud83db", "a\ufffdb", id="lone-high"),
        pytest.param("\ude00", "\ufffd", id="lone-low"),
        pytest.param("\ude00\ud83d", "\ufffd\ufffd", id="wrong-way-round"),
        pytest.param("\ud83d" + "\ude00", "😀", id="halves-of-one-emoji"),
        pytest.param("\u202eabc\u200b", "\u202eabc\u200b", id="bidi-and-zero-width-stay"),
        pytest.param("e\u0301 \ufb01", "e\u0301 \ufb01", id="never-normalised"),
        pytest.param("", "", id="empty"),
    ],
)
def test_clean(raw: str, stored: str) -> None:
    assert clean(raw) == stored


def test_lone_surrogates_out_of_json() -> None:
    assert clean(json.loads('"\\ud800 hi"')) == "\ufffd hi"


def test_decode_survives_what_is_not_utf8() -> None:
    assert decode(b"caf\xe9 ok\x00") == "caf\ufffd ok\ufffd"


@pytest.mark.parametrize(
    "written",
    [
        "su\u200bicide",
        "SUICIDE",
        "su\u00adicide",
        "ｓｕｉｃｉｄｅ",
        "𝓼𝓾𝓲𝓬𝓲𝓭𝓮",
        "ⓢⓤⓘⓒⓘⓓⓔ",
        "🅢🅤🅘🅒🅘🅓🅔",
        "ꜱᴜɪᴄɪᴅᴇ",
        "ѕuісіdе",
        "SUΙCΙDE",
        "s\u0336u\u0336i\u0336c\u0336i\u0336d\u0336e\u0336",
        "s\u0489uicide",
        "\u2066sui\u2069cide\u202c",
        "su\u034f\u2060icide",
        "s\ufe0fuicide",
        "sui\x00cide",
        "s" + "\u0300\u0316" * 40 + "uicide",
    ],
)
def test_nothing_hides_from_the_rules(written: str) -> None:
    assert for_rules(written) == "suicide"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        pytest.param("Don’t ring", "don't ring", id="curly-apostrophe"),
        pytest.param("don´t", "don't", id="acute-for-apostrophe"),
        pytest.param("\u0149 \u2034", "'n '''", id="quotes-uncovered-by-nfkc"),
        pytest.param("1️⃣", "1\u20e3", id="keycap"),
        pytest.param("Straße", "strasse", id="casefold"),
        pytest.param("pleeease", "pleeease", id="stretched-letters-stay"),
        pytest.param("cafe\u0301", "café", id="accents-join"),
        pytest.param("łódź", "łódź", id="polish-stays"),
        pytest.param("так, все добре", "так, все добре", id="ukrainian-stays"),
        pytest.param("так", "так", id="one-ukrainian-word-stays"),
        pytest.param("i want to dіе", "i want to die", id="look-alikes-in-latin"),
        pytest.param("і want to die", "i want to die", id="look-alike-alone-in-a-latin-text"),
        pytest.param("سلام\u200c ها", "سلام ها", id="persian-joiner"),
        pytest.param("👍🏽 ok\n2", "👍🏽 ok\n2", id="emoji-and-lines-stay"),
    ],
)
def test_for_rules(written: str, read: str) -> None:
    assert for_rules(written) == read


def test_a_hostile_run_of_accents_is_cut_short() -> None:
    # Normalising sorts each run of accents by insertion; only a run of bounded length may reach it.
    assert len(for_rules("\u05d0" + "\u05b0\u05bc" * 10_000)) <= 31
