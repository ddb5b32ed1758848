"""Putting the demo's data in place: the history as of now at first, later whatever it has become."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, insert, select, text
from sqlalchemy.orm import Session

from bot.demo import cast
from bot.demo.history import History, Redating, load
from bot.demo.world import Demo
from scheduler.jobs import HEARTBEAT
from storage import markers, migrations
from storage.staff import Staff, StaffSession
from storage.tables import Base

ANCHOR = "demo:anchor"
PLAYED = "demo:played"
#: In somebody's hands from the start: the phones that are on the screen first.
FIRST_PLAYED = (cast.NAMED[0].id, cast.NAMED[1].id, cast.worker(cast.SAM).id)
#: A shorter break than this is only a restart.
_BREAK = timedelta(minutes=2)


def prepare(demo: Demo, *, now: datetime | None = None) -> bool:
    """Tables, and the history where there is none yet. True when it was loaded, False when all was there."""
    services = demo.world.services
    migrations.upgrade(services.database)
    with services.database.read() as session:
        empty = session.scalars(select(Staff.id).limit(1)).first() is None
        heartbeat = markers.get(session, HEARTBEAT)
    if empty:
        begin_anew(demo, now=now)
    elif heartbeat is not None and services.clock() - heartbeat.at > _BREAK:
        # Nobody lived through the time since: the clock goes on where it stood.
        demo.world.clock.move_to(heartbeat.at)
    return empty


def begin_anew(demo: Demo, *, now: datetime | None = None) -> None:
    """Everything as on the first start, as of ``now`` (None: the real one). Whoever is signed in stays so."""
    now = now or datetime.now(UTC)
    history = History.read()
    services = demo.world.services
    with demo.turnstile.alone():
        with services.database.begin() as session:
            signed_in = [tuple(row) for row in session.execute(select(StaffSession.__table__))]
            _clear(session)
            load(session, history, now=now, public_url=services.council.public_url)
            if signed_in:
                columns = StaffSession.__table__.columns.keys()
                session.execute(
                    insert(StaffSession), [dict(zip(columns, row, strict=True)) for row in signed_in]
                )
            anchor = Redating.to(history.anchor, now).moment(history.anchor.timestamp())
            markers.put(session, ANCHOR, {}, now=anchor)
        demo.world.clock.move_to(now)


def _clear(session: Session) -> None:
    """Empty every table of the demo's own SQLite file, past the guards of its audit trail."""
    session.execute(text("PRAGMA defer_foreign_keys = ON"))
    guards = session.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
    for name, _ in guards:
        session.execute(text(f"DROP TRIGGER {name}"))
    for table in reversed(Base.metadata.sorted_tables):
        session.execute(delete(table))
    for _, sql in guards:
        session.execute(text(sql))
    session.expunge_all()


def anchor_of(session: Session) -> datetime:
    """When the history ended, as of this installation."""
    marker = markers.get(session, ANCHOR)
    return marker.at if marker else datetime.now(UTC)


def played(session: Session) -> frozenset[UUID]:
    """Whose phones are in somebody's hands: they do nothing by themselves."""
    marker = markers.get(session, PLAYED)
    taken = marker.value.get("ids", []) if marker else []
    return frozenset({*FIRST_PLAYED, *(UUID(one) for one in taken)})


def play(session: Session, ids: Collection[UUID], *, now: datetime) -> None:
    """Somebody has these phones in hand from now on."""
    markers.put(session, PLAYED, {"ids": sorted(str(one) for one in played(session) | set(ids))}, now=now)
