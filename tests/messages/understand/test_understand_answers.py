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
    "not-bad": ("not bad u?", 0),
    "not-good": ("not good", -1),
    "buzzing": ("buzzing mate", 1),
    "good-ta": ("good ta", 1),
    "ar": ("\u0627\u0644\u062d\u0645\u062f \u0644\u0644\u0647", 1),
    "now": ("was a 1 now its a 3", -1),
    "hash": ("#1", 1),
    "clipped": ("buzzin", 1),
    "chugging": ("chuggin along", 0),
    "mend": ("had flu but on the mend", 0),
    "bad-day": ("stinker of a week", -1),
    "lost-job": ("lost my job at the garage", -1),
    "moved-in": ("moved in!! boxes everywhere", 1),
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
    "choice-letter": (Context.SURVEY_CHOICE, "B", "b"),
    "free": (Context.SURVEY_FREE, "more bus passes", "more bus passes"),
    "free-skip": (Context.SURVEY_FREE, "n/a", None),
}
_PICKED = {
    # How it is written.
    "of-ten": ("8 outta 10", None),
    "stroke": ("3/5 innit", "3"),
    "typo": ("fuor", "4"),
    "keycap": ("2\ufe0f\u20e3 soz", "2"),
    "circled": ("\u2463", "4"),
    "bengali": ("\u09e9", "3"),
    "stars": ("\u2b50\u2b50\u2b50\u2b50", "4"),
    "in-words": ("bang in the middle", "3"),
    "top": ("full marks from me", "5"),
    "late": ("soz for late reply been at work since 6. 4", "4"),
    "other-alphabet": ("\u0628\u0635\u0631\u0627\u062d\u0629 \u0664", "4"),
    # Put right.
    "no-wait": ("1 no wait 2", "2"),
    "starred": ("4 *3", "3"),
    "meant": ("oops meant 5", "5"),
    "not-that": ("4 not 2", "4"),
    "never-not": ("never not a 4", "4"),
    "scrapped": ("scrap that its a 2", "2"),
    # Other numbers around it.
    "age": ("im 20 n id give it a 3", "3"),
    "time": ("bus is 15 mins late. 2", "2"),
    "last-time": ("was a 2 in june now a 4", "4"),
    "up-from": ("3, up from 1", "3"),
    "other-people": ("my nan says 5 but im saying 4", "4"),
    "would-be": ("would be 5 if the heating worked. 3", "3"),
    "little-word": ("3 suits me, nice 2 be asked", "3"),
    "heart": ("4 <3", "4"),
    # No one answer.
    "two": ("2 or 3", None),
    "range": ("3-4", None),
    "each": ("2 for the room 5 for the people", None),
    "each-headed": ("mornings 1 nights 4", None),
    "half": ("3 n a half", None),
    "over": ("6", None),
    "nought": ("0", None),
    "below": ("minus 3", None),
    "unit": ("2 weeks", None),
}
_LETTERED = {
    "bracket": ("d)", "d"),
    "reason": ("b cos its closer", "b"),
    "article": ("a lot of them", None),
    "close": ("a tho c was close", "a"),
    "right": ("c sorry d", "d"),
    "not-a": ("not a, b", "b"),
    "mum": ("mum says b but im going e", "e"),
    "spoken": ("bravo", "b"),
    "order": ("the third one", "3"),
    "order-and-letter": ("the last one, d", "d"),
    "both": ("b and d", None),
    "top-two": ("top 2", None),
    "out-of-range": ("h", None),
    "any": ("whichever", None),
}
_YES_NO = {
    "slip": ("yws", "yes"),
    "force": ("definitely", "yes"),
    "phrase": ("course i do", "yes"),
    "no-doubt": ("no doubt", "yes"),
    "does": ("she does", "yes"),
    "last": ("most days yeah", "yes"),
    "right": ("no wait yes", "yes"),
    "not-really": ("not rlly", "no"),
    "course-not": ("course not", "no"),
    "as-if": ("as if", "no"),
    "denies": ("cant afford one", "no"),
    "yeah-nah": ("yeah nah", "no"),
    "farsi": ("\u0646\u062f\u0627\u0631\u0645", "no"),
    "romanised": ("aywa", "yes"),
    "both": ("yes n no", None),
    "each": ("yes to college no to work", None),
    "sometimes": ("now and then", None),
    "not-sure": ("not sure", None),
    "you": ("couldnt tell ya", None),
    "why": ("y do u ask", None),
    "shrug": ("\U0001f937\U0001f3fd", None),
    "hand": ("\U0001f64b\u200d\u2640\ufe0f", None),
    "stranger": ("no im not jordan", None),
}
_ASKED_BACK = {
    "scale": (Context.SURVEY_SCALE, "is 5 good or bad"),
    "yes-no": (Context.SURVEY_YESNO, "what do u mean by settled"),
    "choice": (Context.SURVEY_CHOICE, "what was c again"),
    "free": (Context.SURVEY_FREE, "who sees this"),
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


@pytest.mark.parametrize(("text", "answer"), _PICKED.values(), ids=_PICKED.keys())
def test_numbers_on_a_scale(text: str, answer: str | None) -> None:
    assert understand(text, Context.SURVEY_SCALE).answer == answer


@pytest.mark.parametrize(("text", "answer"), _LETTERED.values(), ids=_LETTERED.keys())
def test_letters_of_a_choice(text: str, answer: str | None) -> None:
    assert understand(text, Context.SURVEY_CHOICE).answer == answer


@pytest.mark.parametrize(("text", "answer"), _YES_NO.values(), ids=_YES_NO.keys())
def test_yes_and_no(text: str, answer: str | None) -> None:
    assert understand(text, Context.SURVEY_YESNO).answer == answer


@pytest.mark.parametrize(("context", "text"), _ASKED_BACK.values(), ids=_ASKED_BACK.keys())
def test_a_question_back_is_no_answer(context: Context, text: str) -> None:
    understood = understand(text, context)
    assert understood.answer is None
    assert understood.intent in (Intent.QUESTION, Intent.HELP_INFO)


@pytest.mark.parametrize("text", ["pass", "dunno", "n/a", "not answering that", "-", "\U0001f937"])
@pytest.mark.parametrize("context", [Context.SURVEY_SCALE, Context.SURVEY_YESNO, Context.SURVEY_CHOICE])
def test_a_skip_is_a_survey_answer_without_an_answer(context: Context, text: str) -> None:
    understood = understand(text, context)
    assert (understood.intent, understood.answer) == (Intent.SURVEY_ANSWER, None)


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


@pytest.mark.parametrize("text", ["0", "skip", "n/a", "rather not say", "dunno", "-", "not telling u that"])
def test_skips(text: str) -> None:
    assert is_skip(text)


@pytest.mark.parametrize("text", ["5", "yes", "", "skipping rope", "no thanks", "ask her to ring more often"])
def test_what_is_no_skip(text: str) -> None:
    assert not is_skip(text)


def test_a_script_that_nobody_reads_is_marked() -> None:
    assert (
        understand("\u10db\u10d4 \u10d9\u10d0\u10e0\u10d2\u10d0\u10d3", Context.CHECK_IN).detail.language
        is None
    )
