"""A person's page, and the two small forms that belong to it."""

from dataclasses import dataclass, field
from enum import StrEnum

from web.shapes.alerts import AlertCard
from web.shapes.pieces import (
    Choice,
    ConversationDay,
    DateField,
    Declaration,
    Errors,
    Fact,
    Link,
    MessageBubble,
    NavItem,
    OwnWords,
    StateBadge,
    Step,
    WeekLine,
)


class PersonTab(StrEnum):
    CONVERSATION = "conversation"
    CONTACTS = "contacts"


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentCount:
    """What a reply costs, as the server counts it. ``note`` explains a surprise ("an emoji doubles it")."""

    characters: int
    limit: int
    segments: int
    cost: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyBox:
    """Posted: ``reply``, ``idempotency``, and one of ``do`` = send or count, or ``ready`` = a value."""

    action: str
    idempotency: str
    hint: str
    count: SegmentCount
    text: str = ""
    lang: str = ""
    draft: str = ""
    ready: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """The declaration on a person's page. ``number`` as read aloud; ``blocked`` = why it cannot be made.

    Posted beside the fields of ``Declaration``: ``address``, the id of the number that was shown.
    """

    action: str
    idempotency: str
    number: str
    declaration: Declaration
    address: str = ""
    blocked: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberForm:
    """Confirming the number of somebody enrolled, or writing down another. ``lead`` says what is in doubt.

    Posted beside the fields of ``Declaration`` (without ``told``): ``mobile``, as typed, and ``address``, the
    id of the number that was shown.
    """

    action: str
    idempotency: str
    heading: str
    lead: str
    mobile: str
    declaration: Declaration
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeathReport:
    """For a manager: the death that was reported was none. Posted: ``reason``, ``idempotency``."""

    action: str
    idempotency: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LastWeeks:
    weeks: WeekLine
    facts: tuple[Fact, ...]
    #: "With nothing more, Jay counts as in touch until Tue 19 Jan 2027."
    until: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NextCheckIn:
    """``heading`` "Next check-in: Tue 8 Dec, 10:00am"; ``silence`` what happens without an answer."""

    heading: str
    rhythm: str
    silence: tuple[Step, ...] = ()
    change: Link | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactRow:
    """``what`` "Call. Spoken with"; ``counts`` in words ("Counts as in touch", "We tried")."""

    when: str
    what: str
    who: str
    counts: str
    note: str = ""
    not_counted: str = ""
    correct_href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something to know before anything else: custody, missing, hospital, STOP, restricted thread."""

    heading: str
    text: str
    link: Link | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonPage:
    """``facts`` one line of short sentences. Without ``reply``, ``no_reply`` says why nobody can text, and
    ``unsent`` is what was written before that was so.
    """

    name: str
    first_name: str
    facts: str
    state: StateBadge
    tab: PersonTab
    tabs: tuple[NavItem, ...]
    actions: tuple[Link, ...] = ()
    more: tuple[Link, ...] = ()
    notice: Notice | None = None
    alerts: tuple[AlertCard, ...] = ()
    death_report: DeathReport | None = None
    enrolment: Enrolment | None = None
    number: NumberForm | None = None
    days: tuple[ConversationDay, ...] = ()
    earlier_href: str = ""
    no_messages: str = "No messages yet."
    reply: ReplyBox | None = None
    no_reply: str = ""
    unsent: str = ""
    contacts: tuple[ContactRow, ...] = ()
    no_contacts: str = "No contacts yet."
    last_weeks: LastWeeks | None = None
    next_check_in: NextCheckIn | None = None
    no_check_in: str = ""
    quiet_plan: OwnWords | None = None
    no_quiet_plan: str = ""
    reach: tuple[Fact, ...] = ()
    reach_link: Link | None = None
    due: tuple[Fact, ...] = ()
    errors: Errors = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class LogContactPage:
    """Posted: ``method`` (a value of ``methods``), ``two_way`` (yes/no), ``on-day/-month/-year``, ``at``
    (as typed, "5:15pm"), ``note``, ``idempotency``.
    """

    name: str
    first_name: str
    back: Link
    action: str
    idempotency: str
    methods: tuple[Choice, ...]
    method: str = ""
    two_way: str = ""
    on: DateField = field(default_factory=DateField)
    at: str = ""
    note: str = ""
    errors: Errors = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactCorrectPage:
    """Say whether a reply counts. Posted: ``counts`` (yes/no), ``reason`` (a value of ``reasons``, with
    no), ``note``, ``idempotency``. ``standing`` says how it is
    now ("Received, not counted: an autoreply").
    """

    name: str
    first_name: str
    back: Link
    action: str
    idempotency: str
    message: MessageBubble
    standing: str
    reasons: tuple[Choice, ...]
    counts: str = ""
    reason: str = ""
    note: str = ""
    errors: Errors = field(default_factory=dict)
