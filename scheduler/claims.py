"""Which of the texts that are due a worker takes: those that are worth sending and that have room."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from messages.channel import ChannelName
from scheduler import outcomes, pace
from scheduler.pace import Gate, Pace, gates
from scheduler.services import Services
from storage import leases
from storage.outbound import OutboundMessage

#: Here two texts to one address keep their order: the second waits until the first has been taken.
_IN_ORDER = (ChannelName.SMS, ChannelName.TELEGRAM)


@dataclass(slots=True, kw_only=True)
class Claimed:
    taken: list[OutboundMessage] = field(default_factory=list)
    #: How many found no room with their sender.
    held: int = 0
    #: Senders whose account was refused lately: a success must be told to the other workers.
    troubled: set[ChannelName] = field(default_factory=set)


def claim(
    services: Services, now: datetime, paces: Mapping[ChannelName, Pace], *, urgent: bool, limit: int
) -> Claimed:
    """Lease what is due and has room, in one unit of work. Senders that are shut or full are left out."""
    with (
        services.database.begin() as session,
        gates(session, services.channels.keys(), paces, now) as opened,
    ):
        usable = [channel for channel, gate in opened.items() if gate.opens_at(now, urgent=urgent) <= now]
        if not usable:
            return Claimed()
        rows = leases.claim(session, now, channels=usable, urgent=urgent, limit=limit)
        found = _with_room(opened, rows, now, urgent=urgent)
        found.troubled = {channel for channel, gate in opened.items() if gate.faults}
    return found


def _with_room(
    opened: Mapping[ChannelName, Gate], rows: Iterable[OutboundMessage], now: datetime, *, urgent: bool
) -> Claimed:
    """The others go back to their old place in the queue, or, too soon for their chat, a little later."""
    found = Claimed()
    under_way: set[tuple[ChannelName, bytes | None]] = set()
    for message in rows:
        gate, place = opened[message.channel], (message.channel, message.to_index)
        if place in under_way and message.channel in _IN_ORDER:
            outcomes.put_back(message)
            continue
        later = gate.take(now, units=message.segments, urgent=urgent, address=pace.address_of(message))
        if later is None:
            under_way.add(place)
            found.taken.append(message)
            continue
        found.held += 1
        resting = gate.opens_at(now, urgent=urgent) < later
        outcomes.put_back(message, due_at=later if resting else None)
    return found
