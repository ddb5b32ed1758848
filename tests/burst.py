"""A burst of texts as a provider delivers it: many at once, some of them several times, out of order."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from bot.channels.simulated_requests import WebhookRequest
from installation import Installation

#: Ordinary things that people write. None of them is a danger or a wish to stop.
WORDS = ("1", "2", "all good thanks", "ok i guess", "got the keys today", "busy w college tbh", "yh fine")


@dataclass(frozen=True, slots=True, kw_only=True)
class Burst:
    requests: Sequence[WebhookRequest]
    #: The provider's id of each request's text.
    sids: Sequence[str]

    @property
    def distinct(self) -> set[str]:
        return set(self.sids)


def burst(
    installation: Installation,
    senders: Sequence[str],
    texts: int,
    *,
    words: Sequence[str] = WORDS,
    first_sid: int = 1,
    seed: int = 1,
) -> Burst:
    """``texts`` texts from ``senders``; a tenth of them comes two to five times, all shuffled."""
    rng = random.Random(seed)
    calls: list[tuple[str, WebhookRequest]] = []
    for number in range(texts):
        sid = f"SM{first_sid + number:032x}"
        request = installation.text(senders[number % len(senders)], rng.choice(words), sid)
        times = rng.randint(2, 5) if number % 10 == 0 else 1
        calls += [(sid, request)] * times
    rng.shuffle(calls)
    return Burst(requests=[request for _, request in calls], sids=[sid for sid, _ in calls])
