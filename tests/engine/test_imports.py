"""Light commands stay light: most of the engine imports neither DBOS nor SQLAlchemy."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize("module", ["clock", "tick", "work", "inline", "rescue", "loop", "lock"])
def test_the_light_modules_import_no_database_library(module: str) -> None:
    code = (
        f"import sys, drumbeat.engine.{module}; "
        "print([name for name in ('dbos', 'sqlalchemy') if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
