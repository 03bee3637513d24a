"""Which connection reads the brand's pages: a real reader, or a market where all is made up."""

from pathlib import Path

import pytest

from drumbeat.app.compose import open_app
from drumbeat.app.granting import can_change
from drumbeat.app.health import examine
from drumbeat.app.new_campaign import fields_of
from drumbeat.app.pages.connections import Connections
from drumbeat.app.pages.ground import Ground
from drumbeat.connectors.contract import ConnectorError, ErrorKind
from drumbeat.connectors.own_pages.connector import OwnPages
from drumbeat.core.operations.page_reading import PageReading
from drumbeat.files.defaults import type_names
from drumbeat.files.scaffold import init
from drumbeat.testing.gate_world import START

READER = "  - {id: our-pages, connector: own-pages}\n"
REAL = """\
  - id: toots
    connector: mastodon
    settings: {base_url: "http://127.0.0.1:9"}
    secrets: {token: TOOT_TOKEN}
"""


@pytest.mark.parametrize(
    ("added", "reader"),
    [
        pytest.param("", "house-mail", id="all is made up"),
        pytest.param(REAL, "", id="a made-up shop says nothing of a real one"),
        pytest.param(REAL + READER, "our-pages", id="a reader beside real platforms"),
        pytest.param(READER, "our-pages", id="a reader beside the made-up market"),
    ],
)
def test_who_reads_the_pages(tmp_path: Path, added: str, reader: str) -> None:
    init(tmp_path, START.date())
    root = tmp_path / "drumbeat.yaml"
    text = root.read_text(encoding="utf-8")
    root.write_text(text.replace("connections:\n", f"connections:\n{added}", 1), encoding="utf-8")
    app = open_app(tmp_path, durable=False, environment={"TOOT_TOKEN": "t"})
    try:
        assert app.gate.door.pages == reader
        if not added:
            (line,) = [one for one in examine(app) if one.name == "landing pages"]
            assert line.detail.startswith("house-mail reads them")
    finally:
        app.close()


def test_a_reader_is_shown_as_one_that_only_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(self: OwnPages, address: str) -> PageReading:
        raise ConnectorError(ErrorKind.DISCONNECTED, "no connection within 5 s")

    monkeypatch.setattr(OwnPages, "page", silent)
    init(tmp_path, START.date())
    root = tmp_path / "drumbeat.yaml"
    text = root.read_text(encoding="utf-8")
    root.write_text(text.replace("connections:\n", f"connections:\n{READER}", 1), encoding="utf-8")
    app = open_app(tmp_path, durable=False)
    try:
        row, *_ = Connections(Ground(app)).health().connections
        assert (row.id, row.state, row.fix) == ("our-pages", "does not work", "")
        assert row.problem == "https://northbean.example: no connection within 5 s"
        # Nothing is granted to it, and no campaign is offered it.
        assert [can_change(app, name) for name in ("our-pages", "house-mail")] == [False, True]
        for kind in type_names():
            assert "our-pages" not in fields_of(app, kind, "another", {})["connection"].values()
    finally:
        app.close()
