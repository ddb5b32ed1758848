"""The parts that many pages share: frame, badges, lines, cards' buttons, messages, steps, forms."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A way to somewhere. ``hidden`` is read out after the label, to tell like links apart."""

    label: str
    href: str
    hidden: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PostButton:
    """A one-button form. ``name`` and ``value`` go with the button when given."""

    label: str
    action: str
    hidden: str = ""
    idempotency: str = ""
    name: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NavItem:
    label: str
    href: str
    current: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchBox:
    """A GET form with one field ``q``."""

    action: str
    query: str = ""


class StripKind(StrEnum):
    #: Red: an alert *now* that nobody took, or something that keeps people safe is down.
    NOW = "now"
    #: Ink with a double white edge: this phone may be watched.
    WATCHED = "watched"


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """One line above the masthead. Initials only, never a name: every member of staff sees red ones."""

    kind: StripKind
    strong: str
    text: str = ""
    button: PostButton | None = None
    link: Link | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chrome:
    """The frame of a page.

    ``council`` is the short name ("Westhaven"), ``authority`` the full one ("Westhaven Council").
    ``staff`` is true only for somebody signed in: page title and masthead name the service only then.
    ``nonce`` goes on the one script tag when the policy asks for one. ``answer``: the page answers a form
    and is not to be asked for again.
    """

    council: str
    authority: str
    staff: bool = True
    service: str = "Keep in Touch"
    home_href: str = "/"
    nav: tuple[NavItem, ...] = ()
    user: NavItem | None = None
    sign_out: PostButton | None = None
    search: SearchBox | None = None
    demo: bool = False
    strips: tuple[Strip, ...] = ()
    help_href: str = "/help"
    accessibility_href: str = "/accessibility"
    privacy_href: str = "/notice"
    nonce: str = ""
    answer: bool = False


class Touch(StrEnum):
    IN = "in"
    DRIFTING = "drift"
    OUT = "out"
    #: No clock to show: died, or nothing known yet.
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class StateBadge:
    """``words`` as staff say it: "In touch", "Drifting", "Out of touch", "Not enrolled", "In custody"."""

    touch: Touch
    words: str


class WeekDot(StrEnum):
    HEARD = "heard"
    SEEN = "seen"
    TRIED = "tried"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekLine:
    """Eight dots, oldest first, and the same in words ("Jay, last 8 weeks: heard from in week 8")."""

    dots: tuple[WeekDot, ...]
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A piece of somebody's words. ``raised`` = it raised the alert and is underlined."""

    text: str
    raised: bool = False
    #: Staff phones in the simulator only: our own links.
    href: str = ""


class Standing(StrEnum):
    DONE = "done"
    TO_COME = "to_come"
    #: Waiting on the reader, or on somebody to take it: red.
    WAITING = "waiting"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    when: str
    what: str
    standing: Standing = Standing.TO_COME


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One line of a list of facts; ``more`` is a lighter second line."""

    term: str
    value: str
    more: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnWords:
    """An apricot panel: the young person's own words or wishes, and nothing else."""

    heading: str
    words: str
    lang: str = ""
    notes: tuple[str, ...] = ()
    call: Link | None = None
    link: Link | None = None


class Side(StrEnum):
    #: Theirs: left, white.
    IN = "in"
    #: Written by a member of staff: right, plum.
    OUT = "out"
    #: Written by the service: right, pale, dashed.
    AUTO = "auto"
    #: No words shown: "Survey message (kept private)", "Being handled by your manager".
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """One word on a text that left: "Queued", "Sent", "Delivered", "Failed: phone switched off"."""

    words: str
    failed: bool = False
    #: Plain text after it: "leaves in 7 seconds", "Sent again 5:34pm".
    then: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageBubble:
    """One message. ``who`` ("Jay", "Check-in", "Automatic reply", "Sam") and ``when`` stand under it.

    ``read_as`` is what the service made of it; ``missed`` leads to saying that it should have alerted, and
    ``missed_by`` is who said so. ``not_counted`` is the reason it is no contact (a short
    clause: "an autoreply"). ``first_version`` is the text before an edit. ``pictures`` are links for
    staff. ``lang`` is a BCP 47 tag, empty when unknown.
    """

    id: str
    side: Side
    body: tuple[Span, ...]
    who: str
    when: str
    lang: str = ""
    statuses: tuple[Status, ...] = ()
    read_as: tuple[str, ...] = ()
    missed_by: str = ""
    missed: Link | None = None
    not_counted: str = ""
    count_href: str = ""
    undo: PostButton | None = None
    first_version: str = ""
    pictures: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationDay:
    """A day's messages, oldest first, under ``label`` ("Today, Tue 24 Nov 2026")."""

    label: str
    messages: tuple[MessageBubble, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One radio, checkbox or chip: what is posted, and what is read."""

    value: str
    label: str
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DateField:
    """A date as typed: posted as ``NAME-day``, ``NAME-month``, ``NAME-year``."""

    day: str = ""
    month: str = ""
    year: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageNumber:
    """A number of the pager; ``href`` empty = a gap."""

    number: int = 0
    href: str = ""
    current: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Pager:
    numbers: tuple[PageNumber, ...]
    previous_href: str = ""
    next_href: str = ""


#: A field's name to a sentence that says what to do.
Errors = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """What an adviser declares before anyone is texted; the same alone and in bulk.

    Posted: ``number_confirmed`` (yes), ``confirmed_on-day/-month/-year``, ``safe_to_text`` and
    ``safe_to_ring`` (yes/no), ``others_see`` (nobody/shared/watched), ``others_who``, ``told`` (yes).
    """

    number_confirmed: bool = False
    confirmed_on: DateField = field(default_factory=DateField)
    safe_to_text: str = ""
    safe_to_ring: str = ""
    others_see: str = ""
    others_who: str = ""
    told: bool = False
