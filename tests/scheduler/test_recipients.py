"""Who acts for whom, whatever leave and cover say."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from office import MORNING, Office
from scheduler.recipients import acting_for, cover_of
from storage.database import Database
from storage.sealing import Keyring
from storage.staff import Leave, Role, Staff, covers_in_a_circle, leave_at

_FIVE = 5


@pytest.fixture
def office(sqlite_database_url: str, keyring: Keyring) -> Iterator[Office]:
    opened = Database(sqlite_database_url, keyring=keyring)
    yield Office(opened, MORNING)
    opened.close()


def test_cover_is_the_leaves_own_else_the_standing_one(office: Office) -> None:
    with office.database.read() as session:
        sam = session.get_one(Staff, office.sam)
        assert (cover := cover_of(session, sam, MORNING)) is not None
        assert cover.id == office.dan
    office.away(office.sam, cover=office.omar)
    with office.database.read() as session:
        cover = cover_of(session, session.get_one(Staff, office.sam), MORNING)
        assert cover is not None
        assert cover.id == office.omar


def test_the_cover_of_a_cover(office: Office) -> None:
    office.away(office.dan, cover=office.omar)
    with office.database.read() as session:
        cover = cover_of(session, session.get_one(Staff, office.sam), MORNING)
        assert cover is not None
        assert cover.id == office.omar


def test_a_circle_of_standing_covers_is_seen_before_it_is_made(office: Office) -> None:
    with office.database.read() as session:
        assert covers_in_a_circle(session, office.dan, office.sam), "Dan covers Sam already"
        assert covers_in_a_circle(session, office.dan, office.dan)
        assert not covers_in_a_circle(session, office.mira, office.sam)


#: For each of five: away or not, the leave's cover, the standing cover (numbers of the five, or nobody).
_someone = st.none() | st.integers(0, _FIVE - 1)
_graphs = st.lists(st.tuples(st.booleans(), _someone, _someone), min_size=_FIVE, max_size=_FIVE)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(graph=_graphs)
def test_whoever_acts_is_here_and_the_search_ends(
    office: Office, graph: list[tuple[bool, int | None, int | None]]
) -> None:
    if len(office.names) < _FIVE * 2:
        for number in range(_FIVE):
            office.staff(f"Five{number}", Role.ADVISER)
    five = [staff_id for staff_id, name in office.names.items() if name.startswith("Five")]
    with office.database.begin() as session:
        session.execute(delete(Leave))
        for staff_id, (_, _, standing) in zip(five, graph, strict=True):
            session.get_one(Staff, staff_id).cover_id = None if standing is None else five[standing]
    for staff_id, (away, cover, _) in zip(five, graph, strict=True):
        if away:
            office.away(staff_id, cover=None if cover is None else five[cover])
    with office.database.read() as session:
        for staff_id in five:
            staff = session.get_one(Staff, staff_id)
            acting = acting_for(session, staff, MORNING)
            cover_now = cover_of(session, staff, MORNING)
            for found in (acting, cover_now):
                assert found is None or leave_at(session, found.id, MORNING) is None
            assert cover_now is None or cover_now.id != staff_id
            if leave_at(session, staff_id, MORNING) is None:
                assert acting is staff
