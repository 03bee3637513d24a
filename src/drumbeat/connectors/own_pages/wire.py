"""Wire: connections to exactly the addresses that were checked, none longer than its time."""

import ssl
import time
from collections.abc import Callable, Iterable, Sequence
from socket import IPPROTO_TCP, gaierror, getaddrinfo
from threading import Thread
from typing import Any

import httpcore

from drumbeat.connectors.own_pages.guard import Guard, Lookup

_MOST_TRIED = 3


class Deadline:
    """One moment by which a whole visit is over, whatever the page does meanwhile."""

    def __init__(self, seconds: float, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._ends = monotonic() + seconds

    def left(self, at_most: float | None = None) -> float:
        """Seconds left, no more than ``at_most``. Raises TimeoutException once there are none."""
        left = self._ends - self._monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("no time left")
        return left if at_most is None else min(left, at_most)


def look_up(host: str, port: int) -> Sequence[str]:
    """The addresses a name stands for. Raises OSError."""
    found = getaddrinfo(host, port, proto=IPPROTO_TCP)
    return tuple(dict.fromkeys(str(one[4][0]) for one in found))


class CheckedBackend(httpcore.NetworkBackend):
    """Looks the name up, asks the guard about every address, and connects to one of those."""

    def __init__(self, guard: Guard, lookup: Lookup, deadline: Deadline) -> None:
        self._guard = guard
        self._lookup = lookup
        self._deadline = deadline
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        found = _in_time(self._lookup, host, port, self._deadline.left(timeout))
        checked = self._guard.reachable(host, found)[:_MOST_TRIED]
        for left, address in zip(range(len(checked) - 1, -1, -1), checked, strict=True):
            wait = self._deadline.left(timeout)
            try:
                stream = self._inner.connect_tcp(address, port, wait, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if not left:
                    raise
            else:
                return _TimedStream(stream, self._deadline)
        raise httpcore.ConnectError(f"{host} has no address")

    def sleep(self, seconds: float) -> None:
        time.sleep(self._deadline.left(seconds))


class _TimedStream(httpcore.NetworkStream):
    """A stream each of whose waits ends with the visit's time."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._inner = inner
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._deadline.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._deadline.left(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        wait = self._deadline.left(timeout)
        return _TimedStream(
            self._inner.start_tls(ssl_context, server_hostname, wait), self._deadline
        )

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


def _in_time(lookup: Lookup, host: str, port: int, seconds: float) -> Sequence[str]:
    """The system's own resolver may take half a minute; we do not wait for it."""
    found: list[Sequence[str]] = []
    failed: list[str] = []

    def ask() -> None:
        try:
            found.append(lookup(host, port))
        except (gaierror, OSError, UnicodeError) as error:
            failed.append(str(error))

    asking = Thread(target=ask, name="look up", daemon=True)
    asking.start()
    asking.join(seconds)
    if found:
        return found[0]
    why = failed[0] if failed else "the name server does not answer"
    raise httpcore.ConnectError(f"{host} was not found: {why}")
