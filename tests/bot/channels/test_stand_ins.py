"""The stand-ins keep their own promises: what they call back, list, remember and deliver again."""

import base64
import json
import threading
import uuid
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit

import pytest

from bot.channels.parsing import parse_form
from bot.channels.simulated_requests import TwilioSigner, WebhookRequest
from bot.channels.telegram_webhook import SECRET_HEADER, parse_update
from bot.channels.twilio_signature import SETTINGS_HEADER, SIGNATURE_HEADER, Verdict, WebhookSecrets, check
from bot.channels.twilio_sms import TwilioSms
from bot.channels.twilio_webhook import parse_inbound, parse_status
from messages.channel import CarrierKeyword, DeliveryStatus, Failure, InboundKind, OutboundText
from standins.server import post
from standins.telegram import SECRET, TelegramStandIn
from standins.twilio import TwilioStandIn
from standins.twilio_records import (
    ACCOUNT_SID,
    AUTH_TOKEN,
    BASE,
    NUMBER,
    SERVICE_SID,
    STOCK_KEYWORDS,
    CallbackPlan,
    Order,
)

AMINA = "+447700900123"
SECRETS = WebhookSecrets(auth_tokens=(AUTH_TOKEN,), shared_keys=("shared",))


class Ours:
    """Our side of the webhooks: keeps each request, answers as told."""

    def __init__(self, status: int = 200) -> None:
        self.status = status
        self.got: list[WebhookRequest] = []
        self.lock = threading.Lock()

    def __call__(self, request: WebhookRequest) -> int:
        with self.lock:
            self.got.append(request)
        return self.status

    def verdicts(self) -> set[Verdict]:
        return {
            check(
                request.url,
                parse_form(request.body),
                request.headers[SIGNATURE_HEADER],
                secrets=SECRETS,
                settings_header=request.headers.get(SETTINGS_HEADER),
            )
            for request in self.got
        }

    def statuses(self) -> list[DeliveryStatus]:
        reports = [
            parse_status(parse_form(request.body), request.body, urlsplit(request.url).query.encode())
            for request in self.got
        ]
        return [report.status for report in reports if report is not None]


def send(far_side: TwilioStandIn, body: str = "hi", to: str = AMINA) -> OutboundText:
    sms = TwilioSms(
        ACCOUNT_SID,
        AUTH_TOKEN,
        messaging_service_sid=SERVICE_SID,
        callback_url="http://127.0.0.1:9/webhooks/twilio/status",
        base_url=far_side.url,
    )
    text = OutboundText(id=uuid.uuid4(), to=to, body=body)
    sms.send(text)
    return text


SENT, DELIVERED = DeliveryStatus.SENT, DeliveryStatus.DELIVERED


@pytest.mark.parametrize(
    ("plan", "statuses"),
    [
        (CallbackPlan(), [SENT, DELIVERED]),
        (CallbackPlan(delay=0.01, times=2), [SENT, DELIVERED, SENT, DELIVERED]),
        (CallbackPlan(order=Order.REVERSED), [DELIVERED, SENT]),
        (CallbackPlan(before_answer=True), [SENT, DELIVERED]),
        (CallbackPlan(statuses=()), []),
    ],
)
def test_status_callbacks(plan: CallbackPlan, statuses: list[DeliveryStatus]) -> None:
    ours = Ours()
    with TwilioStandIn(callbacks=plan, make_post=ours) as far_side:
        text = send(far_side)
        if not plan.before_answer:
            far_side.settle()
        assert ours.statuses() == statuses
        assert ours.verdicts() <= {Verdict.OK}
        assert all(f"outbound={text.id}" in request.url for request in ours.got)
        assert len(far_side.truth.callbacks) == len(statuses)


def test_a_shuffled_plan_has_the_same_statuses() -> None:
    ours = Ours()
    plan = CallbackPlan(statuses=("queued", "sending", "sent", "delivered"), times=3, order=Order.SHUFFLED)
    with TwilioStandIn(callbacks=plan, make_post=ours) as far_side:
        send(far_side)
        far_side.settle()
        assert sorted(ours.statuses()) == sorted(
            [DeliveryStatus.ACCEPTED, DeliveryStatus.SENDING, SENT, DELIVERED] * 3
        )
        assert far_side.accepted[0].status == "delivered"


def test_an_undelivered_text_says_why() -> None:
    ours = Ours()
    with TwilioStandIn(callbacks=CallbackPlan(), make_post=ours) as far_side:
        far_side.undelivered[AMINA] = 30005
        send(far_side)
        far_side.settle()
        report = parse_status(parse_form(ours.got[-1].body), ours.got[-1].body, b"")
        assert report is not None
        assert report.failure is Failure.UNKNOWN_ADDRESS


@pytest.mark.parametrize(
    ("body", "keyword", "told"),
    [
        ("hi", None, None),
        ("STOP", CarrierKeyword.STOP, CarrierKeyword.STOP),
        (" Stopall ", CarrierKeyword.STOP, CarrierKeyword.STOP),
        ("start", CarrierKeyword.START, CarrierKeyword.START),
        ("HELP", CarrierKeyword.HELP, CarrierKeyword.HELP),
        ("stop please", None, None),
        ("END", None, None),
    ],
)
def test_keywords_of_advanced_opt_out(
    body: str, keyword: CarrierKeyword | None, told: CarrierKeyword | None
) -> None:
    ours = Ours()
    with TwilioStandIn(inbound_url="http://kit.example.org/in", make_post=ours) as far_side:
        assert far_side.texts(AMINA, body) == 200
        assert [answered for _, answered in far_side.truth.carrier_answers] == ([keyword] if keyword else [])
    inbound = parse_inbound(parse_form(ours.got[0].body), ours.got[0].body)
    assert (inbound.text, inbound.sender, inbound.carrier_keyword) == (body, AMINA, told)
    assert ours.verdicts() == {Verdict.OK}


def test_stock_keywords_take_end_and_tell_us_nothing() -> None:
    ours = Ours()
    with TwilioStandIn(
        inbound_url="http://kit.example.org/in", keywords=STOCK_KEYWORDS, make_post=ours
    ) as far_side:
        far_side.texts(AMINA, "end")
        assert (SERVICE_SID, AMINA) in far_side.stopped
    assert b"OptOutType" not in ours.got[0].body


def test_a_shared_key_can_sign() -> None:
    ours = Ours()
    with TwilioStandIn(inbound_url="http://kit.example.org/in", make_post=ours) as far_side:
        far_side.signer = TwilioSigner(
            account_sid=ACCOUNT_SID, secret="shared", shared_key_id="webhooks_sharedkey_1"
        )
        far_side.texts(AMINA, "hi")
    assert ours.verdicts() == {Verdict.OK}
    assert SETTINGS_HEADER in ours.got[0].headers


def call(
    far_side: TwilioStandIn, method: str, path: str, token: str = AUTH_TOKEN, **fields: str
) -> dict[str, object]:
    connection = HTTPConnection(urlsplit(far_side.url).netloc)
    basic = base64.b64encode(f"{ACCOUNT_SID}:{token}".encode()).decode()
    query = f"?{urlencode(fields)}" if method == "GET" and fields else ""
    body = urlencode(fields) if method == "POST" else None
    connection.request(method, f"{BASE}{path}{query}", body, {"Authorization": f"Basic {basic}"})
    told = json.loads(connection.getresponse().read())
    connection.close()
    assert isinstance(told, dict)
    return told


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"From": NUMBER, "Body": "hi"}, 21604),
        ({"To": AMINA, "Body": "hi"}, 21603),
        ({"To": AMINA, "From": "+447700900199", "Body": "hi"}, 21606),
        ({"To": AMINA, "MessagingServiceSid": "MGother", "Body": "hi"}, 21705),
        ({"To": AMINA, "From": NUMBER}, 21602),
        ({"To": AMINA, "From": NUMBER, "Body": "x" * 1_601}, 21617),
        ({"To": "07700900123", "From": NUMBER, "Body": "hi"}, 21211),
        ({"To": AMINA, "From": NUMBER, "Body": "hi", "StatusCallback": "kit"}, 21609),
    ],
)
def test_a_bad_create_is_refused_with_twilios_code(fields: dict[str, str], code: int) -> None:
    with TwilioStandIn() as far_side:
        assert call(far_side, "POST", "/Messages.json", **fields)["code"] == code
        assert far_side.accepted == []


def test_basic_auth_is_asked_for() -> None:
    with TwilioStandIn() as far_side:
        assert call(far_side, "GET", "/Messages.json", token="wrong")["code"] == 20003


def test_the_list_is_filtered_and_paged() -> None:
    with TwilioStandIn(inbound_url="http://kit.example.org/in", make_post=Ours()) as far_side:
        for number in range(5):
            send(far_side, f"text {number}")
        send(far_side, to="+447700900124")
        far_side.texts(AMINA, "hello")
        sids: list[str] = []
        path, more = "/Messages.json", True
        fields = {"To": AMINA, "PageSize": "2", "DateSent>": "2020-01-01T00:00:00Z"}
        while more:
            page = call(far_side, "GET", path, **fields)
            assert isinstance(page["messages"], list)
            sids += [message["sid"] for message in page["messages"]]
            following = page["next_page_uri"]
            more, fields = following is not None, {}
            path = str(following).removeprefix(BASE)
        assert len(sids) == len(set(sids)) == 5
        assert call(far_side, "GET", "/Messages.json", **{"DateSent>": "2100-01-01"})["messages"] == []
        inbound = call(far_side, "GET", "/Messages.json", From=AMINA)["messages"]
        assert isinstance(inbound, list)
        assert [message["direction"] for message in inbound] == ["inbound"]
        assert call(far_side, "GET", f"/Messages/{sids[0]}.json")["sid"] == sids[0]
        assert call(far_side, "GET", "/Messages/SMx.json")["code"] == 20404


def test_telegram_delivers_with_the_secret_and_again_until_it_is_taken() -> None:
    ours = Ours(status=503)
    with TelegramStandIn(make_post=ours) as far_side:
        far_side.webhook = {"url": "http://kit.example.org/t", "secret_token": SECRET}
        first = far_side.writes(8001, "not great")
        far_side.edits(8001, first, "help me")
        far_side.presses(8001, first, "mood:1")
        far_side.blocks(8001)
        far_side.unblocks(8001)
        assert len(far_side.pending) == 5
        ours.status, ours.got = 200, []
        far_side.redeliver()
        assert far_side.pending == []
    assert {request.headers[SECRET_HEADER] for request in ours.got} == {SECRET}
    assert [parse_update(request.body).kind for request in ours.got] == [
        InboundKind.TEXT,
        InboundKind.EDIT,
        InboundKind.PRESS,
        InboundKind.BLOCKED,
        InboundKind.UNBLOCKED,
    ]


def test_posting_to_nobody_is_status_nought() -> None:
    assert post(WebhookRequest(url="http://127.0.0.1:1/", body=b"", headers={})) == 0


def test_posting_is_real_http() -> None:
    with TwilioStandIn() as somebody:
        request = WebhookRequest(url=f"{somebody.url}/x?a=b", body=b"c=d", headers={"X-E": "f"})
        assert post(request) == 401
        assert somebody.requests[0].path == "/x"
        assert somebody.requests[0].form == {"c": "d"}
        assert somebody.requests[0].headers["X-E"] == "f"
