"""Phones on screen. Demo only."""

from dataclasses import dataclass, field

from web.shapes.pieces import Choice, Errors, Link, PostButton, Span, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneText:
    """``mine`` = written on this phone. ``buttons`` are Telegram's, under the text: what is posted as
    ``press``, with ``text_id``.
    """

    body: tuple[Span, ...]
    when: str
    mine: bool = False
    id: str = ""
    lang: str = ""
    buttons: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneDay:
    label: str
    texts: tuple[PhoneText, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneOnScreen:
    """Posted to ``action``: ``text`` (typed), or ``chip`` (a value of ``chips``), or ``press`` and
    ``text_id``; always ``idempotency``. ``name`` is the first name, for "Text as Jay".
    """

    id: str
    name: str
    heading: str
    detail: str
    action: str
    idempotency: str
    days: tuple[PhoneDay, ...] = ()
    chips: tuple[Choice, ...] = ()
    nothing: str = "Nothing on this phone yet."


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatorClock:
    """``forward`` first = the plum button ("Fast-forward one day"), the rest white."""

    day: str
    time: str
    forward: tuple[PostButton, ...]
    reset: PostButton | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatorPage:
    lead: str
    clock: SimulatorClock
    phones: tuple[PhoneOnScreen, ...]
    happened: tuple[Step, ...] = ()
    #: Ways to put other phones on the screen.
    other_phones: tuple[Link, ...] = ()
    errors: Errors = field(default_factory=dict)
