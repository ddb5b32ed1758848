"""The list of open alerts, and one alert from its first minute to its outcome."""

from dataclasses import dataclass, field

from messages.kinds import Deadline
from web.shapes.pieces import (
    Choice,
    ConversationDay,
    Errors,
    Fact,
    Link,
    OwnWords,
    PostButton,
    Span,
    StateBadge,
    Step,
    WeekLine,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertCard:
    """One alert in a list.

    ``left`` "37 min left" or "12 min late"; ``by`` "by 11:15am" or "was 10:40am"; ``why`` follows the
    name ("asks for a call"). ``lead`` stands before ``words`` ("Kofi's plan if he goes quiet:"), ``then``
    says what happened and who is told next. ``take`` is None once taken; ``taken`` then says by whom.
    ``watched`` puts the ink warning before any button.
    """

    id: str
    deadline: Deadline
    left: str
    by: str
    name: str
    href: str
    why: str
    lead: str = ""
    words: tuple[Span, ...] = ()
    lang: str = ""
    then: str = ""
    take: PostButton | None = None
    taken: str = ""
    links: tuple[Link, ...] = ()
    watched: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertsPage:
    """``stamp`` is the moment of the page in words, ``lead`` the opening sentence; cards by deadline."""

    stamp: str
    lead: str
    cards: tuple[AlertCard, ...]
    #: Taken, outcome still owed.
    taken: tuple[AlertCard, ...] = ()
    #: What to say when there is none: "No alerts. The last one, Jay Whitlock's, was closed yesterday."
    empty: str = "No open alerts."
    #: How long each deadline gives, and who is told after it.
    terms: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Safety:
    """Whether it is safe to ring and text: ``strong`` first ("Safe to ring and text.")."""

    strong: str
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Whereabouts:
    """What to tell 999. ``address`` empty = we have none, ``note`` says so."""

    lead: str
    address: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lately:
    heading: str
    state: StateBadge
    weeks: WeekLine
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeForm:
    """How an alert closes. Posted: ``outcome`` (a value of ``kinds``), ``note``, ``idempotency``; with
    ``takes`` also ``take`` (yes): nobody has it, and who closes it takes it.
    """

    action: str
    idempotency: str
    kinds: tuple[Choice, ...]
    chosen: str = ""
    note: str = ""
    #: The first name, for "Leanne may read this one day".
    first_name: str = "They"
    takes: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A closed alert: ``words`` the kind, ``by`` who and when."""

    words: str
    note: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertPage:
    """One alert. ``headline`` is a sentence ("Leanne may be in danger"), ``left`` "3 min left" and
    ``until`` "until 10:41am"; ``source`` says who, how old, how and when it came. ``take`` and ``code``
    ("OK 7K4") are there until it is taken, ``outcome`` from then until it is closed, ``closed`` after.
    ``call`` is left None when nobody may ring. ``put_right`` leads to where what it tells of is put right.
    ``procedure`` links to the council's own procedure.
    ``unsaved`` is what the reader wrote when somebody else had closed it.
    """

    deadline: Deadline
    left: str
    until: str
    headline: str
    source: str
    words: tuple[Span, ...] = ()
    lang: str = ""
    safety: Safety | None = None
    take: PostButton | None = None
    code: str = ""
    taken: str = ""
    call: Link | None = None
    pass_on: Link | None = None
    whereabouts: Whereabouts | None = None
    procedure: Link | None = None
    put_right: Link | None = None
    days: tuple[ConversationDay, ...] = ()
    whole: Link | None = None
    chain: tuple[Step, ...] = ()
    chain_lead: str = ""
    helps: OwnWords | None = None
    lately: Lately | None = None
    outcome: OutcomeForm | None = None
    closed: Outcome | None = None
    unsaved: str = ""
    errors: Errors = field(default_factory=dict)
