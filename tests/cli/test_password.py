"""A person's password: asked for, long enough, and kept only as a hash."""

from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from drumbeat.app.compose import open_app
from drumbeat.app.pages.ground import Ground
from drumbeat.app.pages.identity import LocalAccounts
from drumbeat.cli.exits import Failure
from drumbeat.cli.main import cli
from drumbeat.engine.clock import SystemClock
from drumbeat.files.scaffold import init


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    init(tmp_path / "brand", date(2026, 9, 7))
    return tmp_path / "brand"


def anybody(workspace: Path) -> bool:
    app = open_app(workspace, clock=SystemClock(), key=b"k" * 32)
    try:
        return LocalAccounts(Ground(app), SystemClock().now).anybody()
    finally:
        app.close()


def test_a_long_password_is_kept_as_a_hash(workspace: Path) -> None:
    assert not anybody(workspace)
    told = CliRunner().invoke(
        cli, ["password", "dana", "-C", str(workspace)], input="four plain words here\n"
    )
    assert told.exit_code == 0, told.output
    assert b"four plain words" not in (workspace / "drumbeat.db").read_bytes()
    assert anybody(workspace)


def test_a_short_one_is_refused(workspace: Path) -> None:
    told = CliRunner().invoke(cli, ["password", "dana", "-C", str(workspace)], input="short\n")
    assert isinstance(told.exception, Failure)
    assert "characters" in str(told.exception)


def test_nothing_typed_is_no_password(workspace: Path) -> None:
    told = CliRunner().invoke(cli, ["password", "dana", "-C", str(workspace)], input="")
    assert isinstance(told.exception, Failure)
    assert "standard input" in str(told.exception)


def test_nobody_of_that_name(workspace: Path) -> None:
    told = CliRunner().invoke(cli, ["password", "zoe", "-C", str(workspace)], input="x\n")
    assert isinstance(told.exception, Failure)
    assert "zoe" in str(told.exception)
