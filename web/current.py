"""What a request has at hand: the services, the moment, and who is asking. All hangs on the app."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from flask import abort, current_app, g

from scheduler.services import Services
from storage.staff import Staff

#: Where the app keeps its :class:`Site`.
EXTENSION = "kit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What :func:`web.app.create_app` was given."""

    services: Services
    demo: bool
    secure_cookies: bool
    #: Measures sessions. In the demo the council's clock is wound forward, and nobody is signed out by that.
    session_clock: Callable[[], datetime]


def site() -> Site:
    return cast("Site", current_app.extensions[EXTENSION])


def services() -> Services:
    return site().services


def now() -> datetime:
    """The moment of this request: one for all that it does."""
    if "now" not in g:
        g.now = services().clock()
    return cast("datetime", g.now)


def reader_or_none() -> Staff | None:
    """The member of staff who is signed in, as the guard found them."""
    return cast("Staff | None", g.get("reader"))


def reader() -> Staff:
    found = reader_or_none()
    if found is None:
        abort(403)
    return found
