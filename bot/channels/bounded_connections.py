"""Connections whose whole answer has one time limit.

``requests`` bounds each read, not the sum: a server that drips a byte every few seconds would hold a
thread for ever. Here the time runs from the connection to the last byte of the answer. A failure
while connecting is always :class:`urllib3.exceptions.NewConnectionError`, so that a caller can
tell "nothing was written" from "it may have been".
"""

import http.client
import io
import socket
import time
from collections.abc import Mapping
from typing import Any

from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, Timeout
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

_CONNECT_SECONDS = 4.0


class _BoundedReader(io.RawIOBase):
    """The answer's bytes, up to a moment of the monotonic clock; then ``TimeoutError``."""

    def __init__(self, raw: io.RawIOBase, sock: socket.socket, end: float) -> None:
        self._raw = raw
        self._sock = sock
        self._end = end

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError("the answer took too long")
        self._sock.settimeout(left)
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _BoundedAnswer(http.client.HTTPResponse):
    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        end = time.monotonic() + (sock.gettimeout() or _CONNECT_SECONDS)
        self.fp = io.BufferedReader(_BoundedReader(self.fp.detach(), sock, end))


class _PlainConnection(HTTPConnection):
    response_class = _BoundedAnswer

    def connect(self) -> None:
        try:
            super().connect()
        except ConnectTimeoutError:
            raise
        except Exception as error:
            raise NewConnectionError(self, type(error).__name__) from error


class _TlsConnection(HTTPSConnection):
    response_class = _BoundedAnswer

    def connect(self) -> None:
        try:
            super().connect()
        except ConnectTimeoutError:
            raise
        except Exception as error:
            raise NewConnectionError(self, type(error).__name__) from error


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _PlainConnection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection


_POOLS = {"http": _PlainPool, "https": _TlsPool}


class BoundedAdapter(HTTPAdapter):
    """A transport adapter that never retries and reads ``timeout`` as the time for everything."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(proxy, **kwargs)
        if not proxy.lower().startswith("socks"):
            manager.pool_classes_by_scheme = _POOLS
        return manager

    def send(
        self,
        request: PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: bool | str = True,
        cert: Any = None,
        proxies: Mapping[str, str] | None = None,
    ) -> Response:
        whole: Any = Timeout(total=timeout, connect=min(_CONNECT_SECONDS, timeout))
        return super().send(request, stream, whole, verify, cert, proxies)
