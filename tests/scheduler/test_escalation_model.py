"""Whatever happens to people, phones and clocks, an alert is never left alone (RELIABILITY, invariant I3)."""

import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from databases import copy_sqlite, new_keyring
from messages.kinds import AlertKind, Deadline, OutboundKind
from office import EVENING, MORNING, SATURDAY, Office
from scheduler import taking
from scheduler.telling import NOBODY
from storage.alerts import Alert, AlertState, AlertStep
from storage.database import Database
from storage.outbound import OutboundMessage, OutboundState

QUARTER = timedelta(minutes=15)
KINDS = (
    AlertKind.DANGER_TO_LIFE,
    AlertKind.ALLEGATION,
    AlertKind.DEATH_REPORTED,
    AlertKind.HELP_WORD,
    AlertKind.CALL_ME,
    AlertKind.COMPLAINT,
    AlertKind.LOST_TOUCH,
    AlertKind.CANNOT_TEXT_BACK,
)
PLACES = st.integers(0, 5)


class Escalation(RuleBasedStateMachine):
    template: Path

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        url = copy_sqlite(Escalation.template, Path(self.folder.name) / "kit.db")
        self.database = Database(url, keyring=new_keyring())

    def teardown(self) -> None:
        self.database.close()
        self.folder.cleanup()

    @initialize(now=st.sampled_from([MORNING, EVENING, SATURDAY, MORNING.replace(hour=16, minute=52)]))
    def begins(self, now: datetime) -> None:
        self.office = Office(self.database, now)
        self.staff = [staff for staff, name in self.office.names.items() if name != "Ruth"]
        self.raised = 0

    @rule(kind=st.sampled_from(KINDS), about=st.none() | PLACES)
    def something_happens(self, kind: AlertKind, about: int | None) -> None:
        self.raised += 1
        about_staff = None if about is None else self.staff[about % len(self.staff)]
        alert = self.office.opens(kind, f"cause {self.raised}", about_staff_id=about_staff)
        told = [row for row in self.office.queued(alert) if row.created_at == self.office.clock()]
        assert told, "somebody is told, or the operator is paged, in the same moment"

    @rule(minutes=st.integers(1, 12))
    def time_passes(self, minutes: int) -> None:
        self.office.passes(minutes=minutes)

    @rule(minutes=st.integers(10, 3_000))
    def the_clock_stands_still(self, minutes: int) -> None:
        self.office.clock.advance(minutes=minutes)
        self.office.tick()

    @rule(minutes=st.integers(1, 3_000))
    def the_clock_is_set_back(self, minutes: int) -> None:
        self.office.clock.advance(minutes=-minutes)
        self.office.tick()

    @rule(place=PLACES, cover=st.none() | PLACES)
    def goes_on_leave(self, place: int, cover: int | None) -> None:
        stands_in = None if cover is None else self.staff[cover % len(self.staff)]
        self.office.away(self.staff[place % len(self.staff)], cover=stands_in)

    @rule(place=PLACES, number=st.none() | st.integers(500, 999))
    def changes_phone(self, place: int, number: int | None) -> None:
        phone = None if number is None else f"+447700900{number}"
        self.office.change(self.staff[place % len(self.staff)], phone=phone)

    @rule(place=PLACES)
    def leaves_the_council(self, place: int) -> None:
        self.office.change(self.staff[place % len(self.staff)], disabled_at=self.office.clock())

    @precondition(lambda self: self.raised)
    @rule()
    def no_text_leaves(self) -> None:
        for alert in self._alerts(AlertState.OPEN):
            self.office.cannot_send(alert.id)
        self.office.tick()

    @precondition(lambda self: self.raised)
    @rule(choice=st.integers(0, 50), by_text=st.booleans())
    def takes(self, choice: int, by_text: bool) -> None:
        with self.database.read() as session:
            steps = session.scalars(select(AlertStep).where(AlertStep.code.is_not(None))).all()
        if not steps:
            return
        step = steps[choice % len(steps)]
        if by_text:
            self.office.texts(step.staff_id, f"ok {step.code}")
        elif step.staff_id is not None:
            self._tries(lambda: self.office.takes(step.alert_id, step.staff_id))

    @precondition(lambda self: self.raised)
    @rule(choice=st.integers(0, 50), place=PLACES)
    def is_passed_on(self, choice: int, place: int) -> None:
        for alert in self._alerts(AlertState.TAKEN)[choice % 3 : choice % 3 + 1]:
            to = self.staff[place % len(self.staff)]
            self._tries(lambda alert=alert, to=to: self.office.passes_on(alert.id, self.office.ruth, to))

    @precondition(lambda self: self.raised)
    @rule(choice=st.integers(0, 50))
    def outcome_is_recorded(self, choice: int) -> None:
        for alert in self._alerts(AlertState.TAKEN)[choice % 3 : choice % 3 + 1]:
            self._tries(lambda alert=alert: self.office.closes(alert.id, self.office.ruth))

    @invariant()
    def the_clock_will_look_again_until_it_has_ended(self) -> None:
        for alert in self._alerts():
            assert (alert.next_step_at is None) == (alert.state == AlertState.CLOSED)
            if alert.state == AlertState.CLOSED:
                assert alert.closed_by_id is not None
                assert alert.taken_by_id is not None
                assert alert.outcome is not None

    @invariant()
    def after_a_quarter_of_an_hour_the_operator_is_paged(self) -> None:
        for alert in self._alerts(AlertState.OPEN):
            if alert.deadline == Deadline.NOW and self.office.clock() - alert.chain_from >= QUARTER:
                assert alert.unanswered_at is not None
                assert self._pages(alert.id)

    @invariant()
    def it_goes_round_until_taken(self) -> None:
        for alert in self._alerts(AlertState.OPEN):
            if alert.deadline == Deadline.NOW:
                assert alert.next_step_at is not None
                assert alert.next_step_at <= self.office.clock() + QUARTER

    @invariant()
    def the_worker_it_is_about_is_never_told(self) -> None:
        about = {alert.id: alert.about_staff_id for alert in self._alerts() if alert.about_staff_id}
        for row in self._rows():
            assert row.alert_id not in about or row.staff_id != about[row.alert_id]

    @invariant()
    def nobody_is_told_of_what_somebody_has(self) -> None:
        taken = {alert.id: alert for alert in self._alerts() if alert.state != AlertState.OPEN}
        for row in self._rows():
            if row.kind == OutboundKind.ALERT and row.alert_id in taken:
                assert row.state != OutboundState.QUEUED

    @invariant()
    def each_step_says_what_happened(self) -> None:
        with self.database.read() as session:
            for step in session.scalars(select(AlertStep)):
                assert step.words
                assert step.staff_id is not None or step.recipient in {NOBODY, "operator", "out_of_hours"}

    def _tries(self, act: object) -> None:
        """Some may not do it; then nothing has changed."""
        assert callable(act)
        try:
            act()
        except (taking.NotTheirs, taking.NobodyToPassTo, taking.AlreadyClosed):
            return

    def _alerts(self, state: AlertState | None = None) -> list[Alert]:
        with self.database.read() as session:
            found = session.scalars(select(Alert).order_by(Alert.opened_at, Alert.id)).all()
        return [alert for alert in found if state in (None, alert.state)]

    def _rows(self) -> list[OutboundMessage]:
        with self.database.read() as session:
            return list(session.scalars(select(OutboundMessage)))

    def _pages(self, alert_id: UUID) -> list[OutboundMessage]:
        rows = self._rows()
        return [row for row in rows if row.alert_id == alert_id and row.kind == OutboundKind.OPERATOR_PAGE]


def test_an_alert_is_never_left_alone(sqlite_template: Path) -> None:
    Escalation.template = sqlite_template
    run_state_machine_as_test(Escalation, settings=settings(max_examples=12, stateful_step_count=20))
