"""What young people and staff do by themselves between two moments, each in character.

Nothing is remembered but the rows: when somebody answers a text, and whether, follows from the text's key.
So history and fast-forward are lived by the same people, and the same stretch of time is lived the same way.
"""

import random
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.demo import words
from bot.demo.cast import Character, Temper
from bot.demo.network import Network
from bot.demo.scenes import SCENES, Scene
from messages.channel import ChannelName
from messages.kinds import OutboundKind
from scheduler.local_time import LONDON, local
from storage import addresses, people
from storage.outbound import OutboundMessage, OutboundState
from storage.people import AllocationRole, StateKind

_WEEK = timedelta(weeks=1)
#: Nobody answers a text that is older than this.
_FORGOTTEN = timedelta(days=6)
_PROMPTS = (OutboundKind.CHECK_IN, OutboundKind.NUDGE, OutboundKind.WELCOME, OutboundKind.STAFF_TEXT)
#: How many hours a temper takes at most, and how often it answers at all.
_PATIENCE = {
    Temper.QUICK: (1.5, 0.96),
    Temper.STEADY: (9, 0.88),
    Temper.SLOW: (60, 0.8),
    Temper.PATCHY: (40, 0.5),
    Temper.SILENT: (1, 0.0),
}
#: A nudge moves some, the welcome few need to answer, a worker's own text most do.
_EAGERNESS = {OutboundKind.NUDGE: 0.6, OutboundKind.WELCOME: 0.35, OutboundKind.STAFF_TEXT: 0.5}


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Something that somebody does at a moment."""

    at: datetime
    do: Callable[[], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class YoungPeople:
    """The cast's young people. ``anchor``: the end of the history, from which their stories are told."""

    network: Network
    anchor: datetime
    cast: Mapping[UUID, Character]
    #: Those whose phones somebody else has in hand.
    played: Collection[UUID] = ()
    scenes: tuple[Scene, ...] = SCENES
    _known: dict[UUID, tuple[Act, ...]] = field(default_factory=dict)

    def acts(self, session: Session, since: datetime, until: datetime) -> Iterator[Act]:
        """What they do after ``since``, up to ``until``."""
        for row_id, person_id in _prompts(session, until):
            character = self.cast.get(person_id) if person_id else None
            if character is None or person_id in self.played:
                continue
            if row_id not in self._known:
                row = session.get_one(OutboundMessage, row_id)
                self._known[row_id] = tuple(self._answers(character, row))
            for act in self._known[row_id]:
                if since < act.at <= until and not self._cannot(session, character, act.at):
                    yield act
        yield from self._scenes(since, until)

    def _cannot(self, session: Session, character: Character, now: datetime) -> bool:
        """In custody, or they have ended the texts."""
        held = {state.kind for state in people.states_on(session, character.id, local(now, LONDON).date())}
        if StateKind.CUSTODY in held:
            return True
        keyring = session.info["keyring"]
        return addresses.opted_out(session, ChannelName.SMS, keyring.indexes(character.phone))

    def _answers(self, character: Character, row: OutboundMessage) -> Iterator[Act]:
        rng = random.Random(f"{row.key}:{character.case_id}")
        sent_at = row.sent_at or row.due_at
        hours, often = _PATIENCE[self._temper(character, sent_at)]
        if row.kind is OutboundKind.WELCOME and character.temper is not Temper.SILENT:
            often = 1.0
        if rng.random() > often * _EAGERNESS.get(row.kind, 1):
            return
        at = _awake(sent_at + timedelta(minutes=rng.uniform(2, 12) + rng.random() ** 2 * hours * 60), rng)
        felt = words.mood(rng, character.low)
        sender = row.to
        if row.channel is ChannelName.TELEGRAM and row.buttons and rng.random() < 0.6:
            yield Act(at=at, do=lambda: self.network.press(sender, words.button(felt)))
            return
        for place, text in enumerate(words.reply(rng, character.style, felt)):
            yield Act(at=at + place * timedelta(seconds=11), do=self._says(row.channel, sender, text))

    def _temper(self, character: Character, at: datetime) -> Temper:
        weeks_before = (self.anchor - at) / _WEEK
        if character.silent_from is not None and weeks_before < character.silent_from:
            return Temper.SILENT
        return character.temper

    def _says(self, channel: ChannelName, sender: str, text: str) -> Callable[[], None]:
        return lambda: self.network.text(channel, sender, text)

    def _scenes(self, since: datetime, until: datetime) -> Iterator[Act]:
        for scene in self.scenes:
            at = scene.at(self.anchor)
            if since < at <= until:
                yield Act(at=at, do=self._says(ChannelName.SMS, scene.phone, scene.text))


def _prompts(session: Session, now: datetime) -> Iterable[tuple[UUID, UUID | None]]:
    """(text, person) of what arrived on young people's phones lately."""
    return session.execute(
        select(OutboundMessage.id, OutboundMessage.person_id)
        .where(
            OutboundMessage.sent_at > now - _FORGOTTEN,
            OutboundMessage.sent_at <= now,
            OutboundMessage.kind.in_(_PROMPTS),
            OutboundMessage.state.in_([OutboundState.SENT, OutboundState.DELIVERED]),
            OutboundMessage.person_id.is_not(None),
        )
        .order_by(OutboundMessage.sent_at)
    )


def _awake(at: datetime, rng: random.Random) -> datetime:
    """Most people sleep at night: what would come then comes in the morning."""
    hour = local(at, LONDON).hour
    if 1 <= hour < 8:
        return at + timedelta(hours=9 - hour, minutes=rng.randint(0, 50))
    return at


def adviser_of(session: Session, person_id: UUID, now: datetime) -> UUID | None:
    staff = people.allocated(session, person_id, AllocationRole.ADVISER, now)
    return staff.id if staff else None
