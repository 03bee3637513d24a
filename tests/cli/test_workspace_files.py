"""`drumbeat init`, `check` and `schema`: files are made, judged and described."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Drumbeat


def test_init_writes_a_workspace_that_checks(drumbeat: Drumbeat, tmp_path: Path) -> None:
    made = drumbeat("init", tmp_path / "shop")
    assert made.code == 0
    assert str(tmp_path / "shop" / "drumbeat.yaml") in made.out.splitlines()
    assert f"drumbeat check {tmp_path / 'shop'}" in made.err
    found = drumbeat("check", tmp_path / "shop")
    assert (found.code, found.err) == (0, "all good\n")


def test_init_overwrites_nothing(drumbeat: Drumbeat, untouched: Path) -> None:
    before = (untouched / "drumbeat.yaml").read_text()
    found = drumbeat("init", untouched)
    assert (found.code, found.out) == (2, "")
    assert (untouched / "drumbeat.yaml").read_text() == before


def test_a_mistake_is_shown_with_place_caret_and_suggestion(
    drumbeat: Drumbeat, workspace: Path
) -> None:
    file = workspace / "campaigns" / "weekly-newsletter.yaml"
    file.write_text(file.read_text().replace("guardrails:", "gaurdrails:", 1))
    found = drumbeat("check", file)
    assert found.code == 2
    assert "gaurdrails: unknown key — did you mean 'guardrails'?" in found.out
    assert "| ^^^^^^^^^^" in found.out
    assert found.err == "1 mistake; nothing runs until they are mended\n"


def test_a_path_leads_there_from_where_one_stands(
    drumbeat: Drumbeat, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = workspace / "campaigns" / "weekly-newsletter.yaml"
    file.write_text(file.read_text().replace("guardrails:", "gaurdrails:", 1))
    monkeypatch.chdir(workspace.parent)
    for asked in (workspace, file):
        shown = drumbeat("check", asked).out
        assert shown.startswith(f"{workspace.name}/campaigns/weekly-newsletter.yaml:")
    monkeypatch.chdir("/")
    assert drumbeat("check", workspace).out.startswith(str(file).lstrip("/"))
    monkeypatch.chdir(workspace / "campaigns")
    assert drumbeat("check", file).out.startswith("weekly-newsletter.yaml:")


def test_mistakes_are_a_document_too(drumbeat: Drumbeat, workspace: Path) -> None:
    file = workspace / "campaigns" / "weekly-newsletter.yaml"
    file.write_text(file.read_text().replace("owner: ana@", "owner: nobody@", 1))
    found = drumbeat("check", workspace, "--json")
    document = json.loads(found.out)
    assert (found.code, document["format_version"]) == (2, 1)
    assert document["problems"][0]["path"].endswith("weekly-newsletter.yaml")
    assert drumbeat("check", workspace, "--format", "json").out == found.out


def test_mistakes_can_be_shown_on_a_pull_request(drumbeat: Drumbeat, workspace: Path) -> None:
    file = workspace / "campaigns" / "weekly-newsletter.yaml"
    file.write_text(file.read_text().replace("guardrails:", "gaurdrails:", 1))
    found = drumbeat("check", workspace, "--format", "github")
    assert found.out.startswith("::error file=")


def test_a_checklist_item_that_is_missing_is_listed(drumbeat: Drumbeat, workspace: Path) -> None:
    file = workspace / "campaigns" / "weekly-newsletter.yaml"
    lines = file.read_text().splitlines(keepends=True)
    file.write_text("".join(line for line in lines if not line.startswith("runbook:")))
    found = drumbeat("check", workspace)
    assert found.code == 2
    assert "weekly-newsletter: 16 of 17 met" in found.out


@pytest.mark.parametrize("command", ["check", "status"])
def test_what_is_not_there_is_not_found(command: str, drumbeat: Drumbeat, tmp_path: Path) -> None:
    place = {"check": ["check", tmp_path / "nix"], "status": ["status", "-C", tmp_path]}
    found = drumbeat(*place[command])
    assert (found.code, found.out) == (3, "")


def test_a_folder_without_a_workspace_is_invalid(drumbeat: Drumbeat, tmp_path: Path) -> None:
    found = drumbeat("check", tmp_path)
    assert found.code == 2
    assert "there is no drumbeat.yaml in it" in found.out


def test_a_schema_is_json(drumbeat: Drumbeat) -> None:
    found = drumbeat("schema", "hypotheses")
    assert found.code == 0
    assert "hypotheses" in json.loads(found.out)["properties"]


def test_an_unknown_kind_is_refused_with_those_there_are(drumbeat: Drumbeat) -> None:
    found = drumbeat("schema", "campaing")
    assert found.code == 2
    assert "campaign, hypotheses" in found.err


def test_installing_names_the_files_written(drumbeat: Drumbeat, workspace: Path) -> None:
    found = drumbeat("schema", "--install", "-C", workspace)
    assert found.code == 0
    assert all(Path(line).is_file() for line in found.out.splitlines())
    assert len(found.out.splitlines()) > 5


def test_the_workspace_is_found_from_inside_it(
    drumbeat: Drumbeat, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(workspace / "campaigns")
    assert len(drumbeat("status", "--json").json["campaigns"]) == 3
