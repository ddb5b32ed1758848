"""Alerts in Teams: the card, and what a workflow's answers mean."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from bot.channels.teams import TeamsAlerts
from messages.channel import Button, ChannelName, Failure, OutboundText, SendError
from standins.server import Behaviour
from standins.teams import TeamsStandIn

ALERT = OutboundText(
    id=uuid.uuid4(),
    to="",
    subject="AB: may be in danger",
    body="Take it within 10 minutes.",
    buttons=(Button(label="Open", value="https://kit.example.org/a/1"),),
)


@pytest.fixture
def far_side() -> Iterator[TeamsStandIn]:
    with TeamsStandIn() as stand_in:
        yield stand_in


def test_the_card(far_side: TeamsStandIn) -> None:
    channel = TeamsAlerts(far_side.webhook_url)
    assert channel.send(ALERT).provider_id == f"teams:{ALERT.id}"
    (card,) = far_side.cards
    assert card["type"] == "AdaptiveCard"
    assert card["body"] == [
        {"type": "TextBlock", "text": ALERT.subject, "wrap": True, "weight": "Bolder"},
        {"type": "TextBlock", "text": ALERT.body, "wrap": True},
    ]
    assert card["actions"] == [
        {"type": "Action.OpenUrl", "title": "Open", "url": "https://kit.example.org/a/1"}
    ]
    assert channel.name is ChannelName.TEAMS
    assert channel.find(ALERT, since=datetime(2026, 10, 4, tzinfo=UTC)) is None


@pytest.mark.parametrize(
    ("behaviour", "failure", "taken"),
    [
        (Behaviour.THROTTLE, Failure.THROTTLED, 0),
        (Behaviour.ERROR_503, Failure.AMBIGUOUS, 0),
        (Behaviour.ACCEPT_THEN_RESET, Failure.AMBIGUOUS, 1),
        (Behaviour.HANG, Failure.AMBIGUOUS, 0),
    ],
)
def test_faults(far_side: TeamsStandIn, behaviour: Behaviour, failure: Failure, taken: int) -> None:
    far_side.script(behaviour)
    with pytest.raises(SendError) as refused:
        TeamsAlerts(far_side.webhook_url, timeout=0.5).send(ALERT)
    assert refused.value.failure is failure
    assert refused.value.retry_after == (17 if failure is Failure.THROTTLED else None)
    assert len(far_side.cards) == taken


def test_a_workflow_that_is_gone_is_a_setting(far_side: TeamsStandIn) -> None:
    with pytest.raises(SendError) as refused:
        TeamsAlerts(f"{far_side.url}/gone?sig=not-a-real-signature").send(ALERT)
    assert refused.value.failure is Failure.CONFIGURATION
    assert "signature" not in str(refused.value)


def test_nobody_there() -> None:
    with pytest.raises(SendError) as refused:
        TeamsAlerts("http://127.0.0.1:1/x").send(ALERT)
    assert refused.value.failure is Failure.TRANSIENT
