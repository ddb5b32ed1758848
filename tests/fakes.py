"""Fakes that several rooms' tests share: a clock that stands still, and a channel that keeps what it took."""

import threading
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from messages.channel import Accepted, ChannelName, Failure, OutboundText, SendError


@dataclass(slots=True)
class FakeClock:
    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **kwargs: float) -> datetime:
        self.now += timedelta(**kwargs)
        return self.now


class Lost(SendError):
    """Taken by the provider, whose answer never reached us."""

    def __init__(self) -> None:
        super().__init__(Failure.AMBIGUOUS, "The connection broke: the text may have left.")


@dataclass(slots=True, kw_only=True)
class FakeChannel:
    """Accepts everything, except for what ``script`` says of the next sends (None: accept)."""

    name: ChannelName = ChannelName.SMS
    script: deque[SendError | None] = field(default_factory=deque)
    #: What the provider took, and every try.
    accepted: list[OutboundText] = field(default_factory=list)
    tried: list[OutboundText] = field(default_factory=list)
    #: Whether the provider can be asked for what it took.
    lists: bool = True
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def send(self, text: OutboundText) -> Accepted:
        with self._lock:
            self.tried.append(text)
            error = self.script.popleft() if self.script else None
            if error is None or isinstance(error, Lost):
                self.accepted.append(text)
        if error is not None:
            raise error
        return self._answer(text)

    def find(self, text: OutboundText, *, since: datetime) -> Accepted | None:
        taken = any(other.id == text.id for other in self.accepted)
        return self._answer(text) if taken and self.lists else None

    def _answer(self, text: OutboundText) -> Accepted:
        return Accepted(provider_id=f"{self.name}-{text.id}", segments=1)
