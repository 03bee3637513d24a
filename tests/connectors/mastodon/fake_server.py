"""A server that speaks Mastodon's API and ignores Idempotency-Key, as some do; on loopback.

It shows words as HTML, publishes schedules when told the time, and fails where it is told to.
"""

import html
import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

TOKEN = "a-token"
_PAGE = 40


class Fault:
    """What befalls the next call that changes something."""

    HANG_UP_BEFORE = "hang up before"
    HANG_UP_AFTER = "hang up after"
    ERROR_AFTER = "500 after"
    ERROR_BEFORE = "500 before"
    NONSENSE_AFTER = "an answer nobody can read, after"
    BUSY = "429"


@dataclass
class FakeServer:
    """``statuses`` and ``scheduled`` are as the API shows them; ``trace`` is what was done."""

    now: Callable[[], datetime]
    statuses: list[dict[str, Any]] = field(default_factory=list)
    scheduled: list[dict[str, Any]] = field(default_factory=list)
    trace: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    # Lists show nothing newer than this many entries: a search index that trails behind.
    behind: int = 0
    reads_fail: bool = False
    speaks_nonsense: bool = False
    keys: list[str] = field(default_factory=list)
    _next_id: int = 100
    _http: ThreadingHTTPServer | None = None
    _thread: threading.Thread | None = None

    @property
    def base_url(self) -> str:
        assert self._http is not None
        return f"http://127.0.0.1:{self._http.server_port}"

    @property
    def texts(self) -> list[str]:
        return [status["text"] for status in self.statuses]

    def start(self) -> None:
        handler = type("_Bound", (_Handler,), {"world": self})
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        if self._http is not None and self._thread is not None and self._thread.is_alive():
            self._http.shutdown()
            self._http.server_close()
            self._thread.join()

    def run_schedules(self) -> None:
        """Publish what is due, as the server's own worker does."""
        due = [s for s in self.scheduled if datetime.fromisoformat(s["scheduled_at"]) <= self.now()]
        for waiting in due:
            self.scheduled.remove(waiting)
            self.publish(waiting["params"]["text"])

    def publish(self, text: str, **changes: Any) -> dict[str, Any]:
        """A status, also one somebody writes by hand."""
        status = {
            "id": self._new_id(),
            "created_at": _show(self.now()),
            "edited_at": None,
            "text": text,
            "content": as_html(text),
            "favourites_count": 0,
            "reblogs_count": 0,
            "replies_count": 0,
            **changes,
        }
        self.statuses.insert(0, status)
        return status

    def post(self, form: dict[str, str]) -> tuple[int, Any]:
        text = form.get("status", "")
        if len(text) > 500:
            return 422, {"error": "Validation failed: Text character limit of 500 exceeded"}
        at = form.get("scheduled_at")
        if at is None:
            made = self.publish(text)
            self.trace.append(f"publish {made['id']}")
            return 200, made
        if (datetime.fromisoformat(at) - self.now()).total_seconds() < 300:
            return 422, {"error": "Validation failed: scheduled_at must be in the future"}
        shown = _show(datetime.fromisoformat(at))
        made = {"id": self._new_id(), "scheduled_at": shown, "params": {"text": text}}
        self.scheduled.append(made)
        self.trace.append(f"schedule {made['id']}")
        return 200, made

    def delete(self, of: list[dict[str, Any]], number: str) -> tuple[int, Any]:
        found = next((one for one in of if one["id"] == number), None)
        if found is None:
            return 404, {"error": "Record not found"}
        of.remove(found)
        self.trace.append(f"delete {number}")
        return 200, found

    def _new_id(self) -> str:
        self._next_id += 1
        return str(self._next_id)


class _Handler(BaseHTTPRequestHandler):
    world: FakeServer
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path, query = self._asked()
        world = self.world
        if self._is_stranger():
            return self._answer(401, {"error": "The access token is invalid"})
        if world.reads_fail:
            return self._answer(500, {"error": "Internal server error"})
        if world.speaks_nonsense:
            return self._answer(200, "<html>a proxy's page</html>")
        return self._answer(*self._found(path, query))

    def do_POST(self) -> None:
        size = int(self.headers.get("Content-Length", "0"))
        form = {k: v[0] for k, v in parse_qs(self.rfile.read(size).decode()).items()}
        if self._is_stranger():
            return self._answer(401, {"error": "The access token is invalid"})
        self.world.keys.append(self.headers.get("Idempotency-Key", ""))
        return self._change(lambda: self.world.post(form))

    def do_DELETE(self) -> None:
        path, _ = self._asked()
        kind, number = path.split("/")[-2:]
        lists = {"statuses": self.world.statuses, "scheduled_statuses": self.world.scheduled}
        return self._change(lambda: self.world.delete(lists[kind], number))

    def _change(self, make: Callable[[], tuple[int, Any]]) -> None:
        fault = self.world.faults.pop(0) if self.world.faults else ""
        match fault:
            case Fault.BUSY:
                return self._answer(429, {"error": "Too many requests"}, {"Retry-After": "120"})
            case Fault.ERROR_BEFORE:
                return self._answer(500, {"error": "Internal server error"})
            case Fault.HANG_UP_BEFORE:
                return self._hang_up()
        status, body = make()
        match fault:
            case Fault.ERROR_AFTER:
                return self._answer(500, {"error": "Internal server error"})
            case Fault.HANG_UP_AFTER:
                return self._hang_up()
            case Fault.NONSENSE_AFTER:
                return self._answer(200, "<html>a proxy's page</html>")
        return self._answer(status, body)

    def _found(self, path: str, query: dict[str, str]) -> tuple[int, Any]:
        world = self.world
        match path.split("/")[3:]:
            case ["accounts", "verify_credentials"]:
                return 200, {"id": "1", "acct": "shop"}
            case ["accounts", "1", "statuses"]:
                return 200, _page(world.statuses[world.behind :], query)
            case ["scheduled_statuses"]:
                return 200, _page(list(reversed(world.scheduled))[world.behind :], query)
            case ["statuses", number]:
                return _one(world.statuses, number)
            case ["scheduled_statuses", number]:
                return _one(world.scheduled, number)
            case ["instance"]:
                limits = {"max_characters": 500, "characters_reserved_per_url": 23}
                return 200, {"configuration": {"statuses": limits}}
            case _:
                return 404, {"error": "Record not found"}

    def _asked(self) -> tuple[str, dict[str, str]]:
        parts = urlsplit(self.path)
        return parts.path, {k: v[0] for k, v in parse_qs(parts.query).items()}

    def _is_stranger(self) -> bool:
        return self.headers.get("Authorization") != f"Bearer {TOKEN}"

    def _hang_up(self) -> None:
        self.close_connection = True
        self.connection.close()

    def _answer(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
        content = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        self.send_response(status, HTTPStatus(status).phrase)
        for name, value in {**(headers or {}), "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def finish(self) -> None:
        if not self.connection._closed:
            super().finish()

    def log_message(self, *args: Any) -> None:
        """Tests are quiet."""


@contextmanager
def fake_server(now: Callable[[], datetime]) -> Iterator[FakeServer]:
    """A running server."""
    server = FakeServer(now)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def as_html(text: str) -> str:
    """The way Mastodon shows words: paragraphs, shortened links, mentions without their host."""
    shown = html.escape(text, quote=True)
    shown = re.sub(
        r"(https?://)(\S{0,30})(\S*)",
        r'<a href="\1\2\3"><span class="invisible">\1</span>'
        r'<span class="ellipsis">\2</span><span class="invisible">\3</span></a>',
        shown,
    )
    shown = re.sub(r"@(\w+)@[\w.-]+", r'<span class="h-card">@<span>\1</span></span>', shown)
    paragraphs = "</p><p>".join(shown.split("\n\n"))
    return f"<p>{paragraphs}</p>".replace("\n", "<br />")


def _page(of: list[dict[str, Any]], query: dict[str, str]) -> list[dict[str, Any]]:
    newest = int(query.get("max_id", "9" * 12))
    older = [one for one in of if int(one["id"]) < newest]
    return older[: min(_PAGE, int(query.get("limit", "20")))]


def _one(of: list[dict[str, Any]], number: str) -> tuple[int, Any]:
    found = next((one for one in of if one["id"] == number), None)
    return (200, found) if found is not None else (404, {"error": "Record not found"})


def _show(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
