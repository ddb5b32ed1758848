"""What is kept from whom once somebody wrote about a worker: threads from readers, alerts from them."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, SQLColumnExpression, func, select
from sqlalchemy.orm import Session

from storage import alerts
from storage.alerts import READ_RESTRICTED, Alert, Restriction, restrictions
from storage.staff import Staff


def restricted_since(session: Session, person_ids: Collection[UUID]) -> dict[UUID, datetime]:
    """Since when the threads of these people are kept from whoever is neither manager nor senior."""
    since: dict[UUID, datetime] = dict(
        session.execute(
            select(Restriction.person_id, func.min(Restriction.from_at))
            .where(Restriction.person_id.in_(person_ids), Restriction.lifted_at.is_(None))
            .group_by(Restriction.person_id)
        ).all()
    )
    return since


def kept_since(session: Session, person_ids: Collection[UUID], reader: Staff) -> dict[UUID, datetime]:
    """Since when this reader may not read the threads of these people; without those who may be read.

    Managers and seniors read them, but for the one whom it is about.
    """
    if reader.role not in READ_RESTRICTED:
        return restricted_since(session, person_ids)
    found = {
        each: alerts.restricted_from(session, each, reader.id) for each in _about(session, reader, person_ids)
    }
    return {person_id: since for person_id, since in found.items() if since is not None}


def _about(session: Session, reader: Staff, person_ids: Collection[UUID]) -> Sequence[UUID]:
    """Those of these people whose thread is about this reader: nobody's, nearly always."""
    return session.scalars(
        select(Restriction.person_id)
        .where(
            Restriction.person_id.in_(person_ids),
            Restriction.staff_id == reader.id,
            Restriction.lifted_at.is_(None),
        )
        .distinct()
    ).all()


def is_kept(
    person_id: SQLColumnExpression[UUID | None], at: SQLColumnExpression[datetime], reader: Staff
) -> ColumnElement[bool]:
    """As a condition: what was said at ``at`` in this person's thread may not be read by this reader."""
    kept = restrictions(person_id, at)
    if reader.role in READ_RESTRICTED:
        kept = kept.where(Restriction.staff_id == reader.id)
    return kept.exists()


def kept_from(session: Session, alert: Alert) -> frozenset[UUID]:
    """The workers who may neither see this alert nor act on it.

    :func:`storage.alerts.is_kept_from` is the same as a condition.
    """
    kept = select(Restriction.staff_id).where(
        Restriction.person_id == alert.person_id,
        Restriction.lifted_at.is_(None),
        Restriction.from_at <= alert.opened_at,
    )
    about = {alert.about_staff_id} if alert.about_staff_id else set()
    return frozenset({*session.scalars(kept), *about})
