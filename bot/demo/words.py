"""What the cast writes. Chosen by style and mood; the service reads it as it would read anybody's."""

import random

from bot.demo.cast import Style

GOOD, OK, LOW, CALL = "good", "ok", "low", "call"

_SAID: dict[Style, dict[str, tuple[str, ...]]] = {
    Style.DIGITS: {
        GOOD: ("1", "1", "1 ta", "one"),
        OK: ("2", "2", "two", "2 nothing new"),
        LOW: ("3", "3 tbh"),
        CALL: ("4", "4 please"),
    },
    Style.SHORT: {
        GOOD: ("good thanks", "yeah all good", "1 all good x", "doing good", "not bad thanks u?", "good ta"),
        OK: ("alright", "im ok", "2 ok", "meh but ok", "ok ta", "surviving lol"),
        LOW: ("not great tbh", "3 bit rubbish", "been better", "had a rough week", "not good"),
        CALL: ("can u call me", "call me pls", "4 after 5 if u can", "can you ring me tomorrow"),
    },
    Style.CHATTY: {
        GOOD: (
            "hey yeah good thanks! started at the bakery last week and they're sound",
            "1! passed my theory test so well happy",
            "good thanks, new flat is finally warm. how are you",
            "all good here, went to the football with my brother on sunday",
            "really good actually, college is going alright and I've made a couple of mates",
        ),
        OK: (
            "2, bit bored but ok. job centre again tomorrow",
            "im alright, just tired. work is work",
            "ok thanks. waiting to hear about the course still",
            "yeah ok, nothing much going on, been watching the snooker",
        ),
        LOW: (
            "3 not a great week. not sleeping and everything feels like effort",
            "been better tbh, fell out with my mate and feeling a bit rubbish",
            "not great, money is tight and the heating is off",
            "rough few days. don't really want to talk about it but thanks for asking",
        ),
        CALL: (
            "can you give me a ring when you get a sec? want to ask about the rent letter",
            "4 if you've got time, need a hand with a form",
            "could someone call me after 4? nothing terrible",
        ),
    },
    Style.EMOJI: {
        GOOD: ("👍", "😊", "good 😊", "👍👍"),
        OK: ("👌", "ok 🙂", "🤷 ok"),
        LOW: ("😞", "not great 😕", "👎"),
        CALL: ("call me 📞", "can u ring me 🙏"),
    },
    Style.ARABIC: {
        GOOD: ("1", "الحمد لله بخير", "تمام شكرا", "good thank you"),
        OK: ("2", "ماشي الحال", "ok"),
        LOW: ("3", "تعبان شوي"),
        CALL: ("4", "ممكن تتصل بي"),
    },
}  # fmt: skip

_BUTTONS = {GOOD: "1", OK: "2", LOW: "3", CALL: "4"}
_MORE = ("sorry for late reply", "how are you?", "thanks for asking", "see you next week x")

STAFF_REPLIES = {
    GOOD: ("Lovely to hear. See you at our next catch-up.", "That's great news, well done."),
    OK: ("Thanks for letting me know. Shout if anything comes up.", "Good to hear from you."),
    LOW: (
        "Sorry it's a hard week. I'm around tomorrow, shall I come by?",
        "Thanks for telling me. I'll ring tomorrow morning, ok?",
        "That sounds tough. Fancy a coffee on Thursday?",
    ),
    CALL: ("Got this. I'll ring you this afternoon.", "Will do, speak later."),
}
CALL_NOTES = (
    "Rang back. Wanted help with a letter about the rent; we read it together and rang the housing office.",
    "Spoke for ten minutes. Sleeping badly, otherwise ok. Will see them next week.",
    "Rang. All fine, phone had no credit.",
    "Spoke about the course and travel money. Sent the form.",
    "Good chat. Starting a new job on Monday.",
)
NO_ANSWER_NOTES = (
    "Rang twice, no answer. Left a voicemail.",
    "Phone off. Will try again in the morning.",
    "No answer. Asked the support worker to pass on a hello.",
)
EMERGENCY_NOTE = "Rang 999; the ambulance went out. Stayed on the phone until they came."
VISIT_NOTES = (
    "Met at the flat. Tidy, warm, food in. Talked about college.",
    "Coffee in town. In good spirits.",
    "Seen at home. Boiler still not fixed, chased the landlord.",
    "Walked round the harbour and talked about the next year.",
)
NOT_IN_NOTES = ("Nobody in. Left a card.", "Knocked, no answer. Neighbour saw them on Sunday.")
REVIEW_NOTES = ("Plan reviewed together.", "Plan reviewed; new goal: a driving licence.")


def mood(rng: random.Random, low: float) -> str:
    """Good, ok, low, or asking for a call."""
    drawn = rng.random()
    if drawn < low:
        return LOW
    if drawn < low + 0.05:
        return CALL
    return GOOD if rng.random() < 0.55 else OK


def reply(rng: random.Random, style: Style, felt: str) -> tuple[str, ...]:
    """One text, or now and then two."""
    first = rng.choice(_SAID[style][felt])
    more = style in (Style.CHATTY, Style.SHORT) and felt != CALL and rng.random() < 0.08
    return (first, rng.choice(_MORE)) if more else (first,)


def button(felt: str) -> str:
    return _BUTTONS[felt]
