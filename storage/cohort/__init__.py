"""The cohort from the case system: read a CSV or a workbook, plan, apply in one unit of work, undo.

``table = read(path)`` · ``plan = prepare(session, table, now=...)`` (nothing is written) ·
``apply(session, plan, now=...)`` · ``undo(session, import_id, now=...)``. No message names a person or a
number: row, column, and what to do.
"""

from storage.cohort.applying import Applied, ImportRefused, apply
from storage.cohort.findings import Finding
from storage.cohort.planning import Plan, prepare
from storage.cohort.tables import NotATable, Table, from_bytes, read
from storage.cohort.undoing import AlreadyUndone, LaterImport, NoSuchImport, Undone, undo

__all__ = [
    "AlreadyUndone",
    "Applied",
    "Finding",
    "ImportRefused",
    "LaterImport",
    "NoSuchImport",
    "NotATable",
    "Plan",
    "Table",
    "Undone",
    "apply",
    "from_bytes",
    "prepare",
    "read",
    "undo",
]
