"""The files of the trained readers, and whether they are those that were shipped."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from messages.errors import KitError

FOLDER = Path(__file__).parent / "trained"
_SUMS = "SHA256SUMS"


def faults(folder: Path = FOLDER) -> Iterator[str]:
    """A sentence for each file that is missing or not as shipped."""
    for line in (folder / _SUMS).read_text("utf-8").splitlines():
        right, name = line.split("  ", 1)
        file = folder / name
        if not file.is_file() or _sum(file) != right:
            yield f"{file} is missing or not as it was shipped: replies cannot be read. Install again."


def check() -> None:
    """Raises :class:`KitError` naming every file that is missing or not as shipped."""
    if found := list(faults()):
        raise KitError("\n".join(found))


def seal(folder: Path) -> None:
    """Writes down what the files are now, in the form of ``sha256sum``."""
    kept = sorted([*folder.glob("*/*"), folder / "lines.json"])
    sums = "".join(f"{_sum(path)}  {path.relative_to(folder).as_posix()}\n" for path in kept)
    (folder / _SUMS).write_text(sums, "utf-8")


def _sum(file: Path) -> str:
    with file.open("rb") as data:
        return hashlib.file_digest(data, "sha256").hexdigest()
