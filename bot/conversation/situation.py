"""What is known when a text is read: a frozen picture, so that deciding needs no database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from messages.channel import CarrierKeyword, ChannelName, InboundKind
from messages.kinds import OutboundKind
from messages.understanding import Context


class Sender(StrEnum):
    """Whose text it is, as far as the address can say."""

    #: An enrolled person's confirmed address, theirs alone.
    KNOWN = "known"
    #: A person is known, but nothing automatic may go to them yet.
    UNENROLLED = "unenrolled"
    #: An enrolled person's address that nobody has confirmed, or not since custody.
    UNCONFIRMED = "unconfirmed"
    #: The address belongs to several people.
    SHARED = "shared"
    #: Somebody said that this number is not the person's.
    DISPUTED = "disputed"
    #: A number never seen.
    STRANGER = "stranger"


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """A text of this sender shortly before."""

    id: UUID
    at: datetime
    text: str
    #: It was read as a machine's.
    machine: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A text of ours to this address shortly before. ``wording`` is ``key/language/variant``."""

    id: UUID
    at: datetime
    body: str
    wording: str
    kind: OutboundKind
    queued: bool
    answers_id: UUID | None

    @property
    def key(self) -> str:
        return self.wording.split("/")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCheckIn:
    id: UUID
    #: Mood of the check-in before this one, if that was answered.
    mood_before: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Whom:
    """The young person, as far as an answer needs to know."""

    id: UUID
    #: How texts may call them; None: no name may be used.
    called: str | None
    age: int
    language: str
    watched: bool
    at_risk: bool
    #: What they live by, and whether they may change it (not at high risk).
    cadence: str
    may_change_cadence: bool = True
    in_custody: bool = False
    missing: bool = False
    #: Died, or somebody said so.
    frozen: bool = False
    adviser_id: UUID | None = None
    #: First name; empty where no text may use it.
    adviser_name: str = ""
    opted_out: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    now: datetime
    today: date
    message_id: UUID
    kind: InboundKind
    channel: ChannelName
    text: str
    has_media: bool
    carrier_keyword: CarrierKeyword | None
    sender: Sender
    #: KNOWN and UNENROLLED: one; SHARED and DISPUTED: everybody who has the address.
    people: tuple[Whom, ...] = ()
    check_in: OpenCheckIn | None = None
    context: Context = Context.NONE
    #: This sender's texts of the last day, oldest first, without this one.
    earlier: tuple[Earlier, ...] = ()
    #: Ours to this address in the last day, oldest first.
    said: tuple[Said, ...] = ()
    #: Wordings sent to this address in half a year (for "who is this?" asked twice, one apology ever).
    ever_said: frozenset[str] = frozenset()
    answers_stopped: bool = False
    #: A danger was answered within the last hours, on whichever channel.
    danger_answered: bool = False
    working_time: bool = True
    #: When somebody is back; now, in working time.
    back_at: datetime | None = None
    #: When a person must have read it, if it is more than an answer we asked for.
    read_by: datetime | None = None
    #: Staff by first name, casefolded: whom a text about a worker may mean.
    workers: Mapping[str, tuple[UUID, ...]] = field(default_factory=dict)

    @property
    def whom(self) -> Whom | None:
        """The one person this text is from, when that is known."""
        return None if self.sender is Sender.DISPUTED else self.owner

    @property
    def owner(self) -> Whom | None:
        """The one person whose address it is, whoever may be writing."""
        return self.people[0] if len(self.people) == 1 else None

    @property
    def watched(self) -> bool:
        return self.sender is Sender.SHARED or any(person.watched for person in self.people)

    @property
    def language(self) -> str:
        return self.people[0].language if self.people else "en"

    def said_since(self, ago: timedelta) -> Sequence[Said]:
        return [text for text in self.said if text.at > self.now - ago]

    def together(self, within: timedelta) -> tuple[Earlier, ...]:
        """The texts that are read with this one: each within ``within`` of the next."""
        chain: list[Earlier] = []
        edge = self.now
        for text in reversed(self.earlier):
            if edge - text.at > within:
                break
            chain.insert(0, text)
            edge = text.at
        return tuple(chain)

    def repeats_itself(self, within: timedelta) -> bool:
        """The same words as the sender's last text, shortly before."""
        last = self.earlier[-1] if self.earlier else None
        return last is not None and last.text == self.text and self.now - last.at < within
