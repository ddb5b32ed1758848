"""Answers to what was asked, moods, machines and noise."""

import pytest

from messages.understand import is_skip, understand
from messages.understanding import Context, Intent, Need

_MOODS = {
    "one": ("1", 1),
    "two-dot": ("2.", 0),
    "three-space": (" 3 ", -1),
    "keycap": ("1\ufe0f\u20e3", 1),
    "word": ("one", 1),
    "slip": ("tree", -1),
    "arabic-digit": ("\u0662", 0),
    "farsi-digit": ("\u06f3", -1),
    "correction": ("1 lol no 3", -1),
    "thumb": ("\U0001f44d", 1),
    "thumb-skin": ("\U0001f44d\U0001f3fd", 1),
    "thumb-down": ("\U0001f44e\U0001f3ff", -1),
    "meh": ("meh", 0),
    "alrite": ("alrite ta", 0),
    "better": ("been better tbh", -1),
    "not-bad": ("not bad u?", 0),
    "not-good": ("not gd", -1),
    "buzzing": ("buzzing mate", 1),
    "good-ta": ("good ta", 1),
    "ar": ("\u0627\u0644\u062d\u0645\u062f \u0644\u0644\u0647", 1),
    "fr": ("comme ci comme \u00e7a", 0),
}
_ANSWERS = {
    "scale": (Context.SURVEY_SCALE, "4", "4"),
    "scale-word": (Context.SURVEY_SCALE, "five", "5"),
    "scale-around": (Context.SURVEY_SCALE, "id say a 3", "3"),
    "scale-out-of": (Context.SURVEY_SCALE, "4 out of 5", "4"),
    "scale-not": (Context.SURVEY_SCALE, "not 2, 3", "3"),
    "scale-roman": (Context.SURVEY_SCALE, "III", "3"),
    "scale-ethiopic": (Context.SURVEY_SCALE, "\u12a0\u121d\u1235\u1275", "5"),
    "scale-between": (Context.SURVEY_SCALE, "3 or 4", None),
    "scale-half": (Context.SURVEY_SCALE, "3.5", None),
    "scale-range": (Context.SURVEY_SCALE, "900", None),
    "yes": (Context.SURVEY_YESNO, "yeah", "yes"),
    "nah": (Context.SURVEY_YESNO, "nah not really", "no"),
    "thumb": (Context.SURVEY_YESNO, "\U0001f44d\U0001f3fe", "yes"),
    "thumb-down": (Context.SURVEY_YESNO, "\U0001f44e", "no"),
    "hundred": (Context.SURVEY_YESNO, "100%", "yes"),
    "unsure": (Context.SURVEY_YESNO, "maybe", None),
    "yes-ar": (Context.SURVEY_YESNO, "\u0646\u0639\u0645", "yes"),
    "no-uk": (Context.SURVEY_YESNO, "\u043d\u0456", "no"),
    "yes-sq": (Context.SURVEY_YESNO, "po", "yes"),
    "no-fr": (Context.SURVEY_YESNO, "non", "no"),
    "choice": (Context.SURVEY_CHOICE, "2", "2"),
    "choice-letter": (Context.SURVEY_CHOICE, "B", "2"),
    "free": (Context.SURVEY_FREE, "more bus passes", "more bus passes"),
    "free-skip": (Context.SURVEY_FREE, "n/a", None),
}
_INTENTS = {
    "autoreply": ("Auto-reply: I am driving right now", Intent.AUTOREPLY),
    "office": ("Thank you for your message. I am out of the office", Intent.AUTOREPLY),
    "parcel": ("Your parcel is held, pay the fee at http://x.example", Intent.AUTOREPLY),
    "noise-empty": ("", Intent.EMPTY_NOISE),
    "noise-dots": ("...", Intent.EMPTY_NOISE),
    "noise-script": ("<script>alert(1)</script>", Intent.EMPTY_NOISE),
    "noise-link": ("https://example.org/x", Intent.EMPTY_NOISE),
    "thanks": ("thanks so much", Intent.ACK_THANKS),
    "question": ("how do i get a provisional licence", Intent.QUESTION),
    "abuse": ("fuck off", Intent.ABUSE_PROFANITY),
}
_NEEDS = {
    "housing": ("worried about my tenancy", Need.HOUSING),
    "money": ("my universal credit got stopped", Need.MONEY),
    "food": ("any food bank vouchers", Need.FOOD),
    "police": ("got court next month", Need.POLICE_CUSTODY),
    "lonely": ("bit lonely tbh", Need.LONELINESS),
}


@pytest.mark.parametrize(("text", "mood"), _MOODS.values(), ids=_MOODS.keys())
def test_moods_in_answer_to_a_check_in(text: str, mood: int) -> None:
    understood = understand(text, Context.CHECK_IN)
    assert understood.mood == mood
    assert understood.intent in (Intent.MOOD_GOOD, Intent.MOOD_OK, Intent.MOOD_LOW)


@pytest.mark.parametrize(("context", "text", "answer"), _ANSWERS.values(), ids=_ANSWERS.keys())
def test_survey_answers(context: Context, text: str, answer: str | None) -> None:
    understood = understand(text, context)
    assert understood.answer == answer
    assert understood.intent is Intent.SURVEY_ANSWER


@pytest.mark.parametrize(("text", "intent"), _INTENTS.values(), ids=_INTENTS.keys())
def test_other_intents(text: str, intent: Intent) -> None:
    understood = understand(text, Context.CHECK_IN)
    assert understood.intent is intent
    assert not understood.urgent
    assert understood.detail.machine is (intent is Intent.AUTOREPLY)


@pytest.mark.parametrize(("text", "need"), _NEEDS.values(), ids=_NEEDS.keys())
def test_worries_are_needs_and_not_urgent(text: str, need: Need) -> None:
    understood = understand(text, Context.NONE)
    assert need in understood.needs
    assert not understood.urgent


def test_words_after_a_digit_are_read_too() -> None:
    understood = understand("2 but need to talk", Context.CHECK_IN)
    assert (understood.intent, understood.mood) == (Intent.CALL_ME, 0)


@pytest.mark.parametrize("text", ["0", "skip", "n/a", "rather not say"])
def test_skips(text: str) -> None:
    assert is_skip(text)


@pytest.mark.parametrize("text", ["5", "yes", "", "skipping rope"])
def test_what_is_no_skip(text: str) -> None:
    assert not is_skip(text)


def test_a_script_that_nobody_reads_is_marked() -> None:
    assert (
        understand("\u10db\u10d4 \u10d9\u10d0\u10e0\u10d2\u10d0\u10d3", Context.CHECK_IN).detail.language
        is None
    )
