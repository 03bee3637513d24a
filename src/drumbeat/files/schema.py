"""Schemas: a JSON Schema for every kind of file, and the settings that make editors use them."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from drumbeat.files.atomic import write_text
from drumbeat.files.kinds import BY_NAME, KINDS, Kind

FOLDER = ".drumbeat/schema"
_SETTINGS = ".vscode/settings.json"
_DRAFT = "https://json-schema.org/draft/2020-12/schema"


class SettingsUnreadable(ValueError):
    """The editor's settings file is no JSON we can add to without losing something."""


def schema_of(kind: str) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of one kind of file. Raises KeyError for an unknown kind."""
    found = BY_NAME[kind]
    schema = found.model().model_json_schema(mode="validation", by_alias=True)
    if kind == "campaign":
        schema = _without_defaults_demanded(schema)
    return {"$schema": _DRAFT, "title": f"Drumbeat: {found.pattern}", **_retitled(schema)}


def schemas() -> dict[str, dict[str, Any]]:
    """Every kind's schema, by kind."""
    return {kind.name: schema_of(kind.name) for kind in KINDS}


def install(root: Path) -> tuple[Path, ...]:
    """Write the schemas and point VS Code at them; gives the files written.

    Settings already there are kept. Raises SettingsUnreadable, with nothing written, when they
    hold comments or are no JSON object.
    """
    settings = _merged_settings(root / _SETTINGS)
    written = [root / FOLDER / f"{kind.name}.json" for kind in KINDS]
    for kind, target in zip(KINDS, written, strict=True):
        write_text(target, _as_text(schema_of(kind.name)))
    write_text(root / _SETTINGS, _as_text(settings))
    return (*written, root / _SETTINGS)


def _merged_settings(file: Path) -> dict[str, Any]:
    held: Any = {}
    if file.exists():
        try:
            held = json.loads(file.read_text(encoding="utf-8") or "{}")
        except (ValueError, OSError) as error:
            raise SettingsUnreadable(f"{file} cannot be added to: {error}") from error
    if not isinstance(held, dict) or not isinstance(held.get("yaml.schemas", {}), dict):
        raise SettingsUnreadable(f"{file} cannot be added to: it is no JSON object of settings")
    return {**held, "yaml.schemas": {**held.get("yaml.schemas", {}), **_associations()}}


def _associations() -> Mapping[str, str]:
    return {f"./{FOLDER}/{kind.name}.json": _anywhere(kind) for kind in KINDS}


def _anywhere(kind: Kind) -> str:
    return kind.pattern if "/" in kind.pattern else f"/{kind.pattern}"


def _without_defaults_demanded(schema: dict[str, Any]) -> dict[str, Any]:
    """A campaign file may leave to its type what its type gives; only the check knows which."""
    always = {"version", "campaign", "type", "owner", "goal", "audience", "budget"}
    always |= {"escalation", "rollback", "runbook", "data_sources", "naming", "connection"}
    definitions = dict(schema.get("$defs", {}))
    for name in ("Sla", "ExperimentEntry"):
        if name in definitions:
            definitions[name] = {**definitions[name], "required": []}
    required = [name for name in schema.get("required", ()) if name in always]
    return {**schema, "$defs": definitions, "required": required}


def _retitled(schema: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in schema.items() if key != "title"}


def _as_text(content: Any) -> str:
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"
