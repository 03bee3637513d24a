"""The product's own source, parsed."""

import ast
import subprocess
from functools import cache
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
PACKAGE = REPOSITORY / "src" / "drumbeat"


@cache
def modules() -> dict[str, ast.Module]:
    """Every module of the package by its path inside it."""
    return {
        file.relative_to(PACKAGE).as_posix(): ast.parse(file.read_text(encoding="utf-8"))
        for file in sorted(PACKAGE.rglob("*.py"))
    }


@cache
def tracked() -> tuple[Path, ...]:
    """Every file under version control; where there is none, every file of the known folders."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    if listed.returncode == 0 and listed.stdout:
        names = listed.stdout.rstrip("\0").split("\0")
        return tuple(REPOSITORY / name for name in names if (REPOSITORY / name).is_file())
    folders = (REPOSITORY / name for name in ("src", "tests", "docs", "benchmarks"))
    return tuple(file for folder in folders for file in sorted(folder.rglob("*")) if file.is_file())
