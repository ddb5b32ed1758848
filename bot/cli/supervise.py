"""Keeping the processes of one machine alive: a child that ends is started again, Ctrl+C stops all."""

import signal
import subprocess
import sys
import time
from collections.abc import Sequence

import structlog

log = structlog.get_logger()

#: How long a child may take to finish what it has (granian's own limit is 25 s).
GRACE_SECONDS = 30
#: A child that ends at once, again and again, is started no faster than this.
RESTART_SECONDS = 2.0


def supervise(commands: Sequence[Sequence[str]]) -> None:
    """Run ``kit`` with each of ``commands`` until SIGTERM or SIGINT."""
    stopping = False

    def stop(*_signal: object) -> None:
        nonlocal stopping
        stopping = True

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    children = [(command, _start(command)) for command in commands]
    while not stopping:
        time.sleep(0.2)
        for place, (command, child) in enumerate(children):
            if child.poll() is not None and not stopping:
                log.error("child_ended", command=command[0], code=child.returncode)
                time.sleep(RESTART_SECONDS)
                children[place] = (command, _start(command))
    _end([child for _, child in children])


def _start(command: Sequence[str]) -> subprocess.Popen[bytes]:
    # Its own session: Ctrl+C reaches this process only, which then ends the children in order.
    return subprocess.Popen([sys.executable, "-m", "bot.cli", *command], start_new_session=True)


def _end(children: Sequence[subprocess.Popen[bytes]]) -> None:
    for child in children:
        child.terminate()
    deadline = time.monotonic() + GRACE_SECONDS
    for child in children:
        try:
            child.wait(timeout=max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
