"""Can this history tell what spend does? The named reasons why not, each a measured quantity."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from drumbeat.stats._forecast_grid import Days, Floats

_FEWEST = 40
_LEAST_VARIATION = 0.1
_FEWEST_MOVES = 15
_LEAST_OWN_SHARE = 0.2
_LAGS = 3
# A short history seldom proves that spend follows demand where it does, so less proof will do: a
# lift test in vain costs less than a slope ten times too steep.
_SURE, _SURE_OF_FEW, _FEW = 0.003, 0.03, 200
_NOTICEABLE = 0.03
# Autocorrelation from which spend lasts, and how many standard errors tell it from none.
_LASTS, _CLEARLY = 0.3, 2.0
_JUMPS = 0.95


class Reason(StrEnum):
    """Why a curve was not identified."""

    TOO_FEW_POINTS = "too few points"
    TOO_LITTLE_VARIATION = "too little variation in spend"
    SPEND_FOLLOWS_CALENDAR = "spend follows the calendar"
    SPEND_FOLLOWS_DEMAND = "spend follows demand"
    SPEND_MAY_FOLLOW_DEMAND = "spend may follow demand"
    CHANNELS_MOVE_TOGETHER = "channels move together"
    NO_EFFECT_SEEN = "no effect seen"
    SHAPE_UNKNOWN = "shape unknown"


@dataclass(frozen=True)
class NotIdentified:
    """The honest answer where history cannot tell what spend does; a lift test can."""

    reason: Reason
    detail: str


def controls(days: Days, step_days: int) -> Floats:
    """Columns that explain response and spend without either causing the other: level, trend
    (bent once), weekday, and the season of the year where a year was seen."""
    age = (days - days[0]).astype(float)
    span = max(float(age[-1]), 1.0)
    columns = [np.ones(len(days)), age / span, (age / span) ** 2]
    if step_days == 1:
        weekday = days.astype(np.int64) % 7
        columns += [(weekday == one).astype(float) for one in range(1, 7)]
    if span >= 360:
        turns = 2 * np.pi * age / 365.25
        columns += [wave(k * turns) for k in (1, 2) for wave in (np.sin, np.cos)]
    return np.column_stack(columns)


def rest(of: Floats, design: Floats) -> Floats:
    """What ``design`` does not explain of a column or of several."""
    return off(of, basis_of(design))


def basis_of(design: Floats) -> Floats:
    """Columns at right angles that span what ``design`` does."""
    left, sizes, _ = np.linalg.svd(design, full_matrices=False)
    return np.asarray(left[:, sizes > 1e-9 * sizes[0]])


def off(of: Floats, basis: Floats) -> Floats:
    """What lies off a basis, of a column or of several."""
    return np.asarray(of - basis @ (basis.T @ of))


def objection(
    spend: Floats, response: Floats, calendar: Floats, beside: Floats
) -> NotIdentified | None:
    """Why spend in this history cannot be told from what moves with it; None where it can.
    ``beside`` are columns of what other channels spent on the same response."""
    if len(spend) < _FEWEST:
        return NotIdentified(
            Reason.TOO_FEW_POINTS, f"{len(spend)} complete rows, at least {_FEWEST} are needed"
        )
    variation = float(spend.std() / spend.mean()) if spend.any() else 0.0
    if variation < _LEAST_VARIATION or len(np.unique(spend)) < 5:
        return NotIdentified(
            Reason.TOO_LITTLE_VARIATION,
            f"spend varies by {variation:.0%} around its mean over {len(np.unique(spend))} levels",
        )
    if not np.ptp(response):
        return NotIdentified(Reason.NO_EFFECT_SEEN, "the response never changes")
    return _moved_by_others(spend, response, calendar, beside)


def _moved_by_others(
    spend: Floats, response: Floats, calendar: Floats, beside: Floats
) -> NotIdentified | None:
    level = np.log1p(spend / spend.mean())
    share = float(rest(level, calendar).var() / level.var())
    if share < _LEAST_OWN_SHARE:
        return NotIdentified(
            Reason.SPEND_FOLLOWS_CALENDAR,
            f"trend, weekday and season explain {1 - share:.0%} of the changes in spend",
        )
    basis = basis_of(np.column_stack([calendar, beside]))
    own, left = off(level, basis), off(response, basis)
    share = float(own.var() / level.var())
    if share < _LEAST_OWN_SHARE:
        return NotIdentified(
            Reason.CHANNELS_MOVE_TOGETHER,
            f"what other channels spent explains {1 - share:.0%} of the changes in its spend",
        )
    echo = _echo(own)
    moves = len(own) * (1 - max(echo, 0.0)) / (1 + max(echo, 0.0))
    if moves < _FEWEST_MOVES:
        return NotIdentified(
            Reason.TOO_LITTLE_VARIATION,
            f"spend drifts so slowly that it made about {moves:.0f} independent moves",
        )
    return _following(spend, own, left) or _indistinguishable(spend, own, left)


def _following(spend: Floats, own: Floats, left: Floats) -> NotIdentified | None:
    """Effects come after causes: if past response foretells spend, or spend to come "explains"
    today's response beyond spend so far, then something moves both (Granger 1969, Sims 1972)."""
    raw = spend - spend.mean()
    past_own = _shifted(own, range(1, _LAGS + 1))
    foretold = _added(own, past_own, _shifted(left, range(1, _LAGS + 1)))
    so_far = np.column_stack([_shifted(one, range(_LAGS + 1)) for one in (own, raw, raw**2)])
    leads = _added(left, so_far, _shifted(own, range(-_LAGS, 0)))
    sure = _SURE if len(spend) > _FEW else _SURE_OF_FEW
    for (share, chance), words in (
        (foretold, "past response foretells spend"),
        (leads, "spend to come explains today's response"),
    ):
        if chance < sure and share > _NOTICEABLE:
            return NotIdentified(
                Reason.SPEND_FOLLOWS_DEMAND,
                f"{words} ({share:.0%} of what is left, p {chance:.1g})",
            )
    return None


def _indistinguishable(spend: Floats, own: Floats, left: Floats) -> NotIdentified | None:
    """Demand lasts. Where spend lasts too, and nothing that lasts is left of the response beside
    spend, then demand never moved, or spend moved with it: no history tells these apart."""
    lasting, sure = _echo(own), _CLEARLY / np.sqrt(len(own))
    if lasting < max(_LASTS, sure) or _is_set_in_steps(spend):
        return None
    so_far = [_shifted(one, range(_LAGS + 1)) for one in (own, spend - spend.mean())]
    others = _echo(rest(left, np.column_stack([np.ones(len(left)), *so_far])))
    if others > sure:
        return None
    return NotIdentified(
        Reason.SPEND_MAY_FOLLOW_DEMAND,
        f"spend lasts from one date to the next (autocorrelation {lasting:.2f}) and nothing else "
        f"in the response does ({others:.2f}): budgets that follow demand look the same",
    )


def _is_set_in_steps(spend: Floats) -> bool:
    """Whether spend rests and jumps, as budgets do that somebody sets; demand moves all the time.
    Of normal changes the largest third makes up .82 of the sum of squares."""
    changes = np.sort(np.diff(spend) ** 2)
    return float(changes[-(len(changes) // 3) :].sum()) > _JUMPS * float(changes.sum())


def _echo(column: Floats) -> float:
    """Correlation with itself one step before."""
    return float(np.corrcoef(column[1:], column[:-1])[0, 1])


def _shifted(column: Floats, lags: range) -> Floats:
    return np.column_stack([np.roll(column, lag) for lag in lags])


def _added(target: Floats, known: Floats, more: Floats) -> tuple[float, float]:
    """Share of the remaining variance that ``more`` explains beyond ``known``, and its p-value."""
    from scipy.special import fdtrc

    inside = slice(_LAGS, -_LAGS)
    base = np.column_stack([np.ones(len(target)), known])[inside]
    full = np.column_stack([base, more[inside]])
    before, after = (float((rest(target[inside], d) ** 2).sum()) for d in (base, full))
    free = len(base) - full.shape[1]
    if before <= 1e-9 * float((target**2).sum()) or free < 10:
        return 0.0, 1.0
    gained = max(before - after, 0.0)
    f = gained / more.shape[1] / max(after / free, 1e-300)
    return gained / before, float(fdtrc(more.shape[1], free, f))
