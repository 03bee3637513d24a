"""Rule set: every check file of the folder, ready for the reviewer.

A new rule is a new file ``rules/<id>_<name>.py`` with a ``RULE`` card and a ``check``; there is
no list to add it to.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from drumbeat.core.campaign.finding import ReviewFinding, Severity
from drumbeat.core.campaign.lint import (
    ReviewCase,
    Rule,
    claims_are_allowed,
    line_items_match_their_plan,
)
from drumbeat.core.compliance import rules
from drumbeat.core.compliance.card import Check, RuleCard
from drumbeat.core.compliance.case import ComplianceCase, case_of

OLD_AFTER = timedelta(days=180)
# What lint asks and no check file does: the workspace's own claims, and spending as planned.
_LINT: tuple[Rule, ...] = (claims_are_allowed, line_items_match_their_plan)


@dataclass(frozen=True)
class CheckFile:
    """One rule as the reviewer asks it."""

    card: RuleCard
    check: Check

    @property
    def __name__(self) -> str:
        return self.card.id

    def __call__(self, case: ReviewCase) -> Iterator[ReviewFinding]:
        """What the rule says; nothing on channels it does not speak about."""
        full = case_of(case)
        if self.card.channels & full.channels:
            yield from _silent_sources(self.card, full)
            yield from self.check(full)


@cache
def check_files() -> tuple[CheckFile, ...]:
    """Every rule of the folder in the order of its file names."""
    names = sorted(found.name for found in iter_modules(rules.__path__))
    modules = (import_module(f"{rules.__name__}.{name}") for name in names)
    return tuple(CheckFile(module.RULE, module.check) for module in modules)


def rule_set() -> tuple[Rule, ...]:
    """What the reviewer is given: every rule, and what can be said about the rules themselves."""
    return (*check_files(), *_LINT, unchecked, outdated)


def unchecked(case: ReviewCase) -> Iterator[ReviewFinding]:
    """One warning that names the rules nothing here could answer, and what they would need."""
    full = case_of(case)
    open_ = {
        one.card.id: _unknown(one.card, full)
        for one in check_files()
        if one.card.channels & full.channels and _unknown(one.card, full)
    }
    if open_:
        named = "; ".join(f"{rule} needs {', '.join(needs)}" for rule, needs in open_.items())
        yield ReviewFinding(
            rule="unchecked",
            severity=Severity.WARN,
            subject="the rules",
            text=f"{_count(len(open_))} could not be asked, nothing here can tell: {named}",
            fix="connect a source for these facts, or look at them by hand",
        )


def outdated(case: ReviewCase) -> Iterator[ReviewFinding]:
    """One warning that names the rules whose source nobody has read for 180 days."""
    full = case_of(case)
    if full.now is None:
        return
    before = (full.now - OLD_AFTER).date()
    old = [one.card for one in check_files() if one.card.checked < before]
    if old:
        oldest = min(card.checked for card in old)
        named = ", ".join(card.id for card in old)
        yield ReviewFinding(
            rule="outdated",
            severity=Severity.WARN,
            subject="the rules",
            text=f"{len(old)} rules were last checked before {before}, the oldest on {oldest}: "
            f"{named}",
            fix="read their sources again and renew the dates on their cards",
        )


def _silent_sources(card: RuleCard, case: ComplianceCase) -> Iterator[ReviewFinding]:
    """Unknown means no, where somebody could have known."""
    for need in card.needs:
        if getattr(case.facts, need) is None and need in case.facts.reachable:
            warns = card.severity is Severity.WARN
            yield card.finding(
                need.replace("_", " "),
                f"{card.title} cannot be checked.",
                found=case.facts.silence.get(need) or f"no answer about {need.replace('_', ' ')}",
                allowed="a known value",
                fix="repair the source and review again",
                severity=Severity.WARN if warns else Severity.BLOCK,
            )


def _unknown(card: RuleCard, case: ComplianceCase) -> tuple[str, ...]:
    facts = case.facts
    return tuple(
        need.replace("_", " ")
        for need in card.needs
        if getattr(facts, need) is None and need not in facts.reachable
    )


def _count(rules: int) -> str:
    return f"{rules} rule{'s' if rules != 1 else ''}"
