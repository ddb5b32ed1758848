"""Texts from staff: a registered phone, or the out-of-hours line, takes an alert by ``OK CODE``."""

from messages.channel import CarrierKeyword, ChannelName
from messages.kinds import OutboundKind
from scheduler import taking
from scheduler.outbox import About, enqueue
from scheduler.turn import Turn
from storage import staff
from storage.inbound import InboundMessage


def handled(turn: Turn, message: InboundMessage) -> bool:
    """True when the text came from a staff phone, and everything about it is done."""
    session, services = turn.session, turn.services
    if message.channel is not ChannelName.SMS:
        return False
    worker = staff.by_phone(session, services.database.keyring.indexes(message.sender))
    shared_line = message.sender == services.council.out_of_hours_alert
    if worker is None and not shared_line:
        return False
    message.staff_id = worker.id if worker else None
    if worker is not None and message.carrier_keyword is CarrierKeyword.STOP:
        worker.phone_failed_at = turn.now
        return True
    words = taking.take_by_code(session, services, worker, message.body, now=turn.now)
    if words:
        enqueue(
            session,
            key=f"answer:{message.id}:staff",
            kind=OutboundKind.ALERT_CONFIRMATION,
            channel=message.channel,
            to=message.sender,
            body=words,
            about=About(staff_id=message.staff_id, inbound_id=message.id),
            now=turn.now,
        )
    return True
