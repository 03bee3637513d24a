"""Scaffolding: a complete, believable workspace to start from, written whole or not at all."""

import re
import shutil
import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

from drumbeat.files.schema import install

Template = Literal["default", "demo"]
TEMPLATES: tuple[Template, ...] = ("default", "demo")
_FILES = Path(__file__).parent / "template"
# The day the template's dates were written for, a Monday. They move by whole weeks, so that a
# Tuesday stays a Tuesday.
_WRITTEN_FOR = date(2026, 9, 7)
_DATE = re.compile(r"\b(20[0-9]{2})-([01][0-9])-([0-3][0-9])(?=\b|T)")
# Git takes a nested .gitignore for its own, so the template keeps it without the dot.
_RENAMED = {"gitignore": ".gitignore"}


class FolderTaken(Exception):
    """Files stand where the workspace would be written; nothing was changed."""

    def __init__(self, folder: Path, taken: tuple[str, ...]) -> None:
        listed = ", ".join(taken[:5]) + (" …" if len(taken) > 5 else "")
        super().__init__(f"{folder} already has {listed}; choose an empty folder")
        self.folder, self.taken = folder, taken


def init(folder: Path, today: date, template: Template = "default") -> tuple[str, ...]:
    """Write a workspace into a folder; gives the files written, relative to it.

    ``default`` leaves every connection in shadow; ``demo`` makes them live, for the simulated
    market. Dates are moved so that the template's "now" is the Monday of ``today``'s week.
    Raises FolderTaken where a file is in the way, OSError where the disk refuses; either way
    nothing of it remains.
    """
    texts = _texts(today, template)
    taken = tuple(sorted(name for name in texts if (folder / name).exists()))
    if taken:
        raise FolderTaken(folder, taken)
    existed = folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(dir=folder, prefix=".drumbeat-init-"))
    try:
        for name, text in texts.items():
            _write(staging / name, text)
        _settle(staging, folder, tuple(texts))
        install(folder)
    except BaseException:
        _undo(folder, tuple(texts), existed)
        raise
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return tuple(sorted(texts))


def _texts(today: date, template: Template) -> dict[str, str]:
    weeks = (today - _WRITTEN_FOR).days // 7
    found: dict[str, str] = {}
    for file in sorted(_FILES.rglob("*")):
        if file.is_file():
            name = file.relative_to(_FILES).as_posix()
            text = _moved(file.read_text(encoding="utf-8"), timedelta(weeks=weeks))
            if template == "demo" and name == "drumbeat.yaml":
                text = text.replace("mode: shadow", "mode: live")
            found[_RENAMED.get(name, name)] = text
    return found


def _moved(text: str, shift: timedelta) -> str:
    def move(match: re.Match[str]) -> str:
        return (date.fromisoformat(match[0]) + shift).isoformat()

    return _DATE.sub(move, text)


def _write(target: Path, text: str) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")


def _settle(staging: Path, folder: Path, names: tuple[str, ...]) -> None:
    """Move what was written whole into its place, the root file last: without it, no workspace."""
    for name in sorted(names, key=lambda name: (name == "drumbeat.yaml", name)):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (staging / name).replace(folder / name)


def _undo(folder: Path, names: tuple[str, ...], existed: bool) -> None:
    if not existed:
        shutil.rmtree(folder, ignore_errors=True)
        return
    for name in names:
        (folder / name).unlink(missing_ok=True)
    for place in sorted({(folder / name).parent for name in names} - {folder}, reverse=True):
        if place.is_dir() and not any(place.iterdir()):
            place.rmdir()
