"""Nothing is lost when handling breaks, and nothing happens twice when it is repeated."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import cast
from uuid import UUID

from bot.conversation.handle import handle
from bot.worker import pick_up
from messages.channel import ChannelName, Inbound
from messages.wordings import TERMS, Rendered, WordingKey, Wordings
from storage import inbound
from town import Town


def _record(town: Town, sender: str, text: str, provider_id: str = "SM1") -> UUID | None:
    return inbound.record(
        town.database,
        Inbound(
            channel=ChannelName.SMS, provider_id=provider_id, sender=sender, text=text, raw=text.encode()
        ),
        now=town.clock(),
    )


def test_one_text_repeated_by_twenty_threads_has_its_effects_once(both_towns: Town) -> None:
    town = both_towns
    jay = town.young_person()

    def post(_: int) -> None:
        message_id = _record(town, jay.address, "i want to die")
        if message_id:
            handle(town.services, message_id, town.clock())

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(post, range(20)))
    town.deliver()
    assert town.kinds(jay) == ["danger_to_life"]
    assert len(jay.hears()) == 1


def test_two_processes_handle_a_text_once(both_towns: Town) -> None:
    town = both_towns
    jay = town.young_person()
    message_id = _record(town, jay.address, "i want to die")
    assert message_id is not None
    with ThreadPoolExecutor(6) as pool:
        did = list(pool.map(lambda _: handle(town.services, message_id, town.clock()), range(6)))
    assert did.count(True) == 1
    assert len(town.kinds(jay)) == 1


def test_what_web_left_is_picked_up_by_the_worker(town: Town) -> None:
    jay = town.young_person()
    _record(town, jay.address, "hi")
    assert pick_up(town.services) == 0
    town.clock.advance(seconds=6)
    assert pick_up(town.services) == 1
    assert pick_up(town.services) == 0


class _Mute:
    """Wordings that break when a young person is to be answered: a handler that raises."""

    def __init__(self, wordings: Wordings) -> None:
        self._wordings = wordings

    def __getattr__(self, name: str) -> object:
        return getattr(self._wordings, name)

    def render(self, key: WordingKey, language: str, *, variant: int, **values: str) -> Rendered:
        if TERMS[key].to_staff:
            return self._wordings.render(key, language, variant=variant, **values)
        raise RecursionError("zebra")


def test_a_text_that_breaks_its_handler_is_kept_tried_three_times_and_owned(town: Town) -> None:
    jay = town.young_person()
    services = replace(town.services, wordings=cast("Wordings", _Mute(town.services.wordings)))
    message_id = _record(town, jay.address, "hello there")
    assert message_id is not None
    for _ in range(5):
        assert not handle(services, message_id, town.clock())
        town.clock.advance(seconds=20)
    message = town.message(message_id)
    assert message.attempts == 3
    assert message.parked_at is not None
    assert town.kinds(jay) == ["unreadable"]
    other = town.young_person("Kim")
    other.texts("1")
    assert other.hears()
