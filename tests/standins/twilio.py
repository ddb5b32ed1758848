"""A stand-in for Twilio's Messages API over real HTTP; ``accepted`` is the truth of what it took."""

import base64
import random
import re
import time
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import UTC, datetime
from urllib.parse import urlencode

from bot.channels.simulated_requests import TwilioSigner, WebhookRequest, twilio_inbound, twilio_status
from messages.channel import CarrierKeyword, Media
from standins.server import Reply, Request, StandIn, json_reply, post
from standins.twilio_records import (
    ACCOUNT_SID,
    AUTH_TOKEN,
    BASE,
    LONGEST_VALIDITY,
    NUMBER,
    RANK,
    SERVICE_SID,
    CallbackPlan,
    Keywords,
    Message,
    Order,
    Truth,
    error_reply,
    fits,
)

_E164 = re.compile(r"\+[1-9][0-9]{6,14}", re.ASCII)
_LONGEST_BODY = 1_600


class TwilioStandIn(StandIn):
    """Twilio. ``inbound_url`` is our webhook; ``signer`` may be changed to one with a shared key."""

    def __init__(
        self,
        *,
        inbound_url: str = "",
        callbacks: CallbackPlan | None = None,
        keywords: Keywords | None = None,
        per_second: int | None = None,
        make_post: Callable[[WebhookRequest], int] = post,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        super().__init__()
        self.inbound_url = inbound_url
        self.callbacks = callbacks or CallbackPlan(statuses=())
        self.keywords = keywords or Keywords()
        self.per_second = per_second
        self.signer = TwilioSigner(account_sid=ACCOUNT_SID, secret=AUTH_TOKEN)
        #: Numbers refused at create, and numbers that take a text which then fails: the error's code.
        self.refused: dict[str, int] = {}
        self.undelivered: dict[str, int] = {}
        self.stopped: set[tuple[str, str]] = set()
        self.truth = Truth()
        self._post = make_post
        self._now = now
        self._recent: list[float] = []
        self._pool = ThreadPoolExecutor(4, thread_name_prefix="twilio-callbacks")
        self._futures: list[Future[None]] = []
        self._random = random.Random(21610)

    @property
    def accepted(self) -> list[Message]:
        return self.truth.accepted

    def stop(self) -> None:
        super().stop()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def settle(self, timeout: float = 10) -> None:
        """Wait until every status callback that is due has been made."""
        done = wait(self._futures, timeout)
        assert not done.not_done, "callbacks are still under way"
        for future in done.done:
            future.result()

    def texts(
        self, sender: str, body: str, *, to: str = NUMBER, media: Sequence[Media] = (), sid: str = ""
    ) -> int:
        """``sender`` texts us: the carrier acts on its keywords, then our webhook is called."""
        keyword = self.keywords.act(body)
        message = self._message(to=to, sender=sender, body=body, direction="inbound", status="received")
        message.sid = sid or message.sid
        with self._lock:
            self.truth.received.setdefault(message.sid, message)
            if keyword is not None:
                self._act(sender, keyword)
        return self._post(
            twilio_inbound(
                self.signer,
                url=self.inbound_url,
                sid=message.sid,
                sender=sender,
                to=to,
                text=body,
                media=media,
                carrier_keyword=keyword if self.keywords.advanced else None,
                messaging_service_sid=SERVICE_SID,
            )
        )

    def _act(self, sender: str, keyword: CarrierKeyword) -> None:
        self.truth.carrier_answers.append((sender, keyword))
        for ours in (SERVICE_SID, NUMBER):
            if keyword is CarrierKeyword.STOP:
                self.stopped.add((ours, sender))
            elif keyword is CarrierKeyword.START:
                self.stopped.discard((ours, sender))

    def is_send(self, request: Request) -> bool:
        return request.method == "POST"

    def fault(self, status: int) -> Reply:
        return error_reply(status, {429: 20429, 500: 20500, 503: 20503}[status])

    def answer(self, request: Request) -> Reply:
        expected = base64.b64encode(f"{ACCOUNT_SID}:{AUTH_TOKEN}".encode()).decode()
        if request.headers.get("Authorization") != f"Basic {expected}":
            return error_reply(401, 20003)
        if request.path == f"{BASE}/Messages.json":
            return self._create(request.form) if request.method == "POST" else self._list(request)
        one = re.fullmatch(rf"{BASE}/Messages/(SM[0-9a-f]{{32}})\.json", request.path)
        message = next((known for known in self._all() if one and known.sid == one[1]), None)
        return json_reply(200, message.as_json()) if message else error_reply(404, 20404)

    def _create(self, form: dict[str, str]) -> Reply:
        code = self._objection(form)
        if code is not None:
            return error_reply(400, code)
        with self._lock:
            if not self._has_room():
                return error_reply(429, 20429)
            message = self._message(
                to=form["To"],
                sender=form.get("From", NUMBER),
                body=form["Body"],
                direction="outbound-api",
                status="accepted" if "MessagingServiceSid" in form else "queued",
            )
            message.service_sid = form.get("MessagingServiceSid")
            message.status_callback = form.get("StatusCallback", "")
            message.validity_period = int(form.get("ValidityPeriod", LONGEST_VALIDITY))
            reply = json_reply(201, message.as_json())
            self.truth.accepted.append(message)
        self._follow_up(message)
        return reply

    def _objection(self, form: dict[str, str]) -> int | None:
        """The code for the first thing that is wrong, in Twilio's order as far as it is known."""
        to, ours = form.get("To", ""), form.get("MessagingServiceSid") or form.get("From", "")
        if not to:
            return 21604
        if not ours:
            return 21603
        if ours not in (SERVICE_SID, NUMBER):
            return 21705 if ours.startswith("MG") else 21606
        if not form.get("Body"):
            return 21602
        if len(form["Body"].encode("utf-16-le")) // 2 > _LONGEST_BODY:
            return 21617
        if not _E164.fullmatch(to):
            return 21211
        if "StatusCallback" in form and not form["StatusCallback"].startswith(("http://", "https://")):
            return 21609
        if (ours, to) in self.stopped:
            return 21610
        return self.refused.get(to)

    def _has_room(self) -> bool:
        if self.per_second is None:
            return True
        moment = time.monotonic()
        self._recent = [past for past in self._recent if past > moment - 1]
        if len(self._recent) >= self.per_second:
            return False
        self._recent.append(moment)
        return True

    def _message(self, *, to: str, sender: str, body: str, direction: str, status: str) -> Message:
        return Message(
            sid=f"SM{uuid.uuid4().hex}",
            to=to,
            sender=sender,
            body=body,
            direction=direction,
            status=status,
            created=self._now(),
        )

    def _follow_up(self, message: Message) -> None:
        plan = self.callbacks
        events = self._events(message, plan)
        if plan.before_answer:
            self._call_back(message, events, plan.delay)
        elif events:
            self._futures.append(self._pool.submit(self._call_back, message, events, plan.delay))

    def _events(self, message: Message, plan: CallbackPlan) -> list[str]:
        failed = message.to in self.undelivered
        events = ["undelivered" if failed and status == "delivered" else status for status in plan.statuses]
        events *= plan.times
        if plan.order is Order.REVERSED:
            events.reverse()
        elif plan.order is Order.SHUFFLED:
            self._random.shuffle(events)
        return events

    def _call_back(self, message: Message, events: list[str], delay: float) -> None:
        for status in events:
            if self.stopping.wait(delay) if delay else self.stopping.is_set():
                return
            code = self.undelivered.get(message.to) if status == "undelivered" else None
            with self._lock:
                message.status = max(message.status, status, key=RANK.index)
                message.error_code = code or message.error_code
            answered = (
                self._post(self.status_request(message, status, code)) if message.status_callback else 0
            )
            self.truth.callbacks.append((message.sid, status, answered))

    def status_request(self, message: Message, status: str, code: int | None = None) -> WebhookRequest:
        """The signed callback for ``message``, to make by hand or to repeat."""
        return twilio_status(
            self.signer,
            url=message.status_callback,
            sid=message.sid,
            to=message.to,
            sender=message.sender,
            status=status,
            error_code=str(code or ""),
        )

    def _all(self) -> list[Message]:
        with self._lock:
            both = [*self.truth.accepted, *self.truth.received.values()]
        return sorted(both, key=lambda message: message.created, reverse=True)

    def _list(self, request: Request) -> Reply:
        asked = {name: values[-1] for name, values in request.query.items()}
        found = [message for message in self._all() if fits(message, asked)]
        size, page = int(asked.get("PageSize", "50")), int(asked.get("Page", "0"))
        shown = found[page * size : (page + 1) * size]
        more = len(found) > (page + 1) * size
        following = urlencode(asked | {"Page": str(page + 1), "PageSize": str(size), "PageToken": "PA1"})
        return json_reply(
            200,
            {
                "messages": [message.as_json() for message in shown],
                "page": page,
                "page_size": size,
                "start": page * size,
                "end": page * size + len(shown) - 1,
                "uri": f"{BASE}/Messages.json",
                "next_page_uri": f"{BASE}/Messages.json?{following}" if more else None,
            },
        )
