"""Every scenario that ships can be loaded, names its truth, and keeps to its own weeks."""

from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest
import yaml

from drumbeat.app.lab import market_of, scenario_schema
from drumbeat.core.operations.cause import Cause
from drumbeat.lab.mix import opening
from drumbeat.lab.scenario_file import BadScenario, LabScenario, read, shipped

SHIPPED = shipped()
BY_NAME = pytest.mark.parametrize("scenario", SHIPPED, ids=[one.name for one in SHIPPED])
TELLING = set(Cause) - {Cause.NOISE, Cause.UNKNOWN}


def test_at_least_twenty_scenarios_ship_under_names_of_their_own() -> None:
    assert len(SHIPPED) >= 20
    assert len({one.name for one in SHIPPED}) == len(SHIPPED)


def test_every_cause_a_monitor_can_name_is_the_truth_of_some_scenario() -> None:
    assert {one.cause for scenario in SHIPPED for one in scenario.expect} == TELLING


@BY_NAME
def test_a_scenarios_market_opens(scenario: LabScenario) -> None:
    assert market_of(scenario).name == scenario.name


@BY_NAME
def test_what_goes_wrong_leaves_weeks_before_it_to_learn_what_is_usual(
    scenario: LabScenario,
) -> None:
    assert all(one.after >= timedelta(weeks=3) for one in scenario.expect)


@BY_NAME
def test_what_is_protected_and_what_people_touch_is_in_the_mix(scenario: LabScenario) -> None:
    market = market_of(scenario)
    start = datetime.combine(scenario.start, datetime.min.time(), UTC)
    made = opening(start, scenario.weeks, market.currency, market.networks)
    targets = {target for target, _ in made}
    assert {*scenario.protect, *(deed.target for deed in scenario.people)} <= targets


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param("[]", "mine.yaml:1:1: expected a block of keys", id="a list"),
        pytest.param("name: [", "mine.yaml:2:1: expected a value", id="broken YAML"),
        pytest.param(
            "name: x\nabout: something long enough to read\nprotects: []",
            "mine.yaml:3:1: protects: unknown key — did you mean 'protect'",
            id="a key nobody knows",
        ),
        pytest.param("name: x\nabout: too short", "about", id="nothing about it"),
        pytest.param(
            "name: x\nabout: something long enough to read\nexpect: [{cause: gremlins}]",
            "mine.yaml:3:18: expect[0].cause: expected tracking_break",
            id="a cause nobody knows",
        ),
        pytest.param(
            "name: x\nabout: something long enough to read\nweeks: 2\n"
            "expect: [{cause: stock_out, after: 3w, lasts: 1d}]",
            "past the scenario's 2 weeks",
            id="after the end",
        ),
    ],
)
def test_a_bad_scenario_file_says_where_it_is_wrong(tmp_path: Path, text: str, says: str) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadScenario, match="mine") as caught:
        read(file)
    assert says in str(caught.value)


def test_a_market_that_cannot_be_names_its_field(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(
        "name: x\nabout: something long enough to read\nmarket: {gross_margin: 7}",
        encoding="utf-8",
    )
    with pytest.raises(BadScenario, match="gross_margin"):
        market_of(read(file))


def test_every_shipped_scenario_fits_the_schema_and_a_mistake_does_not() -> None:
    schema = scenario_schema()
    validator = jsonschema.Draft202012Validator(schema)
    for file in files("drumbeat.lab").joinpath("scenarios").iterdir():
        assert not list(validator.iter_errors(yaml.safe_load(file.read_text(encoding="utf-8"))))
    assert not validator.is_valid({"name": "x", "about": "long enough to be read", "markt": {}})
    odd = {"incidents": [{"kind": "gremlins", "after": "3w"}]}
    assert not validator.is_valid({"name": "x", "about": "long enough to be read", "market": odd})
