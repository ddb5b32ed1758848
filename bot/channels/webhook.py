"""Pages to the operator as a JSON POST: ``{"id", "subject", "text"}``, to any pager that takes one."""

from bot.channels.posted import PostedAlerts
from messages.channel import ChannelName, OutboundText


class OperatorWebhook(PostedAlerts):
    """The operator's own address."""

    def __init__(self, url: str, timeout: float = 10) -> None:
        super().__init__(
            ChannelName.WEBHOOK, url, service="The operator's webhook", payload=_page, timeout=timeout
        )


def _page(text: OutboundText) -> dict[str, object]:
    return {"id": str(text.id), "subject": text.subject, "text": text.body}
