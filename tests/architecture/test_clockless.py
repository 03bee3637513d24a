"""Time, luck and names come in as arguments; asking for them is caught by the linter."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.source import REPOSITORY


def found(code: str, place: str) -> set[str]:
    """The rules that code breaks at that place of the repository."""
    ran = subprocess.run(
        [Path(sys.executable).with_name("ruff"), "check", "--no-cache", "--output-format", "json",
         "--stdin-filename", place, "-"],
        cwd=REPOSITORY,
        input=code,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )  # fmt: skip
    return {str(one["code"]) for one in json.loads(ran.stdout)}


@pytest.mark.parametrize(
    ("line", "use"),
    [
        pytest.param("from datetime import UTC, datetime", "datetime.now(UTC)", id="now"),
        pytest.param("from datetime import datetime", "datetime.utcnow()", id="utcnow"),
        pytest.param("from datetime import date", "date.today()", id="today"),
        pytest.param("import time", "time.time()", id="time"),
        pytest.param("import uuid", "uuid.uuid4()", id="uuid4"),
        pytest.param("import random", "random.random()", id="random"),
    ],
)
@pytest.mark.parametrize("room", ["core", "gate", "cycle", "app"])
def test_asking_the_world_is_caught(line: str, use: str, room: str) -> None:
    code = f'"""Planted."""\n\n{line}\n\nvalue = {use}\n'
    assert "TID251" in found(code, f"src/drumbeat/{room}/planted.py")


def test_only_the_clock_may_ask() -> None:
    code = '"""The clock."""\n\nfrom datetime import UTC, datetime\n\nvalue = datetime.now(UTC)\n'
    assert found(code, "src/drumbeat/engine/clock.py") == set()


def test_a_time_without_a_zone_is_caught() -> None:
    code = '"""Planted."""\n\nfrom datetime import datetime\n\nvalue = datetime(2026, 1, 1)\n'
    assert "DTZ001" in found(code, "src/drumbeat/core/planted.py")
