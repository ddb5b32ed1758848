"""Contacts, each with the judgement in force: what staff corrected outweighs what we made of it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage import contacts, restrictions
from storage.contacts import Contact, ContactCorrection, Direction, Layer
from storage.exports.batches import batches, case_ids, staff_emails, within
from storage.exports.shapes import RESTRICTED, Export, Kind, Row, Span, columns
from storage.inbound import InboundMessage


def _rows(session: Session, span: Span) -> Iterator[Row]:
    emails = staff_emails(session)
    query = select(Contact).where(*within(span, Contact.at))
    for batch in batches(session, query, Contact.id, Contact):
        persons = case_ids(session, {contact.person_id for contact in batch})
        judged = contacts.corrections(session, [contact.id for contact in batch])
        about = _restricted(session, batch)
        since = restrictions.restricted_since(session, {contact.person_id for contact in batch})
        for contact in batch:
            correction = judged.get(contact.id)
            restricted = contact.inbound_id in about or _is_kept(contact, since)
            hidden = restricted and not span.show_restricted
            corrected_by = emails.get(correction.staff_id) if correction else None
            yield (
                str(contact.id),
                persons.get(contact.person_id),
                contact.at,
                contact.direction.value,
                contact.method.value,
                *_judgement(contact, correction),
                contact.begun_by_person,
                corrected_by,
                emails.get(contact.staff_id),
                contact.via or None,
                RESTRICTED if hidden else contact.note,
                contact.recorded_at,
            )


def _judgement(contact: Contact, correction: ContactCorrection | None) -> tuple[str | None, bool, str | None]:
    """(layer reached, does it count, why not)."""
    counts = correction.counts if correction else contact.direction is Direction.TWO_WAY
    if counts:
        return (contact.layer or Layer.TEXT).value, True, None
    if correction is not None:
        return None, False, "corrected"
    return None, False, contact.not_counted.value if contact.not_counted else None


def _restricted(session: Session, batch: Sequence[Contact]) -> frozenset[UUID]:
    ids = [contact.inbound_id for contact in batch if contact.inbound_id]
    return frozenset(
        session.scalars(
            select(InboundMessage.id).where(InboundMessage.id.in_(ids), InboundMessage.restricted.is_(True))
        )
    )


def _is_kept(contact: Contact, since: Mapping[UUID, datetime]) -> bool:
    """Something was noted while this person's thread was kept from a worker."""
    kept_since = since.get(contact.person_id)
    return bool(contact.note) and kept_since is not None and contact.recorded_at >= kept_since


EXPORT = Export(
    name="contacts",
    rows=_rows,
    columns=columns(
        contact_id=Kind.TEXT,
        person_id=Kind.TEXT,
        at=Kind.TIME,
        direction=Kind.TEXT,
        method=Kind.TEXT,
        layer=Kind.TEXT,
        counts=Kind.YES_NO,
        not_counted_because=Kind.TEXT,
        begun_by_person=Kind.YES_NO,
        corrected_by=Kind.TEXT,
        staff_email=Kind.TEXT,
        via=Kind.TEXT,
        note=Kind.TEXT,
        recorded_at=Kind.TIME,
    ),
)
