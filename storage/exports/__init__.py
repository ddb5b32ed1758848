"""What is remembered, as tables for others: stable column names, one row per fact, in constant memory."""

from storage.exports import alerts, audit, check_ins, contacts, messages, misread, people
from storage.exports.shapes import Column, Export, Format, Kind, Row, Span, Value
from storage.exports.writing import write

#: By the name that ``kit export`` takes.
EXPORTS: dict[str, Export] = {
    export.name: export
    for export in (
        people.EXPORT,
        contacts.EXPORT,
        messages.EXPORT,
        check_ins.EXPORT,
        alerts.EXPORT,
        audit.EXPORT,
        misread.EXPORT,
    )
}

__all__ = ["EXPORTS", "Column", "Export", "Format", "Kind", "Row", "Span", "Value", "write"]
