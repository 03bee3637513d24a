"""Ranking: which hypothesis to test next, by expected impact × confidence. Never by ease."""

from collections.abc import Iterable
from dataclasses import dataclass

from drumbeat.core.campaign.hypothesis_file import Variable
from drumbeat.core.experiments.hypothesis import Hypothesis

# Before any readout of our own: about one idea in seven wins (Kohavi, Tang and Xu 2020, ch. 1),
# and about half of a claimed effect is left when it does.
_USUAL_WIN_RATE = 1 / 7
_USUAL_CREDIT = 0.5
# Fewer who leave is no more of a goal by itself: it keeps what they would have added. By four mails
# a month about one reader in a hundred leaves.
_LEAVERS = frozenset({"unsubscribes", "unsubscribe_rate", "complaints", "spam_complaint_rate"})
_LEAVE_A_MONTH = 0.01
# How many readouts of our own weigh as much as what was believed before.
_STRENGTH = 8.0


@dataclass(frozen=True)
class PastReadout:
    """A finished test: the relative effect claimed and the one measured, and whether it won."""

    variables: tuple[Variable, ...]
    claimed: float
    measured: float
    won: bool


@dataclass(frozen=True)
class Candidate:
    """A hypothesis with what is at ``stake``: how much of the goal passes its surface in a month
    (revenue, leads), in one unit for all candidates."""

    hypothesis: Hypothesis
    stake: float


@dataclass(frozen=True)
class Ranked:
    """``impact`` is what a win is expected to add in a month; ``confidence`` the chance of one.

    ``because`` says which past readouts speak.
    """

    candidate: Candidate
    impact: float
    confidence: float
    because: str

    @property
    def score(self) -> float:
        """What the library is ordered by."""
        return self.impact * self.confidence


def rank(candidates: Iterable[Candidate], past: Iterable[PastReadout]) -> tuple[Ranked, ...]:
    """The candidates, best first; equal scores in the order of their ids.

    Raises ValueError for a stake that is negative or broken.
    """
    history = tuple(past)
    ranked = (_judge(candidate, history) for candidate in candidates)
    return tuple(sorted(ranked, key=lambda each: (-each.score, each.candidate.hypothesis.id)))


def _judge(candidate: Candidate, past: tuple[PastReadout, ...]) -> Ranked:
    if not 0 <= candidate.stake < float("inf"):
        raise ValueError(
            f"{candidate.hypothesis.id}: the stake must be 0 or more, got {candidate.stake}"
        )
    alike = tuple(each for each in past if set(each.variables) & set(_variables(candidate)))
    confidence = _shrunk_wins(alike, _shrunk_wins(past, _USUAL_WIN_RATE))
    credit = _shrunk_credit(alike, _shrunk_credit(past, _USUAL_CREDIT))
    wins = sum(each.won for each in alike)
    names = " and ".join(_variables(candidate))
    because = f"{wins} of {len(alike)} tests of {names} won; {credit:.0%} of a claim is left"
    # A claim to make things worse is worth testing last, however surely it holds.
    sign = 1 if candidate.hypothesis.is_improvement else -1
    kept = _LEAVE_A_MONTH if candidate.hypothesis.metric in _LEAVERS else 1.0
    impact = sign * abs(candidate.hypothesis.expected) * credit * candidate.stake * kept
    return Ranked(candidate, impact, confidence, because)


def _variables(candidate: Candidate) -> tuple[Variable, ...]:
    return candidate.hypothesis.variables


def _shrunk_wins(readouts: tuple[PastReadout, ...], usual: float) -> float:
    """The win rate, drawn toward the usual one as far as readouts are few (beta-binomial)."""
    wins = sum(each.won for each in readouts)
    return (wins + _STRENGTH * usual) / (len(readouts) + _STRENGTH)


def _shrunk_credit(readouts: tuple[PastReadout, ...], usual: float) -> float:
    """The part of a claimed effect that was measured, drawn toward the usual part.

    Each readout speaks for at most the whole claim and at least nothing: one lucky or disastrous
    test is not to reorder the library.
    """
    parts = [
        min(1.0, max(0.0, each.measured / each.claimed)) for each in readouts if each.claimed != 0
    ]
    return (sum(parts) + _STRENGTH * usual) / (len(parts) + _STRENGTH)
