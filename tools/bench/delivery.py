"""Texts a second from the outbox to the provider, against the bare SDK in a loop of as many threads."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from statistics import median
from typing import Any

from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from bot.channels.twilio_sms import TwilioSms
from bot.worker import deliver_all
from messages.channel import ChannelName
from messages.kinds import OutboundKind
from scheduler import outbox
from scheduler.delivery import THREADS
from scheduler.outbox import About
from scheduler.services import Services
from standins.twilio_records import ACCOUNT_SID, AUTH_TOKEN, NUMBER, SERVICE_SID
from storage.markers import Setting
from tools.bench.place import ENGINES, Place, now
from tools.bench.provider import provider
from town import Phone, Town

_CALLBACK = "https://kit.example.org/webhooks/twilio/status"
_WORDS = "Hi Jay, are you free for a coffee on Thursday? Sam"


def measure(place: Place, *, rounds: int, texts: int) -> Iterator[dict[str, Any]]:
    with provider() as address:
        for engine in ENGINES:
            yield _compare(place, engine, address, rounds=rounds, texts=texts)


def _compare(place: Place, engine: str, address: str, *, rounds: int, texts: int) -> dict[str, Any]:
    rates: dict[str, list[float]] = defaultdict(list)
    bare = _bare(address)
    database = place.open(place.fresh(engine))
    try:
        town = Town(database, now=now())
        phones = [town.young_person("Jay") for _ in range(texts)]
        services = replace(town.services, clock=now, channels={ChannelName.SMS: _channel(address)})
        with database.begin() as session:
            session.add(Setting(name="sms_per_second", value=0, at=now()))
        for number in range(rounds):
            rates["bare"].append(texts / _loop(bare, [phone.address for phone in phones]))
            _queue(services, phones, number)
            began = time.perf_counter()
            claimed = deliver_all(services)
            rates["ours"].append(texts / (time.perf_counter() - began))
            if claimed < texts:
                raise RuntimeError(f"{claimed} of {texts} texts left")
    finally:
        database.close()
    ratios = [ours / other for ours, other in zip(rates["ours"], rates["bare"], strict=True)]
    return {
        "engine": engine,
        "threads": THREADS,
        "ratio": round(median(ratios), 2),
        "rounds": {name: [round(rate, 1) for rate in taken] for name, taken in rates.items()},
    }


def _bare(address: str) -> Client:
    """The SDK as it comes, sent to ``address``."""
    make: Callable[..., Client] = Client  # its initialiser is not annotated
    client = make(ACCOUNT_SID, AUTH_TOKEN, http_client=TwilioHttpClient(timeout=10))
    client.api.base_url = address
    return client


def _channel(address: str) -> TwilioSms:
    return TwilioSms(
        ACCOUNT_SID,
        AUTH_TOKEN,
        messaging_service_sid=SERVICE_SID,
        callback_url=_CALLBACK,
        base_url=address,
    )


def _loop(client: Client, numbers: Sequence[str]) -> float:
    """Seconds that the SDK takes for one text to each number."""
    began = time.perf_counter()
    with ThreadPoolExecutor(THREADS) as pool:
        for sent in [pool.submit(_send, client, number) for number in numbers]:
            sent.result()
    return time.perf_counter() - began


def _send(client: Client, number: str) -> None:
    client.messages.create(to=number, from_=NUMBER, body=_WORDS, status_callback=_CALLBACK)


def _queue(services: Services, phones: Sequence[Phone], number: int) -> None:
    """A member of staff has written to everybody."""
    with services.database.begin() as session:
        for phone in phones:
            outbox.enqueue(
                session,
                key=f"bench:{number}:{phone.address}",
                kind=OutboundKind.STAFF_TEXT,
                channel=ChannelName.SMS,
                to=phone.address,
                body=_WORDS,
                now=now(),
                about=About(person_id=phone.person_id),
            )
