"""Autonomy: earned by agreement with people, case by case, and lost by one override."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, stdev

from drumbeat.core.governance.entry import Entry
from drumbeat.core.governance.levels import Level, above, below, level
from drumbeat.core.governance.matrix import ActionMatrix, Risk, Row
from drumbeat.core.governance.phase import Phase
from drumbeat.stats.proportions import wilson

# Answers by people before agreement means anything.
LEAST_CASES = 20
# What the lower end of the agreement's 95 % interval must reach, by the phase aimed at.
LEAST_AGREEMENT = {Phase.SUPERVISED: 0.7, Phase.CONDITIONAL: 0.8, Phase.FULL: 0.9}
# The same for one rung of an action kind's level.
LEAST_FOR_LEVEL = {Level.DRAFT: 0.6, Level.ASK: 0.7, Level.ACT: 0.8}
# So many of the latest cases say that agents and people have come apart.
LEAST_DRIFT_CASES = 10
# A rejection for one of these says that the agent was wrong, not that the moment was.
GRAVE = frozenset({"wrong", "harmful", "brand", "legal", "budget", "policy", "data", "security"})
# Measured effects before their mean has a bound.
LEAST_OUTCOMES = 5
_Z95 = 1.959964


@dataclass(frozen=True)
class Case:
    """An agent proposed, a person answered (``agreed`` None: nobody was asked, it was only
    measured). ``outcome`` is the relative effect, if measured."""

    kind: str
    channel: str
    agreed: bool | None
    outcome: float | None = None


@dataclass(frozen=True)
class Agreement:
    """People's answers to one kind on one channel, with the 95 % interval (Wilson) of agreement.

    ``outcome_low`` is the lower 95 % bound of the mean measured effect; None: too few measured.
    """

    kind: str
    channel: str
    agreed: int
    cases: int
    low: float
    high: float
    outcome_low: float | None
    measured: int


@dataclass(frozen=True)
class Readiness:
    """Whether a campaign may be proposed for ``next``; ``lacking`` says what is missing."""

    phase: Phase
    next: Phase | None
    opens: tuple[str, ...]
    lacking: tuple[str, ...]

    @property
    def is_ready(self) -> bool:
        return self.next is not None and not self.lacking


def agreements(cases: Iterable[Case]) -> tuple[Agreement, ...]:
    """One line a kind and channel, in the order of their names."""
    by_kind: dict[tuple[str, str], list[Case]] = defaultdict(list)
    for case in cases:
        by_kind[case.kind, case.channel].append(case)
    return tuple(_agreement(*key, by_kind[key]) for key in sorted(by_kind))


def readiness(
    phase: Phase, matrix: ActionMatrix, kinds: Collection[str], found: Iterable[Agreement]
) -> Readiness:
    """Whether every kind that the next phase would set free has earned it.

    ``kinds`` are those the campaign uses. A low-risk kind needs no cases, but bad ones count; and
    some kind must have been answered often enough, whatever the next phase opens.
    """
    following = above(phase)
    if following is None:
        return Readiness(phase, None, (), ())
    opens = tuple(kind for kind in sorted(kinds) if _opens(matrix.row(kind), phase, following))
    by_kind = {agreement.kind: agreement for agreement in found}
    lacking = [_lack(k, matrix.row(k), by_kind.get(k), LEAST_AGREEMENT[following]) for k in opens]
    most = max((agreement.cases for agreement in by_kind.values()), default=0)
    if most < LEAST_CASES and not any(lacking):
        lacking.append(f"people have answered at most {most} proposals of a kind of {LEAST_CASES}")
    return Readiness(phase, following, opens, tuple(text for text in lacking if text))


@dataclass(frozen=True)
class LevelReadiness:
    """Whether a kind on a channel may be proposed for the next rung, and what it lacks."""

    level: Level
    next: Level | None
    lacking: str

    @property
    def is_ready(self) -> bool:
        return self.next is not None and not self.lacking


def level_readiness(
    kind: str, row: object, level: Level, found: Agreement | None
) -> LevelReadiness:
    """Whether people's agreement, in shadow and on proposals, and what was realised, have earned
    the next rung."""
    following = level.above
    if following is None:
        return LevelReadiness(level, None, "")
    return LevelReadiness(level, following, _lack(kind, row, found, LEAST_FOR_LEVEL[following]))


def drift(cases: Sequence[Case]) -> str:
    """Why agents have drifted from people, or from what pays, in these latest cases; empty: they
    have not. A bad streak of chance is none: the whole interval must lie below the bound."""
    found = next(iter(agreements(cases)), None)
    if found is None:
        return ""
    if found.cases >= LEAST_DRIFT_CASES and found.high < LEAST_AGREEMENT[Phase.SUPERVISED]:
        return f"people agreed {found.agreed} of the last {found.cases} times"
    outcomes = [case.outcome for case in cases if case.outcome is not None]
    high = _bound(outcomes, 1)
    if high is not None and high < 0:
        return f"the last {len(outcomes)} measured outcomes were losses (at best {high:+.0%})"
    return ""


def realised(entry: Entry) -> Case | None:
    """What a change of an agent's brought once it was measured, from its ``move_checked`` entry;
    None where nobody can say."""
    body = entry.body
    kind, channel, effect = body.get("action"), body.get("channel"), body.get("effect")
    if not kind or not isinstance(effect, int | float):
        return None
    return Case(str(kind), str(channel), None, float(effect))


def after_override(phase: Phase, code: str) -> Phase:
    """The phase after a person said no for this reason: one step down for a grave one."""
    return below(phase) if code in GRAVE else phase


def _opens(row: object, phase: Phase, following: Phase) -> bool:
    if not isinstance(row, Row):
        return False
    return level(row, phase) is Level.ASK and level(row, following) is Level.ACT


def _lack(kind: str, row: object, found: Agreement | None, least: float) -> str:
    is_low = isinstance(row, Row) and row.risk is Risk.LOW
    if found is None:
        return "" if is_low else f"{kind}: no case yet, {LEAST_CASES} are needed"
    if found.cases < LEAST_CASES and not is_low:
        return f"{kind}: {found.cases} of {LEAST_CASES} cases"
    if found.cases >= LEAST_CASES and found.low < least:
        return f"{kind}: agreement may be as low as {found.low:.0%}, {least:.0%} is needed"
    if found.outcome_low is not None and found.outcome_low < 0:
        return f"{kind}: its measured effect may be as bad as {found.outcome_low:+.0%}"
    return ""


def _agreement(kind: str, channel: str, cases: list[Case]) -> Agreement:
    answers = [case.agreed for case in cases if case.agreed is not None]
    low, high = wilson(sum(answers), len(answers))
    outcomes = [case.outcome for case in cases if case.outcome is not None]
    return Agreement(
        kind, channel, sum(answers), len(answers), low, high, _bound(outcomes, -1), len(outcomes)
    )


def _bound(outcomes: list[float], side: int) -> float | None:
    """The normal approximation's 95 % bound of a mean: the lower (-1) or the upper (1) one."""
    if len(outcomes) < LEAST_OUTCOMES:
        return None
    return fmean(outcomes) + side * _Z95 * stdev(outcomes) / sqrt(len(outcomes))
