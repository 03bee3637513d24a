"""The command line as a person meets it: arguments in; exit code, data and prose out."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from json import loads
from pathlib import Path
from typing import Any

import pytest

from drumbeat.app.compose import open_app
from drumbeat.cli.exits import run
from drumbeat.cli.main import cli
from drumbeat.files.scaffold import init


@dataclass(frozen=True)
class Outcome:
    """What a command left: its exit code, its data and its prose."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return loads(self.out)


Drumbeat = Callable[..., Outcome]
Sheet = Callable[..., Path]


@pytest.fixture
def drumbeat(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Drumbeat:
    """Run a command in this process."""
    for name in ("DRUMBEAT_PERSON", "DRUMBEAT_DATABASE"):
        monkeypatch.delenv(name, raising=False)

    def call(*arguments: object) -> Outcome:
        capsys.readouterr()
        monkeypatch.setattr(sys, "argv", ["drumbeat", *map(str, arguments)])
        code = run(cli)
        printed = capsys.readouterr()
        return Outcome(int(code), printed.out, printed.err)

    return call


@pytest.fixture(scope="session")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scaffolded workspace whose database is there already. Not to be changed."""
    folder = tmp_path_factory.mktemp("cli") / "northbean"
    init(folder, date(2026, 11, 23))
    open_app(folder).close()
    return folder


@pytest.fixture
def workspace(untouched: Path, tmp_path: Path) -> Path:
    """A workspace of the test's own. Its market opens anew: the first one's file may be in use."""
    folder = tmp_path / "northbean"
    shutil.copytree(untouched, folder, ignore=shutil.ignore_patterns("world.db*"))
    return folder


@pytest.fixture
def sheet(tmp_path: Path) -> Sheet:
    """Write a CSV file from its lines."""

    def write(*lines: str, name: str = "data.csv") -> Path:
        file = tmp_path / name
        file.write_text("\n".join([*lines, ""]), encoding="utf-8")
        return file

    return write


def process(*arguments: object, **options: Any) -> "subprocess.Popen[str]":
    """The command in a process of its own, with pipes for its output."""
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    environment = {**os.environ, "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "drumbeat.cli.main", *map(str, arguments)]
    return subprocess.Popen(command, **{**pipes, "env": environment, **options})
