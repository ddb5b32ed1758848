"""Which young people, alerts and texts a member of staff may see: decided here and nowhere else.

An adviser (a social worker is one): their own people and those of the colleagues they cover for. A manager:
the team. Duty: everybody. A senior: what was told to them, and what is about a worker. Whoever was told of an
alert may open it, and until it ends the person too. Participation and administration: nobody.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, true
from sqlalchemy.orm import Session

from storage import alerts, restrictions
from storage.alerts import READ_RESTRICTED, Alert, AlertState, AlertStep
from storage.inbound import InboundMessage
from storage.people import Allocation, Person
from storage.staff import Leave, Role, Staff

_NOBODY = frozenset({Role.PARTICIPATION, Role.ADMIN})


def caseload(session: Session, reader: Staff, now: datetime) -> ColumnElement[bool]:
    """The people on this reader's list, as a condition on :class:`Person`."""
    match reader.role:
        case Role.DUTY:
            return true()
        case Role.MANAGER:
            team = select(Staff.id).where(Staff.team_id == reader.team_id, Staff.team_id.is_not(None))
            return or_(
                and_(Person.team_id.is_not(None), Person.team_id == reader.team_id),
                Person.id.in_(_allocated_to(team, now)),
            )
        case Role.ADVISER:
            return Person.id.in_(_allocated_to({reader.id, *covered_by(session, reader, now)}, now))
        case _:
            return false()


def people_seen(session: Session, reader: Staff, now: datetime) -> ColumnElement[bool]:
    """The people whose page this reader may open: the list, and those of open alerts told to them."""
    if reader.role in _NOBODY:
        return false()
    told = select(Alert.person_id).where(
        Alert.state != AlertState.CLOSED,
        Alert.person_id.is_not(None),
        _told(reader),
        ~alerts.is_kept_from(reader.id),
    )
    return or_(caseload(session, reader, now), Person.id.in_(told))


def alerts_seen(session: Session, reader: Staff, now: datetime) -> ColumnElement[bool]:
    """The alerts this reader may open, as a condition on :class:`Alert`."""
    if reader.role in _NOBODY:
        return false()
    theirs = Alert.person_id.in_(select(Person.id).where(caseload(session, reader, now)))
    match reader.role:
        case Role.DUTY:
            by_role: ColumnElement[bool] = Alert.restricted.is_(False)
        case Role.MANAGER:
            by_role = or_(theirs, Alert.person_id.is_(None))
        case Role.ADVISER:
            # Past the adviser and past the cover: whoever is told sees it, nobody else of the caseload.
            by_role = and_(theirs, Alert.restricted.is_(False), Alert.about_staff_id.is_(None))
        case _:
            by_role = Alert.restricted.is_(True)
    return and_(or_(by_role, _told(reader)), ~alerts.is_kept_from(reader.id))


def may_see_person(session: Session, reader: Staff, person_id: UUID, now: datetime) -> bool:
    seen = select(Person.id).where(Person.id == person_id, people_seen(session, reader, now))
    return session.scalars(seen).one_or_none() is not None


def may_see_alert(session: Session, reader: Staff, alert_id: UUID, now: datetime) -> bool:
    seen = select(Alert.id).where(Alert.id == alert_id, alerts_seen(session, reader, now))
    return session.scalars(seen).one_or_none() is not None


def kept_from(session: Session, reader: Staff, person_id: UUID) -> datetime | None:
    """Since when this reader may not read this person's thread, neither what came nor what left."""
    return restrictions.kept_since(session, [person_id], reader).get(person_id)


def may_read(reader: Staff, message: InboundMessage, since: datetime | None) -> bool:
    """``since``: what :func:`kept_from` said of the person."""
    if message.restricted and reader.role not in READ_RESTRICTED:
        return False
    return since is None or message.happened_at < since


def readable(reader: Staff) -> ColumnElement[bool]:
    """:func:`may_read` as a condition on :class:`InboundMessage`."""
    happened_at = func.coalesce(InboundMessage.sent_at, InboundMessage.received_at)
    free = ~restrictions.is_kept(InboundMessage.person_id, happened_at, reader)
    return free if reader.role in READ_RESTRICTED else and_(free, InboundMessage.restricted.is_(False))


def without_words(session: Session, reader: Staff, found: Collection[Alert]) -> frozenset[UUID]:
    """Those of these alerts that the reader may act on but whose words are for managers and seniors."""
    about = or_(Alert.restricted.is_(True), InboundMessage.restricted.is_(True))
    kept = restrictions.is_kept(Alert.person_id, Alert.opened_at, reader)
    return frozenset(
        session.scalars(
            select(Alert.id)
            .outerjoin(InboundMessage, InboundMessage.id == Alert.inbound_id)
            .where(
                Alert.id.in_([one.id for one in found]),
                kept if reader.role in READ_RESTRICTED else or_(about, kept),
            )
        )
    )


def covered_by(session: Session, reader: Staff, now: datetime) -> frozenset[UUID]:
    """Colleagues who are away and for whom this reader stands in, also in a chain of absences."""
    cover = func.coalesce(Leave.cover_id, Staff.cover_id)
    rows = session.execute(
        select(Leave.staff_id, cover)
        .join(Staff, Staff.id == Leave.staff_id)
        .where(Leave.starts_at <= now, Leave.ends_at > now, cover.is_not(None))
        .order_by(Leave.starts_at)
    )
    stands_in = {away: cover_id for away, cover_id in rows if cover_id != away}
    return frozenset(away for away in stands_in if reader.id in _chain(stands_in, away)) - {reader.id}


def _chain(stands_in: dict[UUID, UUID], away: UUID) -> Iterable[UUID]:
    met = {away}
    while (cover := stands_in.get(away)) is not None and cover not in met:
        met.add(cover)
        yield cover
        away = cover


def _allocated_to(staff_ids: Iterable[UUID] | Select[UUID], now: datetime) -> Select[UUID]:
    return select(Allocation.person_id).where(
        Allocation.staff_id.in_(staff_ids),
        Allocation.starts_at <= now,
        or_(Allocation.ended_at.is_(None), Allocation.ended_at > now),
    )


def _told(reader: Staff) -> ColumnElement[bool]:
    steps = select(AlertStep.alert_id).where(AlertStep.staff_id == reader.id)
    return or_(Alert.id.in_(steps), Alert.taken_by_id == reader.id, Alert.passed_to_id == reader.id)
