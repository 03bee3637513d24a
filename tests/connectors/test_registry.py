"""Manifests, and connectors found and built by them."""

import sys
from pathlib import Path

import pytest

from drumbeat.connectors.manifest import BadManifest, read_manifest
from drumbeat.connectors.registry import MissingSetting, Wiring, build, discover
from drumbeat.connectors.scaffold.write import scaffold
from drumbeat.engine.clock import VirtualClock
from drumbeat.testing.gate_world import START
from drumbeat.testing.harness import fresh_database

GOOD = """\
name = "acme"
title = "Acme"
channels = ["social"]
entry = ".connector:create"
capabilities = ["preview"]
kinds = ["social.schedule_post"]
"""


class NoDesk:
    def may_go_on(self, key: str) -> bool:
        return True

    def redeem(self, permit: object, action: object, connection: str) -> None:
        raise AssertionError("nothing is sent here")


def manifest_in(folder: Path, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "manifest.toml").write_text(text, encoding="utf-8")
    return folder


def wiring(home: Path, **settings: str) -> Wiring:
    clock = VirtualClock(START)
    return Wiring("here", settings, NoDesk(), clock, fresh_database(home), b"key", home)


def test_a_manifest_is_read_from_its_folder(tmp_path: Path) -> None:
    manifest = read_manifest(manifest_in(tmp_path / "acme", GOOD))
    assert (manifest.name, manifest.folder) == ("acme", tmp_path / "acme")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        pytest.param(('name = "acme"', ""), "name: Field required", id="no-name"),
        pytest.param(('"preview"', '"telepathy"'), "capabilities", id="unknown-capability"),
        pytest.param(("social.schedule_post", "social.shout"), "social.shout", id="unknown-kind"),
        pytest.param(("social.schedule_post", "campaign.set"), "campaign.set", id="internal-kind"),
        pytest.param((":create", ""), "expected module:function", id="no-function"),
        pytest.param((".connector:", "../evil:"), "expected module:function", id="a-path"),
        pytest.param(("title", "colour = 1\ntitle"), "colour: Extra", id="unknown-field"),
        pytest.param(('title = "Acme"', "title = "), "Invalid value", id="no-toml"),
    ],
)
def test_a_manifest_that_cannot_be_used_names_file_and_field(
    tmp_path: Path, change: tuple[str, str], why: str
) -> None:
    folder = manifest_in(tmp_path / "acme", GOOD.replace(*change))
    with pytest.raises(BadManifest) as caught:
        read_manifest(folder)
    assert str(caught.value).startswith(f"{folder / 'manifest.toml'}: ")
    assert why in str(caught.value)


def test_the_shipped_connectors_are_found() -> None:
    assert {"simulated", "smtp", "mastodon"} <= set(discover())


def test_a_plugin_cannot_take_the_name_of_another_connector(tmp_path: Path) -> None:
    manifest_in(tmp_path / "mail", GOOD.replace("acme", "smtp"))
    with pytest.raises(BadManifest, match="there is a connector smtp already"):
        discover(tmp_path)


def test_a_plugin_is_loaded_from_its_own_folder(tmp_path: Path) -> None:
    scaffold("acme", "social", tmp_path)
    manifest, _ = discover(tmp_path / "plugins")["acme"]
    connector = build(manifest, wiring(tmp_path, base_url="http://127.0.0.1:9", token="t"))
    assert type(connector).__name__ == "AcmeConnector"
    assert not connector.check().is_well


def test_workspaces_do_not_share_plugins_of_one_name(tmp_path: Path) -> None:
    found = []
    for home, channel in ((tmp_path / "one", "social"), (tmp_path / "two", "ads")):
        home.mkdir()
        scaffold("acme", channel, home)
        manifest, _ = discover(home / "plugins")["acme"]
        connector = build(manifest, wiring(home, base_url="http://127.0.0.1:9", token="t"))
        found.append(vars(sys.modules[type(connector).__module__])["CREATE"])
    assert found == ["social.schedule_post", "ads.launch_line_item"]


def test_a_plugin_without_its_package_file_is_refused(tmp_path: Path) -> None:
    manifest, _ = discover(manifest_in(tmp_path / "plugins/acme", GOOD).parent)["acme"]
    with pytest.raises(ImportError, match="a plugin needs an __init__"):
        build(manifest, wiring(tmp_path))


def test_a_missing_setting_is_named_with_its_connection(tmp_path: Path) -> None:
    scaffold("acme", "social", tmp_path)
    manifest, _ = discover(tmp_path / "plugins")["acme"]
    with pytest.raises(MissingSetting, match="connection here: set token"):
        build(manifest, wiring(tmp_path, base_url="http://127.0.0.1:9"))
