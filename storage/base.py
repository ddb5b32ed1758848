"""The ground of every table: naming, types, identifiers, and columns that are encrypted by themselves.

A column declared ``mapped_column(Sealed())`` is a plain ``str`` in Python and AES-GCM bytes in the
database. Sealing needs the row's id and the keyring, which a column type does not see; so it happens in
the mapper's own events, with the keyring that :class:`storage.database.Database` puts in ``session.info``.
"""

from datetime import UTC, datetime
from enum import Enum as PyEnum
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

import uuid_utils.compat
from sqlalchemy import DateTime, Dialect, Enum, Index, LargeBinary, MetaData, Select, and_, event, or_, text
from sqlalchemy.orm import (
    DeclarativeBase,
    InstrumentedAttribute,
    MappedAsDataclass,
    Mapper,
    QueryContext,
    Session,
    object_session,
)
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.types import TypeDecorator

from messages.errors import KitError
from storage.sealing import Keyring


def new_id() -> UUID:
    """A UUIDv7 made by us, before the insert: encryption binds to it, and new rows sort last."""
    return uuid_utils.compat.uuid7()


class NaiveTime(KitError):
    """A time without a zone reached storage: pass an aware one, in UTC."""


class UtcDateTime(TypeDecorator[datetime]):
    """Aware UTC in and out, on SQLite and PostgreSQL; a naive time is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise NaiveTime
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class SealedStr(str):
    """A text that already carries its sealed bytes, and the one place they were sealed for."""

    __slots__ = ("place", "sealed")
    place: tuple[str, UUID]
    sealed: bytes


class Sealed(TypeDecorator[str]):
    """Encrypted text. ``index`` names the column that keeps its blind index, if it must be findable."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, *, index: str | None = None) -> None:
        super().__init__()
        self.index = index

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        if value is None:
            return None
        if not isinstance(value, SealedStr):
            raise KitError("A sealed column is written through the ORM, or with Keyring.seal by hand.")
        return value.sealed

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Any:
        return value  # opened by the load event, which knows the row's id


class Base(MappedAsDataclass, DeclarativeBase, kw_only=True):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012  (SQLAlchemy reads it from the class)
        datetime: UtcDateTime(),
        PyEnum: Enum(
            PyEnum, native_enum=False, length=32, values_callable=lambda kinds: [kind.value for kind in kinds]
        ),
    }


def partial_index(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """An index over the rows that fulfil ``where`` only, the same on both engines."""
    return Index(name, *columns, unique=unique, sqlite_where=text(where), postgresql_where=text(where))


#: A place in the order of what is due: when, and which row.
Place = tuple[datetime, UUID]
_Rows = TypeVar("_Rows", bound="Select[Any]")


def after_place(
    query: _Rows, at: InstrumentedAttribute[Any], row_id: InstrumentedAttribute[UUID], place: Place | None
) -> _Rows:
    """``query`` in the order of (``at``, ``row_id``), from behind ``place`` on: a job's next chunk."""
    if place is not None:
        query = query.where(or_(at > place[0], and_(at == place[0], row_id > place[1])))
    return query.order_by(at, row_id)


@cache
def _sealed_columns(mapper: Mapper[Any]) -> tuple[tuple[str, str, str | None], ...]:
    """(attribute, place, index attribute) of each sealed column of a mapped class."""
    return tuple(
        (prop.key, f"{prop.columns[0].table}.{prop.columns[0].name}", prop.columns[0].type.index)
        for prop in mapper.column_attrs
        if isinstance(prop.columns[0].type, Sealed)
    )


def _keyring(session: Session | None) -> Keyring:
    keyring = session.info.get("keyring") if session is not None else None
    if not isinstance(keyring, Keyring):
        raise KitError("This session has no keyring: open it through storage.database.Database.")
    return keyring


def _seal(mapper: Mapper[Any], connection: Any, row: Any) -> None:
    for attribute, place, index in _sealed_columns(row.__mapper__):
        value = getattr(row, attribute)
        if value is None:
            if index and getattr(row, index) is not None:
                setattr(row, index, None)
            continue
        if isinstance(value, SealedStr) and value.place == (place, row.id):
            continue
        keyring = _keyring(object_session(row))
        sealed = SealedStr(value)
        sealed.place = (place, row.id)
        sealed.sealed = keyring.seal(place, row.id, value)
        setattr(row, attribute, sealed)
        if index:
            setattr(row, index, keyring.index(value))


def _open(row: Any, session: Session, attributes: Any = None) -> None:
    for attribute, place, _ in _sealed_columns(row.__mapper__):
        value = row.__dict__.get(attribute)
        if isinstance(value, bytes):
            set_committed_value(row, attribute, _keyring(session).open(place, row.id, value))


event.listen(Base, "before_insert", _seal, propagate=True)
event.listen(Base, "before_update", _seal, propagate=True)


@event.listens_for(Base, "load", propagate=True)
def _opened_on_load(row: Any, context: QueryContext | None) -> None:
    if context is not None:  # a row that merge() makes was not read: there is nothing to open
        _open(row, context.session)


@event.listens_for(Base, "refresh", propagate=True)
def _opened_on_refresh(row: Any, context: QueryContext | None, attributes: Any) -> None:
    if context is not None:  # as above, for a bulk update that brings loaded rows up to date
        _open(row, context.session)
