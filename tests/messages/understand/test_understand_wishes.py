"""Opt-out, keywords, wishes and their details."""

import pytest

from messages.understand import understand
from messages.understanding import Context, Intent, Topic, Wish

_OPT_OUT = {
    "stop": "STOP",
    "stopall": "stopall",
    "unsubscribe": "Unsubscribe",
    "revoke": "revoke",
    "optout": "OPTOUT",
    "stop-please": "stop pls",
    "stretched": "stoppppp",
    "slip": "sotp",
    "apart": "s t o p",
    "quoted": "'stop'",
    "zero-width": "s\u200dt\u200do\u200dp",
    "stop-texting": "can you stop texting me",
    "dont-message": "dont message me again",
    "no-more": "no more texts please",
    "take-off": "take me off your list",
    "remove": "remove my number",
    "leave-alone": "leave me alone",
    "unsub-typo": "unsubscibe me",
    "not-want": "i dont want these messages anymore",
    "opt-me-out": "opt me out pls",
    "lose-number": "lose my number",
    "end": "END",
    "quit": "quit",
    "cancel": "Cancel.",
    "fr": "arr\u00eatez de m'\u00e9crire",
    "ar": "\u0623\u0648\u0642\u0641",
    "pl": "przesta\u0144cie pisa\u0107 do mnie",
    "uk": "\u0441\u0442\u043e\u043f",
    "ro": "nu \u00eemi mai trimite\u021bi mesaje",
    "vi": "d\u1eebng nh\u1eafn tin",
    "cy": "stopiwch",
}
_NOT_OPT_OUT = {
    "smiling": "cant stop smiling",
    "bus-stop": "waiting at the bus stop",
    "stop-by": "stop by mine tomorrow?",
    "yes": "yes",
    "smoking": "trying to stop smoking",
    "rain": "wish the rain would stop",
    "keep-going": "dont stop texting me its nice",
    "ex": "my ex wont stop texting me",
    "gym": "unsubscribed from the gym emails",
    "quit-job": "i quit my job",
    "end-of-month": "end of the month",
    "pl": "nie mog\u0119 przesta\u0107 si\u0119 \u015bmia\u0107",
}
_WISHES = {
    "stop": ("STOP", Wish.STOP, Intent.OPT_OUT),
    "end": ("end", Wish.ENDED, Intent.OPT_OUT),
    "help": ("HELP", Wish.HELP, Intent.HELP_INFO),
    "info": ("info", Wish.HELP, Intent.HELP_INFO),
    "start": ("start", Wish.START, Intent.OPT_IN),
    "unstop": ("UNSTOP", Wish.START, Intent.OPT_IN),
    "pause": ("pause", Wish.PAUSE, Intent.PAUSE),
    "resume": ("resume", Wish.RESUME, Intent.OTHER),
    "call": ("can someone call me", Wish.CALL_ME, Intent.CALL_ME),
    "bell": ("bell me l8r", Wish.CALL_ME, Intent.CALL_ME),
    "digit-4": ("4", Wish.CALL_ME, Intent.CALL_ME),
    "who": ("WHO", Wish.WHO, Intent.HELP_INFO),
    "who-this": ("who is this", Wish.WHO, Intent.HELP_INFO),
    "robot": ("are u a robot", Wish.ROBOT, Intent.HELP_INFO),
    "wrong": ("WRONG", Wish.WRONG_NUMBER, Intent.WRONG_PERSON),
    "wrong-number": ("sorry wrong number", Wish.WRONG_NUMBER, Intent.WRONG_PERSON),
    "new-number": ("this is my new number", Wish.NEW_NUMBER, Intent.NEW_NUMBER),
    "less": ("LESS", Wish.LESS, Intent.OTHER),
    "more": ("more", Wish.MORE, Intent.OTHER),
    "mornings": ("MORNINGS", Wish.MORNINGS, Intent.OTHER),
    "afternoons": ("afternoons", Wish.AFTERNOONS, Intent.OTHER),
    "evenings": ("evenings pls", Wish.EVENINGS, Intent.OTHER),
}
_TOPICS = {topic.value: topic for topic in Topic}
_WHEN = {
    "after": ("ring us after 5", "after 5"),
    "thursday": ("call me thurs about half 4", "thurs about half 4"),
    "tomorrow": ("can u call me tomorrow morning pls", "tomorrow morning"),
    "not-today": ("call me but not today", "not today"),
    "digit": ("4 after 3pm", "after 3pm"),
    "none": ("call me", None),
}
_PAUSES = {"3-weeks": ("pause 3 weeks", 21), "a-month": ("pause for a month", 30), "plain": ("PAUSE", None)}


@pytest.mark.parametrize("text", _OPT_OUT.values(), ids=_OPT_OUT.keys())
def test_opt_out_in_any_wording(text: str) -> None:
    understood = understand(text, Context.CHECK_IN)
    assert understood.opt_out
    assert understood.intent is Intent.OPT_OUT


@pytest.mark.parametrize("text", _NOT_OPT_OUT.values(), ids=_NOT_OPT_OUT.keys())
def test_what_is_no_opt_out(text: str) -> None:
    assert not understand(text, Context.CHECK_IN).opt_out


@pytest.mark.parametrize(("text", "wish", "intent"), _WISHES.values(), ids=_WISHES.keys())
def test_wishes(text: str, wish: Wish, intent: Intent) -> None:
    understood = understand(text, Context.CHECK_IN)
    assert wish in understood.detail.wishes
    assert understood.intent is intent
    assert not understood.urgent


@pytest.mark.parametrize("word", _TOPICS)
def test_topics_are_bare_words(word: str) -> None:
    assert understand(word.upper(), Context.CHECK_IN).detail.topic is _TOPICS[word]
    assert understand(f"my {word} is a mess atm", Context.CHECK_IN).detail.topic is None


@pytest.mark.parametrize(("text", "when"), _WHEN.values(), ids=_WHEN.keys())
def test_when_to_call_in_their_own_words(text: str, when: str | None) -> None:
    assert understand(text, Context.CHECK_IN).detail.when == when


@pytest.mark.parametrize(("text", "days"), _PAUSES.values(), ids=_PAUSES.keys())
def test_length_of_a_pause(text: str, days: int | None) -> None:
    detail = understand(text, Context.CHECK_IN).detail
    assert Wish.PAUSE in detail.wishes
    assert detail.pause_days == days


def test_yes_is_never_an_opt_in() -> None:
    for context in Context:
        assert Wish.START not in understand("yes", context).detail.wishes


def test_danger_with_a_stop_does_both() -> None:
    understood = understand("STOP. im going to kill myself", Context.CHECK_IN)
    assert (understood.urgent, understood.opt_out, understood.intent) == (True, True, Intent.CRISIS)


def test_wanting_it_to_stop_is_no_opt_out() -> None:
    understood = understand("i just want it all to stop", Context.CHECK_IN)
    assert (understood.urgent, understood.opt_out) == (True, False)
