"""What one row of an import did to one person, in the form it is kept (sealed JSON) and undone from."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

from storage.base import Base
from storage.people import AllocationRole, Cadence, Risk, Status

#: Attributes of a person that a column of the same name sets.
PERSON_COLUMNS = (
    "first_name", "last_name", "preferred_name", "date_of_birth", "status", "language", "cadence", "risk",
    "in_area", "discreet", "safe_name",
)  # fmt: skip

_READ: dict[str, Callable[[str], Any]] = {
    "date_of_birth": date.fromisoformat,
    "status": Status,
    "cadence": Cadence,
    "risk": Risk,
    "team_id": UUID,
    "confirmed_at": datetime.fromisoformat,
    "ended_at": datetime.fromisoformat,
    "closed_at": datetime.fromisoformat,
}


def written(value: Any) -> Any:
    """A value as JSON holds it; equal values give equal JSON."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def read_back(attribute: str, value: Any) -> Any:
    return _READ[attribute](value) if isinstance(value, str) and attribute in _READ else value


def place(row: Base, attribute: str) -> str:
    """Where a changed value stands: ``people:<id>:cadence``."""
    return f"{row.__tablename__}:{row.id}:{attribute}"  # type: ignore[attr-defined]


@dataclass(slots=True, kw_only=True)
class Record:
    """``before`` and ``after`` by place; ``made`` the ids of new rows by table."""

    row: int
    #: Every filled cell: what the file said of this person, against which the next file is read.
    given: dict[str, Any] = field(default_factory=dict)
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    made: dict[str, list[str]] = field(default_factory=dict)
    #: Who held a role that was handed on; None: nobody.
    held: dict[str, str | None] = field(default_factory=dict)
    #: Addresses, also of others, that this row showed to be shared.
    shared: list[str] = field(default_factory=list)

    def sets(self, row: Base, attribute: str, value: Any) -> None:
        """Change one value of a row, and keep what it was."""
        old = getattr(row, attribute)
        if old == value:
            return
        spot = place(row, attribute)
        self.before.setdefault(spot, written(old))
        self.after[spot] = written(value)
        setattr(row, attribute, value)

    def makes(self, row: Base) -> None:
        self.made.setdefault(row.__tablename__, []).append(str(row.id))  # type: ignore[attr-defined]

    def hands_on(self, role: AllocationRole, from_id: UUID | None) -> None:
        self.held[role.value] = written(from_id)

    def before_json(self, *, new: bool) -> str | None:
        return None if new else json.dumps({"values": self.before, "held": self.held})

    def after_json(self) -> str:
        return json.dumps(
            {
                "row": self.row,
                "given": self.given,
                "values": self.after,
                "made": self.made,
                "shared": self.shared,
            }
        )

    @classmethod
    def from_json(cls, before: str | None, after: str) -> "Record":
        old, new = json.loads(before or "{}"), json.loads(after)
        return cls(
            row=new["row"],
            given=new["given"],
            before=old.get("values", {}),
            after=new["values"],
            made=new["made"],
            held=old.get("held", {}),
            shared=new["shared"],
        )
