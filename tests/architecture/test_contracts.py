"""The import contracts hold, and each one bites: a planted violation of every one is caught."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.architecture.source import PACKAGE, REPOSITORY


@dataclass(frozen=True)
class Plant:
    """One forbidden import: the contract it breaks, where it is written, and what."""

    contract: str
    module: str
    line: str


PLANTS = (
    Plant("Imports point one way", "store/planted_up.py", "import drumbeat.gate.gate"),
    Plant("Imports point one way", "web/planted_aside.py", "import drumbeat.lab"),
    Plant("Imports point one way", "stats/planted_aside.py", "import drumbeat.engine.clock"),
    Plant("Imports point one way", "planted_room/__init__.py", ""),
    Plant("One door", "cycle/planted_door.py", "import drumbeat.connectors.contract"),
    Plant("One door", "web/planted_door.py", "from drumbeat.connectors import registry"),
    Plant("One door", "cli/planted_door.py", "import drumbeat.connectors.registry"),
    Plant("Agents only propose", "agents/planted_hand.py", "import httpx"),
    Plant("Agents only propose", "agents/planted_pen.py", "import sqlalchemy"),
    Plant("Agents only propose", "agents/planted_shelf.py", "import drumbeat.store.ledger"),
    Plant("The gate does not know", "gate/planted_friend.py", "import drumbeat.agents.planner"),
    Plant("Core and stats are pure", "core/planted_luck.py", "import random"),
    Plant("Core and stats are pure", "core/planted_place.py", "from os import environ"),
    Plant("Core and stats are pure", "stats/planted_clock.py", "import time"),
    Plant("The engine knows nothing", "engine/planted_word.py", "import drumbeat.core.money"),
    Plant(
        "Only tests import the doubles", "app/planted_fake.py", "import drumbeat.testing.platform"
    ),
)


def lint(source: Path) -> tuple[int, str]:
    """What the linter says of a copy of the package, with our contracts."""
    program = Path(sys.executable).with_name("lint-imports")
    ran = subprocess.run(
        [program, "--no-cache", "--config", REPOSITORY / ".importlinter"],
        cwd=source,
        env={**os.environ, "PYTHONPATH": str(source), "COLUMNS": "300", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    return ran.returncode, ran.stdout + ran.stderr


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The linter's report on a copy of the package with every violation planted."""
    source = tmp_path_factory.mktemp("planted")
    only_code = shutil.ignore_patterns("*.pyc", "__pycache__", "static", "templates", "*.csv")
    shutil.copytree(PACKAGE, source / "drumbeat", ignore=only_code)
    for plant in PLANTS:
        file = source / "drumbeat" / plant.module
        file.parent.mkdir(exist_ok=True)
        file.write_text(f'"""Planted."""\n{plant.line}\n', encoding="utf-8")
    code, report = lint(source)
    assert code == 1
    return report


def test_the_contracts_hold() -> None:
    code, report = lint(REPOSITORY / "src")
    assert code == 0, report


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: f"{plant.contract}: {plant.module}")
def test_a_planted_violation_is_caught(planted: str, plant: Plant) -> None:
    module = plant.module.removesuffix("/__init__.py").removesuffix(".py").replace("/", ".")
    assert f"drumbeat.{module}" in broken(planted, plant.contract)


def broken(report: str, contract: str) -> str:
    """What the report says of one broken contract; the summary comes first, then the details."""
    _, _, details = report.partition("Broken contracts")
    sections = details.split("\n----")
    titles = [section.rstrip().rsplit("\n", 1)[-1] for section in sections]
    found = [text for title, text in zip(titles, sections[1:], strict=False) if contract in title]
    return "\n".join(found)


def test_every_contract_has_a_planted_violation() -> None:
    lines = (REPOSITORY / ".importlinter").read_text(encoding="utf-8").splitlines()
    names = [line.partition("= ")[2] for line in lines if line.startswith("name =")]
    assert len(names) >= 7
    assert [n for n in names if not any(n.startswith(plant.contract) for plant in PLANTS)] == []
