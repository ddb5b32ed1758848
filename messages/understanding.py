"""What a text can mean: the closed vocabulary that understanding answers in.

``kit understand`` prints these words and outsiders rely on them, so they keep their names; anything
finer goes in :class:`Detail`.
"""

from dataclasses import dataclass, field
from enum import StrEnum


class Intent(StrEnum):
    MOOD_GOOD = "mood_good"
    MOOD_OK = "mood_ok"
    MOOD_LOW = "mood_low"
    CRISIS = "crisis"
    SAFEGUARDING = "safeguarding"
    SURVEY_ANSWER = "survey_answer"
    OPT_OUT = "opt_out"
    OPT_IN = "opt_in"
    CALL_ME = "call_me"
    PAUSE = "pause"
    NEW_NUMBER = "new_number"
    WRONG_PERSON = "wrong_person"
    HELP_INFO = "help_info"
    QUESTION = "question"
    ACK_THANKS = "ack_thanks"
    AUTOREPLY = "autoreply"
    ABUSE_PROFANITY = "abuse_profanity"
    EMPTY_NOISE = "empty_noise"
    OTHER = "other"


class Need(StrEnum):
    MENTAL_HEALTH = "mental_health"
    HOUSING = "housing"
    MONEY = "money"
    FOOD = "food"
    HEALTH = "health"
    EDUCATION_WORK = "education_work"
    RELATIONSHIPS_ABUSE = "relationships_abuse"
    EXPLOITATION = "exploitation"
    POLICE_CUSTODY = "police_custody"
    IMMIGRATION = "immigration"
    DOCUMENTS_ID = "documents_id"
    SUBSTANCE = "substance"
    PREGNANCY_PARENTING = "pregnancy_parenting"
    LONELINESS = "loneliness"
    PHONE_CONTACT = "phone_contact"
    NONE = "none"


class Context(StrEnum):
    """What we last asked, so that "2" can mean something."""

    CHECK_IN = "check_in"
    SURVEY_SCALE = "survey_scale"
    SURVEY_YESNO = "survey_yesno"
    SURVEY_CHOICE = "survey_choice"
    SURVEY_FREE = "survey_free"
    NONE = "none"


class Danger(StrEnum):
    """What kind of danger a text carries. The kind decides what the young person gets back."""

    OWN_LIFE = "own_life"
    MEDICAL = "medical"
    OTHER_PERSON = "other_person"
    EXPLOITATION = "exploitation"
    WATCHED_PHONE = "watched_phone"
    ARREST = "arrest"
    CHILD = "child"
    #: No bed or no food tonight.
    DESTITUTE = "destitute"
    EVICTION = "eviction"
    #: Somebody else writes from this phone about the person.
    THIRD_PARTY = "third_party"
    DEATH = "death"


class AboutStaff(StrEnum):
    ALLEGATION = "allegation"
    COMPLAINT = "complaint"


class Wish(StrEnum):
    """Something that the person asks the service to do."""

    STOP = "stop"
    START = "start"
    #: END, QUIT or CANCEL alone: an opt-out that may be a cry.
    ENDED = "ended"
    PAUSE = "pause"
    RESUME = "resume"
    #: HELP or INFO alone.
    HELP = "help"
    #: SHOUT, meant for 85258.
    SHOUT = "shout"
    CALL_ME = "call_me"
    WHO = "who"
    ROBOT = "robot"
    WRONG_NUMBER = "wrong_number"
    NEW_NUMBER = "new_number"
    LESS = "less"
    MORE = "more"
    MORNINGS = "mornings"
    AFTERNOONS = "afternoons"
    EVENINGS = "evenings"
    TOPIC = "topic"


class Topic(StrEnum):
    MONEY = "money"
    HOUSE = "house"
    HEALTH = "health"
    WORK = "work"
    OFFER = "offer"
    COMPLAIN = "complain"
    RIGHTS = "rights"


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """The finer kinds, for the conversation and for staff."""

    dangers: frozenset[Danger] = frozenset()
    about_staff: AboutStaff | None = None
    #: First names of the workers it is about, casefolded, out of those given; empty: none is named.
    about: frozenset[str] = frozenset()
    wishes: tuple[Wish, ...] = ()
    topic: Topic | None = None
    #: When to call, in the person's own words ("after 5"); a suggestion, never acted on alone.
    when: str | None = None
    #: Length of a wished pause; None when none was said.
    pause_days: int | None = None
    #: A tent, street or sofa word: shown on the oversight list the same day.
    rough_sleeping: bool = False
    #: Machine-like: an out-of-office, a delivery robot.
    machine: bool = False
    #: Nothing but the answer, keyword, emoji or thanks that was read: no further words of content.
    bare: bool = False
    #: ISO 639-1 of the language the text was read in; None when nobody here reads it.
    language: str | None = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Understanding:
    """What the service makes of a text, and why."""

    intent: Intent
    urgent: bool = False
    opt_out: bool = False
    #: -1 low, 0 ok, 1 good, None unsaid.
    mood: int | None = None
    needs: tuple[Need, ...] = (Need.NONE,)
    answer: str | None = None
    detail: Detail = field(default_factory=Detail)
    #: The words of the text that decided, in words an adviser understands.
    why: tuple[str, ...] = ()
    confidence: float = 0.5
