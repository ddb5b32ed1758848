"""Small named facts that processes share: heartbeats, the Telegram offset, senders' pace, settings."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, String, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, new_id


class Marker(Base, kw_only=True):
    """The newest value under a name (``heartbeat:worker``, ``telegram:offset``, ``pace:sms``)."""

    __tablename__ = "markers"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    at: Mapped[datetime]
    value: Mapped[dict[str, Any]] = mapped_column(JSON, default_factory=dict)


class Setting(Base, kw_only=True):
    """A value that staff changed, with history: the newest row of a name holds."""

    __tablename__ = "settings"

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    name: Mapped[str] = mapped_column(String(80), index=True)
    value: Mapped[Any] = mapped_column(JSON)
    at: Mapped[datetime]
    staff_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"), default=None)


def put(session: Session, name: str, value: dict[str, Any], *, now: datetime) -> None:
    """Write the newest value, in one statement: two processes may do so at once."""
    dialect = {"sqlite": sqlite, "postgresql": postgresql}[session.get_bind().dialect.name]
    row = {"at": now, "value": value}
    session.execute(
        dialect.insert(Marker)
        .values(name=name, **row)
        .on_conflict_do_update(index_elements=["name"], set_=row)
        .execution_options(synchronize_session=False)
    )


def get(session: Session, name: str) -> Marker | None:
    return session.get(Marker, name, populate_existing=True)


def settings(session: Session) -> dict[str, Any]:
    """Every changed setting by name."""
    rows = session.scalars(select(Setting).order_by(Setting.at, Setting.id))
    return {row.name: row.value for row in rows}
