"""Settings: what a Mastodon connection says about itself, read from text."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from drumbeat.connectors.registry import BadSetting

_VISIBILITIES = ("public", "unlisted", "private")
_LOCAL_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True)
class Settings:
    """``base_url`` has no slash at its end."""

    base_url: str
    token: str
    visibility: str


def read_settings(given: Mapping[str, str]) -> Settings:
    """The settings of a connection. Raises BadSetting."""
    token = given["token"].strip()
    if not token.isascii() or not token.isprintable():
        raise BadSetting("token: holds characters no token has; copy it again")
    visibility = given.get("visibility") or "public"
    if visibility not in _VISIBILITIES:
        raise BadSetting(f"visibility: write {', '.join(_VISIBILITIES)}, not {visibility!r}")
    return Settings(_base_url(given["base_url"].strip()), token, visibility)


def _base_url(text: str) -> str:
    parts = urlsplit(text)
    # The token goes along with every call.
    is_private = parts.scheme == "https" or parts.hostname in _LOCAL_HOSTS
    if parts.scheme not in ("http", "https") or not parts.hostname or not is_private:
        raise BadSetting(f"base_url: expected https://…, got {text!r}")
    return text.rstrip("/")
