"""A council with two advisers, and a way to bring it a file."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from storage import cohort
from storage.cohort import Applied, Plan
from storage.database import Database
from storage.people import Person
from storage.staff import Role, Staff

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
SAM = "sam.okafor@westhaven.example"
DAN = "dan.whitaker@westhaven.example"
RUTH = "ruth.hale@westhaven.example"

Row = Mapping[str, Any]


@dataclass
class Office:
    """Where files come in. Rows are dictionaries; a missing key is an empty cell."""

    database: Database
    now: datetime = NOW

    def table(self, *rows: Row, columns: Sequence[str] | None = None) -> cohort.Table:
        used = list(columns or dict.fromkeys(column for row in rows for column in row))
        written = io.StringIO()
        writer = csv.DictWriter(written, used, restval="")
        writer.writeheader()
        writer.writerows(rows)
        return cohort.from_bytes(written.getvalue().encode(), "cohort.csv")

    def plan(self, *rows: Row, **options: Any) -> Plan:
        with self.database.read() as session:
            return cohort.prepare(session, self.table(*rows, **options), now=self.now, allow_drama=True)

    def brings(self, *rows: Row, skip_bad: bool = False) -> Applied:
        with self.database.begin() as session:
            plan = cohort.prepare(session, self.table(*rows), now=self.now, allow_drama=True)
            return cohort.apply(session, plan, now=self.now, skip_bad=skip_bad)

    def undoes(self, import_id: UUID | None) -> cohort.Undone:
        assert import_id is not None
        with self.database.begin() as session:
            return cohort.undo(session, import_id, now=self.now)

    def person(self, case_id: str = "WH-1") -> Person:
        with self.database.read() as session:
            return session.scalars(select(Person).where(Person.case_id == case_id)).one()

    def all(self, kind: type[Any], **equal: Any) -> list[Any]:
        with self.database.read() as session:
            return list(session.scalars(select(kind).filter_by(**equal).order_by(kind.id)))

    def count(self, kind: type[Any]) -> int:
        with self.database.read() as session:
            return session.scalar(select(func.count()).select_from(kind)) or 0


@pytest.fixture
def office(database: Database) -> Office:
    with database.begin() as session:
        for email, name, social_worker in (
            (SAM, "Sam Okafor", False),
            (DAN, "Dan Whitaker", False),
            (RUTH, "Ruth Hale", True),
        ):
            session.add(
                Staff(
                    email=email,
                    name=name,
                    role=Role.ADVISER,
                    social_worker=social_worker,
                    created_at=NOW,
                )
            )
        session.add(Staff(email="sen@westhaven.example", name="Ida Senn", role=Role.SENIOR, created_at=NOW))
        session.add(
            Staff(
                email="gone@westhaven.example",
                name="Al Gone",
                role=Role.ADVISER,
                created_at=NOW,
                disabled_at=NOW,
            )
        )
    return Office(database)


@pytest.fixture
def jay() -> Callable[..., dict[str, str]]:
    """A good row, with changes."""

    def row(**changes: str) -> dict[str, str]:
        return {
            "person_id": "WH-1",
            "first_name": "Jordan",
            "last_name": "Whitlock",
            "date_of_birth": "2006-05-04",
            "status": "former relevant",
            "mobile": "07700 900101",
            "adviser_email": SAM,
            "team": "Harbour",
            "cadence": "weekly",
            "safe_to_text": "yes",
        } | changes

    return row
