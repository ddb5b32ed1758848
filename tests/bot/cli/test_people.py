"""``kit people import``, ``kit people undo-import`` and ``kit export``, as an administrator types them."""

import csv
import io
import json
import logging
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.cli import main
from bot.settings import Settings
from messages.kinds import AlertKind, Deadline
from storage import alerts, audit, people
from storage.alerts import Alert, StepRole
from storage.audit import AuditEvent
from storage.database import Database
from storage.people import AllocationRole, Cadence, Enrolment, Person
from storage.sealing import Keyring, new_key
from storage.staff import Role, Staff

EXAMPLE = Path(__file__).resolve().parents[3] / "docs" / "examples" / "cohort.csv"


class Kit:
    """Runs ``kit`` in this process; what it answers."""

    def __init__(
        self, database: Database, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.database = database
        self._capfd = capfd
        self._monkeypatch = monkeypatch

    def __call__(self, *words: str | Path) -> tuple[int, str, str]:
        self._monkeypatch.setattr("sys.argv", ["kit", *map(str, words)])
        code: Any = 0
        try:
            main()
        except SystemExit as left:
            code = left.code
        said = self._capfd.readouterr()
        return int(code or 0), said.out, said.err

    def count(self, kind: type[Any]) -> int:
        with self.database.read() as session:
            return session.scalar(select(func.count()).select_from(kind)) or 0


@pytest.fixture
def kit(
    database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> Iterator[Kit]:
    encryption, index = new_key(), new_key()
    for name, value in {
        "DATABASE_URL": database_url,
        "KIT_ENV": "development",
        "KIT_DATA_DIR": str(tmp_path / "data"),
        "KIT_ENCRYPTION_KEYS": encryption,
        "KIT_INDEX_KEY": index,
        "KIT_SECRET_KEY": "invented",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setitem(Settings.model_config, "env_file", None)
    database = Database(database_url, keyring=Keyring(encryption_keys=encryption, index_keys=index))
    now = datetime.now(UTC)
    with database.begin() as session:
        for name in ("Sam Okafor", "Dan Whitaker", "Ruth Hale"):
            email = f"{name.lower().replace(' ', '.')}@westhaven.example"
            session.add(Staff(email=email, name=name, role=Role.ADVISER, created_at=now))
    yield Kit(database, capfd, monkeypatch)
    database.close()


@pytest.fixture
def cohort(tmp_path: Path) -> Path:
    """The example of the documentation, with dates that are past on every day."""
    with EXAMPLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        for column in ("last_visit", "last_plan_review", "enrolled_on"):
            row[column] = "2026-01-05" if row[column] else ""
    return keep(tmp_path / "cohort.csv", rows)


def keep(path: Path, rows: list[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def spoilt(path: Path, **cells: str) -> Path:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    rows[0] |= cells
    return keep(path.with_name("spoilt.csv"), rows)


def test_a_dry_run_then_the_import_then_the_same_again_then_the_undo(kit: Kit, cohort: Path) -> None:
    code, out, err = kit("people", "import", cohort, "--dry-run")
    assert (code, err, kit.count(Person)) == (0, "", 0)
    assert "5 new, 0 changed, 0 unchanged" in out
    code, out, err = kit("people", "import", cohort, "--json", "--by", "ruth.hale@westhaven.example")
    told = json.loads(out)
    assert (code, err) == (0, "")
    assert (told["new"], told["enrolled"], kit.count(Enrolment)) == (5, 3, 3)
    with kit.database.read() as session:
        first = session.scalars(select(AuditEvent).order_by(AuditEvent.number)).first()
        assert first
        assert first.staff_id
    code, out, _ = kit("people", "import", cohort)
    assert code == 0
    assert "Nothing to change" in out
    code, out, _ = kit("people", "undo-import", told["import_id"], "--dry-run")
    assert (code, kit.count(Person)) == (0, 5)
    code, out, _ = kit("people", "undo-import", told["import_id"], "--json")
    assert (code, json.loads(out)["removed"], kit.count(Person)) == (0, 5, 0)
    code, _, err = kit("people", "undo-import", told["import_id"])
    assert (code, err.strip()) == (1, "kit: This import has been undone already.")
    with kit.database.read() as session:
        assert audit.verify(session).whole


def test_bad_rows_refuse_the_file_with_one_message_each(kit: Kit, cohort: Path) -> None:
    path = spoilt(cohort, mobile="01632 960001", status="leaver")
    for words in ((), ("--dry-run",)):
        code, _, err = kit("people", "import", path, *words)
        assert code == 1
        assert "Row 2, mobile: A landline" in err
        assert "Row 2, status:" in err
        assert kit.count(Person) == 0
    code, out, _ = kit("people", "import", path, "--json")
    told = json.loads(out)
    assert (code, told["bad"], told["import_id"]) == (1, 1, None)
    assert {(each["row"], each["column"]) for each in told["messages"]} == {(2, "mobile"), (2, "status")}
    code, _, _ = kit("people", "import", path, "--skip-bad")
    assert (code, kit.count(Person)) == (0, 4)


def test_files_that_cannot_be_read(kit: Kit, tmp_path: Path) -> None:
    assert kit("people", "import", tmp_path / "none.csv")[0] == 2
    (tmp_path / "a.xlsx").write_text("person_id\nWH-1\n")
    code, _, err = kit("people", "import", tmp_path / "a.xlsx")
    assert (code, "is no workbook" in err, "Traceback" in err) == (1, True, False)
    assert kit("people", "import", EXAMPLE, "--by", "nobody@westhaven.example")[0] == 1


def test_no_name_and_no_number_is_said_or_logged(
    kit: Kit, cohort: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    bad = spoilt(
        cohort, first_name="Zebedee", mobile="01632 960123", date_of_birth="Zebedee", status="Zebedee"
    )
    said = [
        *kit("people", "import", bad),
        *kit("people", "import", bad, "--json"),
        *kit("people", "import", cohort, "--json"),
        *kit("people", "import", spoilt(cohort, first_name="Zebedee", mobile="07700 900106"), "--json"),
    ]
    everything = " ".join(map(str, said)) + caplog.text
    for canary in ("Zebedee", "Whitlock", "Amina", "960123", "960 123", "900101", "900 101", "900106"):
        assert canary not in everything


def test_a_new_rhythm_moves_the_next_check_in(kit: Kit, cohort: Path) -> None:
    kit("people", "import", cohort)
    with kit.database.begin() as session:
        person = session.scalars(select(Person).where(Person.case_id == "WH-1001")).one()
        enrolment = session.scalars(select(Enrolment).where(Enrolment.person_id == person.id)).one()
        enrolment.welcomed_at = enrolment.created_at
        before = person.next_check_in_at = datetime(2099, 1, 1, tzinfo=UTC)
    kit("people", "import", spoilt(cohort, cadence="weekly"))
    with kit.database.read() as session:
        person = session.scalars(select(Person).where(Person.case_id == "WH-1001")).one()
        assert person.cadence is Cadence.WEEKLY
        assert person.next_check_in_at
        assert person.next_check_in_at < before


def test_another_number_of_somebody_enrolled_is_a_task_for_the_adviser(kit: Kit, cohort: Path) -> None:
    kit("people", "import", cohort)
    code, out, _ = kit("people", "import", spoilt(cohort, mobile="07700 900106"))
    assert code == 0
    assert "1 enrolled with another number: nothing automatic goes to it before" in out
    with kit.database.read() as session:
        person = session.scalars(select(Person).where(Person.case_id == "WH-1001")).one()
        adviser = people.allocated(session, person.id, AllocationRole.ADVISER, datetime.now(UTC))
        (alert,) = session.scalars(select(Alert).where(Alert.person_id == person.id))
        told = {(step.role, step.staff_id) for step in alerts.steps(session, alert.id)}
    assert (alert.kind, alert.deadline) == (AlertKind.NEW_NUMBER, Deadline.SOON)
    assert adviser is not None
    assert (StepRole.ADVISER, adviser.id) in told
    before = kit.count(Alert)
    declared = spoilt(cohort, mobile="07700 900107", enrolled_on="2026-01-06")
    told_again = json.loads(kit("people", "import", declared, "--json")[1])
    assert (told_again["enrolled"], told_again["to_confirm"], kit.count(Alert)) == (1, 0, before)


def test_an_export_to_standard_output_to_a_folder_and_to_a_file(
    kit: Kit, cohort: Path, tmp_path: Path
) -> None:
    kit("people", "import", cohort)
    code, out, err = kit("export", "people")
    assert (code, err) == (0, "")
    rows = list(csv.DictReader(io.StringIO(out.removeprefix("\ufeff"))))
    assert [row["person_id"] for row in rows] == ["WH-1001", "WH-1002", "WH-1003", "WH-1004", "WH-1005"]
    folder = tmp_path / "exports"
    folder.mkdir()
    code, out, _ = kit("export", "people", "--format", "xlsx", "--out", folder, "--json")
    (made,) = folder.iterdir()
    assert json.loads(out) == {"name": "people", "rows": 5, "file": str(made)}
    assert made.name.startswith("people-20")
    assert made.suffix == ".xlsx"
    assert made.stat().st_mode & 0o077 == 0
    code, out, _ = kit("export", "check-ins", "--format", "jsonl", "--out", tmp_path / "c.jsonl")
    assert (code, (tmp_path / "c.jsonl").read_text()) == (0, "")
    with kit.database.read() as session:
        actions = session.scalars(select(AuditEvent.action)).all()
    assert actions.count("data.exported") == 3


def test_misread_texts_leave_as_json_lines_and_the_help_says_who_must_read_them(
    kit: Kit, tmp_path: Path
) -> None:
    code, out, _ = kit("export", "misread", "--out", tmp_path, "--json")
    assert (code, json.loads(out)["rows"]) == (0, 0)
    assert json.loads(out)["file"].endswith(".jsonl")
    assert "a person must read each line" in " ".join(kit("export", "--help")[1].split())


def test_an_export_comes_back_as_an_import_that_changes_nothing(
    kit: Kit, cohort: Path, tmp_path: Path
) -> None:
    kit("people", "import", cohort)
    for format_ in ("csv", "xlsx"):
        path = tmp_path / f"back.{format_}"
        kit("export", "people", "--format", format_, "--out", path)
        code, out, err = kit("people", "import", path, "--dry-run", "--json")
        told = json.loads(out)
        assert (code, err, told["messages"]) == (0, "", [])
        assert (told["new"], told["changed"], told["unchanged"]) == (0, 0, 5)


def test_an_export_by_days(kit: Kit, cohort: Path) -> None:
    kit("people", "import", cohort)
    assert kit("export", "contacts", "--from", "2026-01-05", "--to", "05/01/2026", "--dry-run")[1].startswith(
        "4 rows"
    )
    assert kit("export", "contacts", "--from", "2026-01-06", "--dry-run")[1].startswith("0 rows")
    assert kit("export", "contacts", "--from", "2026-01-06", "--to", "2026-01-05")[0] == 2
    assert kit("export", "nothing")[0] == 2
    assert kit("export", "people", "--out", Path(os.devnull) / "x" / "y.csv")[0] == 1


def test_an_export_that_breaks_off_leaves_no_half_file(
    kit: Kit, cohort: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kit("people", "import", cohort)
    monkeypatch.setattr(import_module("bot.cli.export"), "write", _breaks)
    assert kit("export", "people", "--out", tmp_path / "people.csv")[0] == 1
    assert sorted(path.name for path in tmp_path.iterdir() if "people" in path.name) == []


def _breaks(*_: Any, **__: Any) -> int:
    raise OSError("disk full")
