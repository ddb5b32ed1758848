"""Everybody who acts by themselves in the demo."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from bot.demo import cast
from bot.demo.cast import Character
from bot.demo.correspondence import Correspondents
from bot.demo.living import YoungPeople
from bot.demo.travel import Lives
from bot.demo.visiting import Visitors
from bot.demo.working import AlertWorkers
from bot.demo.world import World


def lives_of(
    world: World,
    *,
    anchor: datetime,
    played: Collection[UUID] = (),
    people: tuple[Character, ...] = cast.PEOPLE,
) -> tuple[Lives, ...]:
    """Young people and staff of the cast, but for those whose phones are ``played`` by somebody else."""
    by_id = {character.id: character for character in people}
    return (
        YoungPeople(network=world.network, anchor=anchor, cast=by_id, played=played),
        AlertWorkers(services=world.services, network=world.network, cast=by_id, played=played),
        Correspondents(services=world.services, cast=by_id, played=played),
        Visitors(services=world.services, anchor=anchor, cast=people, played=played),
    )
