"""A second opinion: Cedar, from the bare YAML, must say of every random request what we say."""

from collections import Counter, defaultdict
from dataclasses import MISSING, Field, fields, replace
from importlib.resources import files
from random import Random
from typing import Any

import pytest
import yaml

from drumbeat.core.governance.checks.load import load
from drumbeat.core.governance.facts import Facts
from drumbeat.core.governance.judge import decide
from drumbeat.core.governance.matrix import ActionMatrix
from drumbeat.core.governance.verdict import Ask, Verdict
from tests.core.governance.oracle import fired
from tests.core.governance.requests import Request, draw

_OUTCOMES = {0: "allow", 1: "ask", 2: "ask", 3: "observe", 4: "deny"}
_DEFAULT, _FULL = 8_000, 100_000
_CHECKS = load()
_ALL = (
    *("allow", "ask", "observe", "deny"),
    *("stale", "expired", "held", "connection", "matrix", "phase", "tightened"),
    *("proposer", "daily", "level"),
    *("confidence", "pace", "budget", "data", "under_test", "constraint"),
    *("registry", "second copy", "parts"),
)


def _usual(fact: Field[Any]) -> Any:
    """What a fact is where nobody says; MISSING where somebody must."""
    return fact.default if fact.default_factory is MISSING else fact.default_factory()


_FACTS = [pytest.param(f, id=f.name) for f in fields(Facts) if _usual(f) is not MISSING]


@pytest.fixture(scope="module")
def policy() -> dict[str, Any]:
    """The shipped matrix as plain data, with one kind forbidden and one left out."""
    shipped = files("drumbeat.files") / "template" / "policy" / "actions.yaml"
    actions: dict[str, Any] = yaml.safe_load(shipped.read_text(encoding="utf-8"))["actions"]
    actions["ads.remove_line_item"] = "forbidden"
    del actions["social.boost_post"]
    actions["ads.set_bid"]["limits"] |= {"spend_per_change": "EUR 10", "spend_per_day": "EUR 20"}
    return actions


@pytest.mark.parametrize(
    ("seed", "count"),
    [
        pytest.param(1, _DEFAULT, id="8,000"),
        pytest.param(2, _FULL, id="100,000", marks=pytest.mark.slow),
    ],
)
def test_two_independent_judges_agree_on_every_request(
    seed: int, count: int, policy: dict[str, Any]
) -> None:
    seen: Counter[str] = Counter()
    for kind, requests in _drawn(seed, count, policy).items():
        row = policy.get(kind)
        theirs = fired(kind, row, [request.told for request in requests])
        for request, theirs_says in zip(requests, theirs, strict=True):
            verdict = decide(request.proposal, _CHECKS, request.facts)
            assert _said(verdict) == theirs_says, request.told
            assert verdict.verdict == _OUTCOMES[max(theirs_says.values(), default=0)]
            seen.update({verdict.verdict: 1, **dict.fromkeys(theirs_says, 1)})
            seen[f"{verdict.verdict} needs"] += _needs(verdict) == _wanted(row, request.told)
    assert seen["ask needs"] == seen["ask"]
    assert min(seen[name] for name in _ALL) > count / 500  # every answer was really put to the test


def _drawn(seed: int, count: int, policy: dict[str, Any]) -> dict[str, list[Request]]:
    """That many requests, by kind: the second judge's rules are written a kind."""
    matrix = ActionMatrix.model_validate({"version": 1, "actions": policy})
    chance, by_kind = Random(seed), defaultdict[str, list[Request]](list)
    for request in (draw(chance, matrix) for _ in range(count)):
        by_kind[request.kind].append(request)
    return by_kind


def _said(verdict: Verdict) -> dict[str, int]:
    return {finding.check: int(finding.weight) for finding in verdict.findings}


Need = tuple[tuple[str, ...], int, tuple[str, ...]]


def _needs(verdict: Verdict) -> Need | None:
    asked = verdict.need if isinstance(verdict, Ask) else None
    return (asked.roles, asked.count, asked.people) if asked else None


def _wanted(row: Any, told: dict[str, Any]) -> Need:
    approvals = row.get("approvals", {}) if isinstance(row, dict) else {}
    owners = tuple(told["owners"]) if approvals.get("owners") else ()
    return tuple(approvals.get("roles", ("manager",))), approvals.get("count", 1), owners


@pytest.fixture(scope="module")
def answered(policy: dict[str, Any]) -> list[tuple[Request, dict[str, int]]]:
    """Requests with what the second judge says of each."""
    found: list[tuple[Request, dict[str, int]]] = []
    for kind, requests in _drawn(3, 4_000, policy).items():
        told = [request.told for request in requests]
        found.extend(zip(requests, fired(kind, policy.get(kind), told), strict=True))
    return found


def test_the_second_judge_misses_no_check_that_fell_silent(
    answered: list[tuple[Request, dict[str, int]]],
) -> None:
    for silent in _CHECKS:
        rest = [check for check in _CHECKS if check is not silent]
        ours = ((_said(decide(r.proposal, rest, r.facts)), says) for r, says in answered)
        assert any(we_say != says for we_say, says in ours), silent.__module__


@pytest.mark.parametrize("fact", _FACTS)
def test_the_second_judge_misses_no_fact_that_nobody_told(
    fact: Field[Any],
    answered: list[tuple[Request, dict[str, int]]],
    policy: dict[str, Any],
) -> None:
    untold = ((r, replace(r.facts, **{fact.name: _usual(fact)}), says) for r, says in answered)
    judged = ((r, decide(r.proposal, _CHECKS, facts), says) for r, facts, says in untold)
    assert any(
        _said(verdict) != says
        or (isinstance(verdict, Ask) and _needs(verdict) != _wanted(policy.get(r.kind), r.told))
        for r, verdict, says in judged
    )
