"""A person's page: the conversation as it was, a reply that can be undone, and what is kept from whom."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from browsing import Browser, SignIn, id_of
from messages.channel import ChannelName, InboundKind
from messages.kinds import OutboundKind
from scheduler import states
from storage import addresses
from storage.addresses import OptOutSource
from storage.audit import AuditEvent
from storage.inbound import InboundMessage
from storage.outbound import OutboundMessage, OutboundState
from storage.people import PersonState, StateKind
from town import Phone, Town


def page_of(phone: Phone) -> str:
    return f"/people/{phone.person_id}"


def staff_texts(town: Town) -> list[OutboundMessage]:
    with town.database.read() as session:
        query = select(OutboundMessage).where(OutboundMessage.kind == OutboundKind.STAFF_TEXT)
        return list(session.scalars(query.order_by(OutboundMessage.created_at)))


def views(town: Town) -> int:
    with town.database.read() as session:
        return len(
            session.scalars(select(AuditEvent).where(AuditEvent.action == "conversation.viewed")).all()
        )


def test_the_conversation_with_what_was_read_and_what_became_of_it(sam: Browser, town: Town) -> None:
    jay = town.young_person("Jay")
    asked = town.asks(jay)
    jay.texts("2 ok but can u ring me")
    sam.opens(page_of(jay))
    assert asked.split(".")[0] in sam.words
    assert "2 ok but can u ring me" in sam.words
    assert "We read: ok, call me" in sam.words
    assert "Check-in, 10:00am. Sent" in sam.words
    assert "Automatic reply" in sam.words
    talk = sam.page.split('class="kit-talk"')[1]
    assert talk.index("kit-msg--auto") < talk.index("can u ring me")
    assert "Next check-in" in sam.words
    assert "If Jay does not answer" in sam.words
    assert "asks for a call" in sam.words


def test_a_reply_is_queued_once_and_leaves_after_ten_seconds(sam: Browser, town: Town) -> None:
    jay = town.young_person("Jay")
    reply = f"{page_of(jay)}/reply"
    sam.opens(page_of(jay))
    shown = sam.page
    assert sam.sends(reply, reply="Got this Jay. Sam", do="send") == 303
    sam.page = shown
    assert sam.sends(reply, reply="Got this Jay. Sam", do="send") == 303  # the double click
    assert len(staff_texts(town)) == 1
    sam.page = shown
    assert (
        sam.sends(reply, reply="And another thing. Sam", do="send") == 303
    )  # the page from before, other words
    assert len(staff_texts(town)) == 2
    assert jay.hears_nothing()
    sam.opens(page_of(jay))
    assert "Queued, leaves in 10 seconds" in sam.words
    town.clock.advance(seconds=10)
    town.deliver()
    assert sorted(jay.hears()) == ["And another thing. Sam", "Got this Jay. Sam"]
    row = staff_texts(town)[0]
    assert (row.author_id, row.state) == (town.sam.staff_id, OutboundState.SENT)


def test_two_tabs_send_two_replies(sam: Browser, town: Town) -> None:
    jay = town.young_person("Jay")
    tabs = [Browser(sam.client), Browser(sam.client)]
    for tab in tabs:
        tab.opens(page_of(jay))
    for tab in tabs:
        assert tab.sends(f"{page_of(jay)}/reply", reply="Hi Jay", do="send") == 303
    assert len(staff_texts(town)) == 2


def test_undo_takes_it_back_before_it_leaves(sam: Browser, town: Town) -> None:
    jay = town.young_person("Jay")
    sam.sends(f"{page_of(jay)}/reply", on=page_of(jay), reply="Oops", do="send")
    undo = f"{page_of(jay)}/texts/{staff_texts(town)[0].id}/undo"
    assert sam.sends(undo, on=page_of(jay)) == 303
    town.clock.advance(seconds=30)
    town.deliver()
    assert jay.hears_nothing()
    assert staff_texts(town)[0].state is OutboundState.CANCELLED
    sam.opens(page_of(jay))
    assert "Taken back, by Sam, before it left" in sam.words


def test_undo_after_it_left_says_so(sam: Browser, town: Town) -> None:
    jay = town.young_person("Jay")
    sam.sends(f"{page_of(jay)}/reply", on=page_of(jay), reply="Oops", do="send")
    undo = f"{page_of(jay)}/texts/{staff_texts(town)[0].id}/undo"
    sam.opens(page_of(jay))
    shown = sam.page
    town.clock.advance(seconds=11)
    town.deliver()
    sam.page = shown
    assert sam.sends(undo) == 303
    assert "Too late to undo" in sam.opens(sam.location)
    assert jay.hears() == ["Oops"]


def test_nobody_undoes_what_a_colleague_wrote(sam: Browser, town: Town, signed_in: SignIn) -> None:
    jay, helen = town.young_person("Jay"), signed_in(town.helen)
    sam.sends(f"{page_of(jay)}/reply", on=page_of(jay), reply="Mine", do="send")
    undo = f"{page_of(jay)}/texts/{staff_texts(town)[0].id}/undo"
    helen.opens(page_of(jay))
    assert "/undo" not in helen.page
    token = helen.page.split('name="csrf_token" value="')[1].split('"')[0]
    assert helen.posts(undo, {"csrf_token": token}) == 404
    assert staff_texts(town)[0].state is OutboundState.QUEUED


def test_counting_and_ready_made_replies_send_nothing(sam: Browser, town: Town) -> None:
    jay = town.young_person("Jay")
    reply = f"{page_of(jay)}/reply"
    assert sam.sends(reply, on=page_of(jay), reply="Hello 🙂", do="count") == 200
    assert "7 of 70 characters. 1 text" in sam.words
    assert "“🙂”" in sam.words
    assert sam.sends(reply, reply="Hi.", ready="I'll ring you today.") == 200
    assert "Hi. I&#39;ll ring you today." in sam.page
    assert sam.sends(reply, reply="x" * 1601, do="send") == 422
    assert sam.sends(reply, reply="   ", do="send") == 422
    assert "Write something first" in sam.words
    assert not staff_texts(town)


def test_a_form_without_its_own_token_is_none_of_ours(sam: Browser, town: Town) -> None:
    jay = town.young_person("Jay")
    assert sam.sends(f"{page_of(jay)}/reply", on=page_of(jay), reply="Hi", do="send", idempotency="x") == 400
    assert not staff_texts(town)


@pytest.mark.parametrize(
    ("what", "says"),
    [
        ("stop", "Jay stopped the texts"),
        ("custody", "In custody: nothing is sent to a mobile."),
        ("not enrolled", "Nobody can text Jay before the declaration is made."),
        ("disputed", "There is no number on which Jay may be texted."),
    ],
)
def test_why_nobody_can_text(sam: Browser, town: Town, what: str, says: str) -> None:
    jay = town.young_person("Jay", enrolled=what != "not enrolled")
    with town.database.begin() as session:
        if what == "stop":
            indexes = town.database.keyring.indexes(jay.address)
            addresses.opt_out(session, ChannelName.SMS, indexes, source=OptOutSource.STAFF, now=town.clock())
        elif what == "custody":
            today = town.clock().date()
            session.add(
                PersonState(
                    person_id=id_of(jay), kind=StateKind.CUSTODY, starts_on=today, recorded_at=town.clock()
                )
            )
        elif what == "disputed":
            addresses.of_person(session, id_of(jay))[0].health = addresses.AddressHealth.DISPUTED
    sam.opens(page_of(jay))
    assert says in sam.words
    assert f"{page_of(jay)}/reply" not in sam.page


def test_a_thread_about_a_worker_is_kept_from_them(town: Town, signed_in: SignIn) -> None:
    jay = town.young_person("Jay")
    jay.texts("alrite ta")
    town.clock.advance(hours=1)
    jay.texts("sam touched me and i dont want to see him")
    town.clock.advance(hours=1)
    jay.texts("are u there")
    sam = signed_in(town.sam)
    for path in (page_of(jay), f"{page_of(jay)}?tab=contacts"):
        sam.opens(path)
        assert sam.status == 200
        assert "touched" not in sam.page
        assert "are u there" not in sam.page
    sam.opens(page_of(jay))
    assert "Being handled by your manager" in sam.words
    assert "alrite ta" in sam.words
    assert f"{page_of(jay)}/reply" not in sam.page
    for other, reads in ((town.helen, True), (town.mira, False)):
        browser = signed_in(other)
        browser.opens(page_of(jay))
        talk = browser.page.split('class="kit-talk"')[1]
        for words in ("touched", "are u there"):
            assert (words in talk) is reads
        assert ("Being handled by your manager" in talk) is not reads


def test_every_view_is_audited_and_refreshing_is_the_same_view(sam: Browser, town: Town) -> None:
    jay, poll = town.young_person("Jay"), {"X-Requested-With": "kit-poll"}
    sam.opens(page_of(jay), headers=poll)  # whoever says it is a refresh is audited all the same
    assert views(town) == 1
    for _ in range(3):
        sam.opens(page_of(jay), headers=poll)
    assert views(town) == 1
    sam.opens(page_of(jay))
    assert views(town) == 2
    town.clock.advance(minutes=11)
    sam.opens(page_of(jay), headers=poll)
    assert views(town) == 3


def test_what_is_on_the_screen_is_read_but_not_by_a_page_left_open(sam: Browser, town: Town) -> None:
    jay = town.young_person("Jay")
    message = jay.texts("alrite ta")
    sam.opens(page_of(jay), headers={"X-Requested-With": "kit-poll"})
    assert town.message(message).read_at is None
    sam.opens(page_of(jay))
    assert town.message(message).read_by_id == town.sam.staff_id


def test_an_edit_stands_with_its_first_version(sam: Browser, town: Town) -> None:
    jay = town.young_person("Jay")
    chat = town.telegram_chat(jay)
    chat.texts("plumming lvl 2", provider_id="first")
    chat.texts("plumbing lvl 2", provider_id="second", kind=InboundKind.EDIT, edit_of="first")
    sam.opens(page_of(jay))
    assert "Changed later. First it said: plumming lvl 2" in sam.words
    assert sam.words.count("plumbing lvl 2") == 1


def test_long_conversations_have_earlier_pages_without_gaps(signed_in: SignIn, town: Town) -> None:
    jay = town.young_person("Jay")
    said = [f"text number {number} end" for number in range(95)]
    for text in said:
        jay.texts(text, settle=False)
        town.clock.advance(minutes=1)
    with town.database.begin() as session:
        session.execute(update(InboundMessage).values(read_at=town.clock()))
    sam = signed_in(town.sam)
    found: set[str] = set()
    path = page_of(jay)
    for _ in range(9):
        sam.opens(path)
        found |= {text for text in said if text in sam.words}
        if "Earlier messages" not in sam.words:
            break
        path = sam.page.split('class="kit-more"><a href="')[1].split('"')[0]
    assert found == set(said)
    assert "Earlier messages" not in sam.words
    sam.opens(f"{page_of(jay)}?before=nonsense")
    assert sam.status == 200


def test_a_watched_person_has_the_ink_strip(sam: Browser, town: Town) -> None:
    leanne = town.young_person("Leanne", discreet=True)
    assert "kit-strip--watched" in sam.opens(page_of(leanne))
    assert sam.page.index("This phone may be watched.") < sam.page.index("07700")


def test_states_pauses_and_standing_are_said(sam: Browser, town: Town) -> None:
    jay = town.young_person("Jay", paused_until=town.clock() + timedelta(days=3))
    assert "Texts are paused until Fri 27 Nov" in sam.opens(page_of(jay))
    kofi = town.young_person("Kofi")
    assert "Out of touch" in sam.opens(page_of(kofi))
    kofi.texts("alrite ta")
    sam.opens(page_of(kofi))
    assert "In touch" in sam.words
    assert "Kofi counts as in touch until Tue 19 Jan 2027." in sam.words


def test_only_a_manager_says_that_a_reported_death_was_not_so(town: Town, signed_in: SignIn) -> None:
    jay = town.young_person("Jay")
    jay.texts("jay died last night")
    sam, helen = signed_in(town.sam), signed_in(town.helen)
    action = f"{page_of(jay)}/not-so"
    assert "Was this not so?" not in sam.opens(page_of(jay))
    (alert,) = town.alerts(jay)
    assert "If this was not so" in helen.opens(f"/alerts/{alert.id}")
    assert "If this was not so" not in sam.opens(f"/alerts/{alert.id}")
    assert helen.sends(action, on=page_of(jay)) == 422
    assert "Say how you know that it was not so" in helen.words
    assert helen.sends(action, reason="x" * 4_001) == 422
    assert "x" * 4_001 in helen.page
    assert town.person(jay).next_check_in_at is None
    assert helen.sends(action, reason="Jay rang: it was his grandad.") == 303
    assert town.person(jay).next_check_in_at is not None
    with town.database.read() as session:
        (report,) = session.scalars(select(PersonState).where(PersonState.person_id == jay.person_id))
        noted = session.scalars(select(AuditEvent).where(AuditEvent.action == "death.refuted")).one()
    assert (report.ends_on, report.note) == (town.clock().date(), "Jay rang: it was his grandad.")
    assert (noted.staff_id, noted.subject_id) == (town.helen.staff_id, str(jay.person_id))
    assert "Was this not so?" not in helen.opens(page_of(jay))
    assert sam.sends(f"{page_of(jay)}/reply", on=page_of(jay), reply="Good to hear you. Sam") == 303


def test_a_death_that_was_confirmed_is_not_taken_back(town: Town, signed_in: SignIn) -> None:
    jay = town.young_person("Jay")
    jay.texts("jay died last night")
    with town.database.begin() as session:
        states.start_state(
            session, id_of(jay), StateKind.DIED, starts_on=town.clock().date(), now=town.clock()
        )
    assert "Was this not so?" not in signed_in(town.helen).opens(page_of(jay))
