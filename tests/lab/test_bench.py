"""The bench in little: the same markets for all, scored against the truth."""

import json

import pytest
from click.testing import CliRunner

from drumbeat.app.lab import open_market
from drumbeat.cli.bench import bench_command
from drumbeat.core.operations.diagnosis import Cause
from drumbeat.lab.agent_policy import Agent
from drumbeat.lab.bench import Report, Run, policies, report, run
from drumbeat.lab.episode import Verdict
from drumbeat.lab.policy import Nobody, Rules
from drumbeat.lab.scenario_file import LabScenario, shipped

NAMED = {one.name: one for one in shipped()}
NOISY = NAMED["noisy hour on a winner"]
# What the bar of the slow form is: a share of the rules' regret, and a share of right names.
LEAST = 0.9
PER_WEEK = 3.0


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


def test_plain_rules_pause_the_winner_after_a_noisy_hour_and_the_agent_does_not() -> None:
    short = NOISY.model_copy(update={"weeks": 4})
    agent, rules = (run(short, 1, one, open_market) for one in (Agent(), Rules()))
    assert agent.false_pauses == 0
    assert rules.false_pauses > 0
    assert agent.worth > rules.worth


def test_a_stock_out_is_named_within_three_days_of_its_beginning() -> None:
    short = NAMED["stock out"].model_copy(update={"weeks": 5})
    found = run(short, 1, Agent(), open_market)
    (right,) = [one for one in found.verdicts if one.truth is not None]
    assert right.named is Cause.STOCK_OUT
    assert right.delay is not None
    assert right.delay.days <= 3


def test_whoever_does_nothing_changes_nothing() -> None:
    short = NAMED["quiet control"].model_copy(update={"weeks": 1})
    found = run(short, 1, Nobody(), open_market)
    assert (found.changes, found.asked, found.verdicts) == (0, 0, ())


def test_the_command_prints_its_report_as_json(tmp_path: object) -> None:
    file = tmp_path / "tiny.yaml"  # type: ignore[operator]
    file.write_text("name: tiny\nabout: a week in which nothing happens\nweeks: 1\n")
    told = CliRunner().invoke(
        bench_command, ["--scenario", str(file), "--json"], standalone_mode=False
    )
    assert told.exception is None
    assert '"policy": "agent"' in json.dumps(json.loads(told.output))


@pytest.fixture(scope="module")
def whole() -> Report:
    """Every scenario with a seed of its own, so more than twenty of them."""
    markets = list(enumerate(shipped(), 1))
    return report([run(one, n, make(), open_market) for n, one in markets for make in policies()])


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


def test_four_policies_meet_in_a_bench() -> None:
    assert [make().name for make in policies()] == ["agent", "do nothing", "rules", "oracle"]
