"""What every channel to a young person promises, held to Twilio, Telegram and the simulator alike."""

import threading
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from bot.channels.simulator import Simulator
from bot.channels.telegram import TelegramChat
from bot.channels.twilio_sms import TwilioSms
from messages.channel import Accepted, Channel, ChannelName, Failure, OutboundText, SendError
from standins.telegram import TOKEN, TelegramStandIn
from standins.twilio import TwilioStandIn
from standins.twilio_records import ACCOUNT_SID, AUTH_TOKEN, SERVICE_SID

CALLBACK = "http://127.0.0.1:9/webhooks/twilio/status"
PRIVATE_BODY = "Hi Amina, how are things? Zoë \N{PENSIVE FACE} ŵ €[]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rig:
    """A channel with its far side. ``taken()``: (address, body) in the order they were accepted."""

    channel: Channel
    name: ChannelName
    good: str
    stopped: str
    wrong: str
    taken: Callable[[], list[tuple[str, str]]]
    #: The provider can be asked what it has.
    can_look: bool


def twilio() -> Iterator[Rig]:
    with TwilioStandIn() as far_side:
        far_side.stopped.add((SERVICE_SID, "+447700900124"))
        yield Rig(
            channel=TwilioSms(
                ACCOUNT_SID,
                AUTH_TOKEN,
                messaging_service_sid=SERVICE_SID,
                callback_url=CALLBACK,
                base_url=far_side.url,
            ),
            name=ChannelName.SMS,
            good="+447700900123",
            stopped="+447700900124",
            wrong="07700",
            taken=lambda: [(message.to, message.body) for message in far_side.accepted],
            can_look=True,
        )


def telegram() -> Iterator[Rig]:
    with TelegramStandIn() as far_side:
        far_side.blocked.add(8002)
        yield Rig(
            channel=TelegramChat(TOKEN, base_url=far_side.url),
            name=ChannelName.TELEGRAM,
            good="8001",
            stopped="8002",
            wrong="-100123",
            taken=lambda: [(str(sent.chat_id), sent.text) for sent in far_side.accepted],
            can_look=False,
        )


def simulator(name: ChannelName, good: str, stopped: str, wrong: str) -> Iterator[Rig]:
    phone: list[tuple[str, str]] = []
    yield Rig(
        channel=Simulator(
            name,
            lambda text, provider_id: phone.append((text.to, text.body)),
            blocked=lambda address: address == stopped,
        ),
        name=name,
        good=good,
        stopped=stopped,
        wrong=wrong,
        taken=lambda: phone,
        can_look=True,
    )


RIGS: dict[str, Callable[[], Iterator[Rig]]] = {
    "twilio": twilio,
    "telegram": telegram,
    "simulated sms": lambda: simulator(ChannelName.SMS, "+447700900123", "+447700900124", "07700"),
    "simulated telegram": lambda: simulator(ChannelName.TELEGRAM, "8001", "8002", "-100123"),
}


@pytest.fixture(params=RIGS)
def rig(request: pytest.FixtureRequest) -> Iterator[Rig]:
    yield from RIGS[request.param]()


def text(to: str, body: str = PRIVATE_BODY) -> OutboundText:
    return OutboundText(id=uuid.uuid4(), to=to, body=body)


def test_it_is_named(rig: Rig) -> None:
    assert rig.channel.name is rig.name


def test_an_accepted_text_has_a_provider_id_and_arrives_unchanged(rig: Rig) -> None:
    accepted = rig.channel.send(text(rig.good))
    assert accepted.provider_id
    assert rig.taken() == [(rig.good, PRIVATE_BODY)]


def test_a_long_text_arrives_whole(rig: Rig) -> None:
    rig.channel.send(text(rig.good, "é" * 1_600))
    assert rig.taken() == [(rig.good, "é" * 1_600)]


@pytest.mark.parametrize(
    ("address", "failure"), [("stopped", Failure.CONSENT), ("wrong", Failure.INVALID_ADDRESS)]
)
def test_a_refusal_says_why_without_number_or_words(rig: Rig, address: str, failure: Failure) -> None:
    to = rig.stopped if address == "stopped" else rig.wrong
    with pytest.raises(SendError) as refused:
        rig.channel.send(text(to))
    assert refused.value.failure is failure
    told = f"{refused.value} {refused.value!r} {refused.value.words} {refused.value.code}"
    assert to not in told
    assert "Amina" not in told
    assert refused.value.words.endswith(".")
    assert rig.taken() == []


def test_the_error_drags_no_text_of_the_library_along(rig: Rig) -> None:
    """A log or an error report walks these chains; they must hold neither number nor words."""
    with pytest.raises(SendError) as refused:
        rig.channel.send(text(rig.stopped))
    error: BaseException | None = refused.value
    while error is not None:
        assert rig.stopped not in str(error)
        assert "Amina" not in str(error)
        error = error.__context__


def test_find_gives_the_accepted_text_or_nothing(rig: Rig) -> None:
    started = datetime.now(UTC)
    sent, never_sent = text(rig.good), text(rig.good, "other words")
    accepted = rig.channel.send(sent)
    found = rig.channel.find(sent, since=started)
    assert found == (accepted if rig.can_look else None)
    assert rig.channel.find(never_sent, since=started) is None


def test_fifty_sends_from_eight_threads_are_fifty_texts(rig: Rig) -> None:
    start = threading.Barrier(8)
    texts = [text(rig.good, f"check-in {number}") for number in range(48)]

    def send_six(number: int) -> list[Accepted]:
        start.wait()
        return [rig.channel.send(each) for each in texts[number::8]]

    with ThreadPoolExecutor(8) as pool:
        accepted = [each for six in pool.map(send_six, range(8)) for each in six]
    accepted += [rig.channel.send(text(rig.good, f"check-in {number}")) for number in (48, 49)]
    assert len({each.provider_id for each in accepted}) == 50
    assert sorted(rig.taken()) == sorted((rig.good, f"check-in {number}") for number in range(50))


def test_find_does_not_take_an_older_text_with_the_same_words() -> None:
    """Only where the provider is asked by words and time: the simulator asks by id."""
    for rig in twilio():
        same = text(rig.good)
        rig.channel.send(same)
        assert rig.channel.find(same, since=datetime.now(UTC) + timedelta(minutes=1)) is None
