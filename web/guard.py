"""What happens before any view: the policy is looked up, the reader found, the form's token checked.

Nothing is allowed that no policy names. Whoever may not see a young person or an alert gets the same 404 as
for an id that does not exist.
"""

from urllib.parse import urlencode
from uuid import UUID

import structlog
from flask import Flask, Request, abort, g, redirect, request, session
from flask_wtf.csrf import CSRFProtect
from werkzeug.wrappers import Response

from storage.staff import Staff
from web import access, current, sessions
from web.policy import Door, Policy, Subject, policy_of

log = structlog.get_logger()

#: Where the signed cookie keeps the session's token.
TOKEN = "token"  # noqa: S105  (the name of the field)
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
#: What a page sends when it refreshes itself: nobody did anything.
POLL = "kit-poll"


def install(app: Flask) -> None:
    csrf = CSRFProtect()
    csrf.init_app(app)

    @app.before_request
    def guard() -> Response | None:
        if request.endpoint is None:
            return None  # no such address or method: Flask answers
        policy = policy_of(request.endpoint)
        if policy is None:
            abort(403)
        if policy.door is Door.MACHINE:
            return None
        if request.endpoint != "static":
            g.reader = _reader()
        if policy.door is Door.STAFF:
            if g.reader is None:
                return redirect(_sign_in_url(request), 303)
            _must_be_allowed(policy, g.reader)
        if request.method not in _SAFE:
            _same_site()
            csrf.protect()
        return None


def is_poll() -> bool:
    return request.headers.get("X-Requested-With") == POLL


def _reader() -> Staff | None:
    token = session.get(TOKEN)
    if not isinstance(token, str):
        return None
    now = current.site().session_clock()
    database = current.services().database
    with database.read() as reading:
        found = sessions.find(reading, token, now=now)
    if found is None:
        session.pop(TOKEN, None)
        return None
    row, staff = found
    if not is_poll() and sessions.stale(row, now=now):
        with database.begin() as writing:
            sessions.touch(writing, row, now=now)
    return staff


def _must_be_allowed(policy: Policy, reader: Staff) -> None:
    if reader.role not in policy.roles:
        log.warning("page_refused", endpoint=request.endpoint, staff_id=str(reader.id))
        abort(403)
    if policy.subject is not None and not _may_see(policy.subject, reader):
        log.warning("page_not_theirs", endpoint=request.endpoint, staff_id=str(reader.id))
        abort(404)


def _may_see(subject: Subject, reader: Staff) -> bool:
    asked = (request.view_args or {}).get(subject.value)
    if not isinstance(asked, UUID):
        return False
    may_see = access.may_see_person if subject is Subject.PERSON else access.may_see_alert
    with current.services().database.read() as reading:
        return may_see(reading, reader, asked, current.now())


def _same_site() -> None:
    """Browsers say where a form was sent from; other sites' forms end here, token or not."""
    if request.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site"):
        abort(400)


def _sign_in_url(asked: Request) -> str:
    """Back to the page that was asked for; after a form, to the page that the form was on."""
    back = asked.full_path.rstrip("?") if asked.method in _SAFE else ""
    return f"/sign-in?{urlencode({'next': back})}" if back and back != "/" else "/sign-in"
