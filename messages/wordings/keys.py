"""Every text that the service writes by itself, and what may be put into one."""

from enum import StrEnum


class WordingKey(StrEnum):
    # The clock asks.
    WELCOME = "welcome"
    WELCOME_NO_NAME = "welcome_no_name"
    NEW_ADVISER = "new_adviser"
    NEW_ADVISER_NO_NAME = "new_adviser_no_name"
    CHECK_IN = "check_in"
    CHECK_IN_NO_NAME = "check_in_no_name"
    #: For channels that show the four answers as buttons.
    CHECK_IN_BUTTONS = "check_in_buttons"
    NUDGE = "nudge"
    NUDGE_NO_NAME = "nudge_no_name"
    NUDGE_BUTTONS = "nudge_buttons"
    # The participation team asks.
    SURVEY_INVITATION = "survey_invitation"
    SURVEY_REMINDER = "survey_reminder"
    #: An answer did not fit its question, which is asked again once.
    SURVEY_AGAIN = "survey_again"
    SURVEY_THANKS = "survey_thanks"
    # Answers to a reply.
    ACK_GOOD = "ack_good"
    ACK_OK = "ack_ok"
    ACK_LOW = "ack_low"
    ACK_LOW_OUT_OF_HOURS = "ack_low_out_of_hours"
    ACK_WORRY = "ack_worry"
    ACK_WORRY_OUT_OF_HOURS = "ack_worry_out_of_hours"
    ACK_CALL_ME = "ack_call_me"
    ACK_CALL_ME_OUT_OF_HOURS = "ack_call_me_out_of_hours"
    ACK_TEXT = "ack_text"
    ACK_THANKS = "ack_thanks"
    ACK_MEDIA = "ack_media"
    # Answers to a danger.
    DANGER_OWN_LIFE = "danger_own_life"
    DANGER_OWN_LIFE_UNDER_19 = "danger_own_life_under_19"
    DANGER_NEUTRAL = "danger_neutral"
    DANGER_DESTITUTE = "danger_destitute"
    SHOUT_REDIRECT = "shout_redirect"
    # Answers to the words that always work.
    STOP_CONFIRMATION = "stop_confirmation"
    START_CONFIRMATION = "start_confirmation"
    PAUSE_CONFIRMATION = "pause_confirmation"
    RESUME_CONFIRMATION = "resume_confirmation"
    HELP = "help"
    WHO = "who"
    ROBOT_ANSWER = "robot_answer"
    RHYTHM_CHANGED = "rhythm_changed"
    RHYTHM_AT_LEAST = "rhythm_at_least"
    RHYTHM_AT_MOST = "rhythm_at_most"
    TIME_OF_DAY_CHANGED = "time_of_day_changed"
    # Numbers and strangers.
    NEUTRAL_LINE = "neutral_line"
    WRONG_NUMBER_APOLOGY = "wrong_number_apology"
    NEW_NUMBER_NOTED = "new_number_noted"
    TELEGRAM_LINK = "telegram_link"
    TELEGRAM_LINKED = "telegram_linked"
    TELEGRAM_LINK_DEAD = "telegram_link_dead"
    # The library that a council edits: topics_<language>.toml.
    TOPIC_MONEY = "topic_money"
    TOPIC_HOUSE = "topic_house"
    TOPIC_HEALTH = "topic_health"
    TOPIC_WORK = "topic_work"
    TOPIC_OFFER = "topic_offer"
    TOPIC_COMPLAIN = "topic_complain"
    TOPIC_RIGHTS = "topic_rights"
    # To staff.
    ALERT_SUBJECT = "alert_subject"
    ALERT_NOW = "alert_now"
    ALERT_NOW_WATCHED = "alert_now_watched"
    ALERT_TODAY = "alert_today"
    ALERT_TODAY_WATCHED = "alert_today_watched"
    ALERT_SOON = "alert_soon"
    ALERT_SOON_WATCHED = "alert_soon_watched"
    ALERT_FOR_INFORMATION = "alert_for_information"
    ALERT_TAKEN = "alert_taken"
    ALERT_ALREADY_TAKEN = "alert_already_taken"
    ALERT_CODE_UNKNOWN = "alert_code_unknown"
    ALERT_OUTCOME_REMINDER = "alert_outcome_reminder"
    ALERT_OUTCOME_OWED = "alert_outcome_owed"
    OPERATOR_PAGE = "operator_page"


class PhraseKey(StrEnum):
    """Small pieces that go into a placeholder, in the language of the text."""

    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    FOUR_WEEKLY = "four_weekly"
    EIGHT_WEEKLY = "eight_weekly"
    MORNINGS = "mornings"
    AFTERNOONS = "afternoons"
    EVENINGS = "evenings"
    ANY_TIME = "any_time"
    WORKING_DAYS = "working_days"


class Placeholder(StrEnum):
    NAME = "name"
    ADVISER = "adviser"
    NEW_ADVISER = "new_adviser"
    #: "every two weeks".
    RHYTHM = "rhythm"
    #: "in the mornings".
    TIME_OF_DAY = "time_of_day"
    #: When staff read replies: "Mon-Fri".
    WORKING_DAYS = "working_days"
    #: "Mon 9am": when somebody is back at work.
    BACK_AT = "back_at"
    #: A day: "Tue 8 Dec".
    UNTIL = "until"
    FROM_DATE = "from_date"
    #: How many questions a survey has: "4".
    QUESTIONS = "questions"
    #: What a survey's question takes, in digits, which every language reads: "1-5", "1, 2, 3".
    EXPECTED = "expected"
    #: The out-of-hours number the public may ring; empty when there is none.
    OUT_OF_HOURS = "out_of_hours"
    NOTICE_URL = "notice_url"
    OFFER_URL = "offer_url"
    LINK = "link"
    COMPLAINTS_CONTACT = "complaints_contact"
    ADVOCACY_CONTACT = "advocacy_contact"
    INITIALS = "initials"
    #: :data:`messages.kinds.ALERT_TERMS`: "asks for a call".
    REASON = "reason"
    #: By when the alert must be taken: "11:15am".
    BY = "by"
    CODE = "code"
    #: The member of staff who took the alert.
    TAKER = "taker"
    #: What is wrong with the service, for the operator.
    FAULT = "fault"
    # Helplines: filled in by the service itself from helplines.toml.
    EMERGENCY = "emergency"
    NHS_111 = "nhs_111"
    SAMARITANS = "samaritans"
    SHOUT = "shout"
    CHILDLINE = "childline"
    SHELTER = "shelter"
    CITIZENS_ADVICE = "citizens_advice"
    CAREERS = "careers"
    HELP_AT_HAND = "help_at_hand"
