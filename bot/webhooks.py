"""Where providers call. Signature or secret first; then the text is stored; only then is it a 200.

Nothing here redirects, limits rates or looks at ``Host``: the signature is checked against the
configured public address, and the path is taken from the route, because WSGI decodes it.
"""

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

import structlog
from flask import Blueprint, Response, abort, request
from sqlalchemy.exc import SQLAlchemyError

from bot.channels.parsing import Form, parse_form
from bot.channels.telegram_webhook import NotAnUpdate, parse_update, secret_matches
from bot.channels.twilio_signature import Verdict, WebhookSecrets, check
from bot.channels.twilio_webhook import parse_inbound, parse_status
from bot.conversation.handle import handle
from messages.channel import Inbound, InboundKind
from scheduler.escalation import page_operator
from scheduler.reports import apply_report
from scheduler.services import Services
from storage import inbound
from storage.database import DatabaseAway

log = structlog.get_logger()

MAX_BODY = 64 * 1024
#: Requests of one process that handle texts at once, of its eight threads.
TAILS = 2
_EMPTY_TWIML = '<?xml version="1.0" encoding="UTF-8"?><Response/>'
#: Telegram waits this long before it sends again (it honours Retry-After).
_RETRY_AFTER = {"Retry-After": "5"}
Handler: TypeAlias = Callable[[Services, UUID, datetime], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookKeys:
    """What providers prove themselves with."""

    twilio: WebhookSecrets = field(default_factory=WebhookSecrets)
    telegram_secret: str = field(default="", repr=False)


def webhooks(
    services: Services,
    keys: WebhookKeys,
    *,
    acknowledge: Callable[[str], None] | None = None,
    handle: Handler = handle,
) -> Blueprint:
    """The providers' doors. ``acknowledge`` answers a pressed Telegram button, by its callback id;
    ``handle`` is what happens to a text once it is stored and answered.
    """
    blueprint = Blueprint("webhooks", __name__, url_prefix="/webhooks")
    stored = _Doorstep(services, handle).stored

    @blueprint.before_request
    def bound_body() -> None:
        request.max_content_length = MAX_BODY

    @blueprint.post("/twilio/inbound")
    def twilio_inbound() -> Response:
        form, raw = _signed_form(services, keys)
        return stored(parse_inbound(form, raw), _twiml())

    @blueprint.post("/twilio/status")
    def twilio_status() -> Response:
        form, raw = _signed_form(services, keys)
        report = parse_status(form, raw, request.query_string)
        if report is not None:
            with services.database.begin() as session:
                apply_report(session, services, report, now=services.clock())
        return _twiml()

    @blueprint.post("/telegram")
    def telegram() -> Response:
        if not secret_matches(keys.telegram_secret, request.headers.get("X-Telegram-Bot-Api-Secret-Token")):
            abort(403)
        try:
            update = parse_update(request.get_data(cache=False))
        except NotAnUpdate:
            abort(400)
        answer = stored(update, Response(status=200))
        if acknowledge is not None and update.kind is InboundKind.PRESS:
            answer.call_on_close(_acknowledged(acknowledge, update.provider_id))
        return answer

    @blueprint.errorhandler(SQLAlchemyError)
    @blueprint.errorhandler(DatabaseAway)
    def database_away(error: SQLAlchemyError | DatabaseAway) -> Response:
        log.error("webhook_not_stored", path=request.path, error=type(error).__name__)
        return Response(status=503, headers=_RETRY_AFTER)

    return blueprint


def _twiml() -> Response:
    return Response(_EMPTY_TWIML, mimetype="text/xml")


def _signed_form(services: Services, keys: WebhookKeys) -> tuple[Form, bytes]:
    """The posted form, once its signature is Twilio's; 403 otherwise, and nothing is kept."""
    raw = request.get_data(cache=False)
    form = parse_form(raw)
    query = request.query_string.decode("latin-1")
    url = f"{services.council.public_url}{request.path}{'?' if query else ''}{query}"
    verdict = check(
        url,
        form,
        request.headers.get("X-Twilio-Signature"),
        secrets=keys.twilio,
        settings_header=request.headers.get("X-Twilio-Webhooks-Signature-Settings"),
    )
    if verdict is Verdict.UNKNOWN_ALGORITHM:
        _page_unknown_algorithm(services)
    if verdict is not Verdict.OK:
        log.warning("webhook_refused", path=request.path, verdict=verdict.value)
        abort(403)
    return form, raw


def _page_unknown_algorithm(services: Services) -> None:
    now = services.clock()
    with services.database.begin() as session:
        page_operator(
            session,
            services,
            key=f"twilio-algorithm:{now.date()}",
            words="Twilio signs webhooks in a way this release does not know: texts are being refused",
            now=now,
        )


class _Doorstep:
    """Records a text, answers, and handles it in the tail of that request, when the provider has its 200.

    In a burst a few tails handle the texts of all, and the other threads are free to take more in: handling
    costs ten times what accepting does. What a killed process leaves undone, the worker finds.
    """

    def __init__(self, services: Services, handle: Handler) -> None:
        self._services = services
        self._handle = handle
        self._left: deque[UUID] = deque()
        self._room = threading.Semaphore(TAILS)

    def stored(self, text: Inbound, answer: Response) -> Response:
        message_id = inbound.record(self._services.database, text, now=self._services.clock())
        if message_id is not None:
            self._left.append(message_id)
            answer.call_on_close(self._tail)
        return answer

    def _tail(self) -> None:
        # Asked anew after making room: a text may have come just before, and have found none.
        while self._left and self._room.acquire(blocking=False):
            try:
                self._handle_all()
            finally:
                self._room.release()

    def _handle_all(self) -> None:
        while self._left:
            try:
                message_id = self._left.popleft()
            except IndexError:  # another tail was quicker
                return
            try:
                self._handle(self._services, message_id, self._services.clock())
            except Exception as error:  # noqa: BLE001  (logged; the next pass tries again)
                # The worker takes it over in five seconds; this request is already answered.
                log.error("tail_failed", message_id=str(message_id), error=type(error).__name__)


def _acknowledged(acknowledge: Callable[[str], None], provider_id: str) -> Callable[[], object]:
    def acknowledge_now() -> None:
        try:
            acknowledge(provider_id.removeprefix("cb:"))
        except Exception as error:  # noqa: BLE001  (the press is kept and handled all the same)
            log.warning("press_not_acknowledged", error=type(error).__name__)

    return acknowledge_now
