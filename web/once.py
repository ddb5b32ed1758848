"""A form that is sent twice (a double click, a reload, a lost answer) does its work once.

Each form carries a token of its own. Its first use is a marker, written in the same transaction as the work;
the marker also holds a keyed digest of what was sent, so that the same page with other words is other work.
"""

import json
from datetime import datetime, timedelta
from uuid import UUID

from flask import abort, request
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from storage.base import new_id
from storage.markers import Marker

_PREFIX = "once:"
#: Nobody sends a form again after this.
_KEPT = timedelta(days=2)
_NOT_CONTENT = frozenset({"csrf_token", "idempotency"})


def token() -> str:
    return str(new_id())


def given() -> str:
    """The token that came with the form; a form without one is none of ours."""
    try:
        return str(UUID(request.form.get("idempotency", "")))
    except ValueError:
        abort(400)


def key(session: Session) -> str:
    """What this form and its contents are known by."""
    contents = {name: request.form.getlist(name) for name in sorted(request.form) if name not in _NOT_CONTENT}
    sent = f"{request.path} {json.dumps(contents)}"
    digest: bytes = session.info["keyring"].index(sent)
    return f"{given()}:{digest.hex()}"


def first_time(session: Session, *, now: datetime) -> bool:
    """Whether this form does its work now; False when it has done it before."""
    name = f"{_PREFIX}{key(session)}"
    session.execute(
        delete(Marker)
        .where(Marker.name.startswith(_PREFIX), Marker.at < now - _KEPT)
        .execution_options(synchronize_session=False)
    )
    if session.get(Marker, name) is not None:
        return False
    try:
        with session.begin_nested():
            session.add(Marker(name=name, at=now))
    except IntegrityError:
        return False
    return True
