"""Signing in and out: local accounts by password; in the demo, and only there, by a button."""

from datetime import datetime
from typing import cast
from uuid import UUID

import structlog
from flask import Blueprint, abort, current_app, redirect, request, session
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from storage import audit
from storage import staff as staff_rows
from storage.staff import Role, Staff
from web import attempts, chrome, current, forms, guard, passwords, sessions
from web.shapes.pieces import PostButton
from web.shapes.site import DemoRole, SignInPage

log = structlog.get_logger()

_WRONG = "E-mail or password is not right"
#: The adviser through whose eyes the demo tells its story.
_FIRST = "Sam Okafor"
_SEES = {
    Role.ADVISER: "Their own young people, with texts and alerts.",
    Role.DUTY: "What belongs to nobody, and alerts nobody took.",
    Role.MANAGER: "The whole team, and what is about a worker.",
    Role.SENIOR: "Alerts that reached the top.",
    Role.PARTICIPATION: "No young person's record.",
    Role.ADMIN: "No young person's record.",
}


def blueprint(*, demo: bool) -> Blueprint:
    pages = Blueprint("sign_in", __name__)
    pages.get("/sign-in", endpoint="form")(_form)
    pages.post("/sign-in", endpoint="enter")(_enter)
    pages.post("/sign-out", endpoint="leave")(_leave)
    if demo:
        pages.post("/sign-in/demo", endpoint="demo")(_enter_demo)
    return pages


def _form() -> ResponseReturnValue:
    if chrome.signed_in() and not current.site().demo:
        return redirect(safe_next(request.args.get("next", "")), 303)
    first, more = _roles()
    asked = request.args.get("next", "")
    return _shown(SignInPage(action="/sign-in", next=asked, roles=first, more=more))


def _shown(page: SignInPage, status: int = 200) -> ResponseReturnValue:
    return chrome.rendered("sign_in.html", page), status


def _enter() -> ResponseReturnValue:
    email, password = forms.text(request.form, "email").lower(), request.form.get("password", "")
    if not email or not password:
        return _again(email, _WRONG)
    keyring = current.services().database.keyring
    account, cookie = keyring.index(email), known_cookie()
    browser = attempts.browser_of(request, _key(), cookie, account)
    name = attempts.counter(account, browser)
    now = current.site().session_clock()
    with current.services().database.begin() as writing:
        pause = attempts.wait(writing, name, now=now)
        if not pause:
            attempts.count(writing, name, now=now)
        staff = staff_rows.by_email(writing, email)
    if pause:
        return _again(email, f"Wait {int(pause.total_seconds()) + 1} seconds, then try again", 429)
    try:
        right = _is_right(staff, password)
    except passwords.TooBusy:
        with current.services().database.begin() as writing:
            attempts.take_back(writing, name, now=now)
        raise
    if not right or staff is None:
        _note_failure(staff, now=current.now())
        return _again(email, _WRONG)
    with current.services().database.begin() as writing:
        attempts.forget(writing, name)
    answer = current_app.make_response(_begin(staff))
    attempts.remember(answer, _key(), cookie, account, secure=current.site().secure_cookies)
    return answer


def _again(email: str, words: str, status: int = 403) -> ResponseReturnValue:
    asked = request.form.get("next", "")
    return _shown(SignInPage(action="/sign-in", email=email, next=asked, errors={"password": words}), status)


def _is_right(staff: Staff | None, password: str) -> bool:
    """The same work whether there is such an account or not."""
    usable = staff is not None and staff.disabled_at is None
    return passwords.matches(staff.password_hash if staff and usable else None, password)


def _note_failure(staff: Staff | None, *, now: datetime) -> None:
    log.warning("sign_in_failed", staff_id=str(staff.id) if staff else None)
    with current.services().database.begin() as writing:
        audit.note(writing, "sign_in.failed", now=now, subject="staff", subject_id=staff.id if staff else "")


def _begin(staff: Staff) -> ResponseReturnValue:
    """A new session under a new token, whatever the browser held before."""
    with current.services().database.begin() as writing:
        _end_old(writing)
        token = sessions.start(
            writing, staff, device=request.headers.get("User-Agent", ""), now=current.site().session_clock()
        )
        audit.note(
            writing,
            "sign_in.done",
            now=current.now(),
            staff_id=staff.id,
            subject="staff",
            subject_id=staff.id,
        )
    session.clear()
    session[guard.TOKEN] = token
    return redirect(safe_next(request.form.get("next", "")), 303)


def _end_old(writing: Session) -> None:
    old = session.get(guard.TOKEN)
    if isinstance(old, str):
        sessions.end(writing, old, now=current.site().session_clock())


def _leave() -> ResponseReturnValue:
    reader = current.reader()
    with current.services().database.begin() as writing:
        _end_old(writing)
        audit.note(
            writing,
            "sign_in.left",
            now=current.now(),
            staff_id=reader.id,
            subject="staff",
            subject_id=reader.id,
        )
    session.clear()
    answer = current_app.make_response(redirect("/sign-in", 303))
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


def _enter_demo() -> ResponseReturnValue:
    try:
        staff_id = UUID(request.form.get("staff", ""))
    except ValueError:
        abort(400)
    with current.services().database.read() as reading:
        staff = reading.get(Staff, staff_id)
    if staff is None or staff.disabled_at is not None:
        abort(404)
    return _begin(staff)


def _roles() -> tuple[tuple[DemoRole, ...], tuple[DemoRole, ...]]:
    """The demo's buttons: one for each role, a social worker beside the adviser, then everybody else."""
    if not current.site().demo:
        return (), ()
    with current.services().database.read() as reading:
        everybody = reading.scalars(select(Staff).where(Staff.disabled_at.is_(None))).all()
    ordered = sorted(everybody, key=lambda staff: (staff.name != _FIRST, staff.social_worker, staff.name))
    kinds = dict.fromkeys(
        (one.role, one.social_worker) for role in Role for one in ordered if one.role is role
    )
    first = [next(one for one in ordered if (one.role, one.social_worker) == kind) for kind in kinds]
    return tuple(_role(one) for one in first), tuple(_role(one) for one in ordered if one not in first)


def _role(staff: Staff) -> DemoRole:
    called = "social worker" if staff.social_worker else staff.role.value
    button = PostButton(
        label=f"{staff.name}, {called}", action="/sign-in/demo", name="staff", value=str(staff.id)
    )
    return DemoRole(button=button, detail=_SEES[staff.role])


def safe_next(asked: str) -> str:
    """A path of ours to go to, else the first page; never another site."""
    ours = asked.startswith("/") and not asked.startswith(("//", "/\\")) and asked.isprintable()
    return asked if ours and "\\" not in asked and not asked.startswith("/sign-") else "/"


def known_cookie() -> str:
    return "__Host-known" if current.site().secure_cookies else "known"


def _key() -> str:
    return cast("str", current_app.secret_key)
