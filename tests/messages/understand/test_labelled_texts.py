"""The labelled texts themselves: enough of each sort, none a copy of another, none with a real number."""

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from messages.understanding import AboutStaff, Context, Danger, Intent
from tools.understanding import figures, likeness
from tools.understanding.baselines import carrier, keywords
from tools.understanding.figures import Share
from tools.understanding.likeness import Said
from tools.understanding.texts import Group, Labelled, load, read


@pytest.fixture(scope="module")
def texts() -> Sequence[Labelled]:
    return load()


def test_there_are_enough_of_each_sort(texts: Sequence[Labelled]) -> None:
    assert len(texts) >= 2_500
    groups = Counter(text.group for text in texts)
    assert sum(text.urgent for text in texts) >= 500
    assert groups[Group.HARD_NEGATIVE] >= 600
    kinds = Counter(kind for text in texts for kind in text.dangers)
    assert {kind: kinds[kind] for kind in Danger if kinds[kind] < 40 and kind is not Danger.DEATH} == {}
    assert sum(text.about_staff is not None for text in texts) >= 60
    assert groups[Group.STAFF_LOOKALIKE] >= 60
    languages = Counter(text.language for text in texts)
    assert {name: count for name, count in languages.items() if count < 150} == {}


def test_a_third_is_held_out_of_every_sort(texts: Sequence[Labelled]) -> None:
    for group in Group:
        some = [text.held_out for text in texts if text.group is group]
        assert 0.2 < sum(some) / len(some) < 0.5, group


def test_names_are_given_once(texts: Sequence[Labelled]) -> None:
    assert [name for name, count in Counter(text.id for text in texts).items() if count > 1] == []


def test_labels_do_not_contradict_each_other(texts: Sequence[Labelled]) -> None:
    urgent = {Intent.CRISIS, Intent.SAFEGUARDING, Intent.CALL_ME}
    for text in texts:
        if text.urgent:
            assert urgent & {text.intent, *text.also}, text.id
        else:
            assert not text.dangers, text.id
            assert text.about_staff is not AboutStaff.ALLEGATION, text.id
        if text.context in (Context.CHECK_IN, Context.NONE):
            assert text.answer is None, text.id


def test_no_two_are_nearly_the_same(texts: Sequence[Labelled]) -> None:
    said = [Said(id=one.id, text=one.text, context=one.context, language=one.language) for one in texts]
    assert likeness.too_alike(said) == []


def test_a_copy_is_seen_whatever_its_order_numbers_and_names() -> None:
    first = Said(id="1", text="Amy owes me 20 quid", context="none", language="en")
    copy = Said(id="2", text="me 50 quid Josh owes", context="none", language="en")
    other = Said(id="3", text="where do i get a bus pass", context="none", language="en")
    assert [(pair.one, pair.other) for pair in likeness.too_alike([first, other], [copy])] == [("1", "2")]
    closest = likeness.most_alike([first, copy, other])
    assert closest is not None
    assert closest.similarity == 100


def test_short_texts_may_be_alike_but_not_the_same() -> None:
    stop = Said(id="1", text="stop pls", context="none", language="en")
    alike = Said(id="2", text="pls stop", context="none", language="en")
    same = Said(id="3", text="Stop pls ", context="none", language="en")
    assert [(pair.one, pair.other) for pair in likeness.too_alike([stop, alike, same])] == [("3", "1")]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "texts.jsonl:1"),
        (json.dumps({"id": "a", "text": "hi"}), "labels"),
        (json.dumps({"id": "a", "text": "hi", "context": "pub", "labels": {}}), "texts.jsonl:1"),
    ],
)
def test_a_line_that_is_not_right_is_named(tmp_path: Path, line: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        read(line, "texts.jsonl:1")


def test_a_share_has_its_interval() -> None:
    # Wilson 1927 as tabulated: 9 of 10 is 0.596 to 0.982.
    low, high = Share(hits=9, of=10).interval
    assert (round(low, 3), round(high, 3)) == (0.596, 0.982)
    assert Share(hits=10, of=10).interval[1] == pytest.approx(1.0)


def test_baselines_hear_what_they_can(texts: Sequence[Labelled]) -> None:
    pairs = [(text, keywords(text)) for text in texts]
    shares = figures.urgency(pairs)
    assert 0 < shares["urgent, English: heard"].value < 0.5
    assert figures.urgency([(text, carrier(text)) for text in texts])["opt-outs: heard"].value < 0.2
