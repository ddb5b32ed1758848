"""The rules of the house that no other tool holds, over every file of the project."""

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("bot", "web", "scheduler", "storage", "messages")
HIDDEN_BUT_OURS = {".ci", ".github"}
MADE = {"__pycache__", "build", "dist", "node_modules"}
TEXT = {
    "", ".cfg", ".css", ".csv", ".example", ".html", ".ini", ".js", ".json", ".jsonl", ".mako", ".md", ".po",
    ".py", ".service", ".sh", ".svg", ".toml", ".txt", ".yaml", ".yml",
}  # fmt: skip


def files(folder: Path = ROOT) -> Iterator[Path]:
    """Every file that belongs to the project: no caches, no environments, no installation's data."""
    for path in sorted(folder.iterdir()):
        if path.is_dir():
            hidden = path.name.startswith(".") and path.name not in HIDDEN_BUT_OURS
            if not hidden and path.name not in MADE and path != ROOT / "data":
                yield from files(path)
        else:
            yield path


def texts() -> Iterator[tuple[Path, str]]:
    for path in files():
        if path.suffix in TEXT:
            yield path, path.read_text(encoding="utf-8")


def modules() -> list[Path]:
    """Our own modules, but for migrations, which are records and not read as code."""
    ours = (path for room in (*ROOMS, "tools") for path in files(ROOT / room))
    return [path for path in ours if path.suffix == ".py" and "versions" not in path.parts]


def shown(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_imports_go_one_way() -> None:
    assert lint_imports(no_cache=True, no_logo=True) == EXIT_STATUS_SUCCESS


def test_no_module_is_a_drawer_for_odds_and_ends() -> None:
    drawers = {"utils", "util", "helpers", "common", "misc", "models"}
    assert not [shown(path) for path in modules() if path.stem in drawers]


def test_modules_stay_readable() -> None:
    lengths = {shown(path): len(path.read_text().splitlines()) for path in modules()}
    assert not {name: length for name, length in lengths.items() if length > 350}


def test_functions_stay_readable() -> None:
    def too_long(path: Path) -> Iterator[str]:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > 60:
                    yield f"{shown(path)}:{node.lineno} {node.name} has {length} lines"

    assert not [fault for path in modules() for fault in too_long(path)]


def test_every_module_says_what_it_is() -> None:
    assert not [shown(path) for path in modules() if not ast.get_docstring(ast.parse(path.read_text()))]


def test_tests_of_a_room_do_not_pass_for_modules_of_it() -> None:
    # mypy finds tests/storage/test_x.py as storage.test_x: a tests/storage/people.py would hide the real one.
    mirrored = [
        path for room in ROOMS if (ROOT / "tests" / room).exists() for path in files(ROOT / "tests" / room)
    ]
    python = [path for path in mirrored if path.suffix == ".py"]
    assert not [shown(path) for path in python if not path.name.startswith(("test_", "conftest"))]


def test_nothing_is_left_for_later() -> None:
    later = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X")) + r")\b")
    assert not [shown(path) for path, text in texts() if later.search(text)]


def test_no_file_tells_where_it_was_made() -> None:
    # Hosts of package registries (a lock names packages and hashes only) and paths of one person's machine.
    hosts = [".".join(host) for host in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"))]
    places = [r"(?<![\w./-])/(?:root|Users|work)/\w"]
    told = re.compile("|".join([*map(re.escape, hosts), *places]))
    found = [(shown(path), match.group()) for path, text in texts() if (match := told.search(text))]
    assert not found


def test_the_procfile_starts_the_three_processes() -> None:
    lines = (ROOT / "Procfile").read_text().splitlines()
    assert lines == ["release: kit db upgrade", "web: kit web", "worker: kit worker"]


# Telephone numbers

#: Kept by Ofcom, Arcep, Twilio and the North American plan for drama and examples: they belong to nobody.
INVENTED = re.compile(
    r"(?:0|440?)(?:7700900|1632960|2079460|1134960|1144960|1154960|1914980|8081570|9098790)\d*"
    r"|(?:0|33)63998\d{4}|1500555\d{4}|1\d{3}55501\d\d"
)
#: Digits that only count: 0612345678, +353 85 123 4567.
COUNTING = re.compile(r"\d{0,5}(?:1234567|23456789)\d{0,2}")
#: Real organisations that pages name: the Information Commissioner's Office.
OFFICES = {"03031231113"}
#: One step outside Ofcom's range, for the test of that border.
BORDER = {"447700899999", "447700901000"}
# +44 7700 900123, +44 (0)7700 900123, 07700 900 123, (01632) 960123, and bare 447700900123; not a part of a
# longer word, and not a pattern such as 07700900\d{3}.
NUMBER = re.compile(r"(?<![\w.+/-])(?:\+\d|\(?0[1-9]|44[1-9])[\d ()]{6,16}\d(?![\w./\\[{-])")


@cache
def helplines() -> frozenset[str]:
    """Real numbers that stand in texts to young people, from the one file that keeps them."""
    kept = tomllib.loads((ROOT / "messages" / "wordings" / "helplines.toml").read_text())
    return frozenset(re.sub(r"\D", "", entry["number"]) for entry in kept.values())


def real_numbers(text: str) -> list[str]:
    """The telephone numbers in ``text`` that could ring at somebody's home."""
    found = (re.sub(r"\D", "", match.group().replace("(0)", "")) for match in NUMBER.finditer(text))
    known = OFFICES | BORDER | helplines()
    return [
        number
        for number in found
        if not (number in known or INVENTED.fullmatch(number) or COUNTING.fullmatch(number))
    ]


@pytest.mark.parametrize(
    "text", ["07911 123456", "+447911123456", "(020) 7219 3000", "447911123456", "+33 6 11 22 33 44"]
)
def test_a_real_number_is_seen(text: str) -> None:
    assert real_numbers(f"ring {text}, please")


@pytest.mark.parametrize(
    "text", ["07700 900123", "+447700900123", "447700900999", "01632 960001", "0800 1111", "a01234567"]
)
def test_an_invented_number_or_helpline_is_not(text: str) -> None:
    assert not real_numbers(f"ring {text}, please")


def test_no_number_belongs_to_anybody() -> None:
    this = Path(__file__)
    skipped = ("requirements", "static")
    mine = ((path, text) for path, text in texts() if path != this and not set(skipped) & set(path.parts))
    found = {shown(path): numbers for path, text in mine if (numbers := real_numbers(text))}
    assert not found


# What the project is made of


def described() -> dict[str, list[str]]:
    """Requirements by the file that locks them."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    groups = project["dependency-groups"]
    runtime = project["project"]["dependencies"] + groups["build"]
    return {"runtime": runtime, "dev": runtime + groups["test"] + groups["lint"]}


def locked(kind: str) -> dict[str, str]:
    text = (ROOT / "requirements" / f"{kind}.txt").read_text()
    return dict(re.findall(r"^([a-z0-9.-]+)==(\S+)", text, re.MULTILINE))


@pytest.mark.parametrize("kind", ["runtime", "dev"])
def test_the_lock_fits_the_description(kind: str) -> None:
    versions = locked(kind)
    asked = [Requirement(line) for line in described()[kind]]
    unfit = [
        str(each)
        for each in asked
        if not each.specifier.contains(versions.get(canonicalize_name(each.name), "0"), prereleases=True)
        or canonicalize_name(each.name) not in versions
    ]
    assert not unfit, "run `make lock`"


@pytest.mark.parametrize("kind", ["runtime", "dev"])
def test_every_locked_package_has_hashes(kind: str) -> None:
    blocks = re.split(r"^(?=\S)", (ROOT / "requirements" / f"{kind}.txt").read_text(), flags=re.MULTILINE)
    assert not [block.splitlines()[0] for block in blocks if block.strip() and "--hash=sha256:" not in block]


def test_both_locks_agree() -> None:
    dev = locked("dev")
    assert not {name: version for name, version in locked("runtime").items() if dev.get(name) != version}


def test_every_package_we_install_is_acknowledged() -> None:
    notices = (ROOT / "THIRD_PARTY.md").read_text().lower()
    assert not [line for line in described()["runtime"] if Requirement(line).name.lower() not in notices]
