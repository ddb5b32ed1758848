"""Word lists find some things, never all: a text that nobody reads becomes an alert."""

from datetime import timedelta

from sqlalchemy import update

from storage.inbound import InboundMessage
from town import Town


def test_a_question_nobody_reads_becomes_an_alert_after_four_working_hours(town: Town) -> None:
    jay = town.young_person()
    jay.texts("whens my birth certificate coming")
    town.passes(hours=3, minutes=50, tick_every=timedelta(minutes=10))
    assert "unread" not in town.kinds(jay)
    town.passes(minutes=20, tick_every=timedelta(minutes=10))
    assert town.kinds(jay).count("unread") == 1
    assert town.sam.hears()
    jay.texts("hello? whats happening with it")
    town.passes(hours=6, tick_every=timedelta(hours=1))
    assert town.kinds(jay).count("unread") == 1


def test_what_was_read_raises_nothing(town: Town) -> None:
    jay = town.young_person()
    jay.texts("whens my birth certificate coming")
    with town.database.begin() as session:
        session.execute(update(InboundMessage).values(read_at=town.clock()))
    town.passes(hours=6, tick_every=timedelta(hours=1))
    assert "unread" not in town.kinds(jay)


def test_a_plain_answer_is_owed_no_reader(town: Town) -> None:
    jay = town.young_person()
    town.asks(jay)
    jay.texts("1")
    town.passes(hours=6, tick_every=timedelta(hours=1))
    assert town.kinds(jay) == []
