"""The simulator as a visitor uses it: real webhooks, real rules, phones on the screen."""

import re
from datetime import timedelta
from html import unescape

from flask.testing import FlaskClient
from sqlalchemy import func, select

from bot.demo import cast, start
from bot.demo.world import Demo
from storage.base import new_id
from storage.check_ins import CheckIn
from storage.contacts import Contact
from storage.inbound import InboundMessage
from storage.outbound import OutboundMessage

JAY = f"sms-447700900142-{cast.NAMED[0].case_id}"
AMINA = f"telegram-5550143-{cast.NAMED[1].case_id}"
SAM = "sms-447700900510"


def screen(client: FlaskClient, *phones: str) -> str:
    return unescape(client.get("/simulator", query_string={"phone": list(phones)}).text)


def write(client: FlaskClient, phone: str, **form: str) -> None:
    form.setdefault("idempotency", str(new_id()))
    answer = client.post(f"/simulator/phones/{phone}?phone={phone}", data=form)
    assert answer.status_code == 303
    assert phone in answer.headers["Location"]


def test_a_text_typed_on_a_phone_ends_as_a_row_and_an_answer_on_the_screen(
    client: FlaskClient, demo: Demo
) -> None:
    write(client, JAY, text="can someone help me with my council tax letter")

    page = screen(client, JAY)
    assert "can someone help me with my council tax letter" in page
    with demo.world.services.database.read() as session:
        row = session.scalars(select(InboundMessage).order_by(InboundMessage.received_at.desc())).first()
        assert row is not None
        assert row.body == "can someone help me with my council tax letter"
        assert row.person_id == cast.NAMED[0].id
        assert row.handled_at is not None
        counted = session.scalars(select(Contact).where(Contact.inbound_id == row.id)).one()
        assert counted.layer == "text"
        answer = session.scalars(select(OutboundMessage).where(OutboundMessage.inbound_id == row.id)).one()
    # An answer to a check-in waits some seconds; any other is on the screen at once.
    assert answer.body in page or answer.due_at > row.received_at


def test_the_same_form_sent_twice_is_one_text(client: FlaskClient, demo: Demo) -> None:
    once = str(new_id())
    for _ in range(2):
        write(client, JAY, text="only once please", idempotency=once)
    with demo.world.services.database.read() as session:
        rows = session.scalars(select(InboundMessage).where(InboundMessage.received_at > _lately(demo)))
        assert [row.body for row in rows].count("only once please") == 1


def test_a_button_pressed_in_telegram_arrives_as_a_press(client: FlaskClient, demo: Demo) -> None:
    write(client, AMINA, press="1", text_id="any")
    with demo.world.services.database.read() as session:
        row = session.scalars(select(InboundMessage).order_by(InboundMessage.received_at.desc())).first()
    assert row is not None
    assert (row.kind, row.body, row.channel) == ("press", "1", "telegram")


def test_stop_is_the_networks_own_word_and_it_refuses_texts_from_then_on(
    client: FlaskClient, demo: Demo
) -> None:
    write(client, JAY, chip="STOP")
    page = screen(client, JAY)
    assert "no more texts from us" in page
    assert demo.world.network.stopped(cast.NAMED[0].phone)
    with demo.world.services.database.read() as session:
        row = session.scalars(select(InboundMessage).order_by(InboundMessage.received_at.desc())).first()
        assert row is not None
        assert row.carrier_keyword == "STOP"
        answers = session.scalars(select(OutboundMessage).where(OutboundMessage.inbound_id == row.id)).all()
    assert not [text for text in answers if not text.kind.to_staff]  # told once, by the network


def test_staff_take_an_alert_from_their_phone_by_its_code(client: FlaskClient, demo: Demo) -> None:
    write(client, JAY, text="CALL ME")
    page = screen(client, SAM)
    code = re.search(r'value="(OK \w{4})"', page)
    assert code, page[-2000:]
    write(client, SAM, chip=code[1])
    assert "is yours, thank you" in screen(client, SAM)


def test_fast_forward_a_day_lives_through_it(client: FlaskClient, demo: Demo) -> None:
    services = demo.world.services
    before = services.clock()
    answer = client.post("/simulator/forward", data={"by": "day", "idempotency": str(new_id())})
    assert answer.status_code == 303
    after = services.clock()
    assert timedelta(days=1) <= after - before < timedelta(days=1, minutes=5)
    with services.database.read() as session:
        asked = session.scalar(select(func.count()).where(CheckIn.created_at > before))
        queued = session.scalar(
            select(func.count()).where(OutboundMessage.state == "queued", OutboundMessage.due_at < after)
        )
        came = session.scalar(select(func.count()).where(InboundMessage.received_at > before))
    assert asked
    assert came  # those whose phones are not on the screen answer by themselves
    assert not queued
    assert "Since " in screen(client)


def test_to_the_next_event_stops_when_a_text_has_left(client: FlaskClient, demo: Demo) -> None:
    before = demo.world.services.clock()
    client.post("/simulator/forward", data={"by": "event", "idempotency": str(new_id())})
    with demo.world.services.database.read() as session:
        assert session.scalar(select(func.count()).where(OutboundMessage.sent_at > before))


def test_start_again_forgets_what_was_typed_and_leaves_the_visitor_signed_in(
    client: FlaskClient, demo: Demo
) -> None:
    write(client, JAY, text="this will be gone")
    with demo.world.services.database.read() as session:
        assert cast.NAMED[0].id in start.played(session)
    assert client.post("/simulator/reset").status_code == 303
    page = screen(client, JAY)
    assert "this will be gone" not in page
    assert "Demo: Sam Okafor" in page


def test_a_phone_that_nobody_has_is_not_found(client: FlaskClient) -> None:
    form = {"text": "hi", "idempotency": str(new_id())}
    assert client.post("/simulator/phones/sms-1", data=form).status_code == 404


def _lately(demo: Demo) -> object:
    return demo.world.services.clock() - timedelta(minutes=5)
