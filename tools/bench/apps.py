"""The applications that are compared, chosen by ``KIT_BENCH_APP``; a server imports ``application``.

``bare``: a Flask route that does one durable insert of an equal row through the driver alone.
``accepted``: the service as it is, but nothing is done to a text once it is stored and acknowledged.
``handled``: the service as it is.
"""

import os
import sqlite3
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import psycopg
from flask import Flask, Response, request
from sqlalchemy.engine import make_url

from bot import composition, logs, secrets
from bot.app import assemble
from bot.settings import Settings
from bot.webhooks import webhooks
from storage import tables  # noqa: F401  (every table known)
from tools.bench.place import CHOICE
from web.app import create_app

_COLUMNS = (
    "id, channel, provider_id, kind, received_at, sender, sender_index, body, raw, attempts, restricted"
)
_TWIML = '<?xml version="1.0" encoding="UTF-8"?><Response/>'


def _bare(settings: Settings) -> Flask:
    insert = _sqlite(settings.url) if settings.url.startswith("sqlite") else _postgresql(settings.url)
    app = Flask(__name__)

    @app.post("/webhooks/twilio/inbound")
    def text() -> Response:
        # The body is read first: Flask's form parser would leave nothing of it to keep.
        raw = request.get_data(cache=True)
        form = request.form
        sender = form["From"].encode()
        insert((form["MessageSid"], sender, sender[:16].ljust(16), form["Body"].encode(), raw))
        return Response(_TWIML, mimetype="text/xml")

    return app


def _sqlite(url: str) -> Callable[[tuple[Any, ...]], None]:
    path, lock, local = make_url(url).database or "", threading.Lock(), threading.local()
    statement = f"INSERT INTO inbound_messages ({_COLUMNS}) VALUES (?, 'sms', ?, 'text', ?, ?, ?, ?, ?, 0, 0)"  # noqa: S608

    def insert(values: tuple[Any, ...]) -> None:
        if not hasattr(local, "connection"):
            local.connection = sqlite3.connect(path, isolation_level=None, timeout=10)
            local.connection.execute("PRAGMA synchronous=FULL")
        sid, *rest = values
        now = datetime.now(UTC).replace(tzinfo=None).isoformat(" ")
        with lock:
            local.connection.execute(statement, (uuid4().hex, sid, now, *rest))

    return insert


def _postgresql(url: str) -> Callable[[tuple[Any, ...]], None]:
    local = threading.local()
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    statement = (
        f"INSERT INTO inbound_messages ({_COLUMNS}) "  # noqa: S608
        "VALUES (%s, 'sms', %s, 'text', %s, %s, %s, %s, %s, 0, false)"
    )

    def insert(values: tuple[Any, ...]) -> None:
        if not hasattr(local, "connection"):
            local.connection = psycopg.connect(plain, autocommit=True)
        sid, *rest = values
        local.connection.execute(statement, (uuid4(), sid, datetime.now(UTC), *rest))

    return insert


def _accepted(settings: Settings) -> Flask:
    services = composition.services(settings)
    app = create_app(
        services, session_key=secrets.load(settings).session_key, demo=False, secure_cookies=False
    )
    app.register_blueprint(webhooks(services, composition.webhook_keys(settings), handle=lambda *_: False))
    return app


def _handled(settings: Settings) -> Flask:
    return assemble(
        composition.services(settings),
        composition.webhook_keys(settings),
        session_key=secrets.load(settings).session_key,
        demo=False,
    )


APPS: dict[str, Callable[[Settings], Flask]] = {"bare": _bare, "accepted": _accepted, "handled": _handled}


def build() -> Flask:
    settings = Settings.from_environment()
    logs.configure("warning")
    return APPS[os.environ[CHOICE]](settings)


if CHOICE in os.environ:
    application = build()
