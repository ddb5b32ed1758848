"""Alerts nobody answers, told as stories: who is told, and how many minutes after the start."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text

from messages.channel import ChannelName, Inbound
from messages.kinds import AlertKind, Deadline, OutboundKind
from office import EVENING, MORNING, SATURDAY, Office
from scheduler import alerts as opening
from storage import alerts as alert_records
from storage import alerts as rows
from storage import inbound, people
from storage.alerts import AlertState, Outcome
from storage.audit import verify
from storage.check_ins import CheckIn, CheckInState
from storage.database import Database
from storage.inbound import InboundMessage
from storage.people import AllocationRole, Risk
from storage.sealing import Keyring
from storage.staff import Role, RotaRole

Offices = Callable[..., Office]


@pytest.fixture
def embedded(sqlite_database_url: str, keyring: Keyring) -> Iterator[Database]:
    opened = Database(sqlite_database_url, keyring=keyring)
    yield opened
    opened.close()


@pytest.fixture
def office_at(embedded: Database) -> Offices:
    return lambda now=MORNING, **facts: Office(embedded, now, **facts)


@pytest.fixture
def office(embedded: Database) -> Office:
    return Office(embedded, MORNING)


@pytest.fixture
def either(database: Database) -> Office:
    """On both engines, for what rests on them."""
    return Office(database, MORNING)


# Now


def test_nobody_answers_in_working_time(either: Office) -> None:
    alert = either.opens(AlertKind.DANGER_TO_LIFE)
    either.passes(minutes=14)
    assert not either.alert(alert).unanswered_at
    either.passes(minutes=31)
    everybody = {"Sam", "Dan", "Mira", "Helen", "operator"}
    assert either.told(alert) == [
        (0, {"Sam"}),
        (5, {"Dan", "Mira"}),
        (10, {"Helen"}),
        (15, {"operator"}),
        (25, everybody),
        (35, everybody),
        (45, everybody),
    ]
    assert either.alert(alert).unanswered_at == MORNING + timedelta(minutes=15)
    with either.database.read() as session:
        assert [each.id for each in rows.unanswered(session)] == [alert]


def test_nobody_answers_in_the_evening(office_at: Offices) -> None:
    office = office_at(EVENING)
    alert = office.opens(AlertKind.DANGER_TO_LIFE)
    office.passes(minutes=25)
    assert office.told(alert) == [
        (0, {"Omar", "line", "Sam"}),
        (10, {"Helen"}),
        (15, {"operator"}),
        (25, {"Omar", "line", "Sam", "Helen", "operator"}),
    ]
    assert "nothing is asked of you" in office.last_text(office.sam)
    assert "OK " in office.last_text(office.omar)


def test_the_working_day_begins_in_mid_chain(office_at: Offices) -> None:
    office = office_at(datetime(2026, 11, 24, 8, 53, tzinfo=UTC))
    alert = office.opens(AlertKind.MEDICAL)
    office.passes(minutes=15)
    assert office.told(alert) == [
        (0, {"Omar", "line", "Sam"}),
        (7, {"Sam", "Dan", "Mira"}),
        (10, {"Helen"}),
        (15, {"operator"}),
    ]


def test_an_under_18_has_the_social_worker_beside_the_adviser(office: Office) -> None:
    amina = office.young_person("Amina", date_of_birth=date(2009, 6, 1))
    office.allocate(amina, office.staff("Ines", Role.ADVISER), AllocationRole.SOCIAL_WORKER)
    now = office.opens(AlertKind.ARREST, "a", person_id=amina)
    today = office.opens(AlertKind.CALL_ME, "b", person_id=amina)
    soon = office.opens(AlertKind.NUMBER_IN_DOUBT, "c", person_id=amina)
    assert office.told(now) == office.told(today) == [(0, {"Sam", "Ines"})]
    assert office.told(soon) == [(0, {"Sam"})]


def test_the_last_rungs_catch_up_after_an_outage(office: Office) -> None:
    alert = office.opens(AlertKind.EVICTION)
    office.clock.advance(hours=3)
    office.tick()
    assert office.told(alert) == [(0, {"Sam"}), (180, {"Dan", "Mira", "Helen", "operator"})]
    assert office.alert(alert).unanswered_at == office.clock()


def test_a_weekend_without_a_clock_is_caught_up_by_the_hour_it_is_then(office_at: Offices) -> None:
    office = office_at(datetime(2026, 11, 27, 18, tzinfo=UTC))
    alert = office.opens(AlertKind.DANGER_TO_LIFE)
    office.clock.now = datetime(2026, 11, 30, 8, tzinfo=UTC)
    office.tick()
    assert office.told(alert)[-1][1] == {"Helen", "operator"}


def test_two_clocks_tell_everybody_once(either: Office) -> None:
    alert = either.opens(AlertKind.DANGER_TO_LIFE)
    for _ in range(20):
        either.clock.advance(minutes=1)
        either.tick()
        either.tick()
    keys = [row.key for row in either.queued(alert)]
    assert len(keys) == len(set(keys)) == 5


def test_two_clocks_at_the_same_moment_go_round_once(either: Office) -> None:
    alert = either.opens(AlertKind.DANGER_TO_LIFE)
    either.passes(minutes=15)
    either.clock.advance(minutes=10)
    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lambda _: either.tick(), range(4)))
    assert sum(numbers.get("told", 0) for numbers in done) == 1
    assert not any("failed" in numbers for numbers in done)
    assert either.alert(alert).round == 1


def test_the_same_cause_raises_one_alert(either: Office) -> None:
    either.opens(AlertKind.DANGER_TO_LIFE, "inbound:1")
    with either.database.begin() as session:
        again = opening.open_alert(
            session,
            either.services,
            kind=AlertKind.DANGER_TO_LIFE,
            key="inbound:1",
            person_id=either.jay,
            now=either.clock(),
        )
    assert again is None
    assert len(either.queued()) == 1


def test_every_way_is_used_at_once(office_at: Offices) -> None:
    office = office_at(
        channels=(ChannelName.SMS, ChannelName.EMAIL, ChannelName.TEAMS, ChannelName.WEBHOOK),
        operator_email="operator@example.org",
        operator_webhook_url="https://pager.example.org",
    )
    alert = office.opens(AlertKind.DANGER_TO_LIFE)
    ways = [(office.reader(row), row.channel) for row in office.queued(alert)]
    assert ways == [("Sam", "sms"), ("Sam", "email"), ("teams", "teams")]
    assert [row.subject for row in office.queued(alert)][1:] == ["Alert: J.W., by 10:05am"] * 2
    office.passes(minutes=15)
    pages = office.queued(alert, OutboundKind.OPERATOR_PAGE)
    assert {row.channel for row in pages} == {"sms", "email", "webhook"}
    assert all(f"https://kit.example.org/alerts/{alert}" in row.body for row in pages)
    cards = [row for row in office.queued(alert) if row.channel == ChannelName.TEAMS]
    assert len(cards) == 1, "one card a round"


# Leave, cover, phones: F26, F27, F30


def test_an_adviser_on_leave_is_passed_over_for_their_cover(office: Office) -> None:
    alert = office.opens(AlertKind.CALL_ME, "before")
    assert office.told(alert) == [(0, {"Sam"})]
    lee = office.staff("Lee", Role.ADVISER)
    office.away(office.sam, cover=lee)
    now = office.opens(AlertKind.DANGER_TO_LIFE, "after")
    assert office.told(now) == [(0, {"Lee", "Mira"})]


def test_leave_is_read_when_the_step_comes_not_before(office: Office) -> None:
    alert = office.opens(AlertKind.DANGER_TO_LIFE)
    office.clock.advance(minutes=4)
    office.away(office.dan)
    office.passes(minutes=1)
    assert office.told(alert) == [(0, {"Sam"}), (5, {"Mira"})]


def test_a_circle_of_covers_ends_with_duty_and_the_managers(office: Office) -> None:
    office.away(office.sam, cover=office.dan)
    office.away(office.dan, cover=office.sam)
    alert = office.opens(AlertKind.DANGER_TO_LIFE)
    assert office.told(alert) == [(0, {"Mira"})]


@pytest.mark.parametrize(
    "kind", [AlertKind.DANGER_TO_LIFE, AlertKind.CALL_ME, AlertKind.LOST_TOUCH, AlertKind.UNREADABLE]
)
def test_everybody_away_pages_the_operator(office: Office, kind: AlertKind) -> None:
    for staff in (office.sam, office.dan, office.mira, office.helen):
        office.away(staff)
    alert = office.opens(kind)
    assert office.told(alert) == [(0, {"operator"})]


def test_no_adviser_starts_with_duty(office: Office) -> None:
    office.nobody_allocated()
    alert = office.opens(AlertKind.DANGER_TO_LIFE, "a")
    soon = office.opens(AlertKind.STOPPED, "b")
    assert office.told(alert) == office.told(soon) == [(0, {"Mira"})]


def test_without_a_rota_every_duty_worker_is_told(office: Office) -> None:
    office.no_rota()
    nia = office.staff("Nia", Role.DUTY, team_id=None)
    alert = office.opens(AlertKind.DANGER_TO_LIFE, person_id=None)
    assert office.told(alert) == [(0, {"Mira", "Nia"})]
    office.change(office.mira, disabled_at=office.clock())
    office.change(nia, disabled_at=office.clock())
    other = office.opens(AlertKind.DANGER_TO_LIFE, "b", person_id=None)
    assert office.told(other) == [(0, {"Helen"})]


@pytest.mark.parametrize(
    "fault",
    [{"phone": None}, {"phone_failed_at": MORNING}, {"disabled_at": MORNING}],
    ids=lambda it: next(iter(it)),
)
def test_a_cover_that_cannot_be_reached_is_passed_over_and_somebody_told_once(
    office: Office, fault: dict[str, datetime | None]
) -> None:
    office.away(office.sam)
    office.no_rota()
    office.change(office.mira, disabled_at=MORNING)
    office.change(office.dan, **fault)
    alert = office.opens(AlertKind.DANGER_TO_LIFE)
    assert office.told(alert) == [(0, {"Helen"})]
    office.passes(minutes=30)
    assert office.kinds().count(AlertKind.FIX_CONTACT) == 1
    fixing = "D.H."
    assert any(fixing in row.body for row in office.queued() if row.staff_id == office.helen)


def test_an_adviser_without_a_phone_is_skipped_at_once_but_gets_the_e_mail(office_at: Offices) -> None:
    office = office_at(channels=(ChannelName.SMS, ChannelName.EMAIL))
    office.change(office.sam, phone=None)
    alert = office.opens(AlertKind.DANGER_TO_LIFE)
    assert office.told(alert) == [(0, {"Sam", "Dan", "Mira"})]
    (mail,) = [row for row in office.queued(alert) if row.staff_id == office.sam]
    assert mail.channel == ChannelName.EMAIL
    assert "OK " not in mail.body, "a code works from a registered phone only"
    words = {step.recipient: step.words for step in office.steps(alert)}
    assert words[str(office.sam)] == "e-mail: the next at once"


def test_an_e_mail_is_enough_where_there_is_time_or_no_other_way(office_at: Offices) -> None:
    office = office_at(channels=(ChannelName.EMAIL,))
    office.change(office.sam, phone=None)
    assert office.told(office.opens(AlertKind.DANGER_TO_LIFE)) == [(0, {"Sam"})]
    assert AlertKind.FIX_CONTACT not in office.kinds()


def test_a_manager_of_another_team_stands_in(office: Office) -> None:
    office.change(office.helen, phone=None)
    office.staff("Vera", Role.MANAGER, team_id=None)
    alert = office.opens(AlertKind.CANNOT_TEXT_BACK)
    assert office.told(alert) == [(0, {"Sam", "Vera"})]


def test_somebody_told_for_information_is_asked_to_act_as_manager(office_at: Offices) -> None:
    office = office_at(EVENING)
    with office.database.begin() as session:
        people.allocate(session, office.jay, office.helen, role=AllocationRole.ADVISER, now=EVENING)
    office.clock.advance(minutes=1)
    alert = office.opens(AlertKind.DANGER_TO_LIFE)
    office.clock.advance(minutes=12)
    office.tick()
    assert (13, {"Helen"}) in office.told(alert)
    assert "OK " in office.last_text(office.helen)


# What cannot leave: F25, F28


def test_when_a_text_cannot_leave_the_next_are_told_at_once(either: Office) -> None:
    alert = either.opens(AlertKind.DANGER_TO_LIFE)
    for _ in range(4):
        either.cannot_send(alert)
        either.clock.advance(seconds=10)
        either.tick()
    told = [who for _, who in either.told(alert)]
    assert told[-1] == {"operator"}
    assert either.clock() < MORNING + timedelta(minutes=1)


def test_failing_texts_do_not_spin_the_chain(office: Office) -> None:
    alert = office.opens(AlertKind.DANGER_TO_LIFE)
    for _ in range(90):
        office.cannot_send(alert)
        office.clock.advance(seconds=30)
        office.tick()
    pages = office.queued(alert, OutboundKind.OPERATOR_PAGE)
    assert 3 <= len(pages) <= 5
    assert office.alert(alert).unanswered_at is not None


def test_a_landline_is_no_way_to_reach_the_out_of_hours_team(office_at: Offices) -> None:
    office = office_at(EVENING, out_of_hours_alert="01632 960990")
    office.no_rota()
    alert = office.opens(AlertKind.DANGER_TO_LIFE)
    assert office.told(alert) == [(0, {"Sam", "Helen"})]


def test_the_out_of_hours_team_may_be_an_e_mail_address(office_at: Offices) -> None:
    office = office_at(
        EVENING, channels=(ChannelName.SMS, ChannelName.EMAIL), out_of_hours_alert="ooh@westhaven.example"
    )
    office.no_rota()
    office.change(office.sam, disabled_at=EVENING)
    alert = office.opens(AlertKind.DANGER_TO_LIFE)
    assert office.told(alert) == [(0, {"line"})]


# Today and soon


def test_today_goes_to_three_together_after_a_working_hour_and_again_next_day(office: Office) -> None:
    alert = office.opens(AlertKind.CALL_ME)
    office.passes(every=timedelta(minutes=15), hours=25)
    assert office.told(alert) == [
        (0, {"Sam"}),
        (60, {"Dan", "Mira", "Helen"}),
        (25 * 60, {"Sam", "Dan", "Mira", "Helen"}),
    ]
    assert not office.queued(alert, OutboundKind.OPERATOR_PAGE)


def test_soon_takes_days(office: Office) -> None:
    alert = office.opens(AlertKind.LOST_TOUCH)
    office.passes(every=timedelta(hours=1), days=3)
    day = 24 * 60
    assert office.told(alert) == [(0, {"Sam"}), (day, {"Dan", "Mira"}), (2 * day, {"Helen"})]


def _missed(office: Office, slot: date, state: CheckInState) -> CheckIn:
    with office.database.begin() as session:
        due = datetime(slot.year, slot.month, slot.day, 10, tzinfo=UTC)
        row = CheckIn(person_id=office.jay, slot=slot, due_at=due, state=state, created_at=due)
        session.add(row)
        session.flush()
        return row


def test_two_missed_check_ins_in_a_row_reach_the_manager(office: Office) -> None:
    first = _missed(office, date(2026, 11, 5), CheckInState.MISSED)
    one = office.opens(AlertKind.NO_REPLY, "one", check_in_id=first.id)
    second = _missed(office, date(2026, 11, 19), CheckInState.MISSED)
    two = office.opens(AlertKind.NO_REPLY, "two", check_in_id=second.id)
    assert office.told(one) == [(0, {"Sam"})]
    assert office.told(two) == [(0, {"Sam", "Helen"})]


def test_high_risk_silence_at_a_weekend(office_at: Offices) -> None:
    office = office_at(SATURDAY)
    amina = office.young_person("Amina", risk=Risk.HIGH)
    alert = office.opens(AlertKind.NO_REPLY, person_id=amina, risk=Risk.HIGH)
    office.passes(every=timedelta(hours=1), days=1)
    assert office.told(alert) == [(0, {"Mira"}), (24 * 60, {"Helen"})]


def _help_text(office: Office) -> InboundMessage:
    sent = Inbound(channel=ChannelName.SMS, provider_id="SM1", sender="+447700900001", text="HELP", raw=b"")
    message_id = inbound.record(office.database, sent, now=office.clock())
    with office.database.read() as session:
        return session.get_one(InboundMessage, message_id)


def test_a_lone_help_becomes_now_when_nobody_reads_it(office: Office) -> None:
    alert = office.opens(AlertKind.HELP_WORD, inbound_id=_help_text(office).id)
    assert office.alert(alert).deadline == Deadline.TODAY
    office.passes(minutes=30)
    assert office.alert(alert).deadline == Deadline.NOW
    assert office.told(alert) == [
        (0, {"Sam"}),
        (15, {"Sam"}),
        (20, {"Dan", "Mira"}),
        (25, {"Helen"}),
        (30, {"operator"}),
    ]


def test_a_lone_help_that_was_read_stays_today(office: Office) -> None:
    help_text = _help_text(office)
    alert = office.opens(AlertKind.HELP_WORD, inbound_id=help_text.id)
    office.clock.advance(minutes=5)
    with office.database.begin() as session:
        session.get_one(InboundMessage, help_text.id).read_at = office.clock()
    office.passes(minutes=40)
    assert office.alert(alert).deadline == Deadline.TODAY
    assert office.told(alert) == [(0, {"Sam"})]


# Taken, and then


def test_taken_stops_the_chain_at_once(office: Office) -> None:
    alert = office.opens(AlertKind.DANGER_TO_LIFE)
    office.clock.advance(minutes=4, seconds=59)
    assert office.takes(alert, office.sam)
    office.passes(minutes=55)
    assert office.told(alert) == [], "what had not left was taken back, and nobody else is told"


def test_taken_without_an_outcome(either: Office) -> None:
    alert = either.opens(AlertKind.DANGER_TO_LIFE)
    either.takes(alert, either.sam)
    either.passes(minutes=125)
    assert either.told(alert) == [(60, {"Sam"}), (90, {"Helen"}), (120, {"Sam"}), (125, {"Dan", "Mira"})]
    back = either.alert(alert)
    assert back.state == AlertState.OPEN
    assert back.taken_by_id is None
    with either.database.read() as session:
        assert verify(session).whole


def test_a_second_taker_is_reminded_as_well(office: Office) -> None:
    alert = office.opens(AlertKind.DANGER_TO_LIFE)
    office.takes(alert, office.sam)
    office.passes(minutes=121)
    office.takes(alert, office.dan)
    office.passes(minutes=60)
    assert office.told(alert)[-1] == (181, {"Dan"})


def test_an_outcome_ends_it(either: Office) -> None:
    alert = either.opens(AlertKind.DANGER_TO_LIFE)
    either.takes(alert, either.sam)
    either.closes(alert, either.sam, Outcome.FALSE_ALARM)
    either.passes(every=timedelta(minutes=10), hours=5)
    assert either.told(alert) == []
    ended = either.alert(alert)
    assert (ended.state, ended.outcome, ended.next_step_at) == (AlertState.CLOSED, Outcome.FALSE_ALARM, None)
    with either.database.read() as session:
        assert not alert_records.has_open_now(session, either.jay)
        assert alert_records.last_now_closed_at(session, either.jay) == MORNING


def test_today_owes_its_outcome_by_the_end_of_the_working_day(office: Office) -> None:
    alert = office.opens(AlertKind.WORRY)
    office.takes(alert, office.sam)
    office.passes(every=timedelta(minutes=30), days=2)
    day = 24 * 60
    assert office.told(alert) == [(7 * 60, {"Sam"}), (day, {"Helen"}), (2 * day, {"Helen"})]


def test_a_shared_line_is_reminded_by_itself(office_at: Offices) -> None:
    office = office_at(EVENING)
    alert = office.opens(AlertKind.DANGER_TO_LIFE)
    office.texts(None, f"ok {office.code(alert, 'out_of_hours')}")
    office.passes(minutes=90)
    assert office.told(alert) == [(60, {"line"}), (90, {"Helen"})]
    assert "Out-of-hours team has this one" in office.last_text(office.helen)


# About a worker


def test_an_allegation_goes_to_manager_and_senior_past_the_adviser(office: Office) -> None:
    alert = office.opens(AlertKind.ALLEGATION)
    danger = office.opens(AlertKind.DANGER_FROM_OTHERS, "same text")
    office.passes(minutes=26)
    assert office.told(alert) == [
        (0, {"Helen", "Ruth"}),
        (15, {"operator"}),
        (25, {"Helen", "Ruth", "operator"}),
    ]
    assert not {"Sam", "Dan"} & {who for _, names in office.told(danger) for who in names}
    assert "LADO" in office.last_text(office.ruth)


def test_the_thread_is_kept_from_the_worker_from_the_text_on(office: Office) -> None:
    help_text = _help_text(office)
    office.clock.advance(minutes=3)
    office.opens(AlertKind.COMPLAINT, inbound_id=help_text.id)
    with office.database.read() as session:
        assert rows.restricted_from(session, office.jay, office.sam) == MORNING
        assert rows.restricted_from(session, office.jay, office.dan) is None


def test_a_complaint_about_the_manager_goes_past_her(office: Office) -> None:
    vera = office.staff("Vera", Role.MANAGER, team_id=None)
    office.away(office.dan)
    alert = office.opens(AlertKind.COMPLAINT, about_staff_id=office.helen)
    assert office.told(alert) == [(0, {"Vera"})]
    office.change(vera, disabled_at=office.clock())
    other = office.opens(AlertKind.ALLEGATION, "other", about_staff_id=office.helen)
    office.passes(minutes=30)
    assert {who for _, names in office.told(other) for who in names} == {"Ruth", "operator"}


def test_a_new_adviser_is_told_although_the_thread_is_kept_from_the_old_one(office: Office) -> None:
    office.opens(AlertKind.COMPLAINT)
    kim = office.staff("Kim", Role.ADVISER)
    with office.database.begin() as session:
        people.allocate(session, office.jay, kim, role=AllocationRole.ADVISER, now=office.clock())
    office.clock.advance(minutes=1)
    alert = office.opens(AlertKind.DANGER_TO_LIFE, "later")
    assert office.told(alert) == [(1, {"Kim"})]


def test_nothing_about_a_worker_goes_to_a_card_everybody_reads(office_at: Offices) -> None:
    office = office_at(channels=(ChannelName.SMS, ChannelName.TEAMS))
    office.opens(AlertKind.ALLEGATION)
    office.opens(AlertKind.DANGER_TO_LIFE, "same person")
    assert all(row.channel == ChannelName.SMS for row in office.queued())


# Faults of the service


def test_a_clock_that_is_set_back_does_not_hold_an_alert_up(either: Office) -> None:
    alert = either.opens(AlertKind.DANGER_TO_LIFE)
    either.clock.advance(days=-1)
    either.passes(minutes=16)
    pages = either.queued(alert, OutboundKind.OPERATOR_PAGE)
    assert [row.created_at for row in pages] == [MORNING - timedelta(days=1) + timedelta(minutes=16)]


def test_an_alert_that_cannot_go_on_pages_the_operator_and_lets_others_pass(office: Office) -> None:
    bad = office.opens(AlertKind.DANGER_TO_LIFE, "bad")
    good = office.opens(AlertKind.MEDICAL, "good")
    with office.database.begin() as session:
        # Broken as a disk may break it: the cause can no longer be unsealed.
        session.execute(text("UPDATE alerts SET cause = :cause WHERE key = 'bad'"), {"cause": b"broken"})
    office.clock.advance(minutes=5)
    assert office.tick() == {"failed": 1, "told": 1}
    assert (5, {"Dan", "Mira"}) in office.told(good)
    (page,) = office.queued(kind=OutboundKind.OPERATOR_PAGE)
    assert str(bad) in page.body


def test_the_on_call_rota_is_read_by_team(office_at: Offices) -> None:
    office = office_at(EVENING)
    office.rota(RotaRole.ON_CALL, office.staff("Noor", Role.DUTY))
    alert = office.opens(AlertKind.DANGER_TO_LIFE)
    assert office.told(alert) == [(0, {"Omar", "Noor", "line", "Sam"})]
