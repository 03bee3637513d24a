"""Manifest: what a connector's folder says about itself in ``manifest.toml``."""

import tomllib
from pathlib import Path

from pydantic import Field, ValidationError, field_validator

from drumbeat.connectors.contract import Capability
from drumbeat.core.governance.action_kinds import KINDS
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
    """``entry`` is ``module:function``, a factory taking a ``Wiring``; ``.module`` is one in the
    manifest's own ``folder``, for connectors that are not part of an installed package.

    ``key_window`` is how long the platform honours an idempotency key; ``look_up_lag`` how
    long "not found" proves nothing after a call; ``overspend`` how many times a daily budget it may
    spend on one day (Google Ads: 2), which the daily ceiling of a campaign is held against.
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
    overspend: float = Field(default=1.0, ge=1.0, le=10.0)
    folder: Path = Path()

    @field_validator("entry")
    @classmethod
    def _names_a_function(cls, entry: str) -> str:
        if not all(part.isidentifier() for part in _parts(entry)):
            raise ValueError(f"expected module:function, got {entry!r}")
        return entry

    @field_validator("kinds")
    @classmethod
    def _are_known(cls, kinds: tuple[str, ...]) -> tuple[str, ...]:
        own = {name for name, one in KINDS.items() if one.is_internal or one.is_for_review}
        unknown = [kind for kind in kinds if kind not in KINDS or kind in own]
        if unknown:
            raise ValueError(f"no platform has the action {', '.join(unknown)}")
        return kinds


def _parts(entry: str) -> list[str]:
    module, _, function = entry.partition(":")
    return [*module.removeprefix(".").split("."), function]


class BadManifest(ValueError):
    """A manifest that cannot be used, with its path and what to mend."""


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a connector's folder. Raises BadManifest."""
    path = folder / "manifest.toml"
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        return Manifest.model_validate({**content, "folder": folder})
    except ValidationError as error:
        raise BadManifest(f"{path}: {_first(error)}") from error
    except (OSError, ValueError) as error:
        raise BadManifest(f"{path}: {error}") from error


def _first(error: ValidationError) -> str:
    problem = error.errors()[0]
    return f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}"
