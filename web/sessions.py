"""Signed-in browsers: a random token in the cookie, its SHA-256 in the table, and an end that is kept.

A session ends after 30 minutes without a person doing anything (a page that refreshes itself is nobody),
after 12 hours in any case, at sign-out, and when the account is disabled.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from storage.staff import Staff, StaffSession

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
#: A session that was seen this lately is not written again: most requests then only read.
_SEEN_EVERY = timedelta(minutes=1)


def start(session: Session, staff: Staff, *, device: str, now: datetime) -> str:
    """Sign ``staff`` in on a browser. The token to put in its cookie; only its hash is kept."""
    token = secrets.token_urlsafe(32)
    session.add(
        StaffSession(
            token_hash=_hash(token),
            staff_id=staff.id,
            started_at=now,
            seen_at=now,
            ends_at=now + LONGEST,
            device=device[:200],
        )
    )
    return token


def find(session: Session, token: str, *, now: datetime) -> tuple[StaffSession, Staff] | None:
    """The living session behind a cookie, and whose it is."""
    row = session.execute(
        select(StaffSession, Staff)
        .join(Staff, Staff.id == StaffSession.staff_id)
        .where(
            StaffSession.token_hash == _hash(token),
            StaffSession.ended_at.is_(None),
            StaffSession.ends_at > now,
            StaffSession.seen_at > now - IDLE,
            Staff.disabled_at.is_(None),
        )
    ).one_or_none()
    return (row[0], row[1]) if row else None


def stale(row: StaffSession, *, now: datetime) -> bool:
    """Whether it is time to write down that somebody is still there."""
    return now - row.seen_at >= _SEEN_EVERY


def touch(session: Session, row: StaffSession, *, now: datetime) -> None:
    session.execute(
        update(StaffSession)
        .where(StaffSession.id == row.id, StaffSession.ended_at.is_(None))
        .values(seen_at=now)
        .execution_options(synchronize_session=False)
    )


def end(session: Session, token: str, *, now: datetime) -> None:
    session.execute(
        update(StaffSession)
        .where(StaffSession.token_hash == _hash(token), StaffSession.ended_at.is_(None))
        .values(ended_at=now)
        .execution_options(synchronize_session=False)
    )


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
