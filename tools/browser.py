"""A Chromium for the browser tests: one that is here, else Debian's package, else Playwright's own."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
MAC_APPS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
ADVICE = """\
The browser tests need Chromium or Chrome, and none was found.
  Debian:         sudo apt-get install chromium
  Ubuntu, macOS:  .venv/bin/python -m playwright install --with-deps chromium, or install Chrome
  elsewhere:      set KIT_TEST_CHROMIUM to its path"""


def find_chromium() -> str | None:
    """The path of a Chromium or Chrome; ``KIT_TEST_CHROMIUM`` names another."""
    named = os.environ.get("KIT_TEST_CHROMIUM")
    found = named or next(filter(None, map(shutil.which, NAMES)), None)
    return found or next(filter(os.path.exists, MAC_APPS), None) or playwrights_own()


def playwrights_own() -> str | None:
    """Playwright's download. Asked in a process of its own: its driver runs an event loop."""
    question = (
        "from playwright.sync_api import sync_playwright as s\n"
        "with s() as p: print(p.chromium.executable_path)"
    )
    answer = subprocess.run([sys.executable, "-c", question], capture_output=True, text=True, check=False)
    path = answer.stdout.strip()
    return path if path and Path(path).exists() else None


def install_chromium() -> None:
    """Try what this machine allows; exit with plain words when nothing worked."""
    attempts: tuple[Callable[[], bool], ...] = (from_apt, from_playwright)
    if find_chromium() or any(attempt() and find_chromium() for attempt in attempts):
        return
    sys.exit(ADVICE)


def from_apt() -> bool:
    """Debian's package. (Ubuntu's of that name is a snap, which cannot be driven like this.)"""
    become = root_prefix()
    if shutil.which("apt-get") is None or become is None or "ubuntu" in os_release():
        return False
    print("Installing Debian's chromium for the browser tests ...", flush=True)
    apt = [*become, "apt-get", "-o", "DPkg::Lock::Timeout=300"]
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    update = subprocess.run([*apt, "update", "-qq"], env=quiet, check=False)
    install = [*apt, "install", "-y", "-qq", "--no-install-recommends", "chromium"]
    return update.returncode == 0 and subprocess.run(install, env=quiet, check=False).returncode == 0


def from_playwright() -> bool:
    print("Fetching Playwright's Chromium for the browser tests ...", flush=True)
    # Only Linux keeps libraries apart; installing them needs root.
    libraries = ["--with-deps"] if sys.platform == "linux" and root_prefix() is not None else []
    command = [sys.executable, "-m", "playwright", "install", *libraries, "chromium"]
    return subprocess.run(command, check=False).returncode == 0


def root_prefix() -> list[str] | None:
    """What to put before a command that needs root; None when we may not (nobody is asked a password)."""
    if os.geteuid() == 0:
        return []
    allowed = shutil.which("sudo") and subprocess.run(
        ["sudo", "-n", "true"], capture_output=True, check=False
    )
    return ["sudo", "-n"] if allowed and allowed.returncode == 0 else None


def os_release() -> str:
    file = Path("/etc/os-release")
    return file.read_text().lower() if file.exists() else ""


if __name__ == "__main__":
    install_chromium()
