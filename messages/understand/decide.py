"""One text, one understanding: danger and opt-out first, then the answer, wishes, and the rest."""

from dataclasses import dataclass

from messages.understand.about_staff import StaffRead, is_besides, read_about_staff
from messages.understand.answers import Answer, read_answer
from messages.understand.around import words as around
from messages.understand.bareness import is_bare
from messages.understand.danger import DangerRead, read_danger
from messages.understand.lexicon import Hits, hits_of, lexicon
from messages.understand.moods import read_language, read_mood, read_needs
from messages.understand.patterns import Found
from messages.understand.reading import Reading, read
from messages.understand.surface import is_noise, quotes
from messages.understand.wishes import WishesRead, read_wishes
from messages.understanding import AboutStaff, Context, Danger, Detail, Intent, Understanding, Wish

#: Beyond this many words only danger and opt-out are looked for: no text message is longer.
_MOST_WORDS = 1_500
_MOOD_OF_DIGIT = {"1": 1, "2": 0, "3": -1, "4": None}
_MOOD_INTENT = {1: Intent.MOOD_GOOD, 0: Intent.MOOD_OK, -1: Intent.MOOD_LOW}
_WISH_INTENT = (
    (Wish.START, Intent.OPT_IN),
    (Wish.WRONG_NUMBER, Intent.WRONG_PERSON),
    (Wish.NEW_NUMBER, Intent.NEW_NUMBER),
    (Wish.CALL_ME, Intent.CALL_ME),
    (Wish.PAUSE, Intent.PAUSE),
    (Wish.WHO, Intent.HELP_INFO),
    (Wish.ROBOT, Intent.HELP_INFO),
    (Wish.HELP, Intent.HELP_INFO),
    (Wish.TOPIC, Intent.HELP_INFO),
)
_STRANGERS = frozenset(
    {"wrong", "incorrect", "number", "phone", "person", "name", "named", "called", "owner"}
)
_SURVEYS = frozenset({Context.SURVEY_SCALE, Context.SURVEY_YESNO, Context.SURVEY_CHOICE, Context.SURVEY_FREE})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """Everything read from one text, before one intent is chosen."""

    context: Context
    reading: Reading
    hits: Hits
    danger: DangerRead
    wishes: WishesRead
    staff: StaffRead
    machine: bool
    noise: bool
    #: What was picked or said in answer to the question, before anything else is known.
    read: Answer
    mood: int | None
    mood_found: tuple[Found, ...]
    language: str | None

    @property
    def urgent(self) -> bool:
        return self.danger.urgent or self.alleged or Wish.SHOUT in self.wishes.wishes

    @property
    def alleged(self) -> bool:
        return self.staff.about is AboutStaff.ALLEGATION

    @property
    def answer(self) -> str | None:
        """What a survey counts: no keyword, no cry for help, no "no" of the wrong person or of a machine."""
        if self.context not in _SURVEYS or self.wishes.alone:
            return None
        cry = self.context is Context.SURVEY_FREE and self.danger.urgent
        other = self.machine or self.by_stranger or Wish.PAUSE in self.wishes.wishes
        return None if cry or (other and self.context is Context.SURVEY_YESNO) else self.read.given

    @property
    def by_stranger(self) -> bool:
        """The wrong person, in so many words or by name: "no im not jordan"; "not me" is an answer."""
        telling = _STRANGERS | lexicon().given_names
        return any(
            found.label == "wishes/wrong_number"
            and not telling.isdisjoint(self.reading.words[found.start : found.end])
            for found in self.wishes.found
        )

    @property
    def bare(self) -> bool:
        """An alert, a worker or a topic named is content, whatever words it took."""
        if self.wishes.alone:
            return True
        said_more = self.urgent or self.staff.about or self.danger.dangers or self.machine
        topics = any(label.startswith("needs/") for label in self.hits)
        return not (said_more or topics) and is_bare(self.reading, self.hits, self.wishes)

    @property
    def mood_by_sign(self) -> bool:
        return self.context is Context.CHECK_IN and self.mood is not None and bool(self.reading.emoji)

    @property
    def opt_out(self) -> bool:
        return bool({Wish.STOP, Wish.ENDED} & set(self.wishes.wishes))


def understand(text: str, context: Context, *, staff_names: frozenset[str] = frozenset()) -> Understanding:
    """What the service makes of a text. Pure; never raises; time linear in the length of the text.

    ``context``: what was last asked. ``staff_names``: first names of workers, any case.
    """
    seen = _see(text, context, staff_names)
    intent, confidence = _intent(seen)
    found = _deciding(seen, intent)
    why = quotes(seen.reading, found) or _fallback_quotes(seen, intent)
    dangers = _dangers(seen)
    return Understanding(
        intent=intent,
        urgent=seen.urgent,
        opt_out=seen.opt_out,
        mood=-1 if seen.urgent else seen.mood,
        needs=read_needs(seen.hits, _dangers_of_needs(seen, dangers), why),
        answer=seen.answer,
        detail=Detail(
            dangers=dangers,
            about_staff=seen.staff.about,
            about=seen.staff.names,
            wishes=seen.wishes.wishes,
            topic=seen.wishes.topic,
            when=seen.wishes.when,
            pause_days=seen.wishes.pause_days,
            rough_sleeping=seen.danger.rough_sleeping,
            machine=seen.machine,
            bare=seen.bare,
            language=seen.language,
        ),
        why=why,
        confidence=confidence,
    )


def _see(text: str, context: Context, staff_names: frozenset[str]) -> _Seen:
    lists = lexicon()
    reading = read(text, lists.spelling)
    hits, languages = hits_of(lists.urgent, reading)
    more, more_languages = hits_of(lists.rest, reading, _MOST_WORDS)
    hits |= more
    machine = "machine/autoreply" in hits
    danger = read_danger(hits, reading, machine=machine)
    wishes = read_wishes(hits, reading, danger=danger.urgent, by_other=danger.by_other)
    answer = read_answer(reading, context)
    mood, mood_found = read_mood(hits, reading)
    counted = wishes.pause_days is not None and not answer.pick.leads
    if context is Context.CHECK_IN and answer.pick.chosen in _MOOD_OF_DIGIT and not counted:
        mood, mood_found = _MOOD_OF_DIGIT[answer.pick.chosen], ()
        if answer.pick.chosen == "4" and Wish.CALL_ME not in wishes.wishes:
            wishes = _with_call(wishes, reading, hits, danger=danger.urgent)
    return _Seen(
        context=context,
        reading=reading,
        hits=hits,
        danger=danger,
        wishes=wishes,
        staff=read_about_staff(lists, reading, staff_names),
        machine=machine and not wishes.alone and not danger.by_other and not _answers_first(answer, context),
        noise=is_noise(reading),
        read=answer,
        mood=None if context in _SURVEYS or danger.by_other else mood,
        mood_found=mood_found,
        language=read_language(languages + more_languages, reading.cleaned),
    )


def _answers_first(answer: Answer, context: Context) -> bool:
    """No machine answers a survey: "c, my worker is always in a meeting"."""
    return context in _SURVEYS and answer.given is not None and answer.leads


def _with_call(wishes: WishesRead, reading: Reading, hits: Hits, *, danger: bool) -> WishesRead:
    """4 is "call me": its time words are read as if it had been said in words."""
    asked = read_wishes(hits | {"wishes/call_me": []}, reading, danger=danger)
    return asked if not wishes.alone else wishes


def _intent(seen: _Seen) -> tuple[Intent, float]:
    if seen.urgent:
        return _urgent_intent(seen), 0.9 if seen.danger.sure else 0.65
    if seen.machine:
        return Intent.AUTOREPLY, 0.8
    if seen.opt_out:
        return Intent.OPT_OUT, 1.0 if seen.wishes.alone else 0.85
    for choose in (_wished, _answered, _mooded):
        chosen = choose(seen)
        if chosen is not None:
            return chosen
    return _said_freely(seen)


def _urgent_intent(seen: _Seen) -> Intent:
    own_life = Danger.OWN_LIFE in seen.danger.dangers and not seen.danger.only_vague
    if own_life or Wish.SHOUT in seen.wishes.wishes:
        return Intent.CRISIS
    if seen.danger.only_vague and Wish.CALL_ME in seen.wishes.wishes:
        return Intent.CALL_ME
    return Intent.SAFEGUARDING


def _wished(seen: _Seen) -> tuple[Intent, float] | None:
    if seen.context in _SURVEYS and not seen.wishes.alone and seen.answer:
        return None
    for wish, intent in _WISH_INTENT:
        if wish in seen.wishes.wishes:
            return intent, 0.95 if seen.wishes.alone else 0.8
    return None


def _answered(seen: _Seen) -> tuple[Intent, float] | None:
    passed = seen.context in _SURVEYS and seen.read.skipped
    if seen.noise and not (
        seen.mood_by_sign or seen.answer or passed or (seen.read.pick.chosen and seen.read.pick.leads)
    ):
        return Intent.EMPTY_NOISE, 0.9
    if seen.context not in _SURVEYS:
        return None
    if seen.read.asks or (seen.answer is None and not passed and _asks(seen)):
        return Intent.QUESTION, 0.6
    if seen.answer is None and not passed:
        return Intent.SURVEY_ANSWER, 0.4
    return Intent.SURVEY_ANSWER, 0.95 if seen.answer is not None else 0.6


def _mooded(seen: _Seen) -> tuple[Intent, float] | None:
    if seen.context is not Context.CHECK_IN:
        return None
    if seen.read.pick.chosen in _MOOD_OF_DIGIT and seen.mood is not None:
        return _MOOD_INTENT[seen.mood], 0.95
    if "machine/abuse" in seen.hits and seen.mood != 1:
        return Intent.ABUSE_PROFANITY, 0.7
    if seen.mood is not None and not _opens_with_question(seen):
        return _MOOD_INTENT[seen.mood], 0.7
    if seen.read.pick.seen and len(seen.reading.words) <= 3:
        return Intent.MOOD_OK, 0.4
    return None


def _said_freely(seen: _Seen) -> tuple[Intent, float]:
    if "machine/abuse" in seen.hits:
        return Intent.ABUSE_PROFANITY, 0.6
    if _asks(seen):
        return Intent.QUESTION, 0.6
    if "machine/thanks" in seen.hits:
        return Intent.ACK_THANKS, 0.7
    return Intent.OTHER, 0.4


def _opens_with_question(seen: _Seen) -> bool:
    """As "who do i see about the damp" does, whatever mood is in it; "not bad u?" does not."""
    first = seen.reading.words[0] if seen.reading.words else ""
    return "machine/question" in seen.hits and first in around("questions")


def _asks(seen: _Seen) -> bool:
    return "machine/question" in seen.hits or seen.reading.cleaned.rstrip().endswith("?")


def _dangers(seen: _Seen) -> frozenset[Danger]:
    extra = {Danger.OWN_LIFE} if Wish.SHOUT in seen.wishes.wishes else set()
    if seen.alleged and not any(is_besides(f, seen.staff, seen.reading.words) for f in seen.danger.by_person):
        return (seen.danger.dangers - {Danger.OTHER_PERSON}) | extra
    return seen.danger.dangers | extra


def _dangers_of_needs(seen: _Seen, dangers: frozenset[Danger]) -> frozenset[Danger]:
    """Dangers that bring needs with them; harm by a worker brings that of harm by anybody."""
    if not seen.urgent:
        return frozenset()
    return dangers | {Danger.OTHER_PERSON} if seen.alleged else dangers


def _deciding(seen: _Seen, intent: Intent) -> tuple[Found, ...]:
    if seen.urgent:
        return seen.danger.found + seen.staff.found
    if seen.opt_out or any(intent is wished for _, wished in _WISH_INTENT):
        return seen.wishes.found
    if intent in _MOOD_INTENT.values():
        return seen.mood_found
    if intent is Intent.AUTOREPLY:
        return tuple(seen.hits.get("machine/autoreply", ()))
    return seen.staff.found


def _fallback_quotes(seen: _Seen, intent: Intent) -> tuple[str, ...]:
    """The digit or the short text itself, when no phrase decided."""
    quote = seen.read.pick.quote
    if quote and intent is not Intent.OTHER:
        return (quote,)
    short = len(seen.reading.original) <= 40 and intent not in (Intent.OTHER, Intent.EMPTY_NOISE)
    return (seen.reading.original.strip(),) if short and seen.reading.original.strip() else ()
