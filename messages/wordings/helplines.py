"""Helplines that texts name: one file, each number with the day on which it was last checked."""

import tomllib
from datetime import date, timedelta
from pathlib import Path

from pydantic import BaseModel, ConfigDict

#: After this ``kit check`` asks for another look: lines close and move.
GOOD_FOR = timedelta(days=365)


class Helpline(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    #: Also the placeholder that puts the number into a text.
    key: str
    name: str
    number: str
    source: str
    #: None: never, so it is overdue.
    checked_on: date | None = None

    def overdue(self, today: date) -> bool:
        return self.checked_on is None or today - self.checked_on > GOOD_FOR


def load_helplines(folder: Path) -> tuple[Helpline, ...]:
    data = tomllib.loads((folder / "helplines.toml").read_text(encoding="utf-8"))
    return tuple(Helpline.model_validate({"key": key, **fields}) for key, fields in data.items())
