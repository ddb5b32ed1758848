"""Brings .venv up to the lock, and does nothing when it is there already.

``python -m tools.bootstrap runtime`` installs what ``kit`` needs, ``dev`` also what tests and checks need,
``train`` also what trains the reader of replies.
Standard library only: it runs before anything is installed.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
OLDEST = (3, 11)
_KINDS = ("runtime", "dev", "train")
#: Every dependency is locked: none is resolved again, and none built from source with unlocked build tools.
LOCKED = ("--require-hashes", "--no-deps", "--only-binary", ":all:")
#: The build backend is in the lock too: nothing is fetched here.
PROJECT = ("--no-deps", "--no-build-isolation", "--editable", ".")


class Unprepared(Exception):
    """Something is missing that only the machine's owner can install; the words say what."""


def lock_of(kind: str) -> Path:
    return ROOT / "requirements" / f"{kind}.txt"


def fingerprint(kind: str) -> str:
    """What the environment was made from: the lock, the project's own description, the place."""
    parts = (lock_of(kind).read_bytes(), (ROOT / "pyproject.toml").read_bytes(), str(ROOT).encode())
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def stamp_of(kind: str) -> Path:
    return VENV / f".installed-{kind}"


def is_current(kind: str) -> bool:
    """Each kind holds all of those before it."""
    return PYTHON.exists() and any(_stamped(each) for each in _KINDS[_KINDS.index(kind) :])


def _stamped(kind: str) -> bool:
    stamp = stamp_of(kind)
    return stamp.exists() and stamp.read_text() == fingerprint(kind)


def install(kind: str) -> None:
    if is_current(kind):
        return
    uv = shutil.which("uv")
    say(f"Installing the locked packages into .venv ({'uv' if uv else 'pip'}) ...")
    if not PYTHON.exists():
        create(uv)
    installer = [uv, "pip", "install", "--python", str(PYTHON)] if uv else pip_install()
    run([*installer, *LOCKED, "--requirement", str(lock_of(kind))])
    run([*installer, *PROJECT])
    stamp_of(kind).write_text(fingerprint(kind))


def create(uv: str | None) -> None:
    if uv:
        run([uv, "venv", "--python", f">={OLDEST[0]}.{OLDEST[1]}", str(VENV)])
        return
    if importlib.util.find_spec("ensurepip") is None:
        raise Unprepared(
            "This Python cannot make virtual environments: Debian and Ubuntu ship that part by itself.\n"
            "  sudo apt-get install python3-venv"
        )
    run([sys.executable, "-m", "venv", str(VENV)])


def pip_install() -> list[str]:
    """The pip inside .venv; one that uv made has none until it is asked for."""
    if subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True, check=False).returncode:
        run([str(PYTHON), "-m", "ensurepip"])
    return [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check"]


def run(command: list[str]) -> None:
    subprocess.run(command, cwd=ROOT, check=True, env={**os.environ, "UV_NO_PROGRESS": "1"})


def say(text: str) -> None:
    print(text, flush=True)


def main(kind: str) -> None:
    if sys.version_info < OLDEST:
        raise Unprepared(f"{sys.executable} is older than Python 3.11: remove .venv, then run make again.")
    install(kind)


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except Unprepared as problem:
        sys.exit(str(problem))
    except subprocess.CalledProcessError as failure:
        sys.exit(f"This command failed ({failure.returncode}): {' '.join(map(str, failure.cmd))}")
