"""Registry: finds connectors by their manifests; adding one edits no shared list.

Only the composition root calls this: a dynamic import is invisible to the import contracts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from drumbeat.connectors.contract import Connector, PermitDesk
from drumbeat.connectors.manifest import BadManifest, Manifest, read_manifest
from drumbeat.connectors.plugin import load_module
from drumbeat.engine.clock import Clock
from drumbeat.store.database import Database


@dataclass(frozen=True)
class Wiring:
    """What a connector's factory gets: its id, settings with secrets resolved, and ports."""

    connection: str
    settings: Mapping[str, str]
    desk: PermitDesk
    clock: Clock
    # Where connectors keep what platforms will not: deliveries, and notes of what was made.
    database: Database
    # Keys the hashes that stand for contacts, so that no address leaves the connector.
    contact_key: bytes
    # Where the workspace keeps its files.
    home: Path
    # The brand's own domains and its site: all that may be visited.
    domains: tuple[str, ...] = ()
    website: str = ""


class MissingSetting(ValueError):
    """A connection lacks a setting its connector needs."""


class BadSetting(ValueError):
    """A setting that cannot be used: which, and what to write."""


def discover(*extra_folders: Path) -> dict[str, tuple[Manifest, Path]]:
    """Every connector by name: the shipped ones, then the workspace's own ``plugins/``.

    Raises BadManifest, also for a plugin that takes a known connector's name.
    """
    shipped = Path(__file__).parent
    found: dict[str, tuple[Manifest, Path]] = {}
    for root in (shipped, *extra_folders):
        for path in sorted(root.glob("*/manifest.toml")):
            manifest = read_manifest(path.parent.resolve())
            if manifest.name in found:
                raise BadManifest(f"{path}: there is a connector {manifest.name} already")
            found[manifest.name] = (manifest, manifest.folder)
    return found


def build(manifest: Manifest, wiring: Wiring) -> Connector:
    """A working connector. Raises MissingSetting, or ImportError naming the extra to install."""
    missing = [s.name for s in manifest.settings if s.required and not wiring.settings.get(s.name)]
    if missing:
        raise MissingSetting(f"connection {wiring.connection}: set {', '.join(missing)}")
    name, _, factory = manifest.entry.partition(":")
    own = name.startswith(".")
    module = load_module(manifest.folder, name[1:]) if own else import_module(name)
    connector: Connector = getattr(module, factory)(wiring)
    return connector
