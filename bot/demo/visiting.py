"""Visits to young people and reviews of their plans, each in a rhythm of its own."""

import random
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from functools import cache
from uuid import UUID

from sqlalchemy.orm import Session

from bot.demo import words
from bot.demo.cast import Character
from bot.demo.living import Act, adviser_of
from messages.kinds import ContactMethod
from scheduler import contacts as contact_log
from scheduler import states
from scheduler.local_time import LONDON, day_of, wall
from scheduler.services import Services
from storage import addresses, people
from storage import staff as staff_rows
from storage.contacts import Direction
from storage.people import Person, StateKind
from storage.plans import PlanReview

_WEEK = timedelta(weeks=1)
_AWAY = (StateKind.ABROAD, StateKind.CUSTODY)


class Errand(StrEnum):
    VISIT = "visit"
    REVIEW = "review"


#: Weeks from one to the next: most in time, some late.
_RHYTHM = {Errand.VISIT: (5.0, 9.0), Errand.REVIEW: (22.0, 30.0)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Date:
    at: datetime
    errand: Errand
    number: int
    character: Character


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitors:
    services: Services
    anchor: datetime
    cast: tuple[Character, ...]
    played: Collection[UUID] = ()

    def acts(self, session: Session, since: datetime, until: datetime) -> Iterator[Act]:
        for week in {_week_of(since, self.anchor), _week_of(until, self.anchor)}:
            for appointment in calendar(self.cast, self.anchor, week):
                if since < appointment.at <= until and appointment.character.id not in self.played:
                    yield Act(at=appointment.at, do=self._errand(appointment))

    def _errand(self, appointment: Date) -> "_Errand":
        return _Errand(visitors=self, appointment=appointment)

    def keep(self, appointment: Date) -> None:
        character, now = appointment.character, self.services.clock()
        with self.services.database.begin() as session:
            staff_id = adviser_of(session, character.id, now)
            if staff_id is None or staff_rows.leave_at(session, staff_id, now):
                return
            if session.get(Person, character.id) is None or _is_away(session, character, now):
                return
            if appointment.errand is Errand.VISIT:
                self._visit(session, appointment, staff_id, now)
            elif appointment.number % 7 != 3:  # not everybody's plan is looked at in time
                self._review(session, appointment, staff_id, now)

    def _visit(self, session: Session, appointment: Date, staff_id: UUID, now: datetime) -> None:
        character = appointment.character
        rng = random.Random(f"visit:{character.case_id}:{appointment.number}")
        silent = character.silent_from
        lost = silent is not None and (self.anchor - now) / _WEEK < silent
        seen = not lost and rng.random() < 0.88
        contact_log.log_contact(
            session,
            character.id,
            method=ContactMethod.VISIT,
            direction=Direction.TWO_WAY if seen else Direction.ATTEMPT,
            at=now - timedelta(minutes=30),
            staff_id=staff_id,
            now=now,
            note=rng.choice(words.VISIT_NOTES if seen else words.NOT_IN_NOTES),
        )
        if seen and character.joined is not None:
            for address in addresses.of_person(session, character.id):
                states.confirm_address(session, address, now=now)

    def _review(self, session: Session, appointment: Date, staff_id: UUID, now: datetime) -> None:
        session.add(
            PlanReview(
                person_id=appointment.character.id,
                reviewed_on=day_of(now, LONDON),
                note=words.REVIEW_NOTES[appointment.number % len(words.REVIEW_NOTES)],
                staff_id=staff_id,
                recorded_at=now,
            )
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Errand:
    visitors: Visitors
    appointment: Date

    def __call__(self) -> None:
        self.visitors.keep(self.appointment)


def _week_of(at: datetime, anchor: datetime) -> int:
    return (at - anchor) // _WEEK


@cache
def calendar(cast: tuple[Character, ...], anchor: datetime, week: int) -> Sequence[Date]:
    """Everybody's appointments in one week, counted from the anchor."""
    begins = anchor + week * _WEEK
    return [
        date
        for character in cast
        for errand in Errand
        for date in _dates(character, errand, anchor, begins)
        if begins < date.at <= begins + _WEEK
    ]


def _dates(character: Character, errand: Errand, anchor: datetime, begins: datetime) -> Iterator[Date]:
    """Those that may fall into the week from ``begins`` on, on working days and in daylight."""
    rng = random.Random(f"{errand}:{character.case_id}")
    every = rng.uniform(*_RHYTHM[errand]) * _WEEK
    first = anchor - 104 * _WEEK + rng.random() * every
    number = (begins - first) // every - 1
    while (at := first + number * every) <= begins + _WEEK:
        day = day_of(at, LONDON)
        day += timedelta(days=(7 - day.weekday()) if day.weekday() > 4 else 0)
        on = wall(day, time(10 + number % 6, number * 7 % 60), LONDON)
        yield Date(at=on, errand=errand, number=number, character=character)
        number += 1


def _is_away(session: Session, character: Character, now: datetime) -> bool:
    held = people.states_on(session, character.id, day_of(now, LONDON))
    return any(state.kind in _AWAY for state in held)
