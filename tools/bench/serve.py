"""Serve one of the compared applications: ``python -m tools.bench.serve PORT``, as ``kit web`` serves."""

import sys

from granian.constants import Interfaces
from granian.server import Server

from bot.server import THREADS


def main(port: int) -> None:
    Server(
        "tools.bench.apps:application",
        address="127.0.0.1",
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=THREADS,
        backlog=1024,
        websockets=False,
        log_access=False,
        log_enabled=False,
    ).serve()


if __name__ == "__main__":
    main(int(sys.argv[1]))
