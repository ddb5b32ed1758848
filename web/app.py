"""The staff web as one Flask application. What it needs is handed in; whoever assembles it adds the rest."""

from datetime import UTC, datetime

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from jinja2 import select_autoescape

from scheduler.services import Services
from web import (
    alerts,
    contact_forms,
    enrolment,
    errors,
    guard,
    headers,
    missed,
    numbers,
    people,
    person,
    sign_in,
    site,
    triage,
)
from web.current import EXTENSION, Site
from web.templating import template_loader

#: The largest form is the bulk enrolment of some thousand people. (Webhooks have a smaller limit.)
_LARGEST_BODY = 256 * 1024
_STATIC_SECONDS = 3600


def create_app(services: Services, *, session_key: str, demo: bool, secure_cookies: bool) -> Flask:
    """Pages, sign-in and guards. Call :func:`web.policy.check_policies` once all routes are there."""
    app = Flask(__name__)
    app.session_interface = _PageSessions()
    app.jinja_options = {"loader": None}
    app.jinja_env.loader = template_loader()
    app.jinja_env.autoescape = select_autoescape(default=True, default_for_string=True)
    app.config.update(
        SECRET_KEY=session_key,
        MAX_CONTENT_LENGTH=_LARGEST_BODY,
        MAX_FORM_PARTS=5_000,
        SEND_FILE_MAX_AGE_DEFAULT=_STATIC_SECONDS,
        SESSION_COOKIE_NAME="__Host-session" if secure_cookies else "session",
        SESSION_COOKIE_SECURE=secure_cookies,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        # The guard decides when a form's token is asked for; it lives as long as its session. Referrers are
        # not sent (our own policy), so the library must not ask for one.
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
    )
    app.extensions[EXTENSION] = Site(
        services=services,
        demo=demo,
        secure_cookies=secure_cookies,
        session_clock=_system_clock if demo else services.clock,
    )
    guard.install(app)
    headers.install(app, https=secure_cookies)
    errors.install(app)
    app.register_blueprint(sign_in.blueprint(demo=demo))
    for pages in (site, alerts, people, person, enrolment, numbers, contact_forms, missed, triage):
        app.register_blueprint(pages.pages)
    return app


class _PageSessions(SecureCookieSessionInterface):
    """Providers have no session, and theirs is the path where each microsecond counts."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        return None if request.path.startswith("/webhooks/") else super().open_session(app, request)


def _system_clock() -> datetime:
    return datetime.now(UTC)
