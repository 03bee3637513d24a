"""A shop on this machine: pages that answer, move, hang, never end, or are gone."""

import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from tempfile import mkdtemp
from threading import Thread
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from drumbeat.connectors.own_pages.guard import Guard
from drumbeat.connectors.own_pages.visit import Caps, Visitor

HOST = "shop.example"
PAGE = b"<!doctype html><head><TITLE>\n A kettle &amp; a \xe2\x80\xaecup </TITLE></head>"
_CHUNK = b"x" * 65_536


class Shop(ThreadingHTTPServer):
    """``asked`` are the paths and headers it saw; ``fixed`` answers a path with a status."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.fixed: dict[str, int] = {}
        self.sent = 0

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A visitor who leaves is no news."""


class _Handler(BaseHTTPRequestHandler):
    server: Shop
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None: ...

    def do_GET(self) -> None:
        self.server.asked.append((self.path, dict(self.headers)))
        port = self.server.server_port
        leads = {
            "/moved": "/kettle",
            "/twice": f"http://{HOST}:{port}/moved",
            "/round": "/round",
            "/self": f"http://127.0.0.1:{port}/kettle",
            "/cloud": "http://169.254.169.254/latest/meta-data/",
            "/inside": f"http://intranet.{HOST}:{port}/",
            "/away": "http://evil.test/",
            "/plain": "ftp://shop.example/kettle",
        }
        match self.path:
            case path if path in self.server.fixed:
                self._answer(self.server.fixed[path], b"no")
            case path if path in leads:
                self._answer(302, b"", leads[path])
            case "/slow":
                time.sleep(1.5)
                self._answer(200, PAGE)
            case "/drip":
                self._drip()
            case "/endless":
                self._endless()
            case "/hang-up":
                self.close_connection = True
            case _:
                self._answer(200, PAGE)

    def _answer(self, status: int, body: bytes, location: str = "") -> None:
        self.send_response(status)
        if location:
            self.send_header("Location", location)
        self.send_header("Set-Cookie", "who=you")
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _drip(self) -> None:
        """A byte of the head at a time: no single wait is long."""
        for byte in b"HTTP/1.1 200 OK\r\n" * 40:
            self.wfile.write(bytes([byte]))
            time.sleep(0.05)

    def _endless(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + PAGE)
        while self.server.sent < 200_000_000:
            self.wfile.write(_CHUNK)
            self.server.sent += len(_CHUNK)


@contextmanager
def open_shop(certificate: str = "") -> Iterator[Shop]:
    """The shop over http, or over https with a certificate for this name."""
    shop = Shop()
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(_certificate(certificate))
        shop.socket = context.wrap_socket(shop.socket, server_side=True)
    thread = Thread(target=shop.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield shop
    finally:
        shop.shutdown()
        shop.server_close()
        thread.join()


def at(shop: Shop, path: str, scheme: str = "http") -> str:
    return f"{scheme}://{HOST}:{shop.server_port}{path}"


def on_this_machine(address: str) -> bool:
    """What the guard of a test lets through in place of the open internet."""
    return address == "127.0.0.1"


def look_up_here(host: str, port: int) -> tuple[str, ...]:
    """The names of the shop lead here, and one of them somewhere into the house."""
    return ("127.0.0.1", "10.0.0.8") if host.startswith("intranet.") else ("127.0.0.1",)


def visitor(*, trusting: str = "", total: float = 5.0, schemes: str = "http https") -> Visitor:
    """A visitor as the connector has one, but of a shop on this machine."""
    guard = Guard((HOST,), frozenset(schemes.split()), None, on_this_machine)
    caps = Caps(connect_seconds=2.0, total_seconds=total)
    return Visitor(guard, caps, look_up_here, lambda: _trust(trusting))


def _trust(name: str) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=_certificate(name)) if name else _nobody()


@cache
def _nobody() -> ssl.SSLContext:
    return ssl.create_default_context()


@cache
def _certificate(name: str) -> str:
    """A self-signed certificate for a name, valid for thirty days, with its key in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(
            x509.SubjectAlternativeName(
                [x509.DNSName(name), x509.IPAddress(ip_address("192.0.2.1"))]
            ),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = Path(mkdtemp(prefix="drumbeat-")) / "certificate.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return str(path)
