"""The frame of every page: links by role, the strips above, and the one call that renders a template."""

from collections.abc import Sequence

from flask import render_template, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler import alert_words
from scheduler.services import Council
from storage import alerts
from storage.alerts import Alert
from storage.people import Person
from storage.staff import Role, Staff
from web import access, current, formats, once
from web.policy import POLICIES
from web.shapes.pieces import Chrome, NavItem, PostButton, Strip, StripKind

_PLACES = (("Alerts", "/alerts", "alerts.listed"), ("People", "/people", "people.listed"))
_TRIAGE = ("Triage", "/triage", "triage.tray")
#: More red strips than this would push the page away.
_MOST_STRIPS = 3

WATCHED = Strip(
    kind=StripKind.WATCHED,
    strong="This phone may be watched.",
    text="Do not call or text before you have read this page.",
)


def signed_in() -> bool:
    return current.reader_or_none() is not None


def rendered(
    template: str, page: object, *, place: str = "", strips: Sequence[Strip] = (), quietly: bool = False
) -> str:
    """A page in its frame. ``quietly``: without asking the database (it may be what is wrong)."""
    reader = current.reader_or_none()
    red = () if quietly else red_strips()
    return render_template(template, page=page, chrome=_frame(reader, place, (*red, *strips)))


def public(template: str, page: object) -> str:
    """A page that anybody may see: it does not name the service, also to staff."""
    return render_template(template, page=page, chrome=_frame(None, "", ()))


def authority(council: Council) -> str:
    """As in "Westhaven Council"."""
    name = council.name or "The council"
    return name if "council" in name.lower() else f"{name} Council"


def _frame(reader: Staff | None, place: str, strips: Sequence[Strip]) -> Chrome:
    site = current.site()
    council = site.services.council
    if reader is None:
        return Chrome(
            council=council.name,
            authority=authority(council),
            staff=False,
            demo=site.demo,
            help_href="/notice",
        )
    return Chrome(
        council=council.name,
        authority=authority(council),
        nav=_nav(reader, place),
        user=NavItem(label=f"Demo: {reader.name}" if site.demo else reader.name, href=""),
        sign_out=PostButton(label="Sign out", action="/sign-out"),
        demo=site.demo,
        strips=tuple(strips),
        answer=request.method != "GET",
        help_href="/accessibility",
    )


def _nav(reader: Staff, place: str) -> tuple[NavItem, ...]:
    places = [one for one in (*_PLACES, _TRIAGE) if reader.role in POLICIES[one[2]].roles]
    links = [NavItem(label=label, href=href, current=label == place) for label, href, _ in places]
    if current.site().demo:
        links.append(NavItem(label="Simulator", href="/simulator", current=place == "Simulator"))
    return tuple(links)


def red_strips() -> tuple[Strip, ...]:
    """Alerts *now* that nobody took in time: on every page of all staff but the worker it is about."""
    reader = current.reader_or_none()
    if reader is None:
        return ()
    with current.services().database.read() as session:
        found = alerts.unanswered(session, reader_id=reader.id, limit=_MOST_STRIPS)
        if not found:
            return ()
        seen = select(Alert.id).where(
            Alert.id.in_([one.id for one in found]), access.alerts_seen(session, reader, current.now())
        )
        theirs = frozenset(session.scalars(seen))
        # Loaded at once, so that each strip finds its person without a query of its own.
        about = session.scalars(select(Person).where(Person.id.in_({one.person_id for one in found}))).all()
        strips = tuple(_strip(session, alert, reader, is_theirs=alert.id in theirs) for alert in found)
        del about
        return strips


def _strip(session: Session, alert: Alert, reader: Staff, *, is_theirs: bool) -> Strip:
    about = alert_words.about(session, alert)
    button = PostButton(
        label="Take it",
        action=f"/alerts/{alert.id}/take",
        hidden=f"the alert about {about}",
        idempotency=once.token(),
    )
    whom = "your manager" if reader.role is Role.DUTY else "the duty desk"
    return Strip(
        kind=StripKind.NOW,
        strong=f"Nobody has taken the alert about {about}",
        text=f"since {formats.time_of_day(alert.opened_at)}."
        + ("" if is_theirs else f" Ring {whom} if you can help."),
        button=button if is_theirs else None,
    )
