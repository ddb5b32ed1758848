"""An invented population that lives through some time in a database of its own: what it brings, counted."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from bot.demo import cast, town
from bot.demo.clock import StoodClock
from bot.demo.lives import lives_of
from bot.demo.travel import Traveller
from bot.demo.world import World, build
from messages.channel import ChannelName
from storage import migrations
from storage.alerts import Alert
from storage.check_ins import CheckIn
from storage.contacts import Contact
from storage.database import Database
from storage.inbound import InboundMessage
from storage.outbound import OutboundMessage, OutboundState
from storage.sealing import Keyring

#: A Monday, in the middle of the morning.
_START = datetime(2026, 1, 5, 10, 0, tzinfo=UTC)
_YEAR = timedelta(days=365.25)
_JUMP = timedelta(hours=4)
_LEFT = (OutboundState.SENT, OutboundState.DELIVERED)


def lived(folder: Path, *, people: int, years: float) -> dict[str, Any]:
    """Counts of what ``people`` brought in ``years``, by kind."""
    database = Database(f"sqlite:///{folder / 'kit.db'}", keyring=Keyring.fresh())
    careless(database)
    migrations.upgrade(database)
    clock = StoodClock(_START)
    world = build(database, clock, public_url="https://kit.westhaven.example", secret="simulate")  # noqa: S106
    population = cast.others(people)
    _move_in(world, population)
    end = _START + years * _YEAR
    traveller = Traveller(
        services=world.services,
        clock=clock,
        lives=lives_of(world, anchor=end + 26 * timedelta(weeks=1), people=population),
        longest_step=_JUMP,
    )
    traveller.go(end)
    with database.read() as session:
        counts = _counted(session)
    database.close()
    return counts


def careless(database: Database) -> None:
    """For what can be made again: a power cut may lose it."""

    @event.listens_for(database.engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA synchronous = OFF")


def _move_in(world: World, population: tuple[cast.Character, ...]) -> None:
    with world.services.database.begin() as session:
        town.found_council(session, start=_START, today=_START + timedelta(weeks=52))
        for character in population:
            town.take_in(session, world.services, character, now=_START)


def _counted(session: Session) -> dict[str, Any]:
    left = OutboundMessage.state.in_(_LEFT)
    return {
        "texts": _by(session, OutboundMessage.kind, left),
        "not_sent": _by(session, OutboundMessage.state, ~left),
        "segments": session.scalar(
            select(func.coalesce(func.sum(OutboundMessage.segments), 0)).where(
                left, OutboundMessage.channel == ChannelName.SMS
            )
        ),
        "received": session.scalar(select(func.count(InboundMessage.id))),
        "check_ins": _by(session, CheckIn.state),
        "contacts": _by(session, Contact.direction),
        "alerts": _by(session, Alert.kind),
    }


def _by(session: Session, column: Any, *where: Any) -> dict[str, int]:
    rows = session.execute(select(column, func.count()).where(*where).group_by(column).order_by(column))
    return {str(value): count for value, count in rows}
