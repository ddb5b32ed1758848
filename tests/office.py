"""A small invented leaving-care office for tests of alerts: who is told, when, and on which phone.

Nothing is delivered here: what would be on a phone is what was queued for it and not taken back.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy import select

from fakes import FakeChannel, FakeClock
from messages.channel import ChannelName, Failure
from messages.kinds import AlertKind, OutboundKind
from messages.wordings import Wordings
from scheduler import taking
from scheduler.alerts import open_alert
from scheduler.escalation import advance_alerts
from scheduler.services import Council, Services
from storage import alerts, people
from storage.alerts import Alert, AlertStep, Outcome
from storage.database import Database
from storage.outbound import OutboundMessage, OutboundState
from storage.people import AllocationRole, Person, Status
from storage.staff import Leave, Role, RotaRole, RotaShift, Staff, Team

#: One for all tests: it never changes, and reading fourteen languages takes a moment.
WORDINGS = Wordings.load()

#: A Tuesday, in working time; the same evening; a Saturday.
MORNING = datetime(2026, 11, 24, 10, tzinfo=UTC)
EVENING = datetime(2026, 11, 24, 21, tzinfo=UTC)
SATURDAY = datetime(2026, 11, 28, 11, tzinfo=UTC)
LINE = "+447700900990"
OPERATOR_PHONE = "+447700900991"
_LONG = timedelta(days=500)
_TAKEN_BACK = (OutboundState.CANCELLED, OutboundState.SKIPPED)


class Office:
    """Sam (adviser), Dan (Sam's standing cover), Mira (duty rota), Omar (on call), Helen (manager), Ruth
    (senior): all with phones; Jay is Sam's, and 20.
    """

    def __init__(
        self,
        database: Database,
        now: datetime = MORNING,
        *,
        channels: Iterable[ChannelName] = (ChannelName.SMS,),
        **council: Any,
    ) -> None:
        self.database, self.clock = database, FakeClock(now)
        facts = {"out_of_hours_alert": LINE, "operator_phone": OPERATOR_PHONE}
        self.services = Services(
            database=database,
            channels={name: FakeChannel(name=name) for name in channels},
            wordings=WORDINGS,
            council=Council(public_url="https://kit.example.org", **(facts | council)),
            clock=self.clock,
        )
        self._numbers = count(100)
        self.names: dict[UUID, str] = {}
        self.started = now
        with database.begin() as session:
            team = Team(name="Harbour")
            session.add(team)
            session.flush()
            self.team_id = team.id
        self.dan = self.staff("Dan", Role.ADVISER)
        self.sam = self.staff("Sam", Role.ADVISER, cover_id=self.dan)
        self.mira = self.staff("Mira", Role.DUTY)
        self.omar = self.staff("Omar", Role.ADVISER)
        self.helen = self.staff("Helen", Role.MANAGER)
        self.ruth = self.staff("Ruth", Role.SENIOR)
        self.rota(RotaRole.DUTY, self.mira)
        self.rota(RotaRole.ON_CALL, self.omar)
        self.jay = self.young_person("Jay")

    def staff(self, name: str, role: Role, **facts: Any) -> UUID:
        values: dict[str, Any] = {
            "phone": f"+447700900{next(self._numbers)}",
            "team_id": self.team_id,
        } | facts
        email = f"{name.lower()}@westhaven.example"
        with self.database.begin() as session:
            row = Staff(
                email=email, name=f"{name} Hill", role=role, created_at=self.started - _LONG, **values
            )
            session.add(row)
            session.flush()
            self.names[row.id] = name
            return row.id

    def young_person(self, name: str, *, adviser: UUID | None = None, **facts: Any) -> UUID:
        values: dict[str, Any] = {"date_of_birth": date(2006, 5, 1), "team_id": self.team_id} | facts
        with self.database.begin() as session:
            row = Person(
                case_id=f"C{next(self._numbers)}",
                first_name=name,
                last_name="Whitlock",
                status=Status.FORMER_RELEVANT,
                created_at=self.started - _LONG,
                **values,
            )
            session.add(row)
            session.flush()
        self.allocate(row.id, adviser or self.sam)
        return row.id

    def allocate(
        self, person_id: UUID, staff_id: UUID, role: AllocationRole = AllocationRole.ADVISER
    ) -> None:
        with self.database.begin() as session:
            people.allocate(session, person_id, staff_id, role=role, now=self.started - _LONG)

    def nobody_allocated(self) -> None:
        with self.database.begin() as session:
            for row in session.scalars(select(people.Allocation)):
                row.ended_at = self.started

    def rota(self, role: RotaRole, staff_id: UUID) -> None:
        with self.database.begin() as session:
            starts, ends = self.started - _LONG, self.started + _LONG
            session.add(RotaShift(role=role, staff_id=staff_id, starts_at=starts, ends_at=ends))

    def no_rota(self) -> None:
        with self.database.begin() as session:
            for shift in session.scalars(select(RotaShift)):
                session.delete(shift)

    def away(self, staff_id: UUID, *, cover: UUID | None = None) -> None:
        now = self.clock()
        with self.database.begin() as session:
            ends = now + timedelta(days=10)
            session.add(Leave(staff_id=staff_id, starts_at=now, ends_at=ends, cover_id=cover))

    def change(self, staff_id: UUID, **values: Any) -> None:
        with self.database.begin() as session:
            row = session.get_one(Staff, staff_id)
            for name, value in values.items():
                setattr(row, name, value)

    # What happens

    def opens(self, kind: AlertKind, key: str = "cause", **facts: Any) -> UUID:
        """An alert about Jay, unless ``person_id`` says otherwise."""
        facts.setdefault("person_id", self.jay)
        with self.database.begin() as session:
            alert = open_alert(session, self.services, kind=kind, key=key, now=self.clock(), **facts)
            assert alert is not None
            return alert.id

    def passes(self, *, every: timedelta = timedelta(minutes=1), **time: float) -> None:
        until = self.clock() + timedelta(**time)
        while self.clock() < until:
            self.clock.now = min(self.clock() + every, until)
            self.tick()

    def tick(self) -> dict[str, int]:
        return advance_alerts(self.services, self.clock())

    def takes(self, alert_id: UUID, staff_id: UUID | None, via: str = taking.WEB) -> bool:
        with self.database.begin() as session:
            alert = session.get_one(Alert, alert_id)
            return taking.take(session, alert, staff_id=staff_id, via=via, now=self.clock())

    def texts(self, staff_id: UUID | None, text: str) -> str | None:
        """A text from somebody's phone, or from the out-of-hours line; the answer."""
        with self.database.begin() as session:
            row = session.get_one(Staff, staff_id) if staff_id else None
            return taking.take_by_code(session, self.services, row, text, now=self.clock())

    def closes(self, alert_id: UUID, staff_id: UUID, outcome: Outcome = Outcome.SPOKE) -> None:
        with self.database.begin() as session:
            alert = session.get_one(Alert, alert_id)
            taking.record_outcome(session, alert, staff_id=staff_id, outcome=outcome, now=self.clock())

    def passes_on(self, alert_id: UUID, staff_id: UUID, to: UUID) -> None:
        with self.database.begin() as session:
            alert = session.get_one(Alert, alert_id)
            taking.pass_on(session, self.services, alert, staff_id=staff_id, to_staff_id=to, now=self.clock())

    def cannot_send(self, alert_id: UUID, failure: Failure = Failure.UNREACHABLE) -> None:
        """The provider gives up on every text of this alert that waits, as delivery would note it."""
        with self.database.begin() as session:
            for row in session.scalars(select(OutboundMessage).where(OutboundMessage.alert_id == alert_id)):
                if row.kind == OutboundKind.ALERT and row.state == OutboundState.QUEUED:
                    row.state, row.failure = OutboundState.FAILED, failure
            alert = session.get_one(Alert, alert_id)
            if alert.next_step_at is not None:
                alert.next_step_at = min(alert.next_step_at, self.clock())

    # What can be seen

    def alert(self, alert_id: UUID) -> Alert:
        with self.database.read() as session:
            return session.get_one(Alert, alert_id)

    def steps(self, alert_id: UUID) -> list[AlertStep]:
        with self.database.read() as session:
            return list(alerts.steps(session, alert_id))

    def told(self, alert_id: UUID) -> list[tuple[float, set[str]]]:
        """Minutes after the start, and the names of those to whom something was queued then."""
        at: dict[datetime, set[str]] = {}
        for row in self.queued(alert_id):
            at.setdefault(row.created_at, set()).add(self.reader(row))
        return [((when - self.started) / timedelta(minutes=1), who) for when, who in sorted(at.items())]

    def queued(self, alert_id: UUID | None = None, kind: OutboundKind | None = None) -> list[OutboundMessage]:
        with self.database.read() as session:
            query = select(OutboundMessage).where(OutboundMessage.state.not_in(_TAKEN_BACK))
            rows = session.scalars(query.order_by(OutboundMessage.created_at, OutboundMessage.id)).all()
        fits = [row for row in rows if alert_id is None or row.alert_id == alert_id]
        return [row for row in fits if kind is None or row.kind == kind]

    def reader(self, row: OutboundMessage) -> str:
        if row.kind == OutboundKind.OPERATOR_PAGE:
            return "operator"
        if row.staff_id is not None:
            return self.names[row.staff_id]
        return "line" if row.to else "teams"

    def last_text(self, staff_id: UUID | None) -> str:
        """What the phone (or the out-of-hours line) shows last."""
        return [row.body for row in self.queued() if row.staff_id == staff_id][-1]

    def code(self, alert_id: UUID, recipient: UUID | str) -> str:
        live = [step for step in self.steps(alert_id) if step.recipient == str(recipient) and step.code]
        assert len(live) == 1, f"expected one live code, got {len(live)}"
        assert live[0].code is not None
        return live[0].code

    def kinds(self) -> list[AlertKind]:
        with self.database.read() as session:
            return list(session.scalars(select(Alert.kind).order_by(Alert.opened_at, Alert.id)))
