"""What staff are told about one cell: where it is and what to do, never what stands in it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """``row`` as the spreadsheet shows it, ``column`` by its name in the documentation."""

    row: int
    column: str
    words: str

    def __str__(self) -> str:
        return f"Row {self.row}, {self.column}: {self.words}"
