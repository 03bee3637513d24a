"""A check stays light: it loads nothing that takes long to load."""

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = ("numpy", "scipy", "dbos", "sqlalchemy", "fastapi", "holidays", "ruamel", "httpx")
PROGRAM = """
import sys
from drumbeat.files.check import check
result = check(sys.argv[1])
assert result.is_ok, result.problems
print(*sorted(name for name in sys.argv[2:] if name in sys.modules))
"""


@pytest.mark.parametrize("place", ["campaigns/weekly-newsletter.yaml", "."])
def test_a_check_loads_no_heavy_library(scaffold: Path, place: str) -> None:
    command = [sys.executable, "-c", PROGRAM, str(scaffold / place), *HEAVY]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "", "")
