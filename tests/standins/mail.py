"""A stand-in for a council's mail server: enough SMTP to take mail, refuse it, or go away."""

import base64
import socketserver
import threading
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from enum import StrEnum
from types import TracebackType
from typing import Self


class MailFault(StrEnum):
    NO_MAILBOX = "no_mailbox"
    BUSY = "busy"
    SENDER_REFUSED = "sender_refused"
    WORDS_REFUSED = "words_refused"
    #: Taken, and the connection dies before the answer.
    ACCEPT_THEN_CLOSE = "accept_then_close"
    CLOSE_AT_GREETING = "close_at_greeting"
    HANG = "hang"


@dataclass(slots=True, kw_only=True)
class MailStandIn:
    """``mails`` is the truth of what it took. ``fault`` holds until changed."""

    user: str = ""
    password: str = ""
    fault: MailFault | None = None
    mails: list[EmailMessage] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)
    _server: "_Server | None" = None

    @property
    def url(self) -> str:
        assert self._server is not None
        sign_in = f"{self.user}:{self.password}@" if self.user else ""
        return f"smtp://{sign_in}127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._server = _Server(("127.0.0.1", 0), _Conversation)
        self._server.stand_in = self
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self.stopping.set()
        self._server.shutdown()
        self._server.server_close()


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    stand_in: MailStandIn


class _Conversation(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        stand_in = self.server.stand_in
        if stand_in.fault is MailFault.CLOSE_AT_GREETING:
            return
        if stand_in.fault is MailFault.HANG:
            stand_in.stopping.wait(30)
            return
        self._say("220 mail.westhaven.example ESMTP")
        while line := self.rfile.readline():
            if not self._obey(line.decode("ascii", "replace").strip(), stand_in):
                return

    def _obey(self, line: str, stand_in: MailStandIn) -> bool:
        """Answer one command; False ends the conversation."""
        match line.upper().split(" ")[0]:
            case "EHLO":
                self._say("250-mail.westhaven.example", "250-AUTH PLAIN", "250 8BITMIME")
            case "AUTH":
                told = f"\0{stand_in.user}\0{stand_in.password}".encode()
                good = line.endswith(base64.b64encode(told).decode())
                self._say("235 welcome" if good else "535 5.7.8 authentication failed")
            case "MAIL":
                refused = stand_in.fault is MailFault.SENDER_REFUSED
                self._say("550 5.7.1 sender refused" if refused else "250 ok")
            case "RCPT":
                self._say(_RECIPIENT.get(stand_in.fault, "250 ok"))
            case "DATA":
                return self._take(stand_in)
            case "QUIT":
                self._say("221 bye")
                return False
            case _:
                self._say("250 ok")
        return True

    def _take(self, stand_in: MailStandIn) -> bool:
        self._say("354 go on")
        lines: list[bytes] = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        if stand_in.fault is MailFault.WORDS_REFUSED:
            self._say("554 5.7.1 refused")
            return True
        mail = message_from_bytes(b"".join(lines), policy=default)
        assert isinstance(mail, EmailMessage)
        stand_in.mails.append(mail)
        if stand_in.fault is MailFault.ACCEPT_THEN_CLOSE:
            return False
        self._say("250 taken")
        return True

    def _say(self, *lines: str) -> None:
        self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())


_RECIPIENT: dict[MailFault | None, str] = {
    MailFault.NO_MAILBOX: "550 5.1.1 no such mailbox",
    MailFault.BUSY: "451 4.3.2 busy",
}
