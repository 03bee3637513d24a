"""Each rule over its own table: what it lets pass, what it finds, and how it says so."""

from collections.abc import Iterator, Mapping
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import pytest

from drumbeat.core.campaign.finding import Severity
from drumbeat.core.compliance.case import ComplianceCase
from drumbeat.core.compliance.rule_set import check_files
from tests.core.compliance import fixtures
from tests.core.compliance.cases import findings, rule

MODULES = {
    found.name.upper(): import_module(f"{fixtures.__name__}.{found.name}")
    for found in iter_modules(fixtures.__path__)
}
NAMES = [one.card.id for one in check_files()]


def _table(name: str) -> list[Any]:
    return list(_cases(name))


def _cases(name: str) -> Iterator[Any]:
    for rule_id, module in MODULES.items():
        table: Mapping[str, ComplianceCase] = getattr(module, name, {})
        for title, case in table.items():
            yield pytest.param(rule_id, case, id=f"{rule_id}: {title}")


@pytest.mark.parametrize("name", NAMES)
def test_a_rule_has_ten_cases_it_passes_and_ten_it_finds(name: str) -> None:
    assert len(MODULES[name].PASSING) >= 10
    assert len(MODULES[name].FAILING) >= 10


@pytest.mark.parametrize(("name", "case"), _table("PASSING"))
def test_what_is_in_order_passes(name: str, case: ComplianceCase) -> None:
    assert findings(name, case) == ()


@pytest.mark.parametrize(("name", "case"), _table("FAILING"))
def test_a_violation_is_found_and_told_in_full(name: str, case: ComplianceCase) -> None:
    found = findings(name, case)
    card = rule(name).card
    graver = [one for one in found if one.severity in (card.severity, Severity.BLOCK)]
    assert graver
    first = graver[0]
    assert first.rule == name
    assert first.subject
    assert "Found: " in first.text
    assert "Allowed: " in first.text
    assert first.fix
    assert first.source == card.source


@pytest.mark.parametrize(("name", "case"), _table("WARNING"))
def test_a_lesser_fault_warns_and_stops_nothing(name: str, case: ComplianceCase) -> None:
    assert {one.severity for one in findings(name, case)} == {Severity.WARN}
