"""The web process's application: staff pages, webhooks, and the two questions that monitors ask."""

from collections.abc import Callable, Iterable
from datetime import timedelta

from flask import Blueprint, Flask, Response, jsonify

from bot import composition, secrets
from bot.settings import Settings
from bot.webhooks import WebhookKeys, webhooks
from scheduler.jobs import HEARTBEAT
from scheduler.services import Services
from storage import inbound, markers, migrations
from web.app import create_app
from web.policy import check_policies

#: The worker ticks every ten seconds; older than this it is not well.
HEARTBEAT_FRESH = timedelta(seconds=60)
#: A text that nobody has handled for this long is a page (RELIABILITY 4).
HANDLED_WITHIN = timedelta(minutes=2)


def build_app(settings: Settings) -> Flask:
    """The application for ``settings``; refuses to start with a route that no policy names."""
    if settings.demo:
        from bot.demo.app import demo_app

        return demo_app(settings, composition.demo(settings))
    return assemble(
        composition.services(settings),
        composition.webhook_keys(settings),
        session_key=secrets.load(settings).session_key,
        demo=settings.demo,
        acknowledge=composition.acknowledge_press(settings),
    )


def assemble(
    services: Services,
    keys: WebhookKeys,
    *,
    session_key: str,
    demo: bool,
    acknowledge: Callable[[str], None] | None = None,
    more: Iterable[Blueprint] = (),
) -> Flask:
    app = create_app(
        services,
        session_key=session_key,
        demo=demo,
        secure_cookies=services.council.public_url.startswith("https://"),
    )
    app.register_blueprint(webhooks(services, keys, acknowledge=acknowledge))
    app.register_blueprint(health(services))
    for blueprint in more:
        app.register_blueprint(blueprint)
    check_policies(app)
    return app


def health(services: Services) -> Blueprint:
    blueprint = Blueprint("health", __name__)

    @blueprint.get("/healthz")
    def healthz() -> Response:
        """May a text be sent here? The only thing that a load balancer asks."""
        accepts = services.database.reachable()
        return Response("ok\n" if accepts else "cannot store\n", 200 if accepts else 503)

    @blueprint.get("/readyz")
    def readyz() -> tuple[Response, int]:
        """Is everything well? For monitoring, never for routing."""
        checks = _checks(services)
        return jsonify(checks), 200 if all(checks.values()) else 503

    return blueprint


def _checks(services: Services) -> dict[str, bool]:
    database = services.database
    if not database.reachable():
        return {"database": False}
    migrated = migrations.current(database) == migrations.newest()
    if not migrated:
        return {"database": True, "migrations": False}
    now = services.clock()
    with database.read() as session:
        heartbeat = markers.get(session, HEARTBEAT)
        late = inbound.waiting(session, older_than=now - HANDLED_WITHIN, now=now, limit=1)
    return {
        "database": True,
        "migrations": True,
        "worker": heartbeat is not None and now - heartbeat.at < HEARTBEAT_FRESH,
        "inbound_handled": not late,
    }
