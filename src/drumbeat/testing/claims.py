"""Claims: which of the conformance tests run over which connector, and over which sample."""

from collections.abc import Callable
from typing import Any, TypeVar

import pytest

from drumbeat.connectors.contract import (
    Capability,
)
from drumbeat.testing.harness import Harness, Sample

Test = TypeVar("Test", bound=Callable[..., None])


def claims(*capabilities: Capability) -> Callable[[Test], Test]:
    """Run a test over the connectors that claim one of these."""

    def mark(test: Test) -> Test:
        test.claims = frozenset(capabilities)  # type: ignore[attr-defined]
        return test

    return mark


def removes(test: Test) -> Test:
    """Run a test over the samples that remove something."""
    test.removes = True  # type: ignore[attr-defined]
    return test


def choosy(test: Test) -> Test:
    """Run a test over all but test doubles."""
    test.choosy = True  # type: ignore[attr-defined]
    return test


def cases(
    metafunc: pytest.Metafunc, harnesses: tuple[Harness, ...]
) -> tuple[tuple[str, ...], list[tuple[Any, ...]], list[str]]:
    """A test's arguments, its cases and their ids: a case a harness, or a case a sample."""
    able = [harness for harness in harnesses if _fits(metafunc.function, harness)]
    if "sample" not in metafunc.fixturenames:
        return ("harness",), [(h,) for h in able], [h.name for h in able]
    only = getattr(metafunc.function, "removes", False)
    found = [(h, s) for h in able for s in h.samples if not only or _removes(h, s)]
    return ("harness", "sample"), found, [f"{h.name}-{s.id}" for h, s in found]


def _fits(test: Any, harness: Harness) -> bool:
    wanted: frozenset[Capability] = getattr(test, "claims", frozenset())
    able = not wanted or bool(wanted & set(harness.manifest().capabilities))
    return able and (harness.is_choosy or not getattr(test, "choosy", False))


def _removes(harness: Harness, sample: Sample) -> bool:
    return sample.after(harness.start()) is None
