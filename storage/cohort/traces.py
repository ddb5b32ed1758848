"""Has anything happened to what an import made? Every table that can refer to it is asked."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Select, Table, select
from sqlalchemy.orm import Session

from storage import tables
from storage.cohort.known import chunks
from storage.imports import Import

#: Ids of rows by table, with the person whose row it is.
Made = Mapping[str, Mapping[UUID, UUID]]


def touched(session: Session, made: Made, undone: Import) -> set[UUID]:
    """The people of ``made`` of whom (or of whose rows) a row speaks that ``undone`` did not make."""
    found: set[UUID] = set()
    for table in tables.Base.metadata.sorted_tables:
        own = made.get(table.name, {})
        for key in table.foreign_keys:
            owners = made.get(key.column.table.name, {})
            for chunk in chunks(owners):
                rows = session.execute(_speaking(table, key, chunk, undone))
                found |= {owners[spoken_of] for spoken_of, row in rows if row not in own}
    return found


def _speaking(table: Table, key: ForeignKey, ids: list[UUID], undone: Import) -> Select[tuple[UUID, Any]]:
    """(id spoken of, row that speaks of it); the notes of undone imports, this one too, say nothing new."""
    query = select(key.parent, next(iter(table.primary_key.columns))).where(key.parent.in_(ids))
    if table.name != "import_changes":
        return query
    standing = select(Import.id).where(Import.undone_at.is_(None), Import.id != undone.id)
    return query.where(table.c.import_id.in_(standing))
