"""Settings: what a mail connection says about itself, read from text."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from drumbeat.connectors.registry import BadSetting
from drumbeat.connectors.smtp.server import Security, Server


@dataclass(frozen=True)
class Settings:
    """``link`` is where one-click unsubscribes arrive, without a slash at its end."""

    server: Server
    contacts: Path
    link: str
    list_id: str


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


def _link(text: str) -> str:
    parts = urlsplit(text.strip())
    if parts.scheme != "https" or not parts.netloc or not text.strip().isprintable():
        # RFC 8058: the one-click link must be https.
        raise BadSetting(f"unsubscribe_url: expected https://…, got {text!r}")
    return text.strip().rstrip("/")
