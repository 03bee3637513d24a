"""Plugin: loads a connector's code from its own folder, outside the installed package."""

import sys
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

_PREFIX = "drumbeat_plugin_"


def load_module(folder: Path, name: str) -> ModuleType:
    """The module ``name`` of a plugin's folder; its siblings import each other as
    ``drumbeat_plugin_<folder>``. Raises ImportError."""
    package = f"{_PREFIX}{folder.name}"
    known = sys.modules.get(package)
    if known is None or list(known.__path__) != [str(folder)]:
        _open(package, folder)
    return import_module(f"{package}.{name}")


def _open(package: str, folder: Path) -> None:
    """Make the folder importable; another workspace's plugin of that name makes way."""
    for module in [m for m in sys.modules if m == package or m.startswith(f"{package}.")]:
        del sys.modules[module]
    start = folder / "__init__.py"
    spec = spec_from_file_location(package, start, submodule_search_locations=[str(folder)])
    if spec is None or spec.loader is None or not start.is_file():
        raise ImportError(f"{folder}: a plugin needs an __init__.py")
    made = module_from_spec(spec)
    sys.modules[package] = made
    spec.loader.exec_module(made)
