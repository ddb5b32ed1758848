"""What the Twilio stand-in keeps and says: messages, keywords, callback plans, errors."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from enum import StrEnum

from messages.channel import CarrierKeyword
from standins.server import Reply, json_reply

ACCOUNT_SID = "AC" + "0" * 31 + "1"
AUTH_TOKEN = "not-a-real-token-0123456789abcdef"
SERVICE_SID = "MG" + "0" * 31 + "2"
NUMBER = "+447700900100"
BASE = f"/2010-04-01/Accounts/{ACCOUNT_SID}"

#: Statuses from the lowest; a callback never takes a message back.
RANK = ("accepted", "queued", "sending", "sent", "undelivered", "failed", "delivered", "read")

LONGEST_VALIDITY = 36_000

_WORDS = {
    20003: "Authenticate",
    20404: "The requested resource was not found",
    20429: "Too Many Requests",
    20500: "An internal server error has occurred",
    20503: "Service unavailable",
    21211: "Invalid 'To' Phone Number",
    21602: "Message body is required.",
    21603: "A 'From' phone number is required.",
    21604: "A 'To' phone number is required.",
    21606: "The 'From' phone number is not a valid message-capable number",
    21609: "Invalid 'StatusCallback' URL",
    21610: "Attempt to send to unsubscribed recipient",
    21614: "'To' number is not a valid mobile number",
    21617: "The concatenated message body exceeds the 1600 character limit.",
    21705: "The Messaging Service Sid is invalid.",
}


class Order(StrEnum):
    AS_SENT = "as_sent"
    REVERSED = "reversed"
    SHUFFLED = "shuffled"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackPlan:
    """Which status callbacks follow an accepted text, and how badly. ``delay`` in seconds before each."""

    statuses: tuple[str, ...] = ("sent", "delivered")
    delay: float = 0.0
    times: int = 1
    order: Order = Order.AS_SENT
    #: All of them are made before the create is answered.
    before_answer: bool = False


@dataclass(slots=True, kw_only=True)
class Message:
    """One message as Twilio keeps it."""

    sid: str
    to: str
    sender: str
    body: str
    direction: str
    status: str
    created: datetime
    service_sid: str | None = None
    status_callback: str = ""
    validity_period: int = LONGEST_VALIDITY
    error_code: int | None = None

    def as_json(self) -> dict[str, object]:
        stamp = format_datetime(self.created)
        return {
            "account_sid": ACCOUNT_SID,
            "api_version": "2010-04-01",
            "body": self.body,
            "date_created": stamp,
            "date_sent": None if self.status in ("accepted", "queued") else stamp,
            "date_updated": stamp,
            "direction": self.direction,
            "error_code": self.error_code,
            "error_message": None,
            "from": self.sender,
            "messaging_service_sid": self.service_sid,
            "num_media": "0",
            "num_segments": "1",
            "price": None,
            "price_unit": "GBP",
            "sid": self.sid,
            "status": self.status,
            "subresource_uris": {"media": f"{BASE}/Messages/{self.sid}/Media.json"},
            "to": self.to,
            "uri": f"{BASE}/Messages/{self.sid}.json",
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Keywords:
    """The one-word texts that the carrier side acts on. Advanced Opt-Out also tells us so."""

    stop: frozenset[str] = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "REVOKE", "OPTOUT"})
    start: frozenset[str] = frozenset({"START", "UNSTOP"})
    help: frozenset[str] = frozenset({"HELP"})
    advanced: bool = True

    def act(self, body: str) -> CarrierKeyword | None:
        word = body.strip().upper()
        found = ((self.stop, "STOP"), (self.start, "START"), (self.help, "HELP"))
        return next((CarrierKeyword(name) for words, name in found if word in words), None)


#: What Twilio does for a number without Advanced Opt-Out.
STOCK_KEYWORDS = Keywords(
    stop=Keywords().stop | {"END", "QUIT", "CANCEL"},
    start=Keywords().start | {"YES"},
    help=frozenset({"HELP", "INFO"}),
    advanced=False,
)


@dataclass(slots=True, kw_only=True)
class Truth:
    """What happened at the carrier, for tests to compare with."""

    accepted: list[Message] = field(default_factory=list)
    #: By sid: a text delivered to us twice is one text.
    received: dict[str, Message] = field(default_factory=dict)
    #: (number, keyword) the carrier answered by itself.
    carrier_answers: list[tuple[str, CarrierKeyword]] = field(default_factory=list)
    #: (sid, status, our webhook's HTTP status)
    callbacks: list[tuple[str, str, int]] = field(default_factory=list)


def fits(message: Message, asked: dict[str, str]) -> bool:
    return (
        asked.get("To", message.to) == message.to
        and asked.get("From", message.sender) == message.sender
        and ("DateSent>" not in asked or message.created >= _moment(asked["DateSent>"]))
        and ("DateSent<" not in asked or message.created <= _moment(asked["DateSent<"]))
    )


def _moment(stated: str) -> datetime:
    moment = datetime.fromisoformat(stated)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def error_reply(status: int, code: int) -> Reply:
    return json_reply(
        status,
        {
            "code": code,
            "message": _WORDS.get(code, "Refused"),
            "more_info": f"https://www.twilio.com/docs/errors/{code}",
            "status": status,
        },
    )
