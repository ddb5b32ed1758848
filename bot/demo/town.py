"""Building the council: teams, staff, rota and leave, and young people as their advisers would enrol them."""

import random
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from bot.demo import cast, words
from bot.demo.cast import WORKERS, Character, invented_id
from messages.channel import ChannelName
from scheduler import rules, slots, states
from scheduler.local_time import LONDON, day_of, wall
from scheduler.services import Services
from storage import audit, people
from storage.addresses import Address
from storage.people import AllocationRole, Enrolment, Person, StateKind
from storage.plans import PlanReview, Visit
from storage.staff import Leave, RotaRole, RotaShift, Staff, Team

_WEEK = timedelta(weeks=1)
_EVENINGS = (time(17), time(20))
_HOUSES = ("Quay Street", "Mill Lane", "Harbour Row", "Chapel Hill", "Orchard Way", "Station Road")


def found_council(session: Session, *, start: datetime, today: datetime) -> None:
    """Teams and staff from before ``start``; leave until ``today``, and a rota for half a year more."""
    for name in cast.TEAMS:
        session.add(Team(id=invented_id(name), name=name))
    session.flush()
    for worker in WORKERS:
        session.add(
            Staff(
                id=worker.id,
                email=worker.email,
                name=worker.name,
                role=worker.role,
                team_id=invented_id(worker.team) if worker.team else None,
                social_worker=worker.social_worker,
                phone=worker.phone,
                created_at=start - 4 * _WEEK,
            )
        )
    session.flush()
    for worker in WORKERS:
        if worker.cover:
            session.get_one(Staff, worker.id).cover_id = cast.worker(worker.cover).id
    _rota(session, start, today + 26 * _WEEK)
    _leave(session, start, today)


def _rota(session: Session, start: datetime, end: datetime) -> None:
    """Mira and Omar in turn: a week of duty days, a week of nights on call."""
    mira, omar = (cast.worker(name).id for name in ("Mira Solanki", "Omar Bell"))
    monday = day_of(start, LONDON) - timedelta(days=day_of(start, LONDON).weekday())
    week = 0
    while (day := monday + week * _WEEK) <= end.date():
        begins, ends = wall(day, time(0), LONDON), wall(day + _WEEK, time(0), LONDON)
        pair = (mira, omar) if week % 2 == 0 else (omar, mira)
        for role, staff_id in zip((RotaRole.DUTY, RotaRole.ON_CALL), pair, strict=True):
            session.add(RotaShift(role=role, staff_id=staff_id, starts_at=begins, ends_at=ends))
        week += 1


def _leave(session: Session, start: datetime, today: datetime) -> None:
    """Every adviser and manager is away a few weeks of the year; Dan is away now."""
    rng = random.Random("leave")
    for worker in WORKERS:
        if worker.cover is None or worker.social_worker:
            continue
        for weeks_after in (rng.randint(6, 16), rng.randint(24, 40)):
            away_from = start + weeks_after * _WEEK
            _away(session, worker, away_from, away_from + timedelta(days=rng.choice((5, 9))))
    _away(session, cast.worker(cast.DAN), today - timedelta(days=3), today + timedelta(days=11))


def _away(session: Session, worker: cast.Worker, starts_at: datetime, ends_at: datetime) -> None:
    cover = cast.worker(worker.cover).id if worker.cover else None
    session.add(Leave(staff_id=worker.id, starts_at=starts_at, ends_at=ends_at, cover_id=cover))


def take_in(session: Session, services: Services, character: Character, *, now: datetime) -> None:
    """The record, addresses, adviser, and, unless they never were, the enrolment."""
    rng = random.Random(f"take in {character.case_id}")
    adviser = cast.worker(character.adviser)
    person = Person(
        id=character.id,
        case_id=character.case_id,
        first_name=character.first,
        last_name=character.last,
        safe_name=character.safe_name,
        date_of_birth=_born(character, now, rng),
        status=character.status,
        team_id=invented_id(adviser.team) if adviser.team else None,
        language=character.language,
        risk=character.risk,
        discreet=character.discreet,
        controlled=character.controlled,
        home_address=f"{rng.randint(2, 98)} {rng.choice(_HOUSES)}, Westhaven",
        quiet_plan=character.quiet_plan,
        quiet_plan_agreed_on=now.date() if character.quiet_plan else None,
        cadence=character.cadence,
        preferred_day=character.preferred_day,
        window_from=_EVENINGS[0] if character.evenings else None,
        window_to=_EVENINGS[1] if character.evenings else None,
        preferred_channel=character.prefers.value if character.prefers else None,
        created_at=now,
    )
    session.add(person)
    session.flush()
    for channel, value in _addresses(character):
        _address(session, character, channel, value, now=now)
    people.allocate(session, person.id, adviser.id, role=AllocationRole.ADVISER, now=now)
    if character.social_worker:
        beside = cast.worker(character.social_worker).id
        people.allocate(session, person.id, beside, role=AllocationRole.SOCIAL_WORKER, now=now)
    _seen_before(session, person, adviser, rng, now=now)
    if character.joined is not None:
        _enrol(session, services, person, character, now=now)


def _born(character: Character, now: datetime, rng: random.Random) -> date:
    """So that the age is right at the end of the history."""
    weeks_to_go = character.joined if character.joined is not None else 52
    return (now + weeks_to_go * _WEEK).date() - timedelta(days=character.age * 365.25 + rng.randint(20, 340))


def _addresses(character: Character) -> Iterable[tuple[ChannelName, str]]:
    yield ChannelName.SMS, character.phone
    if character.chat is not None:
        yield ChannelName.TELEGRAM, str(character.chat)


def _address(
    session: Session, character: Character, channel: ChannelName, value: str, *, now: datetime
) -> None:
    enrolled = character.joined is not None
    session.add(
        Address(
            person_id=character.id,
            channel=channel,
            value=value,
            shared=character.shared_with is not None,
            confirmed_at=now if enrolled else None,
            safe_to_text=enrolled,
            safe_to_ring=enrolled and not character.discreet and not character.controlled,
            starts_at=now,
        )
    )
    session.flush()


def _seen_before(
    session: Session, person: Person, adviser: cast.Worker, rng: random.Random, *, now: datetime
) -> None:
    """What the case system knew when they were taken in."""
    today = day_of(now, LONDON)
    session.add(
        Visit(
            person_id=person.id,
            visited_on=today - timedelta(days=rng.randint(5, 50)),
            staff_id=adviser.id,
            recorded_at=now,
        )
    )
    session.add(
        PlanReview(
            person_id=person.id,
            reviewed_on=today - timedelta(days=rng.randint(20, 170)),
            note=rng.choice(words.REVIEW_NOTES),
            staff_id=adviser.id,
            recorded_at=now,
        )
    )


def _enrol(
    session: Session, services: Services, person: Person, character: Character, *, now: datetime
) -> None:
    today = day_of(now, LONDON)
    declared_by = cast.worker(character.adviser).id
    session.add(
        Enrolment(
            person_id=person.id,
            enrolled_on=today,
            number_confirmed_on=today,
            safe_to_text=True,
            safe_to_ring=not character.discreet and not character.controlled,
            others_see_phone=character.shared_with or ("Her partner" if character.controlled else None),
            told_how_to_stop=True,
            declared_by_id=declared_by,
            created_at=now,
        )
    )
    audit.note(
        session, "person.enrolled", now=now, staff_id=declared_by, subject="person", subject_id=person.id
    )
    session.flush()
    slots.plan_next(session, person, rules.load(session), now=now, zone=services.council.time_zone)


def begin_state(session: Session, character: Character, *, now: datetime) -> None:
    """The adviser records where they are now."""
    if character.state is None:
        return
    abroad = character.state is StateKind.ABROAD
    states.start_state(
        session,
        character.id,
        character.state,
        starts_on=day_of(now, LONDON),
        now=now,
        time_zone="Europe/Rome" if abroad else None,
        stop_prompts=not abroad,
        recorded_by_id=cast.worker(character.adviser).id,
    )
