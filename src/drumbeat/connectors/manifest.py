"""Manifest: what a connector's folder says about itself in ``manifest.toml``."""

import tomllib
from pathlib import Path

from pydantic import ValidationError

from drumbeat.connectors.contract import Capability
from drumbeat.core.noun import Noun
from drumbeat.core.units import Duration


class Setting(Noun):
    """One setting of a connection. A secret is named here and read from the environment."""

    name: str
    help: str
    required: bool = False
    secret: bool = False
    default: str = ""


class Manifest(Noun):
    """``entry`` is ``module:function``, a factory taking a ``Wiring``.

    ``key_window`` is how long the platform honours an idempotency key; ``look_up_lag`` how
    long "not found" proves nothing after a call.
    """

    name: str
    title: str
    channels: tuple[str, ...]
    entry: str
    capabilities: tuple[Capability, ...]
    kinds: tuple[str, ...]
    settings: tuple[Setting, ...] = ()
    extra: str = ""
    key_window: Duration | None = None
    look_up_lag: Duration | None = None


class BadManifest(ValueError):
    """A manifest that cannot be used, with its path and what to mend."""


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a connector's folder. Raises BadManifest."""
    path = folder / "manifest.toml"
    try:
        return Manifest.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, tomllib.TOMLDecodeError, ValidationError) as error:
        raise BadManifest(f"{path}: {error}") from error
