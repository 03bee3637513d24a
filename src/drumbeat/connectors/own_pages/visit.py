"""Visit: one GET of one page, with every redirect checked anew and nothing of ours told."""

import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urljoin

import httpcore
import httpx

from drumbeat.connectors.own_pages.guard import Guard, Lookup
from drumbeat.connectors.own_pages.title import title_in
from drumbeat.connectors.own_pages.wire import CheckedBackend, Deadline, look_up

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_HEADERS = (
    (b"User-Agent", b"Drumbeat landing page check"),
    (b"Accept", b"text/html, */*;q=0.5"),
    # What is not packed cannot grow when it is unpacked.
    (b"Accept-Encoding", b"identity"),
)


class NoAnswer(Exception):
    """The page did not answer: how, in words for people."""


@dataclass(frozen=True)
class Caps:
    """How long a visit waits for a connection and lasts in all, how much of a page it reads, how
    often it is sent on."""

    connect_seconds: float = 5.0
    total_seconds: float = 10.0
    most_bytes: int = 1_000_000
    most_redirects: int = 4


@dataclass(frozen=True)
class Answer:
    """``ended_at`` is the address of the last answer."""

    status: int
    ended_at: str
    seconds: float
    title: str
    certificate_until: datetime | None


@dataclass(frozen=True)
class Visitor:
    """Visits pages of ours. ``trust`` makes the TLS context; by default the usual authorities."""

    guard: Guard
    caps: Caps = Caps()
    lookup: Lookup = look_up
    trust: Callable[[], ssl.SSLContext] = field(default=httpx.create_ssl_context)

    def visit(self, address: str) -> Answer:
        """The answer at the end of the redirects. Raises NotVisited or NoAnswer."""
        begun = time.monotonic()
        deadline = Deadline(self.caps.total_seconds)
        backend = CheckedBackend(self.guard, self.lookup, deadline)
        with httpcore.ConnectionPool(
            ssl_context=self.trust(), network_backend=backend, max_connections=1
        ) as pool:
            for _ in range(self.caps.most_redirects + 1):
                url = self.guard.readable(address)
                page = self._get(pool, url, deadline)
                if not page.leads_to:
                    seconds = time.monotonic() - begun
                    return Answer(page.status, str(url), seconds, page.title, page.until)
                address = urljoin(str(url), page.leads_to)
        raise NoAnswer(f"it sends visitors on more than {self.caps.most_redirects} times")

    def _get(self, pool: httpcore.ConnectionPool, url: httpx.URL, deadline: Deadline) -> "_Page":
        asked = httpcore.URL(
            scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
        )
        waits = dict.fromkeys(("read", "write", "pool"), self.caps.total_seconds)
        waits["connect"] = self.caps.connect_seconds
        try:
            with pool.stream("GET", asked, headers=_HEADERS, extensions={"timeout": waits}) as got:
                return self._read(got, deadline)
        except httpcore.ConnectTimeout as error:
            raise NoAnswer(f"no connection within {self.caps.connect_seconds:g} s") from error
        except httpcore.TimeoutException as error:
            raise NoAnswer(f"no whole answer within {self.caps.total_seconds:g} s") from error
        except (httpcore.NetworkError, httpcore.ProtocolError, OSError) as error:
            raise NoAnswer(_said(error)) from error

    def _read(self, got: httpcore.Response, deadline: Deadline) -> "_Page":
        headers = {name.lower(): value for name, value in got.headers}
        leads_to = headers.get(b"location", b"").decode("ascii", "replace")
        until = _certificate_until(got)
        if got.status in _REDIRECTS and leads_to:
            return _Page(got.status, leads_to, "", until)
        body = bytearray()
        for part in got.iter_stream():
            body += part[: self.caps.most_bytes - len(body)]
            deadline.left()
            if len(body) >= self.caps.most_bytes:
                break
        kind = headers.get(b"content-type", b"").decode("ascii", "replace")
        return _Page(got.status, "", title_in(bytes(body), kind), until)


@dataclass(frozen=True)
class _Page:
    """One answer on the way. ``leads_to`` is empty at the end of it."""

    status: int
    leads_to: str
    title: str
    until: datetime | None


def _certificate_until(got: httpcore.Response) -> datetime | None:
    stream = got.extensions.get("network_stream")
    tls = stream.get_extra_info("ssl_object") if stream is not None else None
    ends = (tls.getpeercert() or {}).get("notAfter") if tls is not None else None
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(ends)), UTC) if ends else None


def _said(error: BaseException) -> str:
    """What went wrong, in one line."""
    deeper: BaseException | None = error
    while deeper is not None:
        if isinstance(deeper, ssl.SSLCertVerificationError):
            return f"its certificate is not good: {deeper.verify_message.rstrip('.')}"
        deeper = deeper.__cause__ or deeper.__context__
    return " ".join(str(error).split()) or type(error).__name__
