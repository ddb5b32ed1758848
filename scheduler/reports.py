"""What a provider says later of a text that it took. Reports may come early, late, twice, in any order."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from messages.channel import ChannelName, DeliveryReport, DeliveryStatus, Failure
from scheduler import outcomes, pace, refusals
from scheduler.pace import Pace
from scheduler.refusals import Refusal
from scheduler.services import Services
from storage import outbound
from storage.addresses import Address
from storage.outbound import DeliveryEvent, OutboundMessage, OutboundState

#: Between two reports of the same rank: a phone that has the text has it, whatever else was said.
_AMONG_EQUALS = {DeliveryStatus.FAILED: 0, DeliveryStatus.UNDELIVERED: 1, DeliveryStatus.DELIVERED: 2}
_NOT_DELIVERED = (DeliveryStatus.UNDELIVERED, DeliveryStatus.FAILED)


class ReportOutcome(StrEnum):
    APPLIED = "applied"
    #: It has been here before.
    REPEATED = "repeated"
    #: We know more already.
    OVERTAKEN = "overtaken"
    #: No text of ours: kept all the same.
    UNKNOWN = "unknown"


def apply_report(
    session: Session,
    services: Services,
    report: DeliveryReport,
    *,
    now: datetime,
    paces: Mapping[ChannelName, Pace] | None = None,
) -> ReportOutcome:
    """Keep ``report`` and move its text on; never back. Safe at any time, any number of times."""
    message = _message(session, report)
    event = DeliveryEvent(
        channel=report.channel,
        provider_id=report.provider_id[:100],
        status=report.status,
        code=report.code[:20],
        outbound_id=message.id if message else None,
        received_at=now,
    )
    if not outbound.keep_event(session, event):
        return ReportOutcome.REPEATED
    if message is None:
        return ReportOutcome.UNKNOWN
    if message.delivery is not None and _place(report.status) <= _place(message.delivery):
        return ReportOutcome.OVERTAKEN
    message.delivery = report.status
    message.provider_id = message.provider_id or report.provider_id[:100]
    outcomes.sent(session, message, now)
    if report.status is DeliveryStatus.DELIVERED:
        _delivered(session, message, now)
    elif report.status in _NOT_DELIVERED:
        in_force = pace.load(session) if paces is None else paces
        refusals.failed(session, services, message, _why(report), at=now, paces=in_force)
    elif message.state is OutboundState.FAILED:
        message.state = OutboundState.SENT  # our send was told "no", and yet it is on its way
    return ReportOutcome.APPLIED


def _message(session: Session, report: DeliveryReport) -> OutboundMessage | None:
    """By the id that we gave it, which is known even before the provider's answer; else by theirs."""
    query = select(OutboundMessage).where(OutboundMessage.channel == report.channel)
    named = (
        query.where(OutboundMessage.id == report.outbound_id)
        if report.outbound_id is not None
        else query.where(OutboundMessage.provider_id == report.provider_id)
    )
    held = named.limit(1).with_for_update().execution_options(populate_existing=True)
    return session.scalars(held).one_or_none()


def _delivered(session: Session, message: OutboundMessage, now: datetime) -> None:
    message.state, message.delivered_at = OutboundState.DELIVERED, now
    message.reason, message.failure = "", None
    address = session.get(Address, message.address_id) if message.address_id else None
    if address is not None:
        address.unreachable_count = 0


def _why(report: DeliveryReport) -> Refusal:
    return Refusal(
        failure=report.failure or Failure.UNKNOWN,
        words=report.words or "The network could not deliver it and did not say why.",
        code=report.code,
    )


def _place(status: DeliveryStatus) -> tuple[int, int]:
    return status.rank, _AMONG_EQUALS.get(status, 0)
