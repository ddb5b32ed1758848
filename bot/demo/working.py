"""What staff do by themselves about alerts: take them, and write down what came of it."""

import random
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.demo import words
from bot.demo.cast import Character
from bot.demo.living import Act, adviser_of
from bot.demo.network import Network
from messages.channel import ChannelName
from messages.kinds import AlertKind, ContactMethod, Deadline
from scheduler import contacts as contact_log
from scheduler import taking
from scheduler.local_time import LONDON
from scheduler.recipients import OUT_OF_HOURS
from scheduler.services import Services
from scheduler.working_time import hours_of, next_working_time
from storage import alerts
from storage import staff as staff_rows
from storage.alerts import Alert, AlertState, AlertStep, Outcome, StepRole
from storage.contacts import Direction
from storage.people import StateKind
from storage.staff import Staff

#: Minutes until somebody who was told takes it, and until they write down what came of it.
_TAKES = {Deadline.NOW: (1, 9), Deadline.TODAY: (4, 50), Deadline.SOON: (20, 260)}
_ENDS = {Deadline.NOW: (20, 50), Deadline.TODAY: (25, 170), Deadline.SOON: (40, 300)}
#: How often somebody who is told gets round to it, and how often they do it from their phone.
_OFTEN, _SHARED, _BY_TEXT = 0.8, 0.3, 0.6
#: Kinds after which nobody is rung.
_NO_CALL = frozenset(
    {
        AlertKind.STOPPED,
        AlertKind.UNKNOWN_SENDER,
        AlertKind.NUMBER_IN_DOUBT,
        AlertKind.COMPLAINT,
        AlertKind.ALLEGATION,
        AlertKind.FIX_CONTACT,
        AlertKind.UNDELIVERABLE,
        AlertKind.MACHINE_LOOP,
        AlertKind.WATCHED_PHONE,
    }
)
_HARD_TO_REACH = frozenset({AlertKind.LOST_TOUCH, AlertKind.RECONFIRM_NUMBER})


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertWorkers:
    """The cast's staff at their alerts. What concerns a ``played`` person or worker is left to who plays."""

    services: Services
    network: Network
    cast: Mapping[UUID, Character]
    played: Collection[UUID] = ()
    _known: dict[tuple[object, ...], Act | None] = field(default_factory=dict)

    def acts(self, session: Session, since: datetime, until: datetime) -> Iterator[Act]:
        open_ones = select(
            Alert.id, Alert.state, Alert.round, Alert.next_step_at, Alert.taken_by_id, Alert.person_id
        ).where(Alert.state != AlertState.CLOSED)
        for stands in session.execute(open_ones):
            if stands.person_id in self.played:
                continue
            key = tuple(stands)
            if key not in self._known:
                self._known[key] = self._next_act(session, session.get_one(Alert, stands.id))
            act = self._known[key]
            if act is not None and since < act.at <= until:
                yield act

    def _next_act(self, session: Session, alert: Alert) -> Act | None:
        if alert.state is AlertState.TAKEN:
            return self._ends(session, alert)
        told = [self._takes(session, alert, step) for step in alerts.steps(session, alert.id)]
        return min((act for act in told if act is not None), key=lambda act: act.at, default=None)

    def _takes(self, session: Session, alert: Alert, step: AlertStep) -> Act | None:
        """When, if at all, the recipient of this step gets round to it."""
        rng = random.Random(f"{_case(alert)}:{step.round}:{step.role}:{step.recipient}")
        staff = session.get(Staff, step.staff_id) if step.staff_id else None
        shared = step.recipient == OUT_OF_HOURS
        if (
            step.staff_id in self.played
            or step.role is StepRole.INFORMED
            or rng.random() > (_SHARED if shared else _OFTEN)
        ):
            return None
        at = step.at + timedelta(minutes=rng.uniform(*_TAKES[alert.deadline]))
        if alert.deadline is not Deadline.NOW:
            at = _at_work(at, rng)
        if not (staff or shared) or (staff and staff_rows.leave_at(session, staff.id, at)):
            return None
        by_text = staff is None or (step.code is not None and rng.random() < _BY_TEXT)
        phone = staff.phone if staff else self.services.council.out_of_hours_alert
        if by_text:
            return Act(at=at, do=lambda: self._text_code(phone, step.code))
        return Act(at=at, do=lambda: self._take_on_page(alert.id, staff.id if staff else None))

    def _text_code(self, phone: str | None, code: str | None) -> None:
        if phone and code:
            self.network.text(ChannelName.SMS, phone, f"OK {code}")

    def _take_on_page(self, alert_id: UUID, staff_id: UUID | None) -> None:
        with self.services.database.begin() as session:
            alert = session.get_one(Alert, alert_id)
            if staff_id is not None and alert.state is AlertState.OPEN:
                taking.take(session, alert, staff_id=staff_id, via=taking.WEB, now=self.services.clock())

    def _ends(self, session: Session, alert: Alert) -> Act | None:
        """Whoever took it writes down what came of it; for a shared line, the adviser does."""
        rng = random.Random(f"outcome:{_case(alert)}:{alert.round}")
        taker = alert.taken_by_id or self._named_for_line(session, alert)
        if taker is None or taker in self.played or alert.taken_at is None:
            return None
        at = alert.taken_at + timedelta(minutes=rng.uniform(*_ENDS[alert.deadline]))
        if alert.deadline is not Deadline.NOW:
            at = _at_work(at, rng)
        return Act(at=at, do=lambda: self._write_down(alert.id, taker, rng))

    def _named_for_line(self, session: Session, alert: Alert) -> UUID | None:
        """The shared line took it: who was told beside it owes the name, else the adviser."""
        told = {step.role: step.staff_id for step in alerts.steps(session, alert.id) if step.staff_id}
        named = next((told[role] for role in (StepRole.ON_CALL, StepRole.MANAGER) if role in told), None)
        if named is None and alert.person_id is not None:
            return adviser_of(session, alert.person_id, self.services.clock())
        return named

    def _write_down(self, alert_id: UUID, staff_id: UUID, rng: random.Random) -> None:
        now = self.services.clock()
        with self.services.database.begin() as session:
            alert = session.get_one(Alert, alert_id)
            if alert.state is not AlertState.TAKEN:
                return
            outcome, note = self._outcome(alert, rng)
            if outcome in (Outcome.SPOKE, Outcome.NO_ANSWER) and alert.person_id is not None:
                spoke = outcome is Outcome.SPOKE
                contact_log.log_contact(
                    session,
                    alert.person_id,
                    method=ContactMethod.CALL,
                    direction=Direction.TWO_WAY if spoke else Direction.ATTEMPT,
                    at=now - timedelta(minutes=6),
                    staff_id=staff_id,
                    now=now,
                    note=note,
                )
            taking.record_outcome(session, alert, staff_id=staff_id, outcome=outcome, note=note, now=now)

    def _outcome(self, alert: Alert, rng: random.Random) -> tuple[Outcome, str]:
        if alert.kind is AlertKind.DANGER_TO_LIFE:
            return Outcome.EMERGENCY_SERVICES, words.EMERGENCY_NOTE
        if alert.kind in _NO_CALL or alert.person_id is None:
            return Outcome.DONE, "Looked into it and noted on the record."
        character = self.cast.get(alert.person_id)
        if alert.watched or (character and character.state is StateKind.CUSTODY):
            return Outcome.DONE, "Not rung. Passed on through somebody they trust."
        gone = character is not None and character.silent_from is not None
        if rng.random() < (0.12 if gone or alert.kind in _HARD_TO_REACH else 0.75):
            return Outcome.SPOKE, rng.choice(words.CALL_NOTES)
        return Outcome.NO_ANSWER, rng.choice(words.NO_ANSWER_NOTES)


def _case(alert: Alert) -> str:
    """The same in every life of the same year: no id that was drawn by lot."""
    return f"{alert.kind}:{alert.person_id}:{alert.opened_at:%Y-%m-%dT%H:%M}"


def _at_work(at: datetime, rng: random.Random) -> datetime:
    """Then, or soon after the working day has begun."""
    return next_working_time(at, hours_of(None, LONDON)) + timedelta(minutes=rng.uniform(0, 20))
