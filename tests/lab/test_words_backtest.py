"""Words in a history: a better word is found better, alike ones are not, and gaps are said."""

from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest

from drumbeat.core.campaign.history import HistoryKind, HistoryRow
from drumbeat.core.governance.shadow import ShadowScore
from drumbeat.lab.words_backtest import WordsBacktest, backtest_words

FIRST = date(2025, 1, 7)


def mails(rates: dict[str, float], weeks: int = 60, seed: int = 1) -> list[HistoryRow]:
    """A mail a week, its theme drawn at random, in two segments."""
    chance = np.random.default_rng(seed)
    found = []
    for week in range(weeks):
        theme = str(chance.choice(sorted(rates)))
        for segment in ("new", "loyal"):
            clicks = int(chance.binomial(3_000, rates[theme] * chance.normal(1, 0.1)))
            found.append(
                HistoryRow(
                    kind=HistoryKind.EMAIL,
                    at=FIRST + timedelta(weeks=week),
                    campaign="weekly",
                    dimensions={"theme": theme, "segment": segment, "style": "direct"},
                    measures={"clicks": Decimal(clicks), "delivered": Decimal(3_000)},
                )
            )
    return found


def of(found: WordsBacktest, label: str) -> ShadowScore:
    (mine,) = [one for one in found.agent_beside_people if one.kind == label]
    return mine


def test_a_theme_that_is_clicked_more_is_chosen_and_better() -> None:
    found = backtest_words(mails({"origins": 0.05, "recipes": 0.03}), HistoryKind.EMAIL)
    score = of(found, "theme")
    assert score.cases == 60 - 8
    assert score.better >= 5
    assert score.worse == 0
    assert (found.occasions, found.measured_by) == (60, "clicks of delivered")
    assert found.skipped["weekly/style"] == "always direct: nothing was chosen"
    (better, *_) = [c for c in found.cases if c.verdict == "better"]
    assert "theme origins against recipes" in better.reason


def test_alike_themes_are_mostly_only_different() -> None:
    found = backtest_words(mails({"origins": 0.04, "recipes": 0.04}), HistoryKind.EMAIL)
    score = of(found, "theme")
    assert score.better + score.worse < score.different


def test_posts_are_judged_one_by_one() -> None:
    rows = [
        HistoryRow(
            kind=HistoryKind.SOCIAL,
            at=FIRST + timedelta(days=n // 2),
            campaign="voices",
            dimensions={"hook": "question" if n % 3 else "fact"},
            measures={"engagements": Decimal(90 if n % 3 else 40), "impressions": Decimal(1_000)},
        )
        for n in range(40)
    ]
    found = backtest_words(rows, HistoryKind.SOCIAL)
    assert found.occasions == 40
    assert of(found, "hook").better > 0


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        pytest.param([], "without a date", id="nothing"),
        pytest.param(
            [mails({"a": 0.1}, 1)[0].model_copy(update={"at": None})], "without a date", id="days"
        ),
        pytest.param(
            [mails({"a": 0.1}, 1)[0].model_copy(update={"measures": {}})],
            "clicks and delivered",
            id="counts",
        ),
    ],
)
def test_what_tells_nothing_is_refused(rows: list[HistoryRow], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        backtest_words(rows, HistoryKind.EMAIL)


def test_money_and_signals_hold_no_words() -> None:
    with pytest.raises(ValueError, match="no words"):
        backtest_words(mails({"a": 0.1}), HistoryKind.KPI)
