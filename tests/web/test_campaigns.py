"""Campaigns as a table: views a person keeps, and one freeze for several."""

import pytest

from drumbeat.testing.web_world import WebWorld
from drumbeat.web.views.campaign import Status
from drumbeat.web.views.saved import SavedView
from tests.web.visitor import Visitor

ADS = "channel=ads"


def test_a_filter_is_kept_under_a_name(ana: Visitor, world: WebWorld) -> None:
    assert "Save this view" in ana.get(f"/campaigns?{ADS}").text
    done = ana.post("/views", name=" Paid ", query=f"{ADS}&evil=1&status=")
    assert done.headers["location"].endswith(f"&{ADS}")
    assert world.views == [SavedView("Paid", ADS)]
    page = ana.get(f"/campaigns?{ADS}").text
    assert f'href="/campaigns?{ADS}" aria-current="true"><bdi>Paid</bdi>' in page
    assert "Save this view" not in page


def test_a_view_without_a_name_is_refused_and_its_filter_stays(ana: Visitor) -> None:
    refused = ana.post("/views", name=" ", query=ADS)
    assert refused.status_code == 422
    main = refused.text.partition("<main")[2]
    assert "Give the view a name." in main
    assert 'href="/campaigns/brew-tips"' not in main


def test_a_view_is_forgotten(ana: Visitor, world: WebWorld) -> None:
    world.views.append(SavedView("Paid", ADS))
    assert ana.post("/views/drop", name="Paid").status_code == 303
    assert ana.post("/views/drop", name="Paid").status_code == 404
    assert world.views == []


def test_several_are_frozen_for_one_reason(ana: Visitor, world: WebWorld) -> None:
    chosen = ["brew-tips", "brand-search"]
    done = ana.post("/freeze/several", chosen=chosen, reason="fire drill", query=ADS)
    assert "Froze%202%20campaigns" in done.headers["location"]
    assert {world.campaigns[one].status for one in chosen} == {Status.FROZEN}


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        pytest.param({"chosen": ["brew-tips"], "reason": " "}, "Say why", id="no reason"),
        pytest.param({"reason": "drill"}, "Choose at least one", id="nothing chosen"),
    ],
)
def test_what_was_typed_and_chosen_is_kept(
    ana: Visitor, world: WebWorld, fields: dict[str, object], why: str
) -> None:
    refused = ana.post("/freeze/several", **fields)
    assert refused.status_code == 422
    assert why in refused.text
    assert ('value="brew-tips" aria-label="Choose Brew tips" checked' in refused.text) == (
        "chosen" in fields
    )
    assert f'value="{fields["reason"]}"' in refused.text
    assert world.campaigns["brew-tips"].status is not Status.FROZEN


def test_filters_stay_when_the_shape_changes(ana: Visitor) -> None:
    page = ana.get(f"/campaigns?{ADS}&board=true").text
    assert f'href="/campaigns?{ADS}"' in page
    assert f'href="/campaigns?board=true&amp;{ADS}"' in page
