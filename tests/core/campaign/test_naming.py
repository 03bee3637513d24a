"""Names by a rule: composed, and refused when they break it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from drumbeat.core.campaign.naming import Naming, NamingRuleBroken, compose, utm_for, violation
from drumbeat.core.governance.action import Channel

NAMING = Naming.model_validate(
    {
        "version": 1,
        "rules": {"standard": "{brand}_{type}_{region}_{yyyymm}_{seq}"},
        "taxonomy": {"brand": ["nb"], "region": ["eu", "dach"]},
        "types": {"newsletter": "nl", "retargeting": "rtg"},
        "utm": {"source": {"email": "newsletter"}, "medium": {"email": "email"}},
    }
)
VALUES = {"brand": "nb", "type": "nl", "region": "eu", "yyyymm": "202611", "seq": "07"}


def test_a_name_is_composed_by_its_rule() -> None:
    assert compose(NAMING, "standard", VALUES) == "nb_nl_eu_202611_07"


@pytest.mark.parametrize(
    ("rule", "changed", "message"),
    [
        pytest.param("fancy", {}, "no naming rule is called 'fancy'", id="unknown rule"),
        pytest.param("standard", {"region": "mars"}, "'mars' is no region", id="foreign value"),
        pytest.param("standard", {"type": "xx"}, "'xx' is no type", id="unknown type"),
        pytest.param("standard", {"yyyymm": "202613"}, "does not follow", id="no such month"),
        pytest.param("standard", {"seq": "7"}, "does not follow", id="short number"),
    ],
)
def test_a_broken_name_says_what_is_wrong(rule: str, changed: dict[str, str], message: str) -> None:
    with pytest.raises(NamingRuleBroken, match=message):
        compose(NAMING, rule, VALUES | changed)


def test_a_missing_value_is_named() -> None:
    with pytest.raises(NamingRuleBroken, match="needs region, seq"):
        compose(NAMING, "standard", {"brand": "nb", "type": "nl", "yyyymm": "202611"})


@given(
    st.sampled_from(["eu", "dach"]),
    st.sampled_from(["nl", "rtg"]),
    st.integers(1, 12),
    st.integers(1, 99),
)
def test_every_name_composed_of_known_values_follows_its_rule(
    region: str, kind: str, month: int, number: int
) -> None:
    values = VALUES | {"region": region, "type": kind, "yyyymm": f"2026{month:02}"}
    name = compose(NAMING, "standard", values | {"seq": f"{number:02}"})
    assert violation(NAMING, "standard", name) is None


@given(st.text("nb_leu20612 {}é\n", max_size=40))
def test_no_text_raises_when_it_is_checked(name: str) -> None:
    assert violation(NAMING, "standard", name) is not None or name.startswith("nb_")


@pytest.mark.parametrize(
    ("grammar", "message"),
    [
        pytest.param("{brand} {seq}", "joined by _", id="a space"),
        pytest.param("plain", "places in braces", id="no place"),
        pytest.param("{seq}_{seq}", "only once", id="twice"),
    ],
)
def test_a_grammar_that_names_nothing_is_refused(grammar: str, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        Naming.model_validate({"version": 1, "rules": {"standard": grammar}})


def test_link_parameters_exist_only_for_declared_channels() -> None:
    found = utm_for(NAMING, Channel.EMAIL, "nb_nl_eu_202611_07")
    assert found is not None
    assert (found.source, found.medium, found.campaign) == (
        "newsletter",
        "email",
        "nb_nl_eu_202611_07",
    )
    assert utm_for(NAMING, Channel.ADS, "nb_rtg_eu_202611_07") is None


def test_places_outside_the_taxonomy_are_found() -> None:
    naming = NAMING.model_copy(update={"rules": {"odd": "{brand}_{colour}_{seq}"}})
    assert naming.unknown_places() == (("odd", "colour"),)


def test_a_list_of_campaigns_in_the_taxonomy_is_kept_to() -> None:
    naming = NAMING.model_copy(update={"rules": {"standard": "{campaign}_{seq}"}})
    assert violation(naming, "standard", "weekly-news_07") is None
    listed = naming.model_copy(update={"taxonomy": {"campaign": ("spring",)}})
    assert violation(listed, "standard", "weekly-news_07") is not None
