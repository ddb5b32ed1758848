"""The triage tray: what belongs to nobody, and whose it turns out to be."""

from sqlalchemy import select

from browsing import Browser, SignIn, id_of
from messages.kinds import NotCounted
from scheduler.contacts import correct_contact
from storage import contacts
from storage.audit import AuditEvent
from storage.contacts import Contact, Direction
from storage.inbound import InboundMessage
from storage.people import AllocationRole, Person, allocate
from storage.staff import Role, Staff, Team
from town import Town


def matches(browser: Browser, message: object, **fields: str) -> int:
    page = f"/triage/{message}/whose"
    return browser.sends(page, on=page, **fields)


def owner_of(town: Town, message: object) -> object:
    with town.database.read() as session:
        return session.scalars(select(InboundMessage.person_id).where(InboundMessage.id == message)).one()


def test_strangers_shared_numbers_and_unread_texts_are_here(town: Town, signed_in: SignIn) -> None:
    mira = signed_in(town.mira)
    assert "Nothing waits here." in mira.opens("/triage")
    town.stranger().texts("new number this is jay")
    jay = town.young_person("Jay")
    kofi = town.young_person("Kofi", number=jay.address)
    kofi.texts("hiya its us")
    town.young_person("Ellis").texts("alrite ta")
    mira.opens("/triage")
    assert "Two texts belong to nobody, one text unread." in mira.words
    for words in ("new number this is jay", "hiya its us", "alrite ta", "Ellis Whitlock"):
        assert words in mira.words
    assert "07700 900" in mira.words


def test_a_match_moves_the_text_and_earlier_ones_and_counts_nothing_yet(
    town: Town, signed_in: SignIn
) -> None:
    mira, jay, stranger = signed_in(town.mira), town.young_person("Jay"), town.stranger()
    first, second = stranger.texts("new number"), stranger.texts("this is jay")
    case_id = town.person(jay).case_id
    assert matches(mira, second) == 422
    assert "Say whose it is" in mira.words
    assert matches(mira, second, person="reference", reference="WH-none") == 422
    assert "Nobody on your list has this reference" in mira.words
    assert matches(mira, second, person="reference", reference=case_id) == 303
    assert owner_of(town, first) == owner_of(town, second) == jay.person_id
    with town.database.read() as session:
        rows = session.scalars(select(Contact).where(Contact.person_id == jay.person_id)).all()
    assert {(row.direction, row.not_counted) for row in rows} == {
        (Direction.RECEIVED, NotCounted.UNCONFIRMED_ADDRESS)
    }
    mira.opens("/triage")
    assert "this is jay" not in mira.words
    assert "this is jay" in mira.opens(f"/people/{jay.person_id}")


def test_a_match_sent_twice_is_made_once(town: Town, signed_in: SignIn) -> None:
    mira, jay = signed_in(town.mira), town.young_person("Jay")
    message = town.stranger().texts("this is jay")
    mira.opens(f"/triage/{message}/whose")
    shown = mira.page
    for _ in range(2):
        mira.page = shown
        fields = {"person": "reference", "reference": town.person(jay).case_id}
        assert mira.sends(f"/triage/{message}/whose", **fields) == 303
    with town.database.read() as session:
        assert len(session.scalars(select(Contact).where(Contact.inbound_id == message)).all()) == 1


def test_of_a_shared_number_only_this_text_moves(town: Town, signed_in: SignIn) -> None:
    mira, jay = signed_in(town.mira), town.young_person("Jay")
    kofi = town.young_person("Kofi", number=jay.address)
    first, second = kofi.texts("hiya"), kofi.texts("its kofi now")
    mira.opens(f"/triage/{second}/whose")
    assert "Jay Whitlock" in mira.words
    assert "Kofi Whitlock" in mira.words
    assert matches(mira, second, person=str(kofi.person_id)) == 303
    assert owner_of(town, first) is None
    assert owner_of(town, second) == kofi.person_id


def test_nobody_of_ours_is_read_and_stays_nobodys(town: Town, signed_in: SignIn) -> None:
    mira = signed_in(town.mira)
    message = town.stranger().texts("big sale today")
    assert matches(mira, message, person="nobody") == 303
    assert owner_of(town, message) is None
    assert town.message(message).read_by_id == town.mira.staff_id
    assert "big sale" not in mira.opens("/triage")


def test_marking_read(town: Town, signed_in: SignIn) -> None:
    mira = signed_in(town.mira)
    message = town.young_person("Ellis").texts("alrite ta")
    mira.opens("/triage")
    assert mira.sends(f"/triage/{message}/read") == 303
    assert town.message(message).read_by_id == town.mira.staff_id
    assert "alrite" not in mira.opens("/triage")


def test_a_manager_gives_a_text_to_nobody_outside_the_team(town: Town, signed_in: SignIn) -> None:
    helen, jay, kim = signed_in(town.helen), town.young_person("Jay"), town.staff("Kim Ray", Role.ADVISER)
    with town.database.begin() as session:
        hill = Team(name="Hill")
        session.add(hill)
        session.flush()
        session.get_one(Staff, kim.staff_id).team_id = hill.id
        session.get_one(Person, jay.person_id).team_id = hill.id
        allocate(session, id_of(jay), id_of(kim), role=AllocationRole.ADVISER, now=town.clock())
    town.clock.advance(seconds=1)
    message = town.stranger().texts("this is jay")
    assert matches(helen, message, person="reference", reference=town.person(jay).case_id) == 422
    assert owner_of(town, message) is None


def test_texts_about_a_worker_are_not_for_the_desk(town: Town, signed_in: SignIn) -> None:
    jay = town.young_person("Jay")
    message = jay.texts("sam touched me and i dont want to see him")
    mira, helen = signed_in(town.mira), signed_in(town.helen)
    assert "touched" not in mira.opens("/triage")
    assert mira.status == 200
    assert "touched" in helen.opens("/triage")
    token = mira.page.split('name="csrf_token" value="')[1].split('"')[0]
    assert mira.posts(f"/triage/{message}/read", {"csrf_token": token}) == 404


def test_a_match_gives_its_open_alert_the_person_too(town: Town, signed_in: SignIn) -> None:
    mira, jay = signed_in(town.mira), town.young_person("Jay", discreet=True)
    message = town.stranger().texts("its jay i want to die")
    (alert,) = town.alerts()
    assert alert.person_id is None
    assert matches(mira, message, person="reference", reference=town.person(jay).case_id) == 303
    (alert,) = town.alerts(jay)
    assert alert.watched
    sam = signed_in(town.sam)
    sam.opens(f"/alerts/{alert.id}")
    assert "Jay may be in danger" in sam.words


def test_what_a_stranger_said_of_a_worker_stays_away_from_the_adviser(town: Town, signed_in: SignIn) -> None:
    helen, jay = signed_in(town.helen), town.young_person("Jay")
    message = town.stranger().texts("its jay my worker touched me")
    assert [alert.restricted for alert in town.alerts()] == [True]
    assert matches(helen, message, person="reference", reference=town.person(jay).case_id) == 303
    (alert,) = town.alerts(jay)
    assert alert.about_staff_id == town.sam.staff_id
    sam = signed_in(town.sam)
    assert "touched" not in sam.opens(f"/people/{jay.person_id}")
    assert "touched" not in sam.opens("/alerts")


def test_nobody_of_ours_is_told_truly(town: Town, signed_in: SignIn) -> None:
    mira, message = signed_in(town.mira), town.stranger().texts("big sale today")
    mira.opens(f"/triage/{message}/whose")
    assert "It leaves this list as read" in mira.words
    assert "It stays here" not in mira.words
    with town.database.read() as session:
        seen = session.scalars(select(AuditEvent).where(AuditEvent.action == "text.viewed")).one()
    assert (seen.staff_id, seen.subject_id) == (town.mira.staff_id, str(message))


def test_a_tray_left_open_is_audited_every_ten_minutes(town: Town, signed_in: SignIn) -> None:
    def views() -> int:
        with town.database.read() as session:
            return len(session.scalars(select(AuditEvent).where(AuditEvent.action == "triage.viewed")).all())

    mira, poll = signed_in(town.mira), {"X-Requested-With": "kit-poll"}
    for _ in range(3):
        mira.opens("/triage", headers=poll)
    assert views() == 1
    mira.opens("/triage")
    assert views() == 2
    town.clock.advance(minutes=11)
    mira.opens("/triage", headers=poll)
    assert views() == 3


def test_a_disputed_numbers_text_is_given_to_its_own_person(town: Town, signed_in: SignIn) -> None:
    jay = town.young_person("Jay")
    jay.texts("wrong number")
    town.clock.advance(hours=1)
    message = jay.texts("sorry that was my mate its jay")
    assert owner_of(town, message) is None
    mira = signed_in(town.mira)
    assert matches(mira, message, person=str(jay.person_id)) == 303
    assert owner_of(town, message) == jay.person_id
    with town.database.read() as session:
        contact = session.scalars(select(Contact).where(Contact.inbound_id == message)).one()
        matched = session.scalars(select(AuditEvent).where(AuditEvent.action == "text.matched")).one()
    assert (contact.person_id, contact.not_counted) == (jay.person_id, NotCounted.DISPUTED)
    assert (matched.staff_id, matched.subject_id) == (town.mira.staff_id, str(message))
    assert "sorry that was my mate its jay" in mira.opens(f"/people/{jay.person_id}")


def test_a_disputed_numbers_text_of_somebody_else_leaves_the_owners_contacts(
    town: Town, signed_in: SignIn
) -> None:
    jay, kofi = town.young_person("Jay"), town.young_person("Kofi")
    jay.texts("wrong number")
    town.clock.advance(hours=1)
    message = jay.texts("its kofi, jays old phone")
    with town.database.begin() as session:
        contact = session.scalars(select(Contact).where(Contact.inbound_id == message)).one()
        correct_contact(
            session, contact, counts=True, reason="Jay.", staff_id=id_of(town.sam), now=town.clock()
        )
    town.clock.advance(minutes=1)
    mira = signed_in(town.mira)
    assert matches(mira, message, person="reference", reference=town.person(kofi).case_id) == 303
    assert message not in [one.inbound_id for one in town.contacts(jay)]
    (moved,) = town.contacts(kofi)
    with town.database.read() as session:
        assert not contacts.corrections(session, [moved.id])[moved.id].counts
