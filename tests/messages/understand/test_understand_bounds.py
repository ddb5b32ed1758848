"""Any text gets an answer, in time linear in its length, and nothing can hide danger in it."""

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from messages.understand import read_together, understand
from messages.understand.lexicon import lexicon
from messages.understand.phrases import PhraseReader
from messages.understand.printing import as_json
from messages.understanding import Context, Intent

_MIB = 1 << 20
_HOSTILE = {
    "letters": "a" * _MIB,
    "words": "i want to " * (_MIB // 10),
    "danger-starts": "kill " * (_MIB // 5),
    "single-letters": "k i l " * (_MIB // 6),
    "stars": "s*" * (_MIB // 2),
    "dots": "." * _MIB,
    "emoji": "\U0001f602" * (_MIB // 4),
    "accents": "a" + "\u0301" * _MIB,
    "spaces": " " * _MIB,
    "brackets": "[<{" * (_MIB // 3),
    "joined": "killmyself" * (_MIB // 10),
}
#: Generous: what grew with the square of a mebibyte would take hours.
_MOST_SECONDS = 60.0


@given(st.text(max_size=300), st.sampled_from(Context))
@settings(max_examples=150, deadline=None)
def test_any_text_is_understood(text: str, context: Context) -> None:
    understood = understand(text, context)
    assert 0 <= understood.confidence <= 1
    assert understood.needs
    assert all(quote in text for quote in understood.why)
    json.dumps(as_json(understood))


@given(st.text(alphabet=st.characters(categories=["Cs", "Cc", "Cf", "Mn", "So", "Nd"]), max_size=80))
@settings(max_examples=80, deadline=None)
def test_odd_characters_are_understood(text: str) -> None:
    understand(text, Context.CHECK_IN)


@pytest.mark.parametrize("text", _HOSTILE.values(), ids=_HOSTILE.keys())
def test_a_mebibyte_is_answered_in_bounded_time(text: str) -> None:
    started = time.monotonic()
    understand(text, Context.CHECK_IN)
    assert time.monotonic() - started < _MOST_SECONDS


def test_danger_at_the_end_of_a_long_text_is_found() -> None:
    assert understand("nothing much " * 20_000 + "i want to die", Context.CHECK_IN).urgent


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_danger_hidden_by_invisible_signs_or_lookalikes_is_found(data: st.DataObject) -> None:
    looks = {"a": "a\u0430", "e": "e\u0435", "i": "i\u0456", "o": "o\u043e", "s": "s\u0455", "c": "c\u0441"}
    hidden = [""]
    for letter in "i want to kill myself":
        hidden.append(data.draw(st.sampled_from(looks.get(letter, letter))))
        hidden.append(data.draw(st.sampled_from(["", "\u200b", "\u200d", "\u2060", "\u202e"])))
    assert understand("".join(hidden), Context.NONE).urgent


@pytest.mark.parametrize(
    "parts",
    [("kill my", "self"), ("self", "im gonna kill my"), ("2", "want to", "die"), ("all good", "kms")],
    ids=["split", "reordered", "after-digit", "second-part"],
)
def test_parts_are_read_together(parts: tuple[str, ...]) -> None:
    understood = read_together(parts, Context.CHECK_IN)
    assert understood.urgent
    assert understood.intent is Intent.CRISIS


def test_parts_keep_their_wishes() -> None:
    understood = read_together(["2", "ring me after 5"], Context.CHECK_IN)
    assert (understood.intent, understood.mood, understood.detail.when) == (Intent.CALL_ME, 0, "after 5")


def test_no_parts_are_noise() -> None:
    assert read_together([], Context.CHECK_IN).intent is Intent.EMPTY_NOISE


def test_printed_fields() -> None:
    printed = as_json(understand("3 and no food left", Context.CHECK_IN), id="a1")
    assert list(printed) == [
        "id", "intent", "urgent", "opt_out", "mood", "needs", "answer", "detail", "why", "confidence",
    ]  # fmt: skip
    assert printed["intent"] == "safeguarding"
    assert "food" in printed["needs"]


@pytest.mark.parametrize("phrase", ["", "<nobody> hit me", "(a|b"])
def test_a_phrase_that_cannot_be_read_is_named(phrase: str) -> None:
    reader = PhraseReader({}, frozenset(), lexicon().spelling.of_phrase)
    with pytest.raises(ValueError, match="phrase"):
        reader.read("test", phrase)
