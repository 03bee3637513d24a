"""Write: puts a fresh connector and its tests on disk, all of it or nothing."""

import keyword
import re
from dataclasses import asdict
from pathlib import Path
from string import Template

from drumbeat.connectors.registry import discover
from drumbeat.connectors.scaffold.channels import STARTS

_TEMPLATES = Path(__file__).parent / "template"
_NAME = re.compile(r"[a-z][a-z0-9_]{1,23}")
_PLUGINS = """\
    plugins: ClassVar[tuple[Path, ...]] = (Path(__file__).parents[3] / "plugins",)
"""


class CannotScaffold(Exception):
    """Nothing was written; the message says why and what to do."""


def scaffold(name: str, channel: str, root: Path) -> list[Path]:
    """Write a connector below ``root`` and return its files.

    Inside Drumbeat's own repository it becomes part of the package, elsewhere a plugin of the
    workspace. Raises CannotScaffold.
    """
    is_own = (root / "src/drumbeat/connectors").is_dir()
    _check(name, channel, root, is_own)
    files = _files(name, channel, root, is_own)
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return list(files)


def home_of(name: str, root: Path, is_own: bool) -> Path:
    """The folder a new connector is written to: the product's own room for ``is_own``, else a
    plug-in's."""
    return root / "src/drumbeat/connectors" / name if is_own else root / "plugins" / name


def _check(name: str, channel: str, root: Path, is_own: bool) -> None:
    if not _NAME.fullmatch(name) or keyword.iskeyword(name):
        raise CannotScaffold(
            f"{name!r} cannot be a connector's name: use 2 to 24 lower-case letters, digits "
            "and _, beginning with a letter"
        )
    if channel not in STARTS:
        raise CannotScaffold(f"no channel {channel!r}: choose {', '.join(STARTS)}")
    if name in discover(root / "plugins"):
        raise CannotScaffold(f"there is a connector {name} already")
    home = home_of(name, root, is_own)
    for taken in (home, home.with_suffix(".py"), root / "tests/connectors" / name):
        if taken.exists():
            raise CannotScaffold(f"{taken} exists already; choose another name or remove it")


def _files(name: str, channel: str, root: Path, is_own: bool) -> dict[Path, str]:
    home, tests = home_of(name, root, is_own), root / "tests/connectors" / name
    files = {
        home / "__init__.py": "init",
        home / "manifest.toml": "manifest",
        home / "connector.py": "connector",
        tests / "__init__.py": "init",
        tests / "peer.py": "peer",
        tests / "harness.py": "harness",
        tests / "test_connector.py": "test_connector",
    }
    if not is_own:
        files |= {tests / "test_conformance.py": "test_conformance"}
        outer = (root / "tests/__init__.py", root / "tests/connectors/__init__.py")
        files |= {path: "init" for path in outer if not path.exists()}
    words = _words(name, channel, is_own)
    return {path: _filled(template, words) for path, template in files.items()}


def _filled(template: str, words: dict[str, str]) -> str:
    text = (_TEMPLATES / f"{template}.txt").read_text(encoding="utf-8")
    return Template(text).substitute(words)


def _words(name: str, channel: str, is_own: bool) -> dict[str, str]:
    start = asdict(STARTS[channel])
    return {
        **start,
        "sample": Template(start["sample"]).substitute(name=name),
        "name": name,
        "Name": name.replace("_", " ").title().replace(" ", ""),
        "title": name.replace("_", " ").capitalize(),
        "channel": channel,
        "module": f"drumbeat.connectors.{name}.connector" if is_own else ".connector",
        "harness_path": "" if is_own else "from pathlib import Path\n",
        "harness_plugins": "" if is_own else _PLUGINS,
    }
