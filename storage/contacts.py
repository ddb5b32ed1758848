"""Contacts: something that happened between a young person and the council. Append-only.

Only a two-way contact keeps somebody in touch; a text that we sent is an attempt. A reply that does not
count is kept with the reason, and staff correct it by a new row, never by changing the old one.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from messages.kinds import ContactMethod, NotCounted
from storage.base import Base, Sealed, new_id


class Direction(StrEnum):
    #: They answered, spoke or were seen.
    TWO_WAY = "two_way"
    #: We tried.
    ATTEMPT = "attempt"
    #: They wrote, and it does not count: ``not_counted`` says why.
    RECEIVED = "received"
    #: News from somebody else (an agency, a relative).
    THIRD_PARTY = "third_party"


class Layer(StrEnum):
    """The three layers in which "in touch" is reported."""

    TEXT = "text"
    SPOKEN = "spoken"
    SEEN = "seen"


class Contact(Base, kw_only=True):
    __tablename__ = "contacts"
    __table_args__ = (Index("ix_contacts_person_time", "person_id", "at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime]
    direction: Mapped[Direction]
    method: Mapped[ContactMethod]
    #: Which layer a two-way contact reaches.
    layer: Mapped[Layer | None] = mapped_column(default=None)
    not_counted: Mapped[NotCounted | None] = mapped_column(default=None)
    #: True: the young person began it.
    begun_by_person: Mapped[bool] = mapped_column(default=False)
    inbound_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("inbound_messages.id"), default=None, unique=True
    )
    outbound_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("outbound_messages.id"), default=None, unique=True
    )
    staff_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"), default=None)
    #: A try within a plan to re-establish contact.
    lost_touch_plan_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("lost_touch_plans.id"), default=None, index=True
    )
    note: Mapped[str | None] = mapped_column(Sealed(), default=None, repr=False)
    #: "by text", "by import": how it came into the log, when not from a page.
    via: Mapped[str] = mapped_column(String(20), default="")
    recorded_at: Mapped[datetime]


class ContactCorrection(Base, kw_only=True):
    """A person's judgement over ours: this reply counts after all, or does not. The newest one holds."""

    __tablename__ = "contact_corrections"

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    contact_id: Mapped[UUID] = mapped_column(ForeignKey("contacts.id"), index=True)
    counts: Mapped[bool]
    reason: Mapped[str] = mapped_column(Sealed(), repr=False)
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime]


def of_person(session: Session, person_id: UUID, *, since: datetime | None = None) -> Sequence[Contact]:
    """A person's contacts, newest first."""
    query = select(Contact).where(Contact.person_id == person_id).order_by(Contact.at.desc())
    return session.scalars(query.where(Contact.at > since) if since else query).all()


def of_texts(session: Session, inbound_ids: Sequence[UUID]) -> dict[UUID, Contact]:
    """The contact that each of these texts is, by the text; a text is one contact at most."""
    rows = session.scalars(select(Contact).where(Contact.inbound_id.in_(inbound_ids)))
    return {row.inbound_id: row for row in rows if row.inbound_id is not None}


def corrections(session: Session, contact_ids: Sequence[UUID]) -> dict[UUID, ContactCorrection]:
    """The judgement in force for each corrected contact."""
    rows = session.scalars(
        select(ContactCorrection)
        .where(ContactCorrection.contact_id.in_(contact_ids))
        .order_by(ContactCorrection.at)
    )
    return {row.contact_id: row for row in rows}


def last_counted(
    session: Session, person_ids: Sequence[UUID], *, until: datetime
) -> dict[UUID, dict[Layer, datetime]]:
    """For each person the time of the newest two-way contact in each layer, as things stood at ``until``.

    A correction outweighs what we made of a contact ourselves; a reply that counts after all is a text.
    """
    judged = (
        select(ContactCorrection.counts)
        .where(ContactCorrection.contact_id == Contact.id)
        .order_by(ContactCorrection.at.desc(), ContactCorrection.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Contact.person_id, Contact.layer, func.max(Contact.at))
        .where(
            Contact.person_id.in_(person_ids),
            Contact.at <= until,
            func.coalesce(judged, Contact.direction == Direction.TWO_WAY),
        )
        .group_by(Contact.person_id, Contact.layer)
    )
    found: dict[UUID, dict[Layer, datetime]] = {}
    for person_id, layer, at in rows:
        layers = found.setdefault(person_id, {})
        reached = layer or Layer.TEXT
        layers[reached] = max(at, layers.get(reached, at))
    return found
