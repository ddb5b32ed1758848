"""Writes requirements/*.txt, the project's lock: every version and every hash, for every platform.

``dev.txt`` is resolved first and holds all that tests and checks need; ``runtime.txt`` is the part of it
that a council installs, and ``train.txt`` is ``dev.txt`` with what trains the reader of replies, both held to
the same versions. What is locked already stays, unless ``--upgrade`` is given.
"""

import argparse
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ROOT / "requirements"


def compiled(target: Path, groups: list[str], *options: str) -> list[str]:
    """The command that resolves pyproject.toml with ``groups`` into ``target``."""
    # No header, no annotations: a lock changes only when a version does.
    shape = ["--universal", "--python-version", "3.11", "--generate-hashes", "--no-header", "--no-annotate"]
    chosen = [word for group in groups for word in ("--group", group)]
    command = [sys.executable, "-m", "uv", "pip", "compile", "pyproject.toml", "--quiet"]
    return [*command, *shape, *chosen, *options, "--output-file", str(target.relative_to(ROOT))]


def main() -> None:
    parser = argparse.ArgumentParser(description="Renew the lock.")
    parser.add_argument("--upgrade", action="store_true", help="take newer versions where allowed")
    upgrade = ["--upgrade"] if parser.parse_args().upgrade else []
    dev, runtime, train = (REQUIREMENTS / f"{name}.txt" for name in ("dev", "runtime", "train"))
    held = ["--constraints", str(dev.relative_to(ROOT))]
    subprocess.run(compiled(dev, ["build", "test", "lint"], *upgrade), cwd=ROOT, check=True)
    subprocess.run(compiled(runtime, ["build"], *held, *upgrade), cwd=ROOT, check=True)
    subprocess.run(compiled(train, ["build", "test", "lint", "train"], *held, *upgrade), cwd=ROOT, check=True)
    print("requirements/dev.txt, runtime.txt and train.txt are up to date.")


if __name__ == "__main__":
    main()
