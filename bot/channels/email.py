"""Alerts to staff by e-mail, over SMTP with the standard library."""

import contextlib
import smtplib
import ssl
import time
from datetime import datetime
from email.message import EmailMessage
from email.utils import formatdate
from urllib.parse import unquote, urlsplit

from messages.channel import Accepted, ChannelName, Failure, OutboundText, SendError

_LOOPBACK = ("localhost", "127.0.0.1", "::1")

_UNREACHED = (Failure.TRANSIENT, "The mail server could not be reached. It is tried again.")
_MAY_HAVE_LEFT = (Failure.AMBIGUOUS, "The mail server did not answer: the e-mail may have left.")
_SETTINGS = (Failure.CONFIGURATION, "The mail server refuses our sign-in or sender address.")
_BUSY = (Failure.TRANSIENT, "The mail server is busy. It is tried again.")
_NO_MAILBOX = (Failure.UNKNOWN_ADDRESS, "There is no such mailbox.")
_REFUSED = (Failure.FILTERED, "The mail server refused the e-mail.")
_NO_ADDRESS = (Failure.INVALID_ADDRESS, "This is not an e-mail address.")


class _BoundedSmtp(smtplib.SMTP):
    """Every reply is waited for until one moment of the monotonic clock, not for a time each."""

    end = 0.0

    def getreply(self) -> tuple[int, bytes]:
        if self.sock is not None:
            self.sock.settimeout(max(self.end - time.monotonic(), 0.01))
        return super().getreply()


class _BoundedSmtps(_BoundedSmtp, smtplib.SMTP_SSL):
    pass


class EmailAlerts:
    """The e-mail channel. ``url``: ``smtp(s)://user:password@host:port``; ``timeout``: seconds for all.

    ``smtp`` turns to TLS where the server offers it; without TLS a password is given to this machine only.
    """

    def __init__(self, url: str, sender: str, timeout: float = 10) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise ValueError("the mail server's address must read smtp(s)://user:password@host:port")
        self._tls = parts.scheme == "smtps"
        self._host = parts.hostname
        self._port = parts.port or (465 if self._tls else 587)
        self._user = unquote(parts.username or "")
        self._password = unquote(parts.password or "")
        self._sender = sender
        self._timeout = timeout

    @property
    def name(self) -> ChannelName:
        return ChannelName.EMAIL

    def send(self, text: OutboundText) -> Accepted:
        mail = self._mail(text)
        failed: SendError
        server: smtplib.SMTP | None = None
        try:
            server = self._connected()
            server.send_message(mail, self._sender, [text.to])
        except (smtplib.SMTPException, OSError) as error:
            failed = _send_error(error, connected=server is not None)
        else:
            return Accepted(provider_id=str(mail["Message-ID"]))
        finally:
            _farewell(server)
        # Outside the handler: the library's error quotes addresses.
        raise failed

    def find(self, text: OutboundText, *, since: datetime) -> Accepted | None:
        """Always None: SMTP keeps no list. A repeat carries the same Message-ID."""
        del text, since
        return None

    def _mail(self, text: OutboundText) -> EmailMessage:
        if text.to.count("@") != 1 or any(mark.isspace() or mark in "<>,;" for mark in text.to):
            raise SendError(*_NO_ADDRESS, code="address")
        mail = EmailMessage()
        mail["From"] = self._sender
        mail["To"] = text.to
        mail["Subject"] = " ".join(text.subject.split())
        mail["Date"] = formatdate()
        mail["Message-ID"] = f"<{text.id}@{self._sender.rpartition('@')[2].strip('<> ') or 'localhost'}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(text.body)
        return mail

    def _connected(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        server = (
            _BoundedSmtps(timeout=self._timeout, context=context)
            if self._tls
            else _BoundedSmtp(timeout=self._timeout)
        )
        server.end = time.monotonic() + self._timeout
        # STARTTLS checks the certificate against this name; connect() alone does not keep it.
        server._host = self._host  # type: ignore[attr-defined]  # noqa: SLF001
        try:
            server.connect(self._host, self._port)
            server.ehlo()
            self._signed_in(server, context)
        except BaseException:
            server.close()
            raise
        return server

    def _signed_in(self, server: smtplib.SMTP, context: ssl.SSLContext) -> None:
        if not self._tls and server.has_extn("starttls"):
            server.starttls(context=context)
            server.ehlo()
        elif not self._tls and self._user and self._host not in _LOOPBACK:
            raise smtplib.SMTPNotSupportedError("no password without TLS")
        if self._user:
            server.login(self._user, self._password)


def _farewell(server: smtplib.SMTP | None) -> None:
    """The e-mail has been taken or refused by now: how the server says goodbye changes nothing."""
    if server is not None:
        with contextlib.suppress(smtplib.SMTPException, OSError):
            server.quit()


def _send_error(error: Exception, *, connected: bool) -> SendError:
    code = _reply_code(error)
    (failure, words) = _failure(error, code, connected=connected)
    return SendError(failure, words, code=str(code or type(error).__name__))


def _failure(error: Exception, code: int, *, connected: bool) -> tuple[Failure, str]:
    match error:
        case smtplib.SMTPAuthenticationError() | smtplib.SMTPNotSupportedError() | ssl.SSLError():
            return _BUSY if 400 <= code < 500 else _SETTINGS
        case smtplib.SMTPRecipientsRefused():
            return _BUSY if 400 <= code < 500 else _NO_MAILBOX
        case smtplib.SMTPSenderRefused():
            return _BUSY if 400 <= code < 500 else _SETTINGS
        case smtplib.SMTPDataError():
            return _BUSY if 400 <= code < 500 else _REFUSED
    return _MAY_HAVE_LEFT if connected else _UNREACHED


def _reply_code(error: Exception) -> int:
    """The server's three digits; 0 when it gave none."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return next((code for code, _ in error.recipients.values()), 0)
    return error.smtp_code if isinstance(error, smtplib.SMTPResponseException) else 0
