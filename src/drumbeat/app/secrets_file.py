"""Secrets: the workspace's own key, and the secrets connections name by environment variable."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from drumbeat.core.campaign.workspace import Connection

_KEY_BYTES = 32


class MissingSecret(LookupError):
    """A connection names an environment variable that is not set."""


def workspace_key(home: Path) -> bytes:
    """The key that seals permits and hides contacts; made at the first start, owner-only."""
    path = home / ".drumbeat" / "key"
    try:
        return bytes.fromhex(path.read_text(encoding="ascii").strip())
    except FileNotFoundError:
        pass
    path.parent.mkdir(parents=True, exist_ok=True)
    made = secrets.token_bytes(_KEY_BYTES)
    try:
        # Exclusive: of two processes that start at once, one makes the key and both read it.
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return bytes.fromhex(path.read_text(encoding="ascii").strip())
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(made.hex())
    return made


def settings_of(connection: Connection, environment: Mapping[str, str]) -> dict[str, str]:
    """A connection's settings as text, its secrets filled in from the environment.

    Raises MissingSecret naming the variable.
    """
    settings = {name: _text(value) for name, value in connection.settings.items()}
    for name, variable in connection.secrets.items():
        settings[name] = secret_of(f"connection {connection.id}", variable, environment)
    return settings


def secret_of(whose: str, variable: str, environment: Mapping[str, str]) -> str:
    """A secret that drumbeat.yaml names. Raises MissingSecret naming the variable."""
    value = environment.get(variable) or _from_file(environment.get(f"{variable}_FILE"))
    if value is None:
        raise MissingSecret(f"{whose}: set {variable} (or {variable}_FILE)")
    return value


def _from_file(path: str | None) -> str | None:
    return Path(path).read_text(encoding="utf-8").strip() if path else None


def _text(value: object) -> str:
    if isinstance(value, tuple | list):
        return ",".join(map(str, value))
    return str(value)
