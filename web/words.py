"""How people, states, kinds and readings are said on pages: rows in, words out. No queries here."""

import json
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from messages import phones
from messages.channel import ChannelName
from messages.kinds import ALERT_TERMS, AlertKind, ContactMethod, NotCounted, OutboundKind
from scheduler.circumstances import SILENT
from scheduler.in_touch import InTouch, Standing
from storage.alerts import Outcome, StepRole
from storage.people import Cadence, Person, PersonState, Risk, StateKind, Status
from web import formats
from web.shapes.pieces import Choice, Span, StateBadge, Touch

STATUS_WORDS = {
    Status.ELIGIBLE: "Eligible",
    Status.RELEVANT: "Relevant",
    Status.FORMER_RELEVANT: "Former relevant",
    Status.QUALIFYING: "Qualifying",
    Status.NONE: "No current eligibility",
}
STATE_WORDS = {
    StateKind.CUSTODY: "In custody",
    StateKind.MISSING: "Missing",
    StateKind.HOSPITAL: "In hospital",
    StateKind.ABROAD: "Abroad",
    StateKind.DEATH_REPORTED: "A death was reported",
    StateKind.DIED: "Died",
}
CADENCE_WORDS = {
    Cadence.WEEKLY: "Weekly",
    Cadence.FORTNIGHTLY: "Fortnightly",
    Cadence.FOUR_WEEKLY: "Every four weeks",
    Cadence.EIGHT_WEEKLY: "Every eight weeks",
}
CHANNEL_WORDS = {ChannelName.SMS: "SMS", ChannelName.TELEGRAM: "Telegram"}
KIND_WORDS = {
    OutboundKind.WELCOME: "Welcome",
    OutboundKind.NEW_ADVISER: "New adviser",
    OutboundKind.CHECK_IN: "Check-in",
    OutboundKind.NUDGE: "Nudge",
    OutboundKind.ANSWER: "Automatic reply",
    OutboundKind.DANGER_ANSWER: "Automatic reply to a danger",
    OutboundKind.STOP_CONFIRMATION: "Automatic reply",
}
NOT_COUNTED_WORDS = {
    NotCounted.NOT_ENROLLED: "not enrolled",
    NotCounted.UNCONFIRMED_ADDRESS: "from a number that nobody has confirmed",
    NotCounted.AUTOREPLY: "an automatic reply",
    NotCounted.BARE_STOP: "only STOP",
    NotCounted.WRONG_PERSON: "somebody else has this number",
    NotCounted.THIRD_PARTY: "somebody else wrote it",
    NotCounted.DISPUTED: "the number is disputed",
    NotCounted.NOISE: "nothing in it",
    NotCounted.CUSTODY: "in custody: somebody must say whose it is",
    NotCounted.SHARED_NUMBER: "from a shared number",
    NotCounted.CORRECTED: "corrected by staff",
}
METHOD_WORDS = {
    ContactMethod.TEXT: "Text",
    ContactMethod.TELEGRAM: "Telegram",
    ContactMethod.CALL: "Call",
    ContactMethod.VISIT: "Visit",
    ContactMethod.LETTER: "Letter",
    ContactMethod.AGENCY: "Through another agency",
    ContactMethod.OTHER: "Something else",
}
OUTCOMES = (
    Choice(value=Outcome.SPOKE, label="Spoke with them"),
    Choice(value=Outcome.SAW, label="Saw them"),
    Choice(value=Outcome.EMERGENCY_SERVICES, label="999 or hospital"),
    Choice(value=Outcome.PASSED_ON, label="Handed to another service", hint="Say to whom"),
    Choice(value=Outcome.FALSE_ALARM, label="Misread: nothing in it", hint="Say how you know"),
    Choice(
        value=Outcome.NO_ANSWER,
        label="Could not reach them",
        hint="Say what you tried and who goes on trying",
    ),
    Choice(value=Outcome.DONE, label="Something else was done", hint="Say what"),
)
ROLE_WORDS = {
    StepRole.NAMED: "the colleague it was passed to",
    StepRole.ADVISER: "adviser",
    StepRole.INFORMED: "for information",
    StepRole.SOCIAL_WORKER: "social worker",
    StepRole.COVER: "cover",
    StepRole.DUTY: "duty",
    StepRole.ON_CALL: "on call",
    StepRole.OUT_OF_HOURS: "out-of-hours team",
    StepRole.MANAGER: "manager",
    StepRole.SENIOR: "senior",
    StepRole.OPERATOR: "operator",
}
_TOUCH = {
    InTouch.IN_TOUCH: StateBadge(touch=Touch.IN, words="In touch"),
    InTouch.DRIFTING: StateBadge(touch=Touch.DRIFTING, words="Drifting"),
    InTouch.OUT_OF_TOUCH: StateBadge(touch=Touch.OUT, words="Out of touch"),
}
#: Reasons that are a clause of their own and do not follow a name.
_NOT_A_VERB = re.compile(r"(someone|a|an|the|possible)\b")
_MOODS = {1: "good", 0: "ok", -1: "low"}


def full_name(person: Person) -> str:
    return f"{first_name(person)} {person.last_name}".strip()


def first_name(person: Person) -> str:
    """What they are called; somebody without a name by their reference, so that no page is nameless."""
    return (person.preferred_name or "").strip() or person.first_name.strip() or person.case_id


def after_name(kind: AlertKind) -> str:
    """What stands behind a name in a list: "asks for a call", "(the number is in doubt)"."""
    said = ALERT_TERMS[kind].words
    return f"({said})" if _NOT_A_VERB.match(said) else said


def headline(kind: AlertKind, name: str) -> str:
    said = ALERT_TERMS[kind].words
    return f"{name}: {said}" if _NOT_A_VERB.match(said) else f"{name} {said}"


def badge(states: Sequence[PersonState], standing: Standing, *, enrolled: bool) -> StateBadge:
    """``states``: those that hold today. A state that silences us comes before how in touch we are."""
    gone = next((one.kind for one in states if one.kind in (StateKind.DIED, StateKind.DEATH_REPORTED)), None)
    if gone is not None:
        return StateBadge(touch=Touch.NONE, words=STATE_WORDS[gone])
    if not enrolled and standing.last_two_way_at is None:
        return StateBadge(touch=Touch.NONE, words="Not enrolled")
    return _TOUCH[standing.state]


def silencing(states: Sequence[PersonState]) -> PersonState | None:
    """The state in force that stops every text."""
    return next((one for one in states if one.kind in SILENT), None)


def risk_words(risk: Risk) -> str:
    return {Risk.STANDARD: "", Risk.RAISED: "Raised risk.", Risk.HIGH: "High risk."}[risk]


def address(channel: ChannelName, value: str) -> str:
    """As it is read aloud; a chat id tells nobody anything."""
    return phones.friendly(value) if channel is ChannelName.SMS else "Telegram chat"


def spans(text: str, why: Sequence[str] = ()) -> tuple[Span, ...]:
    """The text as written, with each of the words that decided marked where it stands."""
    found = [re.escape(word.strip(" \"'“”‘’")) for word in why if word.strip(" \"'“”‘’")]
    if not found or not text:
        return (Span(text=text),) if text else ()
    longest_first = "|".join(sorted(found, key=len, reverse=True))
    parts = re.split(rf"({longest_first})", text, flags=re.IGNORECASE)
    return tuple(Span(text=part, raised=bool(at % 2)) for at, part in enumerate(parts) if part)


def reading_of(stored: str | None) -> dict[str, Any]:
    return dict(json.loads(stored)) if stored else {}


def read_as(reading: dict[str, Any]) -> tuple[str, ...]:
    """What the service made of a text, in the words that staff use."""
    detail = reading.get("detail") or {}
    said: list[str] = [*detail.get("dangers", ())]
    if reading.get("mood") in _MOODS:
        said.append(_MOODS[reading["mood"]])
    said += [*detail.get("wishes", ()), *(need for need in reading.get("needs", ()) if need != "none")]
    said += ["about a worker"] if detail.get("about_staff") else []
    return tuple(dict.fromkeys(word.replace("_", " ") for word in said))


def language_of(reading: dict[str, Any], otherwise: str) -> str:
    return str((reading.get("detail") or {}).get("language") or otherwise)


def heard(at: datetime | None, now: datetime) -> str:
    """As in "Last heard from today, 10:15am."."""
    if at is None:
        return "Never heard from."
    said = formats.moment(at, now)
    weeks = (now - at).days // 7
    return (
        f"Last heard from {said[0].lower() if said.startswith(('Today', 'Yester')) else said[0]}{said[1:]}"
        + (f", {weeks} weeks ago." if weeks >= 3 else ".")
    )
