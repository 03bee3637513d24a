"""Links carry their parameters once; captions are counted as each network counts."""

from datetime import timedelta

import pytest

from drumbeat.core.campaign.link import campaign_code, slug, tracked, utm_of
from drumbeat.core.campaign.naming import Naming, NamingRuleBroken, UtmParameters, violation
from drumbeat.core.campaign.network import STRICTEST, length, network
from tests.core.road.shop import NAMING, brief

UTM = UtmParameters(source="mail", medium="email", campaign="fh_nl_eu_202603_10")


def test_a_link_is_tagged_and_keeps_what_it_had() -> None:
    url = tracked("https://fernhill.example/tea?size=20#top", UTM, "Main Button")
    assert url.startswith("https://fernhill.example/tea?size=20&utm_source=mail")
    assert url.endswith("#top")
    assert utm_of(url) == {
        "source": "mail",
        "medium": "email",
        "campaign": "fh_nl_eu_202603_10",
        "content": "main-button",
    }


def test_tagging_twice_is_tagging_once() -> None:
    once = tracked("https://fernhill.example/tea", UTM, "a")
    assert tracked(once, UTM, "a") == once


def test_the_name_follows_the_taxonomy() -> None:
    assert campaign_code(NAMING, "standard", "eu", brief()) == "fh_nl_eu_202603_10"


def test_campaigns_of_one_type_and_days_of_one_week_get_names_of_their_own() -> None:
    rule = "{brand}_{type}_{region}_{campaign}_{yyyymm}_{dd}"
    naming = NAMING.model_copy(update={"rules": {"standard": rule}})
    news = brief()
    near = [
        news,
        news.model_copy(update={"campaign": "other-news"}),
        news.model_copy(update={"occurrence_at": news.occurrence_at + timedelta(days=2)}),
    ]
    names = [campaign_code(naming, "standard", "eu", one) for one in near]
    assert len(set(names)) == 3
    assert all(violation(naming, "standard", name) is None for name in names)


@pytest.mark.parametrize(
    ("rule", "region", "naming"),
    [
        pytest.param("standard", "mars", NAMING, id="region not in the taxonomy"),
        pytest.param("other", "eu", NAMING, id="unknown rule"),
        pytest.param(
            "standard",
            "eu",
            NAMING.model_copy(update={"taxonomy": {"brand": ("a", "b"), "region": ("eu",)}}),
            id="two brands to choose from",
        ),
    ],
)
def test_a_name_the_taxonomy_leaves_open_is_refused(rule: str, region: str, naming: Naming) -> None:
    with pytest.raises(NamingRuleBroken):
        campaign_code(naming, rule, region, brief())


def test_a_parameter_is_plain() -> None:
    assert slug("  Größe: XL! ") == "gr-sse-xl"


@pytest.mark.parametrize(
    ("name", "text", "counted"),
    [
        pytest.param("mastodon", "Tea https://fernhill.example/" + "x" * 90, 27, id="url is 23"),
        pytest.param("bluesky", "Tea", 3, id="plain"),
        pytest.param("x", "茶 tea", 6, id="weighted"),
        pytest.param("x", "“Tea”", 5, id="typographic quotes weigh one"),
        pytest.param("linkedin", "https://a.example/b", 19, id="url at its length"),
    ],
)
def test_each_network_counts_its_own_way(name: str, text: str, counted: int) -> None:
    assert length(network(name), text) == counted


def test_an_unknown_network_gets_the_strictest_limits() -> None:
    assert network("somewhere-new") is STRICTEST
