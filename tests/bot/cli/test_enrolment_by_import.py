"""An import texts nobody: only those whose row declares it are welcomed, and only then asked."""

import csv
import io
from datetime import timedelta

import pytest

from messages.channel import ChannelName
from messages.kinds import OutboundKind
from storage import cohort
from storage.database import Database
from storage.outbound import OutboundMessage
from town import MORNING, Town

SAM = "sam.okafor@westhaven.example"


@pytest.fixture
def town(database: Database) -> Town:
    return Town(database)


def bring(town: Town, count: int, *, enrolled: int) -> None:
    """Import ``count`` people, the first ``enrolled`` of them with a declaration."""
    columns = ["person_id", "first_name", "last_name", "date_of_birth", "status", "mobile", "adviser_email"]
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow([*columns, "safe_to_text", "enrolled_on"])
    for number in range(count):
        declared = (MORNING.date() - timedelta(days=1)).isoformat() if number < enrolled else ""
        number_of = f"07700 900{300 + number}"
        writer.writerow(
            [f"WH-{number}", "Jo", "Lee", "2006-05-04", "relevant", number_of, SAM, "yes", declared]
        )
    table = cohort.from_bytes(written.getvalue().encode(), "cohort.csv")
    with town.database.begin() as session:
        plan = cohort.prepare(session, table, now=town.clock(), allow_drama=True)
        assert not plan.faults
        cohort.apply(session, plan, now=town.clock())


def texted(town: Town) -> set[str]:
    """Numbers of the imported people to which anything went."""
    return {text.to for text in town.channels[ChannelName.SMS].accepted if text.to.startswith("+4477009003")}


def test_a_month_of_ticks_texts_nobody_who_is_not_enrolled(town: Town) -> None:
    bring(town, 20, enrolled=0)
    town.passes(days=30, tick_every=timedelta(hours=6))
    assert texted(town) == set()


def test_a_declared_row_is_welcomed_once_and_then_asked(town: Town) -> None:
    bring(town, 5, enrolled=1)
    town.passes(days=1, tick_every=timedelta(hours=1))
    assert texted(town) == {"+447700900300"}
    bring(town, 5, enrolled=1)
    town.passes(days=13, tick_every=timedelta(hours=3))
    assert texted(town) == {"+447700900300"}
    with town.database.read() as session:
        kinds = [
            text.kind
            for text in session.query(OutboundMessage).order_by(OutboundMessage.id)
            if text.to == "+447700900300"
        ]
    assert kinds.count(OutboundKind.WELCOME) == 1
    assert kinds[0] is OutboundKind.WELCOME
    assert OutboundKind.CHECK_IN in kinds
