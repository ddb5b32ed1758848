"""Twilio's stand-in as a process of its own: prints its address, and ends when standard input does."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from standins.twilio import TwilioStandIn
from tools.bench import ROOT


@contextmanager
def provider() -> Iterator[str]:
    """Its address."""
    child = subprocess.Popen(
        [sys.executable, "-m", "tools.bench.provider"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    # Leaving the block closes the child's standard input, and waits for it.
    with child:
        yield child.stdout.readline().strip() if child.stdout else ""


def main() -> None:
    with TwilioStandIn() as running:
        print(running.url, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
