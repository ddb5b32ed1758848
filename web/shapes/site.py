"""Pages around the work: the door, the notice, accessibility, errors."""

from dataclasses import dataclass, field

from web.shapes.pieces import Choice, Errors, Link, PostButton


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoRole:
    """One way into the demo. ``detail`` says what that role sees."""

    button: PostButton
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInPage:
    """Posted: ``email``, ``password``, ``next`` (kept by the view). With ``roles`` (demo only) there is
    a button for each role instead of the form, and ``more`` for everybody else.
    """

    action: str
    email: str = ""
    next: str = ""
    help: Link | None = None
    message: str = ""
    roles: tuple[DemoRole, ...] = ()
    more: tuple[DemoRole, ...] = ()
    errors: Errors = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticePage:
    """``controller`` is who answers for the data ("Westhaven Council"); ``out_of_hours`` and
    ``data_contact`` may be empty. ``leave_href`` is a neutral page elsewhere (weather).
    """

    controller: str
    out_of_hours: str = ""
    data_contact: str = ""
    leave_href: str = "https://www.bbc.co.uk/weather"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessibilityPage:
    """``contact`` says how to tell the council; ``checked`` when the pages were last tested."""

    contact: str
    checked: str
    known: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorPage:
    """``code`` 400, 403, 404, 413, 500 or 503; the words are the template's. ``link`` leads back."""

    code: int
    link: Link | None = None
    #: For 500 and 503: what staff can quote to the operator.
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoosePage:
    """One choice from a list, and what to do with it. Posted: ``name`` (a value of ``choices``),
    ``text_name`` (typed, when given), ``idempotency``. ``quote`` is somebody's words, as written.
    """

    heading: str
    lead: str
    back: Link
    action: str
    idempotency: str
    name: str
    legend: str
    choices: tuple[Choice, ...]
    button: str
    quote: str = ""
    text_name: str = ""
    text_label: str = ""
    text_value: str = ""
    errors: Errors = field(default_factory=dict)
