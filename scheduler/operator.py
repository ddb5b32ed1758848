"""Paging the operator, whoever keeps the service running, in every way that is configured at once."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from messages.channel import ChannelName
from messages.kinds import OutboundKind
from messages.wordings import WordingKey
from scheduler.outbox import About, enqueue
from scheduler.services import Council, Services

_SUBJECT = "Keep in Touch needs you"


def page_operator(
    session: Session,
    services: Services,
    *,
    key: str,
    words: str,
    now: datetime,
    link: str = "",
    alert_id: UUID | None = None,
) -> int:
    """Queue one page for each way; the number of new ones. The same ``key`` pages once.

    ``words`` say what is wrong, without a name, number or text; ``link``: where to look, else the service.
    """
    text = services.wordings.render(
        WordingKey.OPERATOR_PAGE,
        "en",
        variant=0,
        fault=words.rstrip(". "),
        link=link or services.council.public_url,
    ).text
    queued = [
        enqueue(
            session,
            key=f"page:{key}:{channel}",
            kind=OutboundKind.OPERATOR_PAGE,
            channel=channel,
            to=to,
            body=text,
            subject=_SUBJECT,
            about=About(alert_id=alert_id),
            now=now,
        )
        for channel, to in ways_to_operator(services)
    ]
    return sum(row is not None for row in queued)


def ways_to_operator(services: Services) -> list[tuple[ChannelName, str]]:
    """(channel, address) of each way that can be used now."""
    return [(channel, to) for channel, to in _configured(services.council) if channel in services.channels]


def _configured(council: Council) -> list[tuple[ChannelName, str]]:
    ways = []
    if council.operator_phone:
        ways.append((ChannelName.SMS, council.operator_phone))
    if council.operator_email:
        ways.append((ChannelName.EMAIL, council.operator_email))
    if council.operator_webhook_url:
        ways.append((ChannelName.WEBHOOK, ""))
    return ways
