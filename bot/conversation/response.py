"""What should happen after a text: data, made by ``decide`` and written by ``apply``."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

from messages.kinds import AlertKind, NotCounted, OutboundKind
from messages.wordings import PhraseKey, WordingKey
from storage.people import Cadence


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One text back. ``apply`` fills the placeholders and puts ``phrase`` into the person's language."""

    key: WordingKey
    kind: OutboundKind = OutboundKind.ANSWER
    phrase: PhraseKey | None = None
    until: datetime | None = None
    after: timedelta = timedelta()


@dataclass(frozen=True, slots=True, kw_only=True)
class Raise:
    """One alert. ``person_id`` None: it belongs to duty."""

    kind: AlertKind
    person_id: UUID | None
    why: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    watched: bool = False
    #: Never told: the worker it is about.
    about_staff_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OptOut:
    """Texting ends: on every channel of the people of this address, or (``everywhere`` False) here only."""

    everywhere: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class OptIn:
    #: Only what a block had closed; the word STOP stays in force.
    unblocked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class SetCadence:
    cadence: Cadence


@dataclass(frozen=True, slots=True, kw_only=True)
class SetWindow:
    start: time
    end: time


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """Somebody at this address says that they are not the person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerCheckIn:
    check_in_id: UUID
    mood: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StopAnswers:
    """No automatic answer to this address until then: a machine seems to be talking."""

    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FreezeForDeath:
    """Somebody reports a death: sending stops at once, before anyone confirms."""


Change = (
    OptOut
    | OptIn
    | Pause
    | Resume
    | SetCadence
    | SetWindow
    | Dispute
    | AnswerCheckIn
    | StopAnswers
    | FreezeForDeath
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """The contact this text is: two-way, or received with the reason why it does not count."""

    not_counted: NotCounted | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    #: Sent in this order; more than one only when an opt-out is confirmed after an answer to danger.
    replies: tuple[Reply, ...] = ()
    #: A queued answer to an earlier part that this one replaces.
    replaces: UUID | None = None
    changes: tuple[Change, ...] = ()
    alerts: tuple[Raise, ...] = ()
    contact: Counted | None = None
