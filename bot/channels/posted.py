"""Alerts that leave as one JSON POST to an address that the council gave."""

from collections.abc import Callable
from datetime import datetime

from bot.channels.answers import Answer, NoAnswer
from bot.channels.http_exchange import HttpExchange
from messages.channel import Accepted, ChannelName, Failure, OutboundText, SendError


class PostedAlerts:
    """One address. ``service`` is what staff call it; ``timeout`` is for one exchange, in seconds."""

    def __init__(
        self,
        name: ChannelName,
        url: str,
        *,
        service: str,
        payload: Callable[[OutboundText], dict[str, object]],
        timeout: float = 10,
    ) -> None:
        self._name = name
        self._url = url
        self._service = service
        self._payload = payload
        self._exchange = HttpExchange(url, timeout=timeout)

    @property
    def name(self) -> ChannelName:
        return self._name

    def send(self, text: OutboundText) -> Accepted:
        """Nobody returns an id for such a post, so ours stands in for it."""
        try:
            answer = self._exchange.send("POST", self._url, json=self._payload(text))
        except NoAnswer as lost:
            raise lost.as_send_error(self._service) from None
        if not 200 <= answer.status < 300:
            raise self._refusal(answer)
        return Accepted(provider_id=f"{self._name}:{text.id}")

    def find(self, text: OutboundText, *, since: datetime) -> Accepted | None:
        """Always None: such an address cannot be asked what it took."""
        del text, since
        return None

    def _refusal(self, answer: Answer) -> SendError:
        failure, words = self._meaning(answer.status)
        return SendError(failure, words, code=str(answer.status), retry_after=answer.retry_after)

    def _meaning(self, status: int) -> tuple[Failure, str]:
        if status == 429:
            return Failure.THROTTLED, f"{self._service} asks us to slow down. This one waits."
        if status >= 500 or status == 408:
            return Failure.AMBIGUOUS, f"{self._service} did not answer clearly: the alert may be there."
        return Failure.CONFIGURATION, f"{self._service} refuses our alerts: its address may be wrong or off."
