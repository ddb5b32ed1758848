"""One text, one understanding: the trained reader's chances, and what can be read exactly beside them."""

from dataclasses import dataclass

from messages.understand import trained
from messages.understand.about_staff import StaffRead, as_role, read_about_staff
from messages.understand.answers import Answer, read_answer
from messages.understand.bareness import is_bare
from messages.understand.danger import DangerRead, read_danger
from messages.understand.languages import read_language
from messages.understand.lexicon import Hits, hits_of, lexicon
from messages.understand.reading import Reading, read
from messages.understand.reasons import deciding_words, quotes
from messages.understand.signs import is_noise, mood_of_signs
from messages.understand.trained import Scores
from messages.understand.wishes import WishesRead, read_wishes
from messages.understanding import AboutStaff, Context, Danger, Detail, Intent, Need, Understanding, Wish

#: No text message is longer, nor one on Telegram (4,096 letters): of more, the two ends are read.
_MOST_LETTERS, _BEGINNING = 4_200, 3_200
#: The least chance of a machine's text, which nobody need read; and the share of the line of danger from
#: which on it is none, however like a machine it sounds.
_MACHINE, _NO_DANGER = 0.25, 0.5
#: A digit among more words than these says how they are, but is not all that is said.
_SHORT = 3
_MOOD_OF_DIGIT = {"1": 1, "2": 0, "3": -1, "4": None}
_MOODS = {"low": -1, "ok": 0, "good": 1, "unsaid": None}
_MOOD_INTENT = {1: Intent.MOOD_GOOD, 0: Intent.MOOD_OK, -1: Intent.MOOD_LOW}
_WISH_INTENT = {
    Wish.START: Intent.OPT_IN,
    Wish.WRONG_NUMBER: Intent.WRONG_PERSON,
    Wish.NEW_NUMBER: Intent.NEW_NUMBER,
    Wish.CALL_ME: Intent.CALL_ME,
    Wish.PAUSE: Intent.PAUSE,
    Wish.WHO: Intent.HELP_INFO,
    Wish.ROBOT: Intent.HELP_INFO,
    Wish.HELP: Intent.HELP_INFO,
    Wish.TOPIC: Intent.HELP_INFO,
}
#: What a wish in plain words is more than.
_VAGUE = frozenset({Intent.MOOD_GOOD, Intent.MOOD_OK, Intent.MOOD_LOW, Intent.OTHER, Intent.ACK_THANKS})
_SURVEYS = frozenset({Context.SURVEY_SCALE, Context.SURVEY_YESNO, Context.SURVEY_CHOICE, Context.SURVEY_FREE})
#: What is no opinion, though it came in answer to an open question.
_NO_OPINION = frozenset({
    Intent.AUTOREPLY, Intent.CALL_ME, Intent.EMPTY_NOISE, Intent.HELP_INFO, Intent.NEW_NUMBER, Intent.OPT_IN,
    Intent.PAUSE, Intent.WRONG_PERSON,
})  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """Everything read from one text, before one intent is chosen."""

    context: Context
    #: As the trained reader took it: with "my pa" for the worker whom it accuses.
    wording: str
    reading: Reading
    scores: Scores
    danger: DangerRead
    topics: Hits
    wishes: WishesRead
    staff: StaffRead
    noise: bool
    #: What was picked or said in answer to the question, before anything else is known.
    read: Answer
    language: str | None

    @property
    def survey(self) -> bool:
        return self.context in _SURVEYS

    @property
    def urgent(self) -> bool:
        if self.wishes.alone:
            return Wish.SHOUT in self.wishes.wishes
        return self.danger.urgent or self.alleged or Wish.SHOUT in self.wishes.wishes

    @property
    def alleged(self) -> bool:
        return self.staff.about is AboutStaff.ALLEGATION

    @property
    def opt_out(self) -> bool:
        return bool({Wish.STOP, Wish.ENDED} & set(self.wishes.wishes))

    @property
    def likeliest(self) -> Intent:
        """Of the intents that are left when a text is neither urgent nor an opt-out."""
        barred = {Intent.CRISIS, Intent.SAFEGUARDING, Intent.OPT_OUT}
        if self.wishes.no_call:
            barred.add(Intent.CALL_ME)
        if not self.survey:
            barred.add(Intent.SURVEY_ANSWER)
        chances = {intent: self.scores.chance("intent", intent) for intent in Intent if intent not in barred}
        return max(chances, key=lambda intent: chances[intent])

    @property
    def machine(self) -> bool:
        """No machine answers a question: "c, my worker is always in a meeting"."""
        if self.urgent or self.wishes.alone or self.danger.by_other:
            return False
        if self.danger.chance >= _NO_DANGER * self.scores.lines["urgent"]:
            return False
        answers_first = self.survey and self.read.given is not None and self.read.leads
        likely = self.scores.chance("intent", Intent.AUTOREPLY) >= _MACHINE
        return likely and self.likeliest is Intent.AUTOREPLY and not answers_first

    @property
    def picked_mood(self) -> bool:
        counts_days = self.wishes.pause_days is not None and not self.read.pick.leads
        return (
            self.context is Context.CHECK_IN and self.read.pick.chosen in _MOOD_OF_DIGIT and not counts_days
        )

    @property
    def mood(self) -> int | None:
        if self.urgent:
            return -1
        if self.survey or self.danger.by_other or self.wishes.alone:
            return None
        if self.picked_mood:
            return _MOOD_OF_DIGIT[self.read.pick.chosen or ""]
        if not self.reading.words:
            return mood_of_signs(self.reading)
        return _MOODS[self.scores.best("mood")]

    @property
    def answer(self) -> str | None:
        """What a survey counts: no keyword, no cry for help, no "no" of the wrong person or of a machine."""
        if not self.survey or self.wishes.alone:
            return None
        if self.context is Context.SURVEY_FREE:
            opinion = not self.danger.urgent and self.likeliest not in _NO_OPINION
            return self.read.given if opinion else None
        other = self.machine or {Wish.PAUSE, Wish.WRONG_NUMBER} & set(self.wishes.wishes)
        return None if other and self.context is Context.SURVEY_YESNO else self.read.given

    @property
    def needs(self) -> tuple[Need, ...]:
        said = self.scores.said("need") | {need for need in Need if f"needs/{need}" in self.topics}
        if self.urgent and (self.alleged or Danger.OTHER_PERSON in self.danger.dangers):
            said |= {Need.RELATIONSHIPS_ABUSE}
        if self.urgent and Danger.OWN_LIFE in self.danger.dangers:
            said |= {Need.MENTAL_HEALTH}
        return tuple(need for need in Need if need in said) or (Need.NONE,)

    @property
    def bare(self) -> bool:
        """An alert, a worker or a topic named is content, whatever words it took."""
        if self.wishes.alone:
            return True
        said_more = self.urgent or self.staff.about or self.danger.dangers or self.machine
        return not said_more and is_bare(self.reading, self.wishes)


def understand(
    text: str, context: Context, *, staff_names: frozenset[str] = frozenset(), explain: bool = True
) -> Understanding:
    """What the service makes of a text. Pure; never raises; time linear in the length of the text.

    ``context``: what was last asked. ``staff_names``: first names of workers, any case. ``explain``: also
    look for the words that decided, which takes some ten times as long where danger was heard.
    """
    seen = _see(text, context, staff_names)
    intent, confidence = _intent(seen)
    return Understanding(
        intent=intent,
        urgent=seen.urgent,
        opt_out=seen.opt_out,
        mood=seen.mood,
        needs=seen.needs,
        answer=seen.answer,
        detail=Detail(
            dangers=_dangers(seen),
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
        why=_why(seen, intent) if explain else (),
        confidence=confidence,
    )


def _see(text: str, context: Context, staff_names: frozenset[str]) -> _Seen:
    lists = lexicon()
    text = _clipped(text)
    reading = read(text, lists.spelling)
    scores = trained.read(text, context)
    if reading.hidden:
        scores = scores.surer(trained.read(" ".join(reading.words), context))
    # Names of workers are words as well ("no hope left"): read as names only where a worker is accused.
    wording = as_role(text, staff_names)
    of_worker = trained.read(wording, context) if wording != text else scores
    staff = read_about_staff(of_worker, lists, reading, staff_names)
    alleged = staff.about is AboutStaff.ALLEGATION
    if not alleged:
        wording = text
    topics = hits_of(lists.topics, reading)
    danger = read_danger(of_worker if alleged else scores, reading, topics, alleged=alleged)
    answer = read_answer(reading, context)
    wishes = read_wishes(scores, lists, reading, danger=danger.urgent, by_other=danger.by_other)
    if context is Context.CHECK_IN and answer.pick.chosen == "4" and answer.pick.leads:
        wishes = wishes.with_call(reading)
    return _Seen(
        context=context,
        wording=wording,
        reading=reading,
        scores=scores,
        danger=danger,
        topics=topics,
        wishes=wishes,
        staff=staff,
        noise=is_noise(reading),
        read=answer,
        language=read_language(scores, reading.cleaned),
    )


def _clipped(text: str) -> str:
    if len(text) <= _MOST_LETTERS:
        return text
    return f"{text[:_BEGINNING]}\n{text[_BEGINNING - _MOST_LETTERS :]}"


def _intent(seen: _Seen) -> tuple[Intent, float]:
    if seen.urgent:
        return _urgent_intent(seen), max(seen.danger.chance, 0.5)
    if seen.opt_out:
        return Intent.OPT_OUT, 1.0 if seen.wishes.alone else seen.scores.chance("opt_out")
    if seen.wishes.alone:
        return _WISH_INTENT.get(seen.wishes.wishes[0], Intent.OTHER), 1.0
    if seen.machine:
        return Intent.AUTOREPLY, seen.scores.chance("intent", Intent.AUTOREPLY)
    return _exact(seen) or (seen.likeliest, seen.scores.chance("intent", seen.likeliest))


def _exact(seen: _Seen) -> tuple[Intent, float] | None:
    """What needs no guess: a question that was answered or passed over, a digit, nothing said at all."""
    answered = seen.survey and (seen.answer is not None or seen.read.skipped)
    if answered and not seen.read.asks:
        return Intent.SURVEY_ANSWER, 0.95
    if seen.picked_mood and seen.mood is not None and len(seen.reading.words) <= _SHORT:
        return _MOOD_INTENT[seen.mood], 0.95
    if seen.wishes.found and not seen.survey and seen.likeliest in _VAGUE:
        return _WISH_INTENT.get(seen.wishes.wishes[0], seen.likeliest), 0.7
    if seen.reading.words:
        return (Intent.EMPTY_NOISE, 0.9) if seen.noise else None
    if seen.mood is not None and seen.context is Context.CHECK_IN:
        return _MOOD_INTENT[seen.mood], 0.9
    return (Intent.EMPTY_NOISE, 0.9) if seen.noise else None


def _urgent_intent(seen: _Seen) -> Intent:
    if Wish.SHOUT in seen.wishes.wishes:
        return Intent.CRISIS
    if seen.danger.only_vague and Wish.CALL_ME in seen.wishes.wishes:
        return Intent.CALL_ME
    crisis, other = (seen.scores.chance("intent", each) for each in (Intent.CRISIS, Intent.SAFEGUARDING))
    return Intent.CRISIS if crisis > other else Intent.SAFEGUARDING


def _dangers(seen: _Seen) -> frozenset[Danger]:
    if seen.wishes.alone:
        return frozenset({Danger.OWN_LIFE} if Wish.SHOUT in seen.wishes.wishes else ())
    shout = {Danger.OWN_LIFE} if Wish.SHOUT in seen.wishes.wishes else set()
    return seen.danger.dangers | shout


def _why(seen: _Seen, intent: Intent) -> tuple[str, ...]:
    """The words that decided, as they stand in the text."""
    if seen.danger.urgent and not seen.wishes.alone:
        return deciding_words(seen.wording, seen.reading, seen.context, "urgent")
    if seen.alleged:
        return deciding_words(seen.wording, seen.reading, seen.context, "about_staff", AboutStaff.ALLEGATION)
    if seen.opt_out and not seen.wishes.alone:
        return deciding_words(seen.wording, seen.reading, seen.context, "opt_out")
    if found := quotes(seen.reading, seen.wishes.found):
        return found
    if seen.read.pick.quote and intent is not Intent.OTHER:
        return (seen.read.pick.quote,)
    short = len(seen.reading.original) <= 40 and intent not in (Intent.OTHER, Intent.EMPTY_NOISE)
    return (seen.reading.original.strip(),) if short and seen.reading.original.strip() else ()
