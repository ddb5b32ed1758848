"""What holds for each text in every language: who reads it, what it may hold, how long it may be."""

from dataclasses import dataclass

from messages.names import LONGEST_IN_A_TEXT
from messages.wordings.keys import Placeholder, WordingKey

_LONG_NAME = "Wolfgangamelia"[:LONGEST_IN_A_TEXT]
_LONG_PHONE = "07700 900 990"
_LONG_LINK = "https://kit.westhaven-messages.example/a/3F9K"
#: The longest value that each may realistically take; what fits with these, fits.
LONGEST: dict[Placeholder, str] = {
    Placeholder.NAME: _LONG_NAME,
    Placeholder.ADVISER: _LONG_NAME,
    Placeholder.NEW_ADVISER: _LONG_NAME,
    Placeholder.RHYTHM: "every eight weeks",
    Placeholder.TIME_OF_DAY: "in the afternoons",
    Placeholder.WORKING_DAYS: "Mon-Fri",
    Placeholder.BACK_AT: "Wed 30 Dec at 9:00am",
    Placeholder.UNTIL: "Wed 30 Dec",
    Placeholder.FROM_DATE: "Wed 30 Dec",
    Placeholder.QUESTIONS: "5",
    Placeholder.EXPECTED: "1, 2, 3, 4, 5, 6",
    Placeholder.OUT_OF_HOURS: _LONG_PHONE,
    Placeholder.NOTICE_URL: "https://kit.westhaven-messages.example/notice",
    Placeholder.OFFER_URL: "https://westhaven-messages.example/for-you",
    Placeholder.LINK: _LONG_LINK,
    Placeholder.COMPLAINTS_CONTACT: f"complaints@westhaven.example or {_LONG_PHONE}",
    Placeholder.ADVOCACY_CONTACT: f"hello@speakup.example or {_LONG_PHONE}",
    Placeholder.INITIALS: "W.W.",
    Placeholder.REASON: "could not be read by rules - needs a human",
    Placeholder.BY: "Wed 10:15am",
    Placeholder.CODE: "3F9K",
    Placeholder.TAKER: "Wolfgangamelia Featherstonehaugh",
    Placeholder.FAULT: "no text has left for 15 minutes and 1,200 are waiting",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class WordingTerms:
    """What holds for a text in every language.

    ``needs`` stands in every variant, outside double brackets; ``may`` only may. Helplines may always.
    """

    needs: frozenset[Placeholder] = frozenset()
    may: frozenset[Placeholder] = frozenset()
    #: Parts in English with the longest values.
    most_segments: int = 1
    least_variants: int = 1
    #: Words that no language and no council may leave out: numbers, keywords.
    must_hold: tuple[str, ...] = ()
    to_staff: bool = False
    #: For somebody in danger: these numbers and no others, and never in a machine's words alone.
    crisis: bool = False

    @property
    def placeholders(self) -> frozenset[Placeholder]:
        return self.needs | self.may


_P = Placeholder
_NAMES = frozenset({_P.NAME, _P.ADVISER})
_OUT_OF_HOURS = frozenset({_P.NAME, _P.ADVISER, _P.OUT_OF_HOURS})
_FOUR = ("1", "2", "3", "4")
#: "2" is the option to choose at 111.
_CRISIS = ("999", "111", "2", "116 123", "SHOUT", "85258")
_ALERT = frozenset({_P.INITIALS, _P.REASON, _P.LINK, _P.BY})


def _answer(*, variants: int = 1) -> WordingTerms:
    return WordingTerms(may=_NAMES, least_variants=variants)


def _crisis(*may: Placeholder, must_hold: tuple[str, ...] = (), most_segments: int = 2) -> WordingTerms:
    return WordingTerms(may=frozenset(may), most_segments=most_segments, must_hold=must_hold, crisis=True)


def _alert() -> WordingTerms:
    # No code in an e-mail: it can be answered, but not from a phone that we know.
    return WordingTerms(
        needs=_ALERT, may=frozenset({_P.CODE}), most_segments=2, to_staff=True, must_hold=("OK",)
    )


def _topic(*may: Placeholder, must_hold: tuple[str, ...] = ()) -> WordingTerms:
    return WordingTerms(may=_NAMES | set(may), most_segments=2, must_hold=must_hold)


TERMS: dict[WordingKey, WordingTerms] = {
    WordingKey.WELCOME: WordingTerms(
        needs=frozenset({_P.NAME, _P.ADVISER, _P.RHYTHM, _P.NOTICE_URL}), most_segments=2, must_hold=("STOP",)
    ),
    WordingKey.WELCOME_NO_NAME: WordingTerms(
        needs=frozenset({_P.RHYTHM, _P.NOTICE_URL}), most_segments=2, must_hold=("STOP",)
    ),
    WordingKey.NEW_ADVISER: WordingTerms(
        needs=frozenset({_P.NAME, _P.NEW_ADVISER, _P.FROM_DATE}), may=frozenset({_P.ADVISER}), most_segments=2
    ),
    WordingKey.NEW_ADVISER_NO_NAME: WordingTerms(needs=frozenset({_P.FROM_DATE}), most_segments=2),
    WordingKey.CHECK_IN: WordingTerms(needs=_NAMES, least_variants=5, must_hold=_FOUR),
    WordingKey.CHECK_IN_NO_NAME: WordingTerms(least_variants=5, must_hold=_FOUR),
    WordingKey.CHECK_IN_BUTTONS: WordingTerms(may=_NAMES, least_variants=5),
    WordingKey.NUDGE: WordingTerms(needs=_NAMES, least_variants=3, must_hold=_FOUR),
    WordingKey.NUDGE_NO_NAME: WordingTerms(least_variants=3, must_hold=_FOUR),
    WordingKey.NUDGE_BUTTONS: WordingTerms(may=_NAMES, least_variants=3),
    WordingKey.SURVEY_INVITATION: WordingTerms(
        needs=frozenset({_P.QUESTIONS, _P.UNTIL}), may=_NAMES, most_segments=2, must_hold=("STOP SURVEY",)
    ),
    WordingKey.SURVEY_REMINDER: WordingTerms(
        needs=frozenset({_P.UNTIL}), may=_NAMES, must_hold=("STOP SURVEY",)
    ),
    WordingKey.SURVEY_AGAIN: WordingTerms(needs=frozenset({_P.EXPECTED}), may=_NAMES, must_hold=("0",)),
    WordingKey.SURVEY_THANKS: _answer(),
    WordingKey.ACK_GOOD: _answer(variants=5),
    WordingKey.ACK_OK: _answer(variants=5),
    WordingKey.ACK_LOW: _answer(variants=3),
    WordingKey.ACK_LOW_OUT_OF_HOURS: WordingTerms(
        needs=frozenset({_P.BACK_AT}), may=_OUT_OF_HOURS, least_variants=2
    ),
    WordingKey.ACK_WORRY: _answer(variants=3),
    WordingKey.ACK_WORRY_OUT_OF_HOURS: WordingTerms(
        needs=frozenset({_P.BACK_AT}), may=_OUT_OF_HOURS, least_variants=2
    ),
    WordingKey.ACK_CALL_ME: _answer(variants=3),
    WordingKey.ACK_CALL_ME_OUT_OF_HOURS: WordingTerms(needs=frozenset({_P.BACK_AT}), may=_OUT_OF_HOURS),
    WordingKey.ACK_TEXT: _answer(variants=4),
    WordingKey.ACK_THANKS: _answer(variants=3),
    WordingKey.ACK_MEDIA: _answer(),
    WordingKey.DANGER_OWN_LIFE: _crisis(_P.OUT_OF_HOURS, must_hold=_CRISIS),
    WordingKey.DANGER_OWN_LIFE_UNDER_19: _crisis(_P.OUT_OF_HOURS, must_hold=(*_CRISIS, "0800 1111")),
    WordingKey.DANGER_NEUTRAL: WordingTerms(),
    WordingKey.DANGER_DESTITUTE: _crisis(_P.OUT_OF_HOURS, most_segments=1),
    WordingKey.SHOUT_REDIRECT: _crisis(most_segments=1, must_hold=("SHOUT", "85258", "999")),
    WordingKey.STOP_CONFIRMATION: WordingTerms(must_hold=("START",)),
    WordingKey.START_CONFIRMATION: WordingTerms(must_hold=("STOP",)),
    WordingKey.PAUSE_CONFIRMATION: WordingTerms(needs=frozenset({_P.UNTIL}), must_hold=("RESUME",)),
    WordingKey.RESUME_CONFIRMATION: WordingTerms(),
    WordingKey.HELP: WordingTerms(must_hold=("999", "CALL ME", "PAUSE", "STOP")),
    WordingKey.WHO: WordingTerms(needs=frozenset({_P.ADVISER}), must_hold=("WRONG",)),
    WordingKey.ROBOT_ANSWER: WordingTerms(needs=frozenset({_P.WORKING_DAYS}), may=frozenset({_P.ADVISER})),
    WordingKey.RHYTHM_CHANGED: WordingTerms(needs=frozenset({_P.RHYTHM}), must_hold=("LESS", "MORE")),
    WordingKey.RHYTHM_AT_LEAST: WordingTerms(needs=frozenset({_P.RHYTHM}), must_hold=("PAUSE", "STOP")),
    WordingKey.RHYTHM_AT_MOST: WordingTerms(needs=frozenset({_P.RHYTHM})),
    WordingKey.TIME_OF_DAY_CHANGED: WordingTerms(needs=frozenset({_P.TIME_OF_DAY})),
    WordingKey.NEUTRAL_LINE: WordingTerms(),
    WordingKey.WRONG_NUMBER_APOLOGY: WordingTerms(),
    WordingKey.NEW_NUMBER_NOTED: WordingTerms(),
    WordingKey.TELEGRAM_LINK: WordingTerms(
        needs=frozenset({_P.LINK, _P.UNTIL}), may=_NAMES, most_segments=2, must_hold=("START",)
    ),
    WordingKey.TELEGRAM_LINKED: WordingTerms(may=_NAMES, must_hold=("STOP",)),
    WordingKey.TELEGRAM_LINK_DEAD: WordingTerms(),
    WordingKey.TOPIC_MONEY: _topic(),
    WordingKey.TOPIC_HOUSE: _topic(_P.OUT_OF_HOURS),
    WordingKey.TOPIC_HEALTH: _topic(must_hold=("999", "111")),
    WordingKey.TOPIC_WORK: _topic(),
    WordingKey.TOPIC_OFFER: _topic(_P.OFFER_URL),
    WordingKey.TOPIC_COMPLAIN: WordingTerms(
        may=frozenset({_P.COMPLAINTS_CONTACT, _P.ADVOCACY_CONTACT}), most_segments=2
    ),
    WordingKey.TOPIC_RIGHTS: _topic(_P.ADVOCACY_CONTACT),
    WordingKey.ALERT_SUBJECT: WordingTerms(needs=frozenset({_P.INITIALS, _P.BY}), to_staff=True),
    WordingKey.ALERT_NOW: _alert(),
    WordingKey.ALERT_NOW_WATCHED: _alert(),
    WordingKey.ALERT_TODAY: _alert(),
    WordingKey.ALERT_TODAY_WATCHED: _alert(),
    WordingKey.ALERT_SOON: _alert(),
    WordingKey.ALERT_SOON_WATCHED: _alert(),
    WordingKey.ALERT_FOR_INFORMATION: WordingTerms(
        needs=frozenset({_P.INITIALS, _P.REASON, _P.LINK}), most_segments=2, to_staff=True
    ),
    WordingKey.ALERT_TAKEN: WordingTerms(needs=frozenset({_P.INITIALS, _P.LINK}), to_staff=True),
    WordingKey.ALERT_ALREADY_TAKEN: WordingTerms(needs=frozenset({_P.INITIALS, _P.TAKER}), to_staff=True),
    WordingKey.ALERT_CODE_UNKNOWN: WordingTerms(needs=frozenset({_P.LINK}), to_staff=True),
    WordingKey.ALERT_OUTCOME_REMINDER: WordingTerms(needs=frozenset({_P.INITIALS, _P.LINK}), to_staff=True),
    WordingKey.ALERT_OUTCOME_OWED: WordingTerms(
        needs=frozenset({_P.INITIALS, _P.TAKER, _P.LINK}), to_staff=True
    ),
    WordingKey.OPERATOR_PAGE: WordingTerms(
        needs=frozenset({_P.FAULT, _P.LINK}), most_segments=2, to_staff=True
    ),
}
