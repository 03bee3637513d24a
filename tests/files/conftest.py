"""A scaffolded workspace to break, copied afresh for every test."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from drumbeat.files.scaffold import init

TODAY = date(2026, 11, 23)


@pytest.fixture(scope="session")
def scaffold(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The default workspace as ``init`` writes it. Not to be changed."""
    folder = tmp_path_factory.mktemp("scaffold") / "northbean"
    init(folder, TODAY)
    return folder


@pytest.fixture
def workspace(scaffold: Path, tmp_path: Path) -> Path:
    """A copy of the default workspace that a test may break."""
    folder = tmp_path / "northbean"
    shutil.copytree(scaffold, folder)
    return folder


@pytest.fixture
def edit(workspace: Path) -> Callable[[str, str, str], Path]:
    """Replace one text in one file of the workspace; gives the workspace."""

    def change(path: str, old: str, new: str) -> Path:
        file = workspace / path
        text = file.read_text(encoding="utf-8")
        assert text.count(old) >= 1, f"{path} does not hold {old!r}"
        file.write_text(text.replace(old, new, 1), encoding="utf-8")
        return workspace

    return change
