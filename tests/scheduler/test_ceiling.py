"""How much is enough, and what gives way to what."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohort import TUESDAY, Cohort
from messages.channel import ChannelName
from messages.kinds import OutboundKind
from scheduler import ceiling, outbox
from scheduler.ceiling import Counted, fits
from scheduler.local_time import LONDON
from scheduler.outbox import About
from scheduler.rules import DEFAULTS
from storage.base import new_id
from storage.database import Database
from storage.outbound import OutboundState

DAY = date(2026, 11, 24)


def text(day: int, kind: OutboundKind = OutboundKind.CHECK_IN, check_in: int | None = None) -> Counted:
    of = new_id() if check_in is None else _CHECK_INS[check_in]
    return Counted(id=new_id(), kind=kind, day=DAY + timedelta(days=day), check_in_id=of)


_CHECK_INS = [uuid4() for _ in range(3)]
NUDGE = OutboundKind.NUDGE


@pytest.mark.parametrize(
    ("new", "others", "room"),
    [
        pytest.param(text(0), [], True, id="the first"),
        pytest.param(text(0), [text(0)], False, id="two in a day"),
        pytest.param(text(0), [text(-1), text(-2)], True, id="three in seven days"),
        pytest.param(text(0), [text(-1), text(-2), text(-6)], False, id="four in seven days"),
        pytest.param(text(0), [text(-1), text(-2), text(-7)], True, id="a week ago is over"),
        pytest.param(
            text(0, NUDGE, 0), [text(0, NUDGE, 0)], True, id="a nudge on two channels counts as one"
        ),
        pytest.param(text(0, NUDGE, 0), [text(0, NUDGE, 1)], False, id="two nudges do not"),
        pytest.param(
            text(0, NUDGE, 0), [text(-1, NUDGE, 0), text(-2), text(-3)], False, id="on two days neither"
        ),
    ],
)
def test_what_fits(new: Counted, others: list[Counted], room: bool) -> None:
    assert fits(new, others, DEFAULTS) is room


@given(st.lists(st.integers(min_value=0, max_value=60)))
def test_whoever_asks_first_never_gets_more_than_the_ceiling(days: list[int]) -> None:
    gone: list[Counted] = []
    for day in sorted(days):
        if fits(new := text(day), gone, DEFAULTS):
            gone.append(new)
    for start in range(60):
        week = [one for one in gone if start <= (one.day - DAY).days < start + 7]
        assert len(week) <= DEFAULTS.texts_a_week
    assert len({one.day for one in gone}) == len(gone)


def queued(cohort: Cohort, person_id: UUID, key: str, kind: OutboundKind, *, days: int = 0) -> None:
    with cohort.database.begin() as session:
        outbox.enqueue(
            session,
            key=key,
            kind=kind,
            channel=ChannelName.SMS,
            to="+447700900100",
            body="Hi",
            now=TUESDAY,
            due_at=TUESDAY + timedelta(days=days),
            about=About(person_id=person_id),
        )


def test_a_queued_nudge_gives_way_to_a_check_in(database: Database) -> None:
    cohort = Cohort(database)
    jay = cohort.person()
    queued(cohort, jay, "nudge:1", NUDGE)
    cohort.due_now(jay)
    cohort.tick()
    states = {row.key.split(":")[0]: (row.state, row.reason) for row in cohort.texts(jay)}
    assert states["nudge"] == (OutboundState.SKIPPED, "gave way to a more important text")
    assert states["check_in"][0] is OutboundState.SENT


def test_a_check_in_gives_way_to_a_welcome_but_not_to_a_nudge(database: Database) -> None:
    cohort = Cohort(database)
    jay = cohort.person()
    queued(cohort, jay, "check_in:1", OutboundKind.CHECK_IN)
    with database.begin() as session:
        nudge = Counted(id=new_id(), kind=NUDGE, day=DAY)
        welcome = Counted(id=new_id(), kind=OutboundKind.WELCOME, day=DAY)
        assert not ceiling.make_room(session, jay, nudge, DEFAULTS, LONDON)
        assert ceiling.make_room(session, jay, welcome, DEFAULTS, LONDON)
    (row,) = cohort.texts(jay)
    assert row.state is OutboundState.SKIPPED


def test_what_was_refused_outright_takes_no_room(database: Database) -> None:
    cohort = Cohort(database)
    jay = cohort.person()
    queued(cohort, jay, "check_in:1", OutboundKind.CHECK_IN)
    with database.begin() as session:
        session.merge(cohort.texts(jay)[0]).state = OutboundState.FAILED
    with database.begin() as session:
        new = Counted(id=new_id(), kind=NUDGE, day=DAY)
        assert ceiling.has_room(session, jay, new, DEFAULTS, LONDON)
