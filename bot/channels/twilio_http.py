"""The official SDK's way to the network, replaced: pooled, bounded in time, silent, and ours to point."""

import logging
from urllib.parse import urlsplit

from twilio.http import HttpClient
from twilio.http.response import Response

from bot.channels.answers import NoAnswer
from bot.channels.http_exchange import HttpExchange
from bot.channels.twilio_errors import refusal

_API = "https://api.twilio.com"


class PooledTwilioHttp(HttpClient):
    """Raises :class:`messages.channel.SendError` for everything that is not 2xx.

    The SDK's own client has no time limit, reopens connections beyond ten and writes numbers to the
    log; the SDK's own error holds the address, with the number in it.
    """

    def __init__(self, *, base_url: str | None, timeout: float) -> None:
        super().__init__(logging.getLogger("twilio.http_client"), False, timeout)
        self._base_url = base_url.rstrip("/") if base_url else None
        self._exchange = HttpExchange(base_url or _API, timeout=timeout)

    def request(
        self,
        method: str,
        uri: str,
        params: dict[str, object] | None = None,
        data: dict[str, object] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        del allow_redirects  # never followed: a provider that moves is a setting to look at
        try:
            answer = self._exchange.send(
                method,
                self._pointed(uri),
                params=params,
                data=data,
                headers=headers,
                auth=auth,
                timeout=timeout,
            )
        except NoAnswer as lost:
            raise lost.as_send_error("Twilio") from None
        if not 200 <= answer.status < 300:
            raise refusal(answer)
        return Response(answer.status, answer.text, answer.headers)

    def _pointed(self, uri: str) -> str:
        if self._base_url is None:
            return uri
        parts = urlsplit(uri)
        return f"{self._base_url}{parts.path}{'?' + parts.query if parts.query else ''}"
