"""A load generator that costs little itself: one thread, many kept connections, requests made beforehand.

Run as a process of its own (``python -m tools.bench.load``), it reads a :class:`Job` from standard input and
prints a :class:`Figures`, both as JSON.
"""

import json
import selectors
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from itertools import count
from uuid import uuid4

from bot.channels.simulated_requests import TwilioSigner, WebhookRequest, twilio_inbound
from tools.bench import ROOT

CONNECTIONS = 16
ACCOUNT, TOKEN = "AC" + "0" * 31 + "1", "not-a-real-token-0123456789abcdef"
#: Requests made before the clock starts; enough for any second that follows.
_AT_MOST_PER_SECOND = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Signed texts to ``port`` for ``seconds``, from ``senders`` in turn. ``public``: our own address."""

    port: int
    public: str
    seconds: float
    senders: tuple[str, ...]
    connections: int = CONNECTIONS
    #: Where in ``senders`` to begin: nobody should write twice in half a minute.
    first: int = 0
    #: No more texts than this; 0: as many as there is time for.
    most: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """``per_second``: answers with 200. ``others``: any other answer."""

    per_second: float
    p50_ms: float
    p99_ms: float
    max_ms: float
    answered: int
    others: int


def run(job: Job) -> Figures:
    """Do ``job`` in another process, so that its Python does not share ours."""
    done = subprocess.run(
        [sys.executable, "-m", "tools.bench.load"],
        cwd=ROOT,
        input=json.dumps(asdict(job)),
        capture_output=True,
        text=True,
        timeout=job.seconds + 60,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    return Figures(**json.loads(done.stdout))


def request_bytes(request: WebhookRequest) -> bytes:
    path = "/" + request.url.split("/", 3)[3]
    headers = {"Host": "127.0.0.1", "Content-Length": str(len(request.body))} | request.headers
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"POST {path} HTTP/1.1\r\n{head}\r\n".encode() + request.body


@dataclass(slots=True)
class _Line:
    """One connection: what it waits for, and since when."""

    socket: socket.socket
    began: float = 0.0
    received: bytearray = field(default_factory=bytearray)

    def send(self, request: bytes) -> None:
        self.received.clear()
        self.began = time.perf_counter()
        self.socket.sendall(request)

    def answered(self) -> int:
        """The status of the answer, once it is here in full; 0 before."""
        part = self.socket.recv(65536)
        if not part:
            raise ConnectionError("the server closed a kept connection")
        self.received += part
        head, separator, body = self.received.partition(b"\r\n\r\n")
        if not separator or not _whole(bytes(head).lower(), body):
            return 0
        return int(head[9:12])


def _whole(head: bytes, body: bytearray) -> bool:
    _, _, length = head.partition(b"content-length:")
    if length:
        return len(body) >= int(length.split(b"\r\n", 1)[0])
    return body.endswith(b"0\r\n\r\n")


def _requests(job: Job) -> Iterator[bytes]:
    signer = TwilioSigner(account_sid=ACCOUNT, secret=TOKEN)
    for number in count(job.first):
        yield request_bytes(
            twilio_inbound(
                signer,
                url=f"{job.public}/webhooks/twilio/inbound",
                sid=f"SM{uuid4().hex}",
                sender=job.senders[number % len(job.senders)],
                to="+447700900100",
                text="all good thanks, see you on Tuesday",
                messaging_service_sid="MG" + "0" * 31 + "2",
            )
        )


def perform(job: Job) -> Figures:
    made = _requests(job)
    ready = [next(made) for _ in range(job.most or int(job.seconds * _AT_MOST_PER_SECOND))][::-1]
    took: list[float] = []
    others = 0
    with selectors.DefaultSelector() as selector:
        for _ in range(job.connections):
            line = _Line(socket.create_connection(("127.0.0.1", job.port), timeout=30))
            line.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            selector.register(line.socket, selectors.EVENT_READ, line)
            line.send(ready.pop())
        began = time.perf_counter()
        busy = job.connections
        while busy:
            for key, _ in selector.select(timeout=30) or _silent():
                line = key.data
                status = line.answered()
                if not status:
                    continue
                now = time.perf_counter()
                others += status != 200
                took.append(now - line.began)
                if now - began < job.seconds and ready:
                    line.send(ready.pop())
                else:
                    selector.unregister(line.socket)
                    line.socket.close()
                    busy -= 1
        return _figures(took, others, time.perf_counter() - began)


def _silent() -> list[tuple[selectors.SelectorKey, int]]:
    raise TimeoutError("nothing was answered for 30 seconds")


def _figures(took: list[float], others: int, seconds: float) -> Figures:
    ranked = sorted(took)
    return Figures(
        per_second=round((len(took) - others) / seconds, 1),
        p50_ms=round(ranked[len(ranked) // 2] * 1000, 1),
        p99_ms=round(ranked[int(len(ranked) * 0.99)] * 1000, 1),
        max_ms=round(ranked[-1] * 1000, 1),
        answered=len(took),
        others=others,
    )


if __name__ == "__main__":
    given = json.load(sys.stdin)
    figures = perform(Job(**given | {"senders": tuple(given["senders"])}))
    json.dump(asdict(figures), sys.stdout)
