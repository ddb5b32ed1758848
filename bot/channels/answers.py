"""What comes back from a provider, apart from how: the webhooks need the tables but no HTTP library."""

from collections.abc import Mapping
from dataclasses import dataclass

from messages.channel import Failure, SendError
from messages.errors import KitError


class NoAnswer(KitError):
    """The provider gave no whole answer."""

    def __init__(self, *, written: bool, reason: str) -> None:
        super().__init__(f"no answer ({reason})")
        #: False: the provider cannot have read the request. True: it may have, and acted on it.
        self.written = written
        #: The name of the library's error; never its text, which holds the address.
        self.reason = reason

    def as_send_error(self, provider: str) -> SendError:
        if self.written:
            return SendError(
                Failure.AMBIGUOUS, f"{provider} did not answer: the text may have left.", code=self.reason
            )
        return SendError(
            Failure.TRANSIENT, f"{provider} could not be reached. It is tried again.", code=self.reason
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    @property
    def retry_after(self) -> float | None:
        """Seconds the provider asks us to wait; None when it says nothing or names a date."""
        try:
            seconds = float(self.headers.get("Retry-After", ""))
        except ValueError:
            return None
        return seconds if 0 <= seconds < 86_400 else None
