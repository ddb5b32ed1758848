"""What every stand-in is made of: a real HTTP server on the loopback that can be told to misbehave."""

import json
import socket
import struct
import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, urlsplit

from bot.channels.simulated_requests import WebhookRequest


class Behaviour(StrEnum):
    """How one call ends. Only the words with "accept" in them, and drip and garbage, take the text."""

    OK = "ok"
    #: The provider's own JSON with 500 or 503: a clean refusal.
    ERROR_500 = "error_500"
    ERROR_503 = "error_503"
    #: HTML from something in between.
    GATEWAY_502 = "gateway_502"
    THROTTLE = "throttle"
    RESET_BEFORE_ACCEPT = "reset_before_accept"
    ACCEPT_THEN_RESET = "accept_then_reset"
    HANG = "hang"
    ACCEPT_THEN_HANG = "accept_then_hang"
    #: Taken; the answer comes a byte at a time.
    SLOW_DRIP = "slow_drip"
    #: Taken; the answer is 2xx and no JSON.
    GARBAGE = "garbage"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    method: str
    path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    body: bytes

    @property
    def form(self) -> dict[str, str]:
        """The body's form fields, the last value of each."""
        fields = parse_qs(self.body.decode(), keep_blank_values=True, strict_parsing=bool(self.body))
        return {name: values[-1] for name, values in fields.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


_FAULTS = {Behaviour.ERROR_500: 500, Behaviour.ERROR_503: 503, Behaviour.THROTTLE: 429}
_TAKING = frozenset(
    {
        Behaviour.OK,
        Behaviour.ACCEPT_THEN_RESET,
        Behaviour.ACCEPT_THEN_HANG,
        Behaviour.SLOW_DRIP,
        Behaviour.GARBAGE,
    }
)
_GATEWAY = Reply(status=502, body=b"<html>Bad Gateway</html>")


def json_reply(status: int, told: object, **headers: str) -> Reply:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(
        status=status, body=json.dumps(told).encode(), headers={"Content-Type": "application/json"} | names
    )


class StandIn:
    """A threaded server. ``script()`` tells it how the next sends end; then ``always`` holds."""

    #: How long a hang lasts and the pause between two bytes of a drip, in seconds.
    hang_seconds = 30.0
    drip_seconds = 0.2

    def __init__(self) -> None:
        self.always = Behaviour.OK
        #: Every request that came, whatever became of it.
        self.requests: list[Request] = []
        #: How often somebody connected; a pooled client does so once a thread.
        self.connections = 0
        self._script: deque[Behaviour] = deque()
        self._lock = threading.RLock()
        self.stopping = threading.Event()
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def script(self, *behaviours: Behaviour) -> None:
        with self._lock:
            self._script.extend(behaviours)

    def start(self) -> Self:
        self._thread.start()
        return self

    def stop(self) -> None:
        self.stopping.set()
        self._server.shutdown()
        self._server.server_close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def is_send(self, request: Request) -> bool:
        """Whether the script applies: looking things up always works."""
        raise NotImplementedError

    def answer(self, request: Request) -> Reply:
        raise NotImplementedError

    def fault(self, status: int) -> Reply:
        """The provider's own words for 429, 500 and 503."""
        raise NotImplementedError

    def next_behaviour(self, request: Request) -> Behaviour:
        with self._lock:
            self.requests.append(request)
            if not self.is_send(request):
                return Behaviour.OK
            return self._script.popleft() if self._script else self.always


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, stand_in: StandIn) -> None:
        self.stand_in = stand_in
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def setup(self) -> None:
        super().setup()
        self.server.stand_in.connections += 1

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""

    def _serve(self) -> None:
        stand_in = self.server.stand_in
        parts = urlsplit(self.path)
        request = Request(
            method=self.command,
            path=parts.path,
            query=parse_qs(parts.query, keep_blank_values=True),
            headers=dict(self.headers.items()),
            body=self.rfile.read(int(self.headers.get("Content-Length") or 0)),
        )
        self._end(stand_in.next_behaviour(request), stand_in, request)

    def _end(self, behaviour: Behaviour, stand_in: StandIn, request: Request) -> None:
        if behaviour in _FAULTS:
            self._write(stand_in.fault(_FAULTS[behaviour]))
            return
        reply = stand_in.answer(request) if behaviour in _TAKING else _GATEWAY
        match behaviour:
            case Behaviour.RESET_BEFORE_ACCEPT | Behaviour.ACCEPT_THEN_RESET:
                self._reset()
            case Behaviour.HANG | Behaviour.ACCEPT_THEN_HANG:
                self._hang(stand_in)
            case Behaviour.SLOW_DRIP:
                self._drip(reply, stand_in)
            case Behaviour.GARBAGE:
                self._write(Reply(status=reply.status, body=b"<html>"))
            case _:
                self._write(reply)

    def _write(self, reply: Reply) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body)

    def _drip(self, reply: Reply, stand_in: StandIn) -> None:
        self.close_connection = True
        head = f"HTTP/1.1 {reply.status} OK\r\nContent-Length: {len(reply.body)}\r\n\r\n".encode()
        try:
            for byte in head + reply.body:
                self.wfile.write(bytes([byte]))
                if stand_in.stopping.wait(stand_in.drip_seconds):
                    return
        except OSError:
            return

    def _hang(self, stand_in: StandIn) -> None:
        stand_in.stopping.wait(stand_in.hang_seconds)
        self._reset()

    def _reset(self) -> None:
        """Close with RST, as a proxy that dies does."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.rfile.close()
        self.connection.close()


def post(request: WebhookRequest, timeout: float = 15) -> int:
    """Make the webhook request over HTTP; the status, or 0 when nobody answered in time."""
    parts = urlsplit(request.url)
    connection = HTTPConnection(parts.hostname or "", parts.port or 80, timeout=timeout)
    try:
        target = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
        connection.request("POST", target, request.body, request.headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status
    except (OSError, HTTPException):
        return 0
    finally:
        connection.close()
