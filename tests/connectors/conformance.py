"""Finds the harnesses: one ``harness.py`` in each connector's test folder, no shared list."""

from importlib import import_module
from pathlib import Path

from drumbeat.testing.harness import Harness


def find_harnesses() -> tuple[Harness, ...]:
    """The harnesses of every connector tested here, by folder."""
    folders = sorted(path.parent.name for path in Path(__file__).parent.glob("*/harness.py"))
    modules = [import_module(f"tests.connectors.{folder}.harness") for folder in folders]
    return tuple(harness for module in modules for harness in module.HARNESSES)
