"""Imports of the cohort: each file's changes, kept so that an import can be undone as a whole."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, Sealed, new_id


class Import(Base, kw_only=True):
    __tablename__ = "imports"

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    file_name: Mapped[str] = mapped_column(String(200))
    imported_at: Mapped[datetime]
    #: None: from the command line.
    imported_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"), default=None)
    created: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    undone_at: Mapped[datetime | None] = mapped_column(default=None)
    undone_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"), default=None)


class ImportChange(Base, kw_only=True):
    """What one row of the file changed on one person, before and after, as JSON."""

    __tablename__ = "import_changes"

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    import_id: Mapped[UUID] = mapped_column(ForeignKey("imports.id"), index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    #: None: the person was new.
    before: Mapped[str | None] = mapped_column(Sealed(), default=None, repr=False)
    after: Mapped[str] = mapped_column(Sealed(), repr=False)
