"""The scaffold, end to end: what it writes is found, conforms, and keeps the house rules."""

import os
import subprocess
import sys
from pathlib import Path
from shutil import copy, copytree, ignore_patterns

import pytest

from drumbeat.connectors.registry import discover
from drumbeat.connectors.scaffold.__main__ import main
from drumbeat.connectors.scaffold.write import CannotScaffold, scaffold

REPOSITORY = Path(__file__).parents[2]
LONG = "a_connector_of_24_letter"


def run(root: Path, *command: str) -> str:
    """What a command says in ``root``, which has to go well."""
    environment = {**os.environ, "PYTHONPATH": str(root / "src")}
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=root, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Drumbeat's own repository, as far as a connector needs it."""
    # Compiled files come along: compiling all again takes longer than the tests.
    copytree(REPOSITORY / "src", tmp_path / "src", ignore=ignore_patterns("static"))
    (tmp_path / "tests/connectors").mkdir(parents=True)
    copy(REPOSITORY / "pyproject.toml", tmp_path)
    for name in ("__init__.py", "connectors/__init__.py"):
        copy(REPOSITORY / "tests" / name, tmp_path / "tests" / name)
    for name in ("conformance.py", "test_conformance.py"):
        copy(REPOSITORY / "tests/connectors" / name, tmp_path / "tests/connectors" / name)
    return tmp_path


def test_a_connector_scaffolded_in_the_repository_conforms(repository: Path) -> None:
    said = run(repository, "drumbeat.connectors.scaffold", "acme")
    assert "wrote src/drumbeat/connectors/acme/connector.py" in said
    assert "tests/connectors/test_conformance.py -k acme" in said
    tested = run(repository, "pytest", "-v", "tests/connectors", "-k", "acme")
    assert len([line for line in tested.splitlines() if "acme" in line and "PASSED" in line]) > 30


@pytest.fixture
def skeleton(tmp_path: Path) -> Path:
    """A repository of empty modules: formatters only look at what there is to import."""
    (tmp_path / "tests/connectors").mkdir(parents=True)
    (tmp_path / "tests/__init__.py").touch()
    (tmp_path / "tests/connectors/__init__.py").touch()
    for module in (REPOSITORY / "src").rglob("*.py"):
        empty = tmp_path / module.relative_to(REPOSITORY)
        empty.parent.mkdir(parents=True, exist_ok=True)
        empty.touch()
    copy(REPOSITORY / "pyproject.toml", tmp_path)
    return tmp_path


@pytest.mark.parametrize("channel", ["email", "ads", "social"])
@pytest.mark.parametrize("name", ["ab", LONG])
def test_what_is_scaffolded_keeps_the_house_rules(skeleton: Path, name: str, channel: str) -> None:
    files = [str(path) for path in scaffold(name, channel, skeleton)]
    run(skeleton, "ruff", "format", "--no-cache", "--check", *files)
    run(skeleton, "ruff", "check", "--no-cache", *files)


@pytest.mark.slow
def test_what_is_scaffolded_is_typed(repository: Path) -> None:
    scaffold("acme", "social", repository)
    run(repository, "mypy", "src/drumbeat/connectors/acme", "tests/connectors/acme")


@pytest.mark.parametrize(
    "channel",
    [
        "social",
        pytest.param("email", marks=pytest.mark.slow),
        pytest.param("ads", marks=pytest.mark.slow),
    ],
)
def test_a_plugin_scaffolded_in_a_workspace_conforms(tmp_path: Path, channel: str) -> None:
    assert main(["acme", "--channel", channel, "--root", str(tmp_path)]) == 0
    manifest, folder = discover(tmp_path / "plugins")["acme"]
    assert (manifest.channels, folder) == ((channel,), (tmp_path / "plugins/acme").resolve())
    assert "passed" in run(tmp_path, "pytest", "-q", "tests/connectors/acme")


@pytest.mark.parametrize(
    "name",
    ["", "a", "Acme", "acme-ads", "2acme", "../acme", "acme/ads", "class", "acme ads", "ä" * 4],
)
def test_a_name_that_is_none_is_refused(
    tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--root", str(tmp_path), "--", name]) == 2
    assert "cannot be a connector's name" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "taken"),
    [
        pytest.param("acme", "plugins/acme", id="its-folder"),
        pytest.param("acme", "tests/connectors/acme", id="its-tests"),
        pytest.param("smtp", "elsewhere", id="a-connector-there-is"),
    ],
)
def test_nothing_is_overwritten_and_nothing_half_written(
    tmp_path: Path, name: str, taken: str
) -> None:
    (tmp_path / taken).mkdir(parents=True)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(CannotScaffold, match="already"):
        scaffold(name, "social", tmp_path)
    assert sorted(tmp_path.rglob("*")) == before


def test_a_module_of_the_package_is_no_name_for_a_connector(repository: Path) -> None:
    with pytest.raises(CannotScaffold, match=r"contract\.py exists already"):
        scaffold("contract", "social", repository)


def test_a_second_plugin_leaves_the_first_alone(tmp_path: Path) -> None:
    first = scaffold("acme", "social", tmp_path)
    kept = [path.read_text(encoding="utf-8") for path in first]
    scaffold("zenith", "ads", tmp_path)
    assert [path.read_text(encoding="utf-8") for path in first] == kept
    assert {"acme", "zenith"} <= set(discover(tmp_path / "plugins"))
