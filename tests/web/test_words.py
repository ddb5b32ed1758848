"""Rows in, words out: spans, headlines, readings, week lines."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messages.kinds import AlertKind, ContactMethod, NotCounted, OutboundKind
from storage.alerts import Outcome, StepRole
from storage.people import Cadence, StateKind, Status
from web import words
from web.shapes.pieces import WeekDot
from web.weeks import line

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
H, S, T, N = WeekDot.HEARD, WeekDot.SEEN, WeekDot.TRIED, WeekDot.NOTHING


def test_every_kind_has_its_words() -> None:
    for table, kinds in (
        (words.STATUS_WORDS, Status),
        (words.STATE_WORDS, StateKind),
        (words.CADENCE_WORDS, Cadence),
        (words.NOT_COUNTED_WORDS, NotCounted),
        (words.METHOD_WORDS, ContactMethod),
        (words.ROLE_WORDS, StepRole),
    ):
        assert set(table) == set(kinds)
    assert {choice.value for choice in words.OUTCOMES} == set(Outcome)
    theirs = {kind for kind in OutboundKind if not kind.to_staff and kind is not OutboundKind.STAFF_TEXT}
    assert set(words.KIND_WORDS) == theirs


@given(st.text(max_size=60), st.lists(st.text(max_size=8), max_size=4))
def test_marking_changes_no_letter(text: str, why: list[str]) -> None:
    assert "".join(span.text for span in words.spans(text, why)) == text


def test_what_decided_is_marked_where_it_stands() -> None:
    spans = words.spans("ok but CANT DO THIS anymore", ("cant do this",))
    assert [(span.text, span.raised) for span in spans] == [
        ("ok but ", False),
        ("CANT DO THIS", True),
        (" anymore", False),
    ]
    assert [span.raised for span in words.spans("a.b axb", ("a.b",))] == [True, False]


@pytest.mark.parametrize(
    ("kind", "headline", "after"),
    [
        (AlertKind.DANGER_TO_LIFE, "Jay may be in danger", "may be in danger"),
        (AlertKind.NUMBER_IN_DOUBT, "Jay: the number is in doubt", "(the number is in doubt)"),
        (AlertKind.DEATH_REPORTED, "Jay: a death was reported", "(a death was reported)"),
        (AlertKind.CALL_ME, "Jay asks for a call", "asks for a call"),
    ],
)
def test_headlines_are_sentences(kind: AlertKind, headline: str, after: str) -> None:
    assert words.headline(kind, "Jay") == headline
    assert words.after_name(kind) == after


def test_what_was_read_is_said_in_staff_words() -> None:
    reading = {
        "mood": 0,
        "needs": ["money", "none"],
        "detail": {"wishes": ["call_me"], "dangers": ["own_life"]},
    }
    assert words.read_as(reading) == ("own life", "ok", "call me", "money")
    assert words.read_as({}) == ()
    assert words.language_of({"detail": {"language": None}}, "en") == "en"


def test_last_heard_from() -> None:
    assert words.heard(None, NOW) == "Never heard from."
    assert words.heard(NOW, NOW) == "Last heard from today, 12:00pm."
    assert words.heard(NOW - timedelta(weeks=10), NOW) == "Last heard from Tue 15 Sep, 1:00pm, 10 weeks ago."


@pytest.mark.parametrize(
    ("dots", "said"),
    [
        ((N, S, N, H, N, H, N, H), "heard from in weeks 4, 6 and 8, seen in week 2"),
        ((N,) * 8, "not heard from"),
        ((T, N, N, N, N, N, N, T), "not heard from, tried in weeks 1 and 8"),
        ((N, N, N, N, N, N, N, S), "seen in week 8"),
    ],
)
def test_weeks_in_words(dots: tuple[WeekDot, ...], said: str) -> None:
    assert line("Jay", dots).words == f"Jay, last 8 weeks: {said}"
