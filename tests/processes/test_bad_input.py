"""Whatever is posted to a running installation: a refusal or a safe store, and nothing of it in any log."""

import json
import socket
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from urllib.parse import quote_from_bytes, urlencode

import pytest
from sqlalchemy import select

from bot.channels.parsing import parse_form
from bot.channels.simulated_requests import WebhookRequest
from bot.channels.twilio_signature import SETTINGS_HEADER, SIGNATURE_HEADER, sign
from databases import PostgresDatabases, copy_sqlite
from installation import Installation
from standins.server import post
from standins.twilio import TwilioStandIn
from standins.twilio_records import AUTH_TOKEN
from storage.inbound import InboundMessage

SECRET = "a-secret-of-telegrams"
#: What no log may hold: words of a text, and its number in any of its forms.
CANARY = "zebracanary"
SENDER = "+447700900321"
_sids = count(1)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def running(
    request: pytest.FixtureRequest, sqlite_template: Path, postgres_databases: PostgresDatabases
) -> Iterator[Installation]:
    """One installation for the module, web and worker: every test leaves it as it was, but for rows."""
    with tempfile.TemporaryDirectory(prefix="kit-installation-") as folder, TwilioStandIn() as twilio:
        url = (
            copy_sqlite(sqlite_template, Path(folder) / "kit.db")
            if request.param == "sqlite"
            else postgres_databases.migrated()
        )
        changes = {"TELEGRAM_BOT_TOKEN": "1:x", "TELEGRAM_WEBHOOK_SECRET": SECRET} | {
            "TELEGRAM_API_BASE_URL": twilio.url
        }
        with Installation(folder=Path(folder), url=url, twilio=twilio, changes=changes) as made:
            made.web()
            made.worker()
            made.wait_for_web()
            yield made
            assert made.answers(), "the web process must have survived all of this"
            said = made.logs()
            told = [word for word in (CANARY, SENDER.removeprefix("+44"), AUTH_TOKEN, SECRET) if word in said]
        assert not told, "a log holds what nobody may read there"
        assert "Traceback" not in said


def text(running: Installation, body: str = CANARY) -> WebhookRequest:
    return running.text(SENDER, body, f"SM{next(_sids):032x}")


def signed(running: Installation, body: bytes) -> WebhookRequest:
    """Any bytes at all, with the signature that Twilio would give them."""
    url = running.twilio.inbound_url
    signature = sign(url, parse_form(body), AUTH_TOKEN)
    headers = {"Content-Type": "application/x-www-form-urlencoded", SIGNATURE_HEADER: signature}
    return WebhookRequest(url=url, body=body, headers=headers)


def with_headers(request: WebhookRequest, **changes: str) -> WebhookRequest:
    named = {name.replace("_", "-"): value for name, value in changes.items()}
    kept = {name: value for name, value in request.headers.items() if name not in named}
    return replace(request, headers=kept | {name: value for name, value in named.items() if value})


def quoted(words: str) -> bytes:
    return quote_from_bytes(words.encode()).encode()


def update(running: Installation, body: bytes, secret: str = SECRET) -> WebhookRequest:
    headers = {"Content-Type": "application/json", "X-Telegram-Bot-Api-Secret-Token": secret}
    return WebhookRequest(url=f"{running.address}/webhooks/telegram", body=body, headers=headers)


def kept(running: Installation, provider_id: str) -> InboundMessage | None:
    with closing(running.database()) as database, database.read() as session:
        return session.scalars(
            select(InboundMessage).where(InboundMessage.provider_id == provider_id)
        ).one_or_none()


@pytest.mark.parametrize(
    "signature",
    ["", "wrong", "AAAAAAAAAAAAAAAAAAAAAAAAAAA=", "=" * 5_000, "\xff\xfe", "é", " ", "a, b", "%00"],
)
def test_a_signature_that_is_not_twilios(running: Installation, signature: str) -> None:
    request = with_headers(text(running), X_Twilio_Signature=signature)
    assert post(request) == 403
    assert kept(running, parse_form(request.body)["MessageSid"][0]) is None


@pytest.mark.parametrize("settings", ["algorithm=HMAC_MD5", "key=x,algorithm=HMAC_SHA256", "=,=,;", ",,,"])
def test_a_signature_of_another_kind(running: Installation, settings: str) -> None:
    request = with_headers(text(running), **{SETTINGS_HEADER.replace("-", "_"): settings})
    expected = 200 if settings in ("=,=,;", ",,,") else 403  # without a kind it is the usual one
    assert post(request) == expected


def test_a_body_that_was_changed_on_the_way(running: Installation) -> None:
    request = text(running)
    assert post(replace(request, body=request.body + b"&Body=more")) == 403
    assert post(replace(request, url=request.url + "?more=1")) == 403


@pytest.mark.parametrize("more", [0, 1, 1_000_000])
def test_a_body_above_the_limit(running: Installation, more: int) -> None:
    head = urlencode({"MessageSid": f"SM{next(_sids):032x}", "From": SENDER, "Body": ""}).encode()
    body = head + b"x" * (64 * 1024 + more - len(head))
    expected = (413,) if more else (200,)
    # A server may refuse by its limit and close before all of a large body was sent.
    assert post(signed(running, body)) in (*expected, *((0,) if more > 1 else ()))


def test_a_body_longer_than_stated_or_never_sent(running: Installation) -> None:
    head = "POST /webhooks/twilio/inbound HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\nFrom=1"
    for length in ("70000", "-1", "nonsense", "99999999999999999999"):
        with socket.create_connection(("127.0.0.1", running.port), timeout=5) as line:
            line.sendall(head.format(length).encode())
            line.shutdown(socket.SHUT_WR)
            answer = line.recv(65536)
        assert not answer.startswith(b"HTTP/1.1 5"), length
    assert running.answers()


@pytest.mark.parametrize(
    ("posted", "stored"),
    [
        pytest.param(b"%00" + CANARY.encode() + b"%00", f"\ufffd{CANARY}\ufffd", id="NUL"),
        pytest.param(b"%ED%A0%80" + CANARY.encode(), "\ufffd" * 3 + CANARY, id="lone surrogate"),
        pytest.param(b"%FF%FE%C3" + CANARY.encode(), "\ufffd" * 3 + CANARY, id="invalid UTF-8"),
        pytest.param(b"\xff\xfe raw", "\ufffd\ufffd raw", id="invalid UTF-8, unquoted"),
        pytest.param(b"%zz%4", "%zz%4", id="broken quoting"),
        pytest.param(b"", "", id="empty"),
        pytest.param(b"x" * 1_600, "x" * 1_600, id="1,600 characters"),
        pytest.param(quoted("é" * 4_096), "é" * 4_096, id="4,096 characters"),
        pytest.param(quoted("\u202eevil\u202c"), "\u202eevil\u202c", id="RTL override"),
        pytest.param(
            quoted("s\u200bo\u200d\ufeff"),
            "s\u200bo\u200d\ufeff",
            id="zero width",
        ),
        pytest.param(quoted("👩‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿"), "👩‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿", id="long emoji"),
    ],
)
def test_odd_words_are_stored(running: Installation, posted: bytes, stored: str) -> None:
    sid = f"SM{next(_sids):032x}"
    fields = urlencode({"MessageSid": sid, "From": SENDER, "To": "+447700900100"}).encode()
    assert post(signed(running, fields + b"&Body=" + posted)) == 200
    message = kept(running, sid)
    assert message is not None
    assert message.body == stored


@pytest.mark.parametrize(
    "body",
    [b"", b"&&&", b"=", b"From=x", b"MessageSid=" + b"9" * 3_000, b"From=%00&MessageSid=%00", b"\xff" * 99],
)
def test_forms_with_little_in_them(running: Installation, body: bytes) -> None:
    for _ in range(2):
        assert post(signed(running, body)) == 200


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"null", b"[]", b"1", b'"x"', b"[" * 5_000, b"\xff\xfe", b'{"update_id": 1', b"{'a': 1}"],
)
def test_json_that_is_no_update(running: Installation, body: bytes) -> None:
    assert post(update(running, body)) == 400


@pytest.mark.parametrize(
    "odd",
    [
        {},
        {"update_id": "one"},
        {"message": None},
        {"message": []},
        {"message": {"chat": 5, "text": CANARY}},
        {"message": {"chat": {"id": "x"}, "message_id": [], "text": {"a": 1}, "date": -1}},
        {"message": {"chat": {"id": 10**30}, "message_id": 1, "date": 10**30, "text": "\ud800" + CANARY}},
        {"message": {"chat": {"id": 5}, "message_id": 2, "date": 0, "text": "\x00" + CANARY}},
        {"callback_query": {"id": [], "data": None}},
        {"callback_query": {"id": "5", "data": "x" * 5_000, "from": {"id": 5}}},
        {"my_chat_member": {"new_chat_member": "kicked"}},
        {"edited_message": {"edit_date": "soon", "chat": {"id": 5}}},
        {"poll": {"id": 1}},
        {
            "message": {
                "chat": {"id": 5},
                "message_id": 3,
                "date": 1,
                "photo": [{}] * 500,
                "caption": [CANARY],
            }
        },
    ],
    ids=lambda value: json.dumps(value)[:40],
)
def test_updates_of_an_odd_shape(running: Installation, odd: dict[str, object]) -> None:
    numbered = {"update_id": next(_sids)} | odd
    for _ in range(2):
        assert post(update(running, json.dumps(numbered).encode())) == 200


@pytest.mark.parametrize("secret", ["", "wrong", SECRET + "x", SECRET.upper()])
def test_an_update_without_the_secret(running: Installation, secret: str) -> None:
    assert post(update(running, b'{"update_id": 1}', secret)) == 403


@pytest.mark.parametrize("query", ["", "?outbound=x", "?outbound=" + "0" * 5_000, "?outbound=%00%ff"])
def test_reports_about_nothing_of_ours(running: Installation, query: str) -> None:
    url = f"{running.address}/webhooks/twilio/status{query}"
    body = urlencode({"MessageSid": "SM1", "MessageStatus": "delivered", "ErrorCode": "\x00x"}).encode()
    headers = {SIGNATURE_HEADER: sign(url, parse_form(body), AUTH_TOKEN)}
    assert post(WebhookRequest(url=url, body=body, headers=headers)) in (200, 403)
    line = HTTPConnection("127.0.0.1", running.port, timeout=10)
    line.request("GET", "/webhooks/twilio/status")
    assert line.getresponse().status == 405
    line.close()


# Configuration


@pytest.fixture
def halted(tmp_path: Path) -> Iterator[Installation]:
    """Nothing of it runs; its database has no tables."""
    with (
        TwilioStandIn() as twilio,
        Installation(folder=tmp_path, url=f"sqlite:///{tmp_path / 'kit.db'}", twilio=twilio) as made,
    ):
        yield made


NOWHERE = "postgresql://nobody:hunter2@127.0.0.1:1/none"


@pytest.mark.parametrize(
    ("command", "url"),
    [
        *((command, NOWHERE) for command in ("kit web", "kit worker", "kit db upgrade", "kit tick")),
        *(("kit web", url) for url in ("mysql://x/y", "nonsense", "sqlite://")),
    ],
)
def test_a_database_that_is_not_there(halted: Installation, command: str, url: str) -> None:
    done = halted.run(command, DATABASE_URL=url)
    assert done.returncode == 1
    assert done.stderr.startswith("kit: ")
    assert len(done.stderr.splitlines()) == 1
    assert "hunter2" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("missing", "told"),
    [
        ("TWILIO_ACCOUNT_SID", "TWILIO_ACCOUNT_SID is missing"),
        ("TWILIO_AUTH_TOKEN", "TWILIO_AUTH_TOKEN is missing"),
        ("TWILIO_MESSAGING_SERVICE_SID", "Set TWILIO_MESSAGING_SERVICE_SID"),
    ],
)
def test_half_a_twilio_configuration(halted: Installation, missing: str, told: str) -> None:
    halted.release()
    whole = halted.run("kit check")
    assert whole.returncode == 0, whole.stdout
    half = halted.run("kit check", **{missing: ""})
    assert half.returncode == 1
    assert told in half.stdout
    assert "Traceback" not in half.stderr
