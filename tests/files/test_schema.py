"""JSON Schemas: they accept what we ship, refuse what we refuse, and keep others' settings."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from drumbeat.files.folder import Folder
from drumbeat.files.kinds import KINDS, Kind
from drumbeat.files.schema import SettingsUnreadable, install, schema_of, schemas


def validator(kind: str) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(schema_of(kind))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_schema_is_valid_and_accepts_the_shipped_files(kind: Kind, scaffold: Path) -> None:
    check = validator(kind.name)
    check.check_schema(check.schema)
    sources = Folder(scaffold).of(kind.name)
    assert sources
    assert [error.message for source in sources for error in check.iter_errors(source.data)] == []


@pytest.mark.parametrize(
    ("key", "value"),
    [
        pytest.param("gaurdrails", [], id="unknown key"),
        pytest.param("channels", ["fax"], id="unknown channel"),
        pytest.param("success_metrics", ["opne_rate"], id="unknown metric"),
        pytest.param("type", "newsleter", id="unknown type"),
        pytest.param("version", 2, id="another version"),
        pytest.param("hypotheses", ["7"], id="no hypothesis"),
        pytest.param("rollback", 3, id="no text"),
    ],
)
def test_an_editor_sees_what_the_check_would_say(key: str, value: Any, scaffold: Path) -> None:
    data = Folder(scaffold).source("campaigns/weekly-newsletter.yaml").data
    assert not list(validator("campaign").iter_errors(data))
    assert list(validator("campaign").iter_errors(data | {key: value}))


def test_a_campaign_may_leave_to_its_type_what_its_type_gives() -> None:
    required = schema_of("campaign")["required"]
    assert "owner" in required
    assert "rollback" in required
    assert "sla" not in required
    assert "guardrails" not in required


def test_every_kind_has_a_schema() -> None:
    assert set(schemas()) == {kind.name for kind in KINDS}
    with pytest.raises(KeyError):
        schema_of("nothing")


def test_editors_are_pointed_at_the_schemas(tmp_path: Path) -> None:
    written = install(tmp_path)
    assert all(path.is_file() for path in written)
    settings = json.loads((tmp_path / ".vscode" / "settings.json").read_text())
    assert settings["yaml.schemas"]["./.drumbeat/schema/campaign.json"] == "campaigns/*.yaml"
    for path in settings["yaml.schemas"]:
        json.loads((tmp_path / path).read_text())


def test_settings_that_are_there_stay(tmp_path: Path) -> None:
    file = tmp_path / ".vscode" / "settings.json"
    file.parent.mkdir()
    file.write_text('{"editor.tabSize": 2, "yaml.schemas": {"./own.json": "own/*.yaml"}}')
    install(tmp_path)
    install(tmp_path)
    settings = json.loads(file.read_text())
    assert settings["editor.tabSize"] == 2
    assert settings["yaml.schemas"]["./own.json"] == "own/*.yaml"
    assert len(settings["yaml.schemas"]) == 1 + len(KINDS)


@pytest.mark.parametrize(
    "held", ['{"a": 1, // a comment\n}', "[]", '{"yaml.schemas": []}', "{broken"]
)
def test_settings_that_cannot_be_added_to_stop_everything(tmp_path: Path, held: str) -> None:
    file = tmp_path / ".vscode" / "settings.json"
    file.parent.mkdir()
    file.write_text(held)
    with pytest.raises(SettingsUnreadable, match="cannot be added to"):
        install(tmp_path)
    assert file.read_text() == held
    assert not (tmp_path / ".drumbeat").exists()
