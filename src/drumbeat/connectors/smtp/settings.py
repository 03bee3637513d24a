"""Settings: what a mail connection says about itself, read from text."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from drumbeat.connectors.registry import BadSetting
from drumbeat.connectors.smtp.server import Security, Server


@dataclass(frozen=True)
class Settings:
    """``link`` is where one-click unsubscribes arrive, without a slash at its end; ``tries_link``:
    it is tried before a mail may go out. ``signed`` are the headers the server's DKIM signature
    covers, None where nobody said; ``selector`` is where its key is published, empty likewise."""

    server: Server
    contacts: Path
    link: str
    list_id: str
    tries_link: bool = True
    signed: frozenset[str] | None = None
    selector: str = ""


def read_settings(given: Mapping[str, str], home: Path) -> Settings:
    """The settings of a connection. Raises BadSetting."""
    server = Server(
        given["host"].strip(),
        _port(given.get("port") or "587"),
        _security(given.get("security") or "starttls"),
        given.get("username", ""),
        given.get("password", ""),
    )
    return Settings(
        server,
        home / (given.get("contacts") or "data/contacts.csv"),
        _link(given["unsubscribe_url"]),
        given["list_id"].strip().strip("<>"),
        _yes(given.get("try_unsubscribe") or "yes"),
        _headers(given.get("dkim_headers") or ""),
        (given.get("dkim_selector") or "").strip().strip("."),
    )


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise BadSetting(f"port: expected a number such as 587, got {text!r}")
    return int(text)


def _security(text: str) -> Security:
    # A misspelt word must not silently mean a line without encryption.
    try:
        return Security(text.strip().lower())
    except ValueError as error:
        raise BadSetting(f"security: write starttls, tls or none, not {text!r}") from error


def _yes(text: str) -> bool:
    said = text.strip().lower()
    if said not in ("yes", "no", "true", "false"):
        raise BadSetting(f"try_unsubscribe: write yes or no, not {text!r}")
    return said in ("yes", "true")


def _headers(text: str) -> frozenset[str] | None:
    """As a signature lists them: ``from:to:subject``."""
    return frozenset(one.strip().lower() for one in text.split(":") if one.strip()) or None


def _link(text: str) -> str:
    parts = urlsplit(text.strip())
    if parts.scheme != "https" or not parts.netloc or not text.strip().isprintable():
        # RFC 8058: the one-click link must be https.
        raise BadSetting(f"unsubscribe_url: expected https://…, got {text!r}")
    return text.strip().rstrip("/")
