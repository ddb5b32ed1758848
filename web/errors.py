"""Pages for when something is wrong: plain words, and nothing of what went on inside.

The log gets the kind of error and where it arose, never its words: they may quote a text or a number.
"""

import secrets
import traceback
from pathlib import Path

import structlog
from flask import Flask, Response, make_response, request
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from web import chrome
from web.passwords import TooBusy
from web.policy import Door, policy_of
from web.shapes.pieces import Link
from web.shapes.site import ErrorPage

log = structlog.get_logger()

_FOR_A_MOMENT = (OperationalError, InterfaceError, PoolTimeout, TooBusy)
_WORDED = frozenset({400, 403, 404, 413, 500, 503})
_RETRY_AFTER = {"Retry-After": "5"}


def install(app: Flask) -> None:
    @app.errorhandler(HTTPException)
    def refused(error: HTTPException) -> Response:
        if error.response is not None and error.response.status_code < 400:
            return make_response(error.response)
        return _page(error.code or 500)

    @app.errorhandler(Exception)
    def broken(error: Exception) -> Response:
        reference = "-".join(secrets.token_hex(3)[at : at + 3].upper() for at in (0, 3))
        moment = isinstance(error, _FOR_A_MOMENT) or (
            isinstance(error, DBAPIError) and error.connection_invalidated
        )
        log.error(
            "page_failed",
            endpoint=request.endpoint,
            error=type(error).__name__,
            reference=reference,
            at=_places(error),
        )
        return _page(503 if moment else 500, reference=reference)


def _places(error: Exception) -> list[str]:
    """The innermost calls as ``file:line``."""
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    return [f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames]


def _page(code: int, reference: str = "") -> Response:
    headers = _RETRY_AFTER if code == 503 else {}
    policy = policy_of(request.endpoint) if request.endpoint else None
    if policy is not None and policy.door is Door.MACHINE:
        return make_response("", code, headers)
    back = Link(label="Back to alerts", href="/alerts") if chrome.signed_in() else None
    shown = code if code in _WORDED else (400 if code < 500 else 500)
    page = ErrorPage(code=shown, link=back, reference=reference)
    return make_response(chrome.rendered("error.html", page, quietly=True), code, headers)
