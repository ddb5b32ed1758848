"""Which people, alerts and texts somebody may see: own, covered, told, and never what is about oneself."""

from datetime import timedelta

import pytest

from browsing import id_of
from storage.alerts import Alert, AlertState, Restriction
from storage.inbound import InboundMessage
from storage.people import AllocationRole, Person, allocate
from storage.staff import Leave, Role, Staff
from town import Phone, Town
from web import access


def sees_person(town: Town, who: Phone, person: Phone) -> bool:
    with town.database.read() as session:
        staff = session.get_one(Staff, who.staff_id)
        return access.may_see_person(session, staff, id_of(person), town.clock())


def sees_alert(town: Town, who: Phone, alert: Alert) -> bool:
    with town.database.read() as session:
        return access.may_see_alert(session, session.get_one(Staff, who.staff_id), alert.id, town.clock())


def away(town: Town, who: Phone, cover: Phone | None, *, days: int = 7) -> None:
    with town.database.begin() as session:
        session.add(
            Leave(
                staff_id=id_of(who),
                starts_at=town.clock() - timedelta(hours=1),
                ends_at=town.clock() + timedelta(days=days),
                cover_id=id_of(cover) if cover else None,
            )
        )


def test_cover_sees_the_caseload_while_the_leave_lasts(town: Town) -> None:
    jay = town.young_person("Jay")
    assert not sees_person(town, town.dan, jay)
    away(town, town.sam, town.dan)
    assert sees_person(town, town.dan, jay)
    town.clock.advance(days=8)
    assert not sees_person(town, town.dan, jay)


def test_without_a_named_cover_the_standing_one_sees_it(town: Town) -> None:
    jay = town.young_person("Jay")
    away(town, town.sam, None)  # the town's standing cover of Sam is Dan
    assert sees_person(town, town.dan, jay)


def test_cover_of_a_cover_who_is_away_too(town: Town) -> None:
    jay, kim = town.young_person("Jay"), town.staff("Kim Ray", Role.ADVISER)
    away(town, town.sam, town.dan)
    away(town, town.dan, kim)
    assert sees_person(town, kim, jay)
    assert sees_person(town, town.dan, jay)


def test_two_who_cover_for_each_other_while_both_are_away(town: Town) -> None:
    jay = town.young_person("Jay")
    away(town, town.sam, town.dan)
    away(town, town.dan, town.sam)
    assert sees_person(town, town.sam, jay)


def test_whoever_handed_a_person_on_sees_them_no_more(town: Town) -> None:
    jay = town.young_person("Jay")
    with town.database.begin() as session:
        allocate(session, id_of(jay), id_of(town.dan), role=AllocationRole.ADVISER, now=town.clock())
    town.clock.advance(seconds=1)
    assert sees_person(town, town.dan, jay)
    assert not sees_person(town, town.sam, jay)


def test_a_social_worker_sees_their_own(town: Town) -> None:
    jay, worker = town.young_person("Jay"), town.staff("Lena Fox", Role.ADVISER, social_worker=True)
    assert not sees_person(town, worker, jay)
    with town.database.begin() as session:
        allocate(session, id_of(jay), id_of(worker), role=AllocationRole.SOCIAL_WORKER, now=town.clock())
    assert sees_person(town, worker, jay)


def test_who_is_told_of_an_alert_sees_it_and_the_person_until_it_ends(town: Town) -> None:
    jay = town.young_person("Jay")
    jay.texts("i want to die")
    alert = town.alerts(jay)[0]
    assert not sees_alert(town, town.dan, alert)
    town.passes(minutes=6)  # the standing cover is told
    assert sees_alert(town, town.dan, alert)
    assert sees_person(town, town.dan, jay)
    with town.database.begin() as session:
        session.get_one(Alert, alert.id).state = AlertState.CLOSED
    assert not sees_person(town, town.dan, jay)
    assert sees_alert(town, town.dan, alert)


@pytest.mark.parametrize("role", [Role.PARTICIPATION, Role.ADMIN])
def test_being_told_changes_nothing_for_those_who_see_nobody(town: Town, role: Role) -> None:
    jay, pat = town.young_person("Jay"), town.staff("Pat Lowe", role)
    jay.texts("i want to die")
    alert = town.alerts(jay)[0]
    with town.database.begin() as session:
        session.get_one(Alert, alert.id).passed_to_id = id_of(pat)
    assert not sees_person(town, pat, jay)
    assert not sees_alert(town, pat, alert)


def test_an_allegation_is_for_manager_and_senior_never_for_whom_it_is_about(town: Town) -> None:
    jay = town.young_person("Jay")
    jay.texts("sam touched me and i dont want to see him")
    alert = next(one for one in town.alerts(jay) if one.restricted)
    assert sees_alert(town, town.helen, alert)
    assert sees_alert(town, town.ruth, alert)
    assert not any(sees_alert(town, who, alert) for who in (town.sam, town.dan, town.mira))
    away(town, town.sam, town.dan)
    assert not any(sees_alert(town, town.dan, one) for one in town.alerts(jay))


def test_later_alerts_of_a_restricted_thread_stay_away_from_that_worker(town: Town) -> None:
    jay = town.young_person("Jay")
    jay.texts("i want to die")
    before = town.alerts(jay)[0]
    town.clock.advance(hours=1)
    with town.database.begin() as session:
        session.add(
            Restriction(
                person_id=id_of(jay), staff_id=id_of(town.sam), alert_id=before.id, from_at=town.clock()
            )
        )
    town.clock.advance(hours=4)
    jay.texts("nowhere to sleep tonight")
    after = town.alerts(jay)[-1]
    assert after.id != before.id
    assert sees_alert(town, town.sam, before)
    assert not sees_alert(town, town.sam, after)
    assert sees_alert(town, town.mira, after)


def test_a_text_about_a_worker_is_read_by_managers_and_seniors(town: Town) -> None:
    jay = town.young_person("Jay")
    message_id = jay.texts("sam hit me")
    with town.database.begin() as session:
        message = session.get_one(InboundMessage, message_id)
        message.restricted = True
        readers = {
            phone.staff_id
            for phone in (town.sam, town.mira, town.helen, town.ruth)
            if access.may_read(session.get_one(Staff, phone.staff_id), message, None)
        }
    assert readers == {town.helen.staff_id, town.ruth.staff_id}


def test_a_manager_without_a_team_sees_nobody_by_that(town: Town) -> None:
    jay, mo = town.young_person("Jay"), town.staff("Mo Lamb", Role.MANAGER)
    with town.database.begin() as session:
        session.get_one(Staff, mo.staff_id).team_id = None
        session.get_one(Person, jay.person_id).team_id = None
    assert not sees_person(town, mo, jay)
    assert sees_person(town, town.helen, jay)  # by the adviser, who is in her team
