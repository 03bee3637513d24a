"""A replay sees each morning what was known then, judges by what followed, and says what it
cannot know."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from drumbeat.core.campaign.history import HistoryKind, HistoryRow
from drumbeat.core.governance.decision import Decision
from drumbeat.files.history.columns import read_map
from drumbeat.files.history.parse import read_history
from drumbeat.files.history.reader import ImportOptions
from drumbeat.lab.backtest import AGENT, PEOPLE, RULES, Backtest, Tally, backtest, replay
from drumbeat.lab.inferred import inferred
from drumbeat.lab.past_field import Past, PastField, pasts_of

ADS = Path(__file__).resolve().parents[3] / "shared" / "data" / "online_ads_apr_may.csv"
START = date(2026, 3, 2)
DAY = timedelta(days=1)
Spend = Callable[[int], float]


def row(
    day: int, unit: str, spend: float, conversions: float, campaign: str = "always-on"
) -> HistoryRow:
    return HistoryRow(
        kind=HistoryKind.ADS,
        at=START + day * DAY,
        campaign=campaign,
        dimensions={"line_item": unit},
        measures={
            "impressions": Decimal(round(spend * 200)),
            "clicks": Decimal(round(spend * 2)),
            "conversions": Decimal(str(conversions)),
        },
        amounts={"spend": Decimal(str(spend))},
        currency="EUR",
    )


def steady(_: int) -> float:
    return 100.0


def history(
    days: int = 42, good: Spend = steady, weak: Spend = steady, rate: float = 0.1
) -> list[HistoryRow]:
    """Two line items of which the first returns three times as much."""
    found = []
    for day in range(days):
        found.append(row(day, "good", good(day), round(good(day) * 3 * rate)))
        found.append(row(day, "weak", weak(day), round(weak(day) * rate)))
    return found


def past(rows: list[HistoryRow]) -> Past:
    (found,) = pasts_of(rows, "line_item")
    return found


def tally(found: Backtest, decider: str) -> Tally:
    (mine,) = [one for one in found.tallies if one.decider == decider]
    return mine


def test_the_agent_moves_money_to_what_returns_more_and_was_right() -> None:
    found = backtest(pasts_of(history(), "line_item"))
    mine = tally(found, AGENT)
    assert mine.decisions >= 4
    assert (mine.right > 0, mine.wrong) == (True, 0)
    ups = {d.target for d in found.decisions if d.decider == AGENT and "+" in d.what}
    assert ups == {"good"}


def test_the_agent_weighs_the_days_whose_conversions_are_all_counted() -> None:
    at = START + 30 * DAY
    line = next(iter(PastField(past(history()), at).lines()))
    assert [one.day for one in line.history] == [START + n * DAY for n in range(23)]
    assert line.history[0].spend_minor == 10_000


def test_what_comes_later_changes_no_earlier_decision() -> None:
    whole, cut = past(history(42)), past(history(30))
    turned = past(
        [*history(30), *(r for r in history(42, rate=0.4) if r.at and r.at >= START + 30 * DAY)]
    )
    end = START + 30 * DAY
    for decider in (AGENT, RULES):
        first = replay(cut, decider)
        for longer in (whole, turned):
            assert [d for d in replay(longer, decider) if d.at.date() < end] == first


def test_rules_pause_on_a_spike_and_start_again() -> None:
    rows = history(42)
    for day in (20, 21):
        rows[2 * day] = row(day, "good", 100.0, 5)
    kinds = [(d.kind, d.target) for d in replay(past(rows), RULES)]
    assert kinds == [("ads.pause", "good"), ("ads.enable", "good")]


@pytest.mark.parametrize(
    ("spend", "kinds"),
    [
        pytest.param(steady, [], id="nothing happened"),
        pytest.param(lambda d: 100.0 if d < 20 else 0.0, ["ads.pause"], id="stopped"),
        pytest.param(
            lambda d: 100.0 if d < 10 or d > 20 else 0.0,
            ["ads.pause", "ads.enable"],
            id="stopped for a while",
        ),
        pytest.param(lambda d: 100.0 if d < 20 else 300.0, ["ads.set_budget"], id="raised"),
        pytest.param(lambda d: 100.0 + 5.0 * (d % 3), [], id="only wobbles"),
        pytest.param(lambda d: 0.2 if d < 20 else 0.6, [], id="crumbs"),
    ],
)
def test_decisions_are_read_from_the_spend(spend: Spend, kinds: list[str]) -> None:
    found = inferred(past(history(42, good=spend)))
    assert [d.kind for d in found if d.target == "good"] == kinds
    assert all(d.source == "inferred from spend" for d in found)


def test_a_person_against_the_evidence_did_worse_than_the_agent() -> None:
    person = Decision(
        id="p",
        at=PastField(past(history()), START + 14 * DAY).now,
        by="person:ana",
        campaign="always-on",
        kind="ads.set_budget",
        channel="ads",
        target="good",
        direction=-1,
        size=0.3,
    )
    found = backtest(pasts_of(history(), "line_item"), [person])
    assert found.people_from == "decisions file"
    assert tally(found, PEOPLE).wrong == 1
    assert sum(one.better for one in found.agent_beside_people) >= 1
    assert sum(one.worse for one in found.agent_beside_people) == 0


def test_a_value_is_a_range_between_nothing_and_the_average() -> None:
    found = backtest(pasts_of(history(), "line_item"))
    mine = tally(found, AGENT)
    assert mine.gain_low is not None
    assert mine.gain_high is not None
    # Cutting what returns may cost, raising it may bring: which, a flat history cannot tell.
    assert mine.gain_low < 0 < mine.gain_high
    assert all(text.startswith("unknown") for text in found.responses.values())
    assert any("nobody ran it" in line for line in found.unknowable)


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        pytest.param(history(20), "20 days; a replay needs 28", id="short"),
        pytest.param([], "no row has 'line_item'", id="empty"),
    ],
)
def test_a_history_that_cannot_be_replayed_says_why(rows: list[HistoryRow], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        backtest(pasts_of(rows, "line_item"))


def test_decisions_about_something_else_are_refused() -> None:
    stranger = replay(past(history()), AGENT)[0].model_copy(update={"target": "nobody"})
    with pytest.raises(ValueError, match=r"has no 'nobody'; it has good, weak"):
        backtest(pasts_of(history(), "line_item"), [stranger])


@pytest.mark.skipif(not ADS.is_file(), reason=f"needs the export {ADS}")
def test_on_two_months_of_real_ads_the_agent_is_mostly_right_and_calmer_than_noise() -> None:
    options = ImportOptions(
        columns=read_map(["banner=format", "post_click_sales_amount=revenue", "revenue=-"]),
        currency="EUR",
        year=2025,
    )
    rows = read_history(ADS, HistoryKind.ADS, options).rows
    found = backtest(pasts_of(rows, "placement"))
    mine = tally(found, AGENT)
    assert (found.campaigns, found.first, found.last) == (3, date(2025, 4, 1), date(2025, 5, 31))
    # Measured: 33 right, 2 wrong.
    assert mine.right >= 5 * max(mine.wrong, 1)
    assert mine.per_week <= 3.0 * found.campaigns
    assert mine.decisions == mine.right + mine.wrong + mine.unclear
