"""The closed sets that every room shares: kinds of text we send, of alert we raise, of contact we count."""

from dataclasses import dataclass
from enum import StrEnum


class OutboundKind(StrEnum):
    """Why we text. The kind decides priority, ceiling, window and what an ambiguous send means."""

    # To young people, automatic, never sent twice.
    WELCOME = "welcome"
    NEW_ADVISER = "new_adviser"
    CHECK_IN = "check_in"
    NUDGE = "nudge"
    # To young people, in answer to what they have just written.
    ANSWER = "answer"
    #: The answer to a danger: leaves at any hour and is repeated when in doubt.
    DANGER_ANSWER = "danger_answer"
    STOP_CONFIRMATION = "stop_confirmation"
    # From a named member of staff to a young person.
    STAFF_TEXT = "staff_text"
    # To staff.
    ALERT = "alert"
    ALERT_CONFIRMATION = "alert_confirmation"
    REMINDER = "reminder"
    OPERATOR_PAGE = "operator_page"

    @property
    def automatic(self) -> bool:
        """Sent by the clock to a young person: window, ceiling, states and enrolment apply."""
        return self in _AUTOMATIC

    @property
    def to_staff(self) -> bool:
        return self in _TO_STAFF

    @property
    def repeatable(self) -> bool:
        """An ambiguous send is sent again: two are better than none."""
        return self in _REPEATABLE

    @property
    def priority(self) -> int:
        """Lower leaves first; 0 may use the room kept for alerts."""
        return _PRIORITY.get(self, 5)


_AUTOMATIC = frozenset(
    {OutboundKind.WELCOME, OutboundKind.NEW_ADVISER, OutboundKind.CHECK_IN, OutboundKind.NUDGE}
)
_TO_STAFF = frozenset(
    {
        OutboundKind.ALERT,
        OutboundKind.ALERT_CONFIRMATION,
        OutboundKind.REMINDER,
        OutboundKind.OPERATOR_PAGE,
    }
)
_REPEATABLE = frozenset({OutboundKind.ALERT, OutboundKind.DANGER_ANSWER, OutboundKind.OPERATOR_PAGE})
_PRIORITY = {
    OutboundKind.ALERT: 0,
    OutboundKind.DANGER_ANSWER: 0,
    OutboundKind.OPERATOR_PAGE: 0,
    OutboundKind.ALERT_CONFIRMATION: 1,
    OutboundKind.STOP_CONFIRMATION: 1,
    OutboundKind.ANSWER: 2,
    OutboundKind.STAFF_TEXT: 2,
    OutboundKind.REMINDER: 3,
}


class Deadline(StrEnum):
    NOW = "now"
    TODAY = "today"
    SOON = "soon"


class AlertKind(StrEnum):
    # now
    DANGER_TO_LIFE = "danger_to_life"
    MEDICAL = "medical"
    DANGER_FROM_OTHERS = "danger_from_others"
    EXPLOITATION = "exploitation"
    WATCHED_PHONE = "watched_phone"
    NO_BED_OR_FOOD = "no_bed_or_food"
    EVICTION = "eviction"
    ARREST = "arrest"
    CHILD_IN_DANGER = "child_in_danger"
    THIRD_PARTY = "third_party"
    DEATH_REPORTED = "death_reported"
    HEARD_WHILE_MISSING = "heard_while_missing"
    ALLEGATION = "allegation"
    # today
    CALL_ME = "call_me"
    LOW_MOOD = "low_mood"
    WORRY = "worry"
    HELP_WORD = "help_word"
    ENDED_BY_WORD = "ended_by_word"
    QUIET_AT_RISK = "quiet_at_risk"
    UNDELIVERABLE = "undeliverable"
    COMPLAINT = "complaint"
    FIX_CONTACT = "fix_contact"
    CANNOT_TEXT_BACK = "cannot_text_back"
    UNREADABLE = "unreadable"
    UNREAD = "unread"
    # soon
    NO_REPLY = "no_reply"
    LOST_TOUCH = "lost_touch"
    STOPPED = "stopped"
    NUMBER_IN_DOUBT = "number_in_doubt"
    RECONFIRM_NUMBER = "reconfirm_number"
    UNREAD_LANGUAGE = "unread_language"
    NEW_NUMBER = "new_number"
    UNKNOWN_SENDER = "unknown_sender"
    MACHINE_LOOP = "machine_loop"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertTerms:
    """How soon a kind of alert must be taken, and the words staff read after the person's name."""

    deadline: Deadline
    words: str


ALERT_TERMS: dict[AlertKind, AlertTerms] = {
    AlertKind.DANGER_TO_LIFE: AlertTerms(deadline=Deadline.NOW, words="may be in danger"),
    AlertKind.MEDICAL: AlertTerms(deadline=Deadline.NOW, words="may need an ambulance"),
    AlertKind.DANGER_FROM_OTHERS: AlertTerms(deadline=Deadline.NOW, words="may be in danger from someone"),
    AlertKind.EXPLOITATION: AlertTerms(deadline=Deadline.NOW, words="may be exploited"),
    AlertKind.WATCHED_PHONE: AlertTerms(deadline=Deadline.NOW, words="says the phone is watched"),
    AlertKind.NO_BED_OR_FOOD: AlertTerms(deadline=Deadline.NOW, words="has no bed or food tonight"),
    AlertKind.EVICTION: AlertTerms(deadline=Deadline.NOW, words="loses their home today"),
    AlertKind.ARREST: AlertTerms(deadline=Deadline.NOW, words="has been arrested or recalled"),
    AlertKind.CHILD_IN_DANGER: AlertTerms(deadline=Deadline.NOW, words="writes that a child is in danger"),
    AlertKind.THIRD_PARTY: AlertTerms(deadline=Deadline.NOW, words="someone else wrote about them"),
    AlertKind.DEATH_REPORTED: AlertTerms(deadline=Deadline.NOW, words="a death was reported"),
    AlertKind.HEARD_WHILE_MISSING: AlertTerms(deadline=Deadline.NOW, words="is missing and has texted"),
    AlertKind.ALLEGATION: AlertTerms(
        deadline=Deadline.NOW, words="possible allegation: follow your LADO procedure"
    ),
    AlertKind.CALL_ME: AlertTerms(deadline=Deadline.TODAY, words="asks for a call"),
    AlertKind.LOW_MOOD: AlertTerms(deadline=Deadline.TODAY, words="has been low twice in a row"),
    AlertKind.WORRY: AlertTerms(deadline=Deadline.TODAY, words="has a worry"),
    AlertKind.HELP_WORD: AlertTerms(deadline=Deadline.TODAY, words="texted HELP"),
    AlertKind.ENDED_BY_WORD: AlertTerms(deadline=Deadline.TODAY, words="ended the texts: opt-out or cry?"),
    AlertKind.QUIET_AT_RISK: AlertTerms(deadline=Deadline.TODAY, words="paused or stopped, and is at risk"),
    AlertKind.UNDELIVERABLE: AlertTerms(deadline=Deadline.TODAY, words="cannot be reached by text"),
    AlertKind.COMPLAINT: AlertTerms(deadline=Deadline.TODAY, words="is unhappy about a worker"),
    AlertKind.FIX_CONTACT: AlertTerms(deadline=Deadline.TODAY, words="a colleague cannot be alerted"),
    AlertKind.CANNOT_TEXT_BACK: AlertTerms(
        deadline=Deadline.TODAY, words="has an open alert and cannot be texted back"
    ),
    AlertKind.UNREADABLE: AlertTerms(
        deadline=Deadline.TODAY, words="could not be read by rules - needs a human"
    ),
    AlertKind.UNREAD: AlertTerms(deadline=Deadline.TODAY, words="has a text that nobody has read"),
    AlertKind.NO_REPLY: AlertTerms(deadline=Deadline.SOON, words="has not answered"),
    AlertKind.LOST_TOUCH: AlertTerms(deadline=Deadline.SOON, words="is out of touch"),
    AlertKind.STOPPED: AlertTerms(deadline=Deadline.SOON, words="stopped the texts: agree another way"),
    AlertKind.NUMBER_IN_DOUBT: AlertTerms(deadline=Deadline.SOON, words="the number is in doubt"),
    AlertKind.RECONFIRM_NUMBER: AlertTerms(
        deadline=Deadline.SOON, words="has not answered since the welcome"
    ),
    AlertKind.UNREAD_LANGUAGE: AlertTerms(
        deadline=Deadline.SOON, words="wrote in a language nobody here reads"
    ),
    AlertKind.NEW_NUMBER: AlertTerms(deadline=Deadline.SOON, words="may have a new number"),
    AlertKind.UNKNOWN_SENDER: AlertTerms(deadline=Deadline.SOON, words="an unknown number texted"),
    AlertKind.MACHINE_LOOP: AlertTerms(deadline=Deadline.SOON, words="looks like a machine answering"),
}


class ContactMethod(StrEnum):
    TEXT = "text"
    TELEGRAM = "telegram"
    CALL = "call"
    VISIT = "visit"
    LETTER = "letter"
    AGENCY = "agency"
    OTHER = "other"


class NotCounted(StrEnum):
    """Why a reply is "received, not counted"."""

    NOT_ENROLLED = "not_enrolled"
    UNCONFIRMED_ADDRESS = "unconfirmed_address"
    AUTOREPLY = "autoreply"
    BARE_STOP = "bare_stop"
    WRONG_PERSON = "wrong_person"
    THIRD_PARTY = "third_party"
    DISPUTED = "disputed"
    NOISE = "noise"
    CUSTODY = "custody"
    SHARED_NUMBER = "shared_number"
    CORRECTED = "corrected"
