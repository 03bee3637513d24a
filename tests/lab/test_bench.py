"""The bench in little: the same markets for all, scored against the truth."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from drumbeat.app.lab import open_market
from drumbeat.core.operations.cause import Cause
from drumbeat.lab.agent_policy import Agent
from drumbeat.lab.bench import Report, Run, bench, policies, report, run, runs, seeds_of
from drumbeat.lab.bench_table import markdown
from drumbeat.lab.episode import Verdict
from drumbeat.lab.policy import Nobody
from drumbeat.lab.scenario_file import LabScenario, shipped, short_form

NAMED = {one.name: one for one in shipped()}
NOISY = NAMED["noisy hour on a winner"]
# What the bar of the slow form is: a share of the rules' regret, and a share of right names.
LEAST = 0.9
# The shipped matrix allows ten changes of a budget a month and target (policy/actions.yaml); the
# bench has three line items, and they keep to the limit of one together.
PER_WEEK = 10 / 30 * 7
DOCS = Path(__file__).parents[2] / "docs"


def a_run(policy: str, worth: int, *verdicts: Verdict) -> Run:
    return Run("s", 1, policy, worth, 100, 300, 2, 4, 1, 6, verdicts)


@pytest.mark.parametrize(
    ("worths", "regrets"),
    [
        pytest.param((900, 500, 1000), [50.0, 250.0, 0.0], id="the oracle did best"),
        pytest.param((1100, 500, 1000), [0.0, 300.0, 50.0], id="somebody beat the oracle"),
    ],
)
def test_regret_is_what_was_lost_a_week_beside_the_best(
    worths: tuple[int, int, int], regrets: list[float]
) -> None:
    names = ("agent", "rules", "oracle")
    found = report([a_run(name, worth) for name, worth in zip(names, worths, strict=True)])
    assert [one.regret for one in found.standings] == regrets


def test_a_standing_says_how_often_things_were_changed_and_people_asked() -> None:
    (standing,) = report([a_run("agent", 900)]).standings
    assert (standing.changes_per_week, standing.interventions_per_week) == (2.0, 3.0)
    assert (standing.revenue_per_spend, standing.false_pauses) == (3.0, 1)


def test_only_the_agent_is_asked_for_causes() -> None:
    wrong = Verdict(None, Cause.STOCK_OUT)
    found = report([a_run("agent", 1), a_run("rules", 1, wrong)])
    assert found.confusion.cells == {}


def test_the_same_seed_gives_the_same_run() -> None:
    short = NAMED["quiet control"].model_copy(update={"weeks": 2})
    first, second = (run(short, 3, Agent(), open_market) for _ in range(2))
    assert first == second


@pytest.fixture(scope="module")
def brief() -> tuple[Run, ...]:
    """The short form: what `drumbeat bench --short` runs."""
    return tuple(runs(short_form(), 1, open_market))


def of(found: Sequence[Run], policy: str, scenario: LabScenario = NOISY) -> Run:
    (mine,) = [r for r in found if (r.policy, r.scenario) == (policy, scenario.name)]
    return mine


def test_plain_rules_pause_the_winner_after_a_noisy_hour_and_the_agent_does_not(
    brief: tuple[Run, ...],
) -> None:
    agent, rules = (of(brief, name) for name in ("agent", "rules"))
    assert agent.false_pauses == 0
    assert rules.false_pauses > 0
    assert agent.worth > rules.worth


def test_a_stock_out_is_named_within_four_days_of_its_beginning(brief: tuple[Run, ...]) -> None:
    found = of(brief, "agent", NAMED["stock out"])
    (right,) = found.verdicts
    assert right.named is Cause.STOCK_OUT
    assert right.delay is not None
    assert right.delay.days <= 4


def test_in_short_the_agent_keeps_to_its_bars(brief: tuple[Run, ...]) -> None:
    found = report(brief)
    standing = {one.policy: one for one in found.standings}
    assert standing["agent"].regret <= standing["rules"].regret / 2
    assert standing["agent"].changes_per_week <= PER_WEEK
    assert found.confusion.total.precision == found.confusion.total.recall == 1.0


def test_the_documented_short_form_is_what_the_command_prints(brief: tuple[Run, ...]) -> None:
    printed = markdown(report(brief))
    assert printed in (DOCS / "how-to" / "bench.md").read_text(encoding="utf-8"), printed


def test_the_readmes_table_has_the_shape_of_what_the_command_prints(
    brief: tuple[Run, ...],
) -> None:
    readme = (DOCS.parent / "README.md").read_text(encoding="utf-8").splitlines()
    short = markdown(report(brief)).splitlines()
    place = readme.index(short[2])
    for wanted, there in zip(short[2:8], readme[place : place + 6], strict=True):
        assert [cell.strip() for cell in there.split("|")][1] == wanted.split("|")[1].strip()
        assert there.count("|") == wanted.count("|")


def test_lift_is_the_mean_beside_doing_nothing_with_its_t_interval() -> None:
    worths = {"do nothing": (0, 0, 0), "agent": (200, 400, 600)}
    found = report(
        [
            Run("s", seed, name, worth, 1, 1, 2, 0, 0, 0, ())
            for name, all_ in worths.items()
            for seed, worth in enumerate(all_)
        ]
    )
    idle, agent = found.standings
    # 100, 200, 300 a week: mean 200, t(0.975, 2) = 4.303 (published table), 100 / root 3.
    assert (agent.lift, agent.lift_low, agent.lift_high) == (200.0, -48.4, 448.4)
    assert idle.lift is None


def test_each_scenario_has_seeds_of_its_own() -> None:
    assert [list(seeds_of(place, 2)) for place in (0, 1)] == [[1, 2], [3, 4]]


def test_whoever_does_nothing_changes_nothing() -> None:
    short = NAMED["quiet control"].model_copy(update={"weeks": 1})
    found = run(short, 1, Nobody(), open_market)
    assert (found.changes, found.asked, found.verdicts) == (0, 0, ())


@pytest.fixture(scope="module")
def whole() -> Report:
    """Every scenario with a seed of its own, so more than twenty of them: the README's table."""
    return bench(shipped(), 1, open_market)


@pytest.mark.slow
def test_the_readmes_figures_are_what_the_command_prints(whole: Report) -> None:
    readme = (DOCS.parent / "README.md").read_text(encoding="utf-8")
    assert "\n".join(markdown(whole).splitlines()[:8]) in readme, markdown(whole)


@pytest.mark.slow
def test_over_twenty_seeds_the_agent_regrets_at_most_half_of_what_the_rules_do(
    whole: Report,
) -> None:
    regret = {one.policy: one.regret for one in whole.standings}
    assert regret["agent"] <= regret["rules"] / 2


@pytest.mark.slow
def test_over_twenty_seeds_causes_are_named_rightly(whole: Report) -> None:
    total = whole.confusion.total
    assert total.precision is not None
    assert total.recall is not None
    assert min(total.precision, total.recall) >= LEAST


@pytest.mark.slow
def test_over_twenty_seeds_the_agent_never_pauses_a_noisy_winner(whole: Report) -> None:
    agent = next(one for one in whole.standings if one.policy == "agent")
    assert agent.false_pauses == 0
    assert agent.changes_per_week <= PER_WEEK


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1, 21))
def test_no_noisy_market_makes_the_agent_pause_its_winner(seed: int) -> None:
    noisy: list[LabScenario] = [one for one in shipped() if one.noisy]
    assert all(run(one, seed, Agent(), open_market).false_pauses == 0 for one in noisy)


def test_days_of_a_line_item_are_told_once_their_conversions_are_in() -> None:
    market = open_market(NAMED["connector outage"], 1)
    begun = market.now
    market.advance(begun + timedelta(days=30))  # within the outage, day 30 to 31
    assert not any(line.history for line in market.lines()), "nothing can be read yet"
    market.advance(begun + timedelta(days=40))
    for line in market.lines():
        assert [one.day for one in line.history] == [
            begun.date() + timedelta(days=day) for day in range(33)
        ]
        assert all(one.spend_minor > 0 for one in line.history)


def test_four_policies_meet_in_a_bench() -> None:
    assert [make().name for make in policies()] == ["agent", "do nothing", "rules", "oracle"]
