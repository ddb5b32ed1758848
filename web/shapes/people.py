"""Lists of people: the caseload, the triage tray, enrolment in bulk."""

from dataclasses import dataclass, field

from web.shapes.pieces import (
    Declaration,
    Errors,
    Link,
    NavItem,
    Pager,
    PostButton,
    Span,
    StateBadge,
    WeekLine,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """``heard`` "Last heard from today, 10:15am."; ``next`` "Next check-in Tue 8 Dec."."""

    name: str
    href: str
    state: StateBadge
    heard: str
    next: str = ""
    weeks: WeekLine | None = None
    button: Link | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """How many are in one state; ``href`` shows them."""

    state: StateBadge
    count: int
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PeoplePage:
    """``filters`` are links that keep their state in the address; ``shares`` add up to the whole list."""

    heading: str
    lead: str
    rows: tuple[PersonRow, ...]
    total: int
    filters: tuple[NavItem, ...] = ()
    pager: Pager | None = None
    links: tuple[Link, ...] = ()
    shares: tuple[Share, ...] = ()
    shares_heading: str = ""
    empty: str = "Nobody here."


@dataclass(frozen=True, slots=True, kw_only=True)
class TriageRow:
    """``sender`` a name or an unknown number; ``href`` empty when there is no page to open."""

    sender: str
    when: str
    words: tuple[Span, ...]
    href: str = ""
    lang: str = ""
    meta: str = ""
    button: Link | PostButton | None = None
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TriagePage:
    lead: str
    unknown: tuple[TriageRow, ...]
    unread: tuple[TriageRow, ...]
    no_unknown: str = "No unknown senders."
    no_unread: str = "Nothing unread."


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Somebody who could be enrolled. ``problem`` = why not yet; there is then no box to tick.

    Posted beside ``people``: ``address-ID``, the id of the number that was shown.
    """

    id: str
    name: str
    href: str
    detail: str
    address: str = ""
    ticked: bool = False
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolBulkPage:
    """Posted: ``people`` (ids, repeated), the fields of ``Declaration``, ``idempotency``. ``done``: what the
    form that was sent before did, one sentence each.
    """

    lead: str
    action: str
    idempotency: str
    candidates: tuple[Candidate, ...]
    declaration: Declaration
    done: tuple[str, ...] = ()
    empty: str = "Everybody here is enrolled."
    errors: Errors = field(default_factory=dict)
