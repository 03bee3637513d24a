"""Load: the checks of this folder in the order of their file names, stale first."""

from importlib import import_module
from pkgutil import iter_modules

from drumbeat.core.governance import checks
from drumbeat.core.governance.judge import Check


def load() -> tuple[Check, ...]:
    """Every ``cNN_*.py`` of this folder; a new check is a new file and nothing else."""
    names = sorted(m.name for m in iter_modules(checks.__path__) if m.name.startswith("c"))
    return tuple(import_module(f"{checks.__name__}.{name}").check for name in names)
