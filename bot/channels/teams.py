"""Alerts to staff in Microsoft Teams, by a Workflows address that takes an Adaptive Card.

https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook
"""

from bot.channels.posted import PostedAlerts
from messages.channel import ChannelName, OutboundText

_CARD = "application/vnd.microsoft.card.adaptive"


class TeamsAlerts(PostedAlerts):
    """The Teams channel: one address, one place."""

    def __init__(self, webhook_url: str, timeout: float = 10) -> None:
        super().__init__(ChannelName.TEAMS, webhook_url, service="Teams", payload=card, timeout=timeout)


def card(text: OutboundText) -> dict[str, object]:
    """The message as the Workflows trigger takes it; a button's value is the address it opens."""
    lines: list[dict[str, object]] = [{"type": "TextBlock", "text": text.body, "wrap": True}]
    if text.subject:
        lines.insert(0, {"type": "TextBlock", "text": text.subject, "wrap": True, "weight": "Bolder"})
    content = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": lines,
        "actions": [
            {"type": "Action.OpenUrl", "title": button.label, "url": button.value} for button in text.buttons
        ],
    }
    return {
        "type": "message",
        "attachments": [{"contentType": _CARD, "contentUrl": None, "content": content}],
    }
