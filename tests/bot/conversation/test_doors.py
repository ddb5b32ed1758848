"""Who may close and open which door, and whose crisis text is whose."""

from datetime import timedelta

from sqlalchemy import select

from bot.conversation.links import new_link_token
from messages.channel import CarrierKeyword, ChannelName, InboundKind
from scheduler.rules import DEFAULTS
from scheduler.states import start_state
from storage.addresses import Address, AddressHealth
from storage.people import PersonState, StateKind
from storage.staff import Staff
from town import Phone, Town

LIFE = "im going to kill myself"


def state(town: Town, phone: Phone, kind: StateKind, *, days_ago: int = 0, ended: int | None = None) -> None:
    today = town.clock().date()
    assert phone.person_id is not None
    with town.database.begin() as session:
        start_state(
            session,
            phone.person_id,
            kind,
            starts_on=today - timedelta(days=days_ago),
            ends_on=None if ended is None else today - timedelta(days=ended),
            now=town.clock(),
        )


def link(town: Town, phone: Phone) -> str:
    assert phone.person_id is not None
    with town.database.begin() as session:
        return new_link_token(session, DEFAULTS, phone.person_id, staff_id=None, now=town.clock())


def test_one_strangers_crisis_text_takes_nobody_elses(town: Town) -> None:
    first, second = town.stranger(), town.stranger()
    first.texts(LIFE)
    assert "116 123" in first.hears_one()
    town.clock.advance(minutes=90)
    second.texts(LIFE)
    assert "116 123" in second.hears_one()


def test_help_does_not_use_up_the_crisis_text(town: Town) -> None:
    jay = town.young_person()
    jay.texts("HELP")
    jay.hears_one()
    town.clock.advance(minutes=20)
    jay.texts(LIFE)
    assert "116 123" in jay.hears_one()


def test_a_wrong_number_that_says_stop_closes_only_itself(town: Town) -> None:
    jay = town.young_person()
    chat = town.telegram_chat(jay)
    jay.texts("wrong number stop texting me")
    assert "START" not in jay.hears_one()
    assert town.kinds(jay) == ["number_in_doubt"]
    town.clock.advance(days=1)
    jay.texts("STOP")
    jay.hears_nothing()
    chat.texts(LIFE)
    assert "116 123" in chat.hears_one()


def test_stop_from_a_shared_phone_closes_that_phone(town: Town) -> None:
    jay = town.young_person("Jay", number="+447700900321")
    town.young_person("Ali", number="+447700900321")
    chat = town.telegram_chat(jay)
    jay.texts("STOP")
    jay.hears()
    assert town.kinds(jay) == ["stopped"]
    chat.texts(LIFE)
    assert chat.hears_one()


def test_a_death_told_from_a_disputed_number_reaches_the_adviser(town: Town) -> None:
    jay = town.young_person()
    jay.texts("wrong number")
    town.clock.advance(days=1)
    jay.texts("sorry to say jay has died")
    assert "death_reported" in town.kinds(jay)
    assert any("J.W." in text for text in town.sam.hears())


def test_start_opens_every_door_that_stop_closed(town: Town) -> None:
    jay = town.young_person()
    chat = town.telegram_chat(jay)
    jay.texts("STOP")
    town.clock.advance(hours=1)
    jay.texts("START")
    chat.texts(LIFE)
    assert "116 123" in chat.hears_one()


def test_yes_never_opens_a_door(town: Town) -> None:
    jay = town.young_person()
    jay.texts("STOP")
    jay.hears()
    town.clock.advance(days=1)
    town.carrier_takes(jay, CarrierKeyword.START, "YES")
    town.clock.advance(days=1)
    jay.texts("hi")
    jay.hears_nothing()


def test_a_crisis_text_still_leaves_when_stop_overtakes_it(town: Town) -> None:
    jay = town.young_person()
    jay.texts(LIFE, settle=False)
    town.clock.advance(seconds=1)
    jay.texts("stop")
    assert ["116 123" in text for text in jay.hears()] == [True, False]


def test_a_colleague_who_texts_start_is_alerted_again(town: Town) -> None:
    town.carrier_takes(town.sam, CarrierKeyword.STOP)
    town.clock.advance(minutes=5)
    town.sam.texts("START")
    with town.database.read() as session:
        assert (
            session.scalars(select(Staff.phone_failed_at).where(Staff.id == town.sam.staff_id)).one() is None
        )
    town.young_person().texts(LIFE)
    assert town.sam.hears()


def test_a_code_with_words_behind_it_takes_the_alert(town: Town) -> None:
    jay = town.young_person()
    jay.texts(LIFE)
    code = town.sam.hears_one().split("Reply OK ")[1][:4]
    town.sam.texts(f"OK {code} ringing now")
    assert "is yours" in town.sam.hears_one()


def test_a_colleagues_text_that_begins_with_ok_is_read_by_somebody(town: Town) -> None:
    town.sam.texts("ok i am with jay now he has taken an overdose")
    assert town.sam.hears_nothing()
    assert town.mira.hears()
    town.sam.texts("ok that is what i thought")
    assert "unread" in town.kinds()


def test_a_colleagues_yes_is_for_somebody_while_their_alerts_come(town: Town) -> None:
    town.sam.texts("yes")
    assert "unread" in town.kinds()


def test_a_second_text_of_a_kind_that_is_open_is_owed_a_reader(town: Town) -> None:
    jay = town.young_person()
    jay.texts("can u ring me")
    town.clock.advance(hours=1)
    later = jay.texts("ring me before 4 not after, im at college")
    assert town.kinds(jay) == ["call_me"]
    assert town.message(later).read_due_at is not None


def test_a_strangers_second_text_is_owed_a_reader(town: Town) -> None:
    stranger = town.stranger()
    stranger.texts("is this the right number for the food bank")
    town.clock.advance(hours=1)
    later = stranger.texts("can somebody tell me when its open please")
    assert town.message(later).read_due_at is not None


def test_a_digit_from_a_number_in_custody_is_owed_a_reader(town: Town) -> None:
    jay = town.young_person()
    town.asks(jay)
    state(town, jay, StateKind.CUSTODY)
    assert town.message(jay.texts("1")).read_due_at is not None
    jay.hears_nothing()


def test_a_link_used_by_somebody_missing_is_a_sign_of_them(town: Town) -> None:
    jay = town.young_person()
    state(town, jay, StateKind.MISSING)
    Phone(town, "777001", ChannelName.TELEGRAM).texts(link(town, jay), kind=InboundKind.LINK)
    assert town.kinds(jay) == ["heard_while_missing"]


def test_an_unblocked_chat_of_somebody_missing_is_a_sign_of_them(town: Town) -> None:
    jay = town.young_person()
    chat = town.telegram_chat(jay)
    state(town, jay, StateKind.MISSING)
    chat.texts("", kind=InboundKind.UNBLOCKED)
    assert town.kinds(jay) == ["heard_while_missing"]


def test_a_link_from_before_custody_confirms_nobody_after_it(town: Town) -> None:
    jay = town.young_person()
    token = link(town, jay)
    town.clock.advance(days=2)
    state(town, jay, StateKind.CUSTODY, days_ago=1, ended=0)
    Phone(town, "777001", ChannelName.TELEGRAM).texts(token, kind=InboundKind.LINK)
    with town.database.read() as session:
        chat = session.scalars(select(Address).where(Address.channel == ChannelName.TELEGRAM)).one()
        assert chat.confirmed_at is None
        assert session.scalars(select(PersonState)).one().kind is StateKind.CUSTODY


def test_a_chat_that_was_marked_wrong_is_theirs_again_by_a_new_link(town: Town) -> None:
    jay = town.young_person()
    chat = town.telegram_chat(jay)
    chat.texts("wrong person")
    chat.hears()
    chat.texts(link(town, jay), kind=InboundKind.LINK)
    chat.hears()
    with town.database.read() as session:
        row = session.scalars(select(Address).where(Address.channel == ChannelName.TELEGRAM)).one()
        assert row.health is AddressHealth.GOOD
    town.clock.advance(minutes=5)
    chat.texts("can u ring me")
    assert "call_me" in town.kinds(jay)
