"""The senders' common rows: what all workers must know of a sender before they use it."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from messages.channel import ChannelName
from storage.markers import Marker


def locked(session: Session, channels: Iterable[ChannelName], now: datetime) -> dict[ChannelName, Marker]:
    """The senders' markers, made where missing, held until the unit of work ends."""
    names = {f"pace:{channel}": channel for channel in channels}
    found = _locked(session, names)
    missing = names.keys() - found.keys()
    if missing:
        insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
        session.execute(
            insert(Marker).on_conflict_do_nothing(),
            [{"name": name, "at": now, "value": {}} for name in sorted(missing)],
        )
        found = _locked(session, names)
    return {names[name]: marker for name, marker in found.items()}


def _locked(session: Session, names: Iterable[str]) -> dict[str, Marker]:
    # Always in the order of the names, so that two workers never wait for each other.
    query = select(Marker).where(Marker.name.in_(list(names))).order_by(Marker.name).with_for_update()
    rows = session.scalars(query.execution_options(populate_existing=True))
    return {marker.name: marker for marker in rows}
