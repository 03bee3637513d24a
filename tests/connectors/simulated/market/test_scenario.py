from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from drumbeat.connectors.simulated.market.incident import (
    MAGNITUDES,
    Effects,
    Incident,
    IncidentKind,
)
from drumbeat.connectors.simulated.market.scenario import Scenario, load


def test_an_empty_scenario_is_a_market_without_incidents() -> None:
    assert load({"name": "quiet"}).incidents == ()


def test_durations_money_and_percentages_carry_units() -> None:
    scenario = load(
        {
            "order_value": "EUR 80",
            "gross_margin": "40%",
            "incidents": [{"kind": "stock_out", "after": "3w2d", "lasts": "36h"}],
        }
    )
    assert scenario.order_value.minor == 8_000
    assert scenario.gross_margin == pytest.approx(0.4)
    assert scenario.incidents[0].after == timedelta(days=23)


@pytest.mark.parametrize(
    ("content", "where"),
    [
        pytest.param({"zone": "Europe/Atlantis"}, "zone", id="unknown-zone"),
        pytest.param({"subscriber": 5}, "subscriber", id="unknown-field"),
        pytest.param({"gross_margin": "-5%"}, "gross_margin", id="negative-margin"),
        pytest.param({"segments": {"a": 0}}, "segments", id="shares-of-nothing"),
        pytest.param({"incidents": [{"kind": "flood", "after": "1d"}]}, "kind", id="unknown-kind"),
        pytest.param({"incidents": [{"kind": "stock_out", "after": 3}]}, "after", id="no-unit"),
        pytest.param(
            {"incidents": [{"kind": "tracking_break", "after": "1d", "magnitude": 7}]},
            "between 0 and 1",
            id="impossible-magnitude",
        ),
    ],
)
def test_a_mistake_is_told_with_its_place(content: dict[str, Any], where: str) -> None:
    with pytest.raises(ValueError, match=where):
        load(content)


def test_the_format_has_a_json_schema_that_names_every_kind() -> None:
    schema = Scenario.model_json_schema()
    assert set(schema["$defs"]["IncidentKind"]["enum"]) == set(IncidentKind)


def test_every_kind_says_what_its_magnitude_means() -> None:
    assert set(MAGNITUDES) == set(IncidentKind)
    assert all(scale.low <= scale.default <= scale.high for scale in MAGNITUDES.values())


@pytest.mark.parametrize(
    ("hour", "strength"),
    [
        pytest.param(9.0, 0.0, id="before"),
        pytest.param(10.0, 0.0, id="begins"),
        pytest.param(12.0, 0.5, id="half-way-up"),
        pytest.param(14.0, 1.0, id="in-full"),
        pytest.param(19.0, 1.0, id="last-hour"),
        pytest.param(20.0, 0.0, id="over"),
    ],
)
def test_an_incident_builds_up_and_ends(hour: float, strength: float) -> None:
    incident = Incident(kind=IncidentKind.STOCK_OUT, after="10h", lasts="10h", ramp="4h")
    effects = Effects((incident,), start=0)
    assert effects.strength(incident, np.array([hour]))[0] == pytest.approx(strength)


def test_an_incident_touches_only_its_target() -> None:
    incident = load(
        {"incidents": [{"kind": "auction_shock", "after": "0s", "target": "line_item:ads/*"}]}
    ).incidents[0]
    effects = Effects((incident,), start=0)
    kind = IncidentKind.AUCTION_SHOCK
    assert effects.now(kind, 5.0, "line_item:ads/core") == pytest.approx(0.8)
    assert effects.now(kind, 5.0, "line_item:other/core") == 0.0


def test_incidents_of_one_kind_add_up() -> None:
    twice = load({"incidents": [{"kind": "seasonality", "after": "0s", "magnitude": -0.2}] * 2})
    effects = Effects(twice.incidents, start=0)
    assert effects.now(IncidentKind.SEASONALITY, 1.0) == pytest.approx(-0.4)


def test_novelty_fades_by_half_every_eighth_of_its_duration() -> None:
    scenario = load({"incidents": [{"kind": "novelty_effect", "after": "0s", "lasts": "80h"}]})
    effects = Effects(scenario.incidents, start=0)
    lifts = [effects.novelty("style:curiosity", hour) for hour in (0.0, 10.0, 20.0)]
    assert lifts == pytest.approx([0.6, 0.3, 0.15])


def test_a_scenario_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        setattr(Scenario(), "subscribers", 5)  # noqa: B010
