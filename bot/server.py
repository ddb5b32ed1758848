"""Serving pages and webhooks: granian, or waitress where granian has no wheel (pure Python)."""

from importlib.util import find_spec

import structlog

log = structlog.get_logger()

#: What it has, it finishes; new connections are refused meanwhile (RELIABILITY 1.7).
KILL_AFTER_SECONDS = 25
THREADS = 8


def serve(port: int, *, workers: int, host: str = "0.0.0.0") -> None:  # noqa: S104  (a server listens)
    log.info("listening", port=port, workers=workers)
    if find_spec("granian") is None:
        _waitress(host, port)
    else:
        _granian(host, port, workers)


def _granian(host: str, port: int, workers: int) -> None:
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    Server(
        "bot.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        backlog=1024,
        workers_kill_timeout=KILL_AFTER_SECONDS,
        respawn_failed_workers=True,
        websockets=False,
        log_access=False,
        # It warns of more threads than cores: eight were measured (docs/performance.md), most of them wait.
        log_level=LogLevels.error,
    ).serve()


def _waitress(host: str, port: int) -> None:
    from waitress import serve as waitress_serve

    from bot.wsgi import application

    waitress_serve(application, host=host, port=port, threads=THREADS, ident=None)
