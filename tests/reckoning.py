"""What there is to show after processes have run: their rows against the provider's own record."""

from collections import Counter
from collections.abc import Collection
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from sqlalchemy import func, select, text, update

from installation import Installation
from messages.kinds import AlertKind, OutboundKind
from standins.twilio import TwilioStandIn
from storage.alerts import Alert
from storage.database import Database
from storage.inbound import InboundMessage
from storage.markers import Setting
from storage.outbound import OutboundMessage
from storage.people import Person
from town import Phone, Town


def unhandled(database: Database) -> int:
    with database.read() as session:
        return session.scalars(
            select(func.count()).select_from(InboundMessage).where(InboundMessage.handled_at.is_(None))
        ).one()


def settle_in(database: Database, people: int) -> list[Phone]:
    """``people`` enrolled, all due for a check-in at once, with no limit to how fast texts may leave."""
    now = datetime.now(UTC)
    town = Town(database, now=now)
    phones = [town.young_person(f"Jay {number}") for number in range(people)]
    with database.begin() as session:
        session.execute(update(Person).values(next_check_in_at=now))
        session.add(Setting(name="sms_per_second", value=0, at=now))
        # Whatever today is, prompts may go.
        session.add(Setting(name="quiet_days", value=[], at=now))
    return phones


def accepted_ids(twilio: TwilioStandIn) -> Counter[UUID]:
    """How often the provider took each outbound row, by its own record."""
    queries = (parse_qs(urlsplit(message.status_callback).query) for message in list(twilio.accepted))
    return Counter(UUID(query["outbound"][0]) for query in queries)


def outbound_of(database: Database, kind: OutboundKind) -> dict[UUID, OutboundMessage]:
    with database.read() as session:
        rows = session.scalars(select(OutboundMessage).where(OutboundMessage.kind == kind))
        return {row.id: row for row in rows}


def assert_nobody_was_asked_twice(database: Database, twilio: TwilioStandIn) -> Counter[UUID]:
    """By the provider's record, each row and each person at most once; how often, by person."""
    taken, rows = accepted_ids(twilio), outbound_of(database, OutboundKind.CHECK_IN)
    asked: Counter[UUID] = Counter()
    for row_id, row in rows.items():
        assert taken[row_id] <= 1, "a check-in left twice"
        assert row.person_id is not None
        asked[row.person_id] += taken[row_id]
    assert max(asked.values(), default=0) <= 1
    return asked


def assert_sound(installation: Installation, database: Database) -> None:
    if database.is_sqlite:
        with database.engine.connect() as connection:
            assert connection.execute(text("PRAGMA integrity_check")).scalars().all() == ["ok"]
            assert not connection.execute(text("PRAGMA foreign_key_check")).all()
    verified = installation.run("kit audit verify --json")
    assert verified.returncode == 0, verified.stdout + verified.stderr


def dangers_without_alert(database: Database, dangers: Collection[str]) -> int:
    """``dangers``: the provider's ids of the texts that each had to raise one."""
    with database.read() as session:
        return session.scalars(
            select(func.count())
            .select_from(InboundMessage)
            .where(
                InboundMessage.provider_id.in_(dangers),
                ~select(Alert.id)
                .where(Alert.inbound_id == InboundMessage.id, Alert.kind == AlertKind.DANGER_TO_LIFE)
                .exists(),
            )
        ).one()


def untold(database: Database, twilio: TwilioStandIn) -> int:
    """Alerts of which the provider has taken no text to anybody."""
    taken, told = accepted_ids(twilio), outbound_of(database, OutboundKind.ALERT)
    reached = {row.alert_id for row_id, row in told.items() if taken[row_id]}
    with database.read() as session:
        dangers = session.scalars(select(Alert.id).where(Alert.kind == AlertKind.DANGER_TO_LIFE)).all()
    return len(set(dangers) - reached)
