"""Short commands stay light: what takes long to import is imported by those who need it."""

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = ("scipy", "numpy", "dbos", "sqlalchemy", "fastapi", "holidays", "httpx", "rich", "ruamel")
PROGRAM = """
import sys
from drumbeat.cli.exits import run
from drumbeat.cli.main import cli
heavy = sys.argv.pop().split(",")
code = run(cli)
print(*sorted(name for name in heavy if name in sys.modules), file=sys.stderr)
sys.exit(code)
"""


def heavy_imports(*arguments: str) -> str:
    """The heavy libraries a command has loaded when it is done."""
    command = [sys.executable, "-c", PROGRAM, *arguments, ",".join(HEAVY)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stderr.splitlines()[-1]


@pytest.mark.parametrize("place", ["campaigns/weekly-newsletter.yaml", "."])
def test_check_loads_nothing_heavy(untouched: Path, place: str) -> None:
    assert heavy_imports("check", str(untouched / place)) == ""


@pytest.mark.parametrize("command", ["--help", "schema", "status --help", "detect --help"])
def test_help_and_schema_load_nothing_heavy(command: str) -> None:
    assert heavy_imports(*command.split()) == ""


def test_status_does_not_pay_for_the_web_or_statistics(untouched: Path) -> None:
    assert not {"fastapi", "scipy"} & set(heavy_imports("status", "-C", str(untouched)).split())


def test_freeze_brakes_before_it_loads_anything(untouched: Path) -> None:
    """So that what it takes to open the workspace is not time in which mails go out."""
    program = """
import sys
from drumbeat.engine import brake
def pressed(home):
    print(len(sys.modules), *sorted({"sqlalchemy", "pydantic", "yaml"} & sys.modules.keys()))
    raise SystemExit
brake.pressed = pressed
from drumbeat.cli.main import main
main()
"""
    order = ["freeze", "--all", "--reason", "a drill", "-C", str(untouched)]
    command = [sys.executable, "-c", program, *order]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    modules, *heavy = done.stdout.split()
    assert heavy == []
    assert int(modules) < 300


def test_detect_needs_no_workspace_and_no_database(tmp_path: Path) -> None:
    file = tmp_path / "data.csv"
    file.write_text("timestamp,value\n2026-01-01,1\n2026-01-02,2\n")
    assert not {"sqlalchemy", "fastapi", "dbos"} & set(heavy_imports("detect", str(file)).split())
