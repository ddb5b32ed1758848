"""Texts without what tells whose they are; all the rest as it was written."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messages.anonymity import anonymous, name_words
from messages.cleaning import folded

NAMES = name_words(["Jordan", "Whitlock", "Jay", "Sam Okafor", "Renée O'Neil", None])


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("its Jay's mum, sams gone, SAM said", "its Alex's mum, alexs gone, Alex said"),
        ("renee and RENÉE, oneil or o'neil", "alex and Alex, alex or o'alex"),
        ("ѕаm in cyrillic", "alex in cyrillic"),
        ("J\u200bay and s\u00adam and ｊａｙ", "Alex and alex and alex"),
        ("add me jay_w06 or @jay.w", "add me alex_w06 or @someone"),
        ("my new no is 07700 900 456", "my new no is 07700900123"),
        ("+44 (0)7700-900-457, use that", "07700900123, use that"),
        ("mail jay.w@mail.example ok", "mail someone@example.org ok"),
        ("look www.pics.example/jay or pics.example/a", "look https://example.org or https://example.org"),
        ("im at 12 Harbour St SE15 4AB", "im at 1 High Street ZZ99 9ZZ"),
        ("hes at 9a elm close now", "hes at 1 High Street now"),
        ("born 4/5/06, or 4th of May 2006", "born 01/01/00, or 01/01/00"),
        ("2006-05-04 or may 4, 2006", "01/01/00 or 01/01/00"),
        ("acc 12345678, pin １２３４, 1\u200b2\u200b3\u200b4", "acc 0000, pin 0000, 0000"),
        ("qq 12 34 56 c", "qq 0000 c"),
    ],
)
def test_what_tells_whose_it_is_goes(text: str, left: str) -> None:
    assert anonymous(text, NAMES) == left


@pytest.mark.parametrize(
    "text",
    [
        "ok see you at two",
        "i want to kill myself 2nite",
        "2 in court tomorrow, 4/5 sure",
        "2 still on road",
        "airbnb ends at 11 then im street",
        "tue 4 march 10:20",
        "3 nights on the street",
        "took 30 tablets close to midnight",
        "gr8 m8 4me, 999 or 111",
        "i w@nt 2 d!e, @ home, @ mums",
        "sat on the A38, N29 went past",
        "4 maybe 10 of them 1st 2nd",
        "  Ze\u0301ro\u200b  spaces\n\n kept ½ ² 🙂",
    ],
)
def test_all_else_keeps_its_spelling(text: str) -> None:
    assert anonymous(text, NAMES) == text


LETTERS = "abcdehjmosyzéßøłАдшжλψאבערب"
A_NAME = st.text(LETTERS, min_size=2, max_size=8)
SPELLINGS = (
    str.lower,
    str.upper,
    str.title,
    "{}'s".format,
    "{}’s".format,
    "{}s".format,
    "_{}_".format,
    "7{}7".format,
    "\u200b".join,
    "\u00ad\ufe0f".join,
)
DIGITS = st.text("0123456789０１２３٤٥④¹ \u200b\u2060-/.()+", max_size=14)
SCRAPS = st.sampled_from([" ", ", ", "@", "st", " may ", "\n", ".org/"])
STAND_INS = re.compile(r"07700900123|0000|someone@example\.org|https://example\.org|@someone|1 High Street")


@given(st.data(), st.lists(A_NAME, min_size=1, max_size=3))
def test_no_name_and_no_long_number_survives(data: st.DataObject, names: list[str]) -> None:
    spelt = st.sampled_from([f" {spell(name)} " for name in names for spell in SPELLINGS])
    text = "".join(data.draw(st.lists(st.one_of(spelt, st.text(max_size=12), DIGITS, SCRAPS), max_size=8)))
    hidden = name_words(names)
    seen, _ = folded(STAND_INS.sub("\n", anonymous(text, hidden)))
    words = set(re.findall(r"[^\W\d_]+", seen)) - {"alex", "alexs", "zz"}
    assert not hidden & words
    assert not re.search(r"\d{4}", seen)
