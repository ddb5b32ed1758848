"""Slowing down who guesses passwords, without a way to lock a colleague out.

Each failed try makes the next one wait longer, up to a minute; a try that comes too early is refused unread,
and costs nothing. Tries are counted for each account and browser: a browser on which the colleague has signed
in before keeps a signed mark, so what a stranger does elsewhere never slows it.
"""

from datetime import datetime, timedelta
from uuid import uuid4

from flask import Request, Response
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import delete
from sqlalchemy.orm import Session

from storage import markers
from storage.markers import Marker

_PREFIX = "sign_in:"
#: So many tries are free.
_FREE = 5
_LONGEST_WAIT = timedelta(seconds=60)
_KEPT_DAYS = 180
_FORGOTTEN_AFTER = timedelta(hours=24)


def counter(account: bytes, browser: str) -> str:
    """The name of the marker that counts. ``account``: the blind index of the e-mail address."""
    return f"{_PREFIX}{account.hex()}:{browser}"


def wait(session: Session, name: str, *, now: datetime) -> timedelta:
    """How long until this one may try again; nothing when it may now."""
    row = session.get(Marker, name)
    failures = int(row.value["failures"]) if row else 0
    if row is None or failures < _FREE:
        return timedelta(0)
    pause = min(timedelta(seconds=2.0 ** min(failures - _FREE, 10)), _LONGEST_WAIT)
    return max(row.at + pause - now, timedelta(0))


def count(session: Session, name: str, *, now: datetime) -> None:
    """Count a try before it is known how it ends, so that a hundred at once are not one."""
    session.execute(
        delete(Marker)
        .where(Marker.name.startswith(_PREFIX), Marker.at < now - _FORGOTTEN_AFTER)
        .execution_options(synchronize_session=False)
    )
    row = session.get(Marker, name, populate_existing=True)
    failures = int(row.value["failures"]) if row else 0
    markers.put(session, name, {"failures": failures + 1}, now=now)


def take_back(session: Session, name: str, *, now: datetime) -> None:
    """The try was not looked at: it does not count."""
    row = session.get(Marker, name, populate_existing=True)
    if row is not None:
        markers.put(session, name, {"failures": max(int(row.value["failures"]) - 1, 0)}, now=now)


def forget(session: Session, name: str) -> None:
    row = session.get(Marker, name)
    if row is not None:
        session.delete(row)


def browser_of(request: Request, key: str, cookie: str, account: bytes) -> str:
    """The mark of a browser that this account has used before; empty for any other."""
    try:
        mark = _signer(key).loads(request.cookies.get(cookie, ""))
    except BadSignature:
        return ""
    known = isinstance(mark, list) and len(mark) == 2 and mark[0] == account.hex()
    return str(mark[1])[:32] if known else ""


def remember(response: Response, key: str, cookie: str, account: bytes, *, secure: bool) -> None:
    mark = _signer(key).dumps([account.hex(), uuid4().hex])
    response.set_cookie(
        cookie, str(mark), max_age=_KEPT_DAYS * 86_400, secure=secure, httponly=True, samesite="Lax", path="/"
    )


def _signer(key: str) -> URLSafeSerializer:
    return URLSafeSerializer(key, salt="known-browser")
