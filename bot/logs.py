"""Logs are events with fields, as JSON; never a body, a name or a number."""

import logging
import re
import sys

import structlog
from structlog.typing import EventDict, WrappedLogger

#: Seven digits or more in a row (spaces allowed): an address that slipped into a field.
_NUMBER = re.compile(r"\+?\d(?:[ -]?\d){6,}")
_PLAIN = {"event", "level", "timestamp", "message_id", "outbound_id", "alert_id", "job", "error"}
#: Libraries that write addresses with secrets in them.
_QUIET = ("httpx", "httpcore", "urllib3", "twilio", "telegram", "apscheduler", "werkzeug", "alembic")


def _without_numbers(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """The last net: free text in a field loses anything that looks like a phone number."""
    del logger, method
    for name, value in event.items():
        if name not in _PLAIN and isinstance(value, str):
            event[name] = _NUMBER.sub("[number]", value)
    return event


def _to_stderr(*_names: object) -> structlog.PrintLogger:
    """Standard output is for what a command prints: exports, JSON lines. Looked up anew for each event."""
    return structlog.PrintLogger(sys.stderr)


def configure(level: str) -> None:
    chosen = logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
    logging.basicConfig(level=chosen, format="%(message)s")
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _without_numbers,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(chosen),
        logger_factory=_to_stderr,
    )
