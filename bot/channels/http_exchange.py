"""One HTTP request to a provider: pooled per thread, within its time, and honest about what was written."""

import os
import threading
from collections.abc import Mapping

import requests
from requests.utils import get_environ_proxies
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError

from bot.channels.answers import Answer, NoAnswer
from bot.channels.bounded_connections import BoundedAdapter
from bot.channels.quiet_logs import quiet_provider_logs


class HttpExchange:
    """Requests to one provider. Safe from many threads: each has its own pooled session.

    Proxies and the certificate bundle are read from the environment once a session, not once a
    request. Redirects are not followed: a provider that moves is a setting to look at.
    """

    def __init__(self, base_url: str, *, timeout: float) -> None:
        quiet_provider_logs()
        self._base_url = base_url
        self._timeout = timeout
        self._own = threading.local()

    def send(
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, object] | None = None,
        data: object = None,
        json: object = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
    ) -> Answer:
        """The provider's answer, whatever its status, or :class:`NoAnswer`."""
        try:
            response = self._session().request(
                method,
                url,
                params=params,  # type: ignore[arg-type]
                data=data,  # type: ignore[arg-type]
                json=json,
                headers=headers,
                auth=auth,
                timeout=timeout or self._timeout,
                allow_redirects=False,
            )
        except (requests.RequestException, ValueError) as error:
            lost = NoAnswer(written=_may_be_written(error), reason=type(error).__name__)
        else:
            return Answer(status=response.status_code, headers=response.headers, body=response.content)
        # Outside the handler: the library's error, which quotes the address, is not carried along.
        raise lost

    def _session(self) -> requests.Session:
        session: requests.Session | None = getattr(self._own, "session", None)
        if session is None:
            session = self._own.session = _session_for(self._base_url)
        return session


def _session_for(base_url: str) -> requests.Session:
    session = requests.Session()
    adapter = BoundedAdapter(pool_connections=2, pool_maxsize=2)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    session.proxies.update(get_environ_proxies(base_url))
    session.verify = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or True
    session.trust_env = False
    return session


def _may_be_written(error: Exception) -> bool:
    """False only where the library says that the connection was never made."""
    if isinstance(error, (requests.ConnectTimeout, requests.exceptions.ProxyError)):
        return False
    if isinstance(error, ValueError):
        return False  # InvalidURL, MissingSchema and the like: refused before a connection was tried.
    cause = error.args[0] if error.args else None
    reason = cause.reason if isinstance(cause, MaxRetryError) else cause
    return not isinstance(reason, ConnectTimeoutError)
