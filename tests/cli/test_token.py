"""Tokens from the command line: made, shown once, listed without their secret, revoked."""

import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from drumbeat.cli.exits import Failure
from drumbeat.cli.main import cli
from drumbeat.files.scaffold import init


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    init(tmp_path / "brand", date(2026, 9, 7))
    return tmp_path / "brand"


def run(workspace: Path, *words: str) -> Result:
    return CliRunner().invoke(cli, ["token", *words, "-C", str(workspace)])


def test_a_token_is_made_listed_and_revoked(workspace: Path) -> None:
    made = run(workspace, "create", "mei", "--name", "ci", "--scope", "see", "--scope", "freeze")
    assert made.exit_code == 0, made.output
    secret = made.stdout.strip()
    assert secret.startswith("drumbeat_")
    [row] = json.loads(run(workspace, "list", "--json").stdout)["tokens"]
    assert (row["account"], row["scopes"], row["state"]) == ("mei", "freeze, see", "live")
    assert secret not in json.dumps(row)
    assert run(workspace, "revoke", row["id"]).exit_code == 0
    [row] = json.loads(run(workspace, "list", "--json").stdout)["tokens"]
    assert row["state"] == "revoked"
    again = run(workspace, "revoke", row["id"])
    assert isinstance(again.exception, Failure)


def test_nobody_of_that_name_gets_one(workspace: Path) -> None:
    refused = run(workspace, "create", "zoe", "--name", "x")
    assert isinstance(refused.exception, Failure)
    assert "zoe" in str(refused.exception)
