"""Staff read what came in, and now and then write back in person."""

import json
import random
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.demo import cast as town_cast
from bot.demo import words
from bot.demo.cast import Character
from bot.demo.living import Act, adviser_of
from messages.kinds import OutboundKind
from scheduler.local_time import LONDON, day_of, wall
from scheduler.outbox import About, enqueue
from scheduler.services import Services
from scheduler.working_time import hours_of, is_working, next_working_time
from storage import addresses, audit
from storage import staff as staff_rows
from storage.inbound import InboundMessage

#: When everybody reads what has come in for them.
_READING_TIMES = (time(9, 30), time(11), time(13), time(15), time(16, 45))
_LOOK_BACK = timedelta(days=14)
#: Nobody has got round to a stranger's text of the last days.
_TRAY = timedelta(days=9)
#: The share of longer texts that get an answer in person.
_OFTEN, _LONGER = 0.4, 14
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Correspondents:
    services: Services
    cast: Mapping[UUID, Character]
    played: Collection[UUID] = ()
    _known: dict[UUID, Act | None] = field(default_factory=dict)

    def acts(self, session: Session, since: datetime, until: datetime) -> Iterator[Act]:
        ids = session.scalars(
            select(InboundMessage.id).where(
                InboundMessage.received_at > since - 4 * _DAY,
                InboundMessage.received_at <= until,
                InboundMessage.person_id.in_(self.cast.keys() - set(self.played)),
                InboundMessage.restricted.is_(False),
            )
        )
        for row_id in ids:
            if row_id not in self._known:
                self._known[row_id] = self._answer(session.get_one(InboundMessage, row_id))
            act = self._known[row_id]
            if act is not None and since < act.at <= until:
                yield act
        yield from self._reads(since, until)

    def _answer(self, row: InboundMessage) -> Act | None:
        rng = random.Random(f"answer:{row.body}:{row.received_at:%Y-%m-%d}:{row.person_id}")
        character = self.cast[row.person_id] if row.person_id else None
        if character is None or character.discreet or len(row.body) < _LONGER or rng.random() > _OFTEN:
            return None
        at = row.received_at + timedelta(minutes=rng.uniform(20, 150))
        at = next_working_time(at, hours_of(None, LONDON)) + timedelta(minutes=rng.uniform(1, 40))
        return Act(at=at, do=lambda: self._write_back(row, rng))

    def _write_back(self, row: InboundMessage, rng: random.Random) -> None:
        now = self.services.clock()
        with self.services.database.begin() as session:
            staff_id = adviser_of(session, row.person_id, now) if row.person_id else None
            held = addresses.holders(session, row.channel, session.info["keyring"].indexes(row.sender))
            if staff_id is None or not held or staff_rows.leave_at(session, staff_id, now):
                return
            enqueue(
                session,
                key=f"staff:{row.id}",
                kind=OutboundKind.STAFF_TEXT,
                channel=row.channel,
                to=row.sender,
                body=rng.choice(words.STAFF_REPLIES[_felt(row)]),
                about=About(person_id=row.person_id, author_id=staff_id),
                address=held[0],
                now=now,
            )
            audit.note(
                session,
                "text.written",
                now=now,
                staff_id=staff_id,
                subject="person",
                subject_id=row.person_id,
            )

    def _reads(self, since: datetime, until: datetime) -> Iterator[Act]:
        day = day_of(since, LONDON)
        while wall(day, time(0), LONDON) <= until:
            for clock in _READING_TIMES:
                at = wall(day, clock, LONDON)
                if since < at <= until and is_working(at, hours_of(None, LONDON)):
                    yield Act(at=at, do=self._read)
            day += _DAY

    def _read(self) -> None:
        now = self.services.clock()
        with self.services.database.begin() as session:
            unread = session.scalars(
                select(InboundMessage).where(
                    InboundMessage.read_at.is_(None),
                    InboundMessage.received_at > now - _LOOK_BACK,
                    InboundMessage.staff_id.is_(None),
                )
            )
            for row in unread:
                if row.person_id is None and row.received_at > now - _TRAY:
                    continue
                if row.person_id is None or row.person_id not in self.played:
                    row.read_at, row.read_by_id = now, _reader(session, row, now)


def _reader(session: Session, row: InboundMessage, now: datetime) -> UUID | None:
    if row.person_id is None:
        return town_cast.worker("Mira Solanki").id
    return adviser_of(session, row.person_id, now)


def _felt(row: InboundMessage) -> str:
    mood = json.loads(row.reading).get("mood") if row.reading else None
    return words.GOOD if mood == 1 else words.LOW if mood == -1 else words.OK
