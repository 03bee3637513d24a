"""An asset says which pages it leads to, from what is written down and read; to look
at it visits none."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from drumbeat.app.pages.ground import Ground
from drumbeat.app.pages.landing import _answered, pages_of
from drumbeat.core.campaign.assets import Assets
from drumbeat.core.campaign.objects import Creative, LineItem
from drumbeat.core.operations.page_reading import PageReading
from drumbeat.store import cycles
from tests.app.pages.world import LAUNCH, World

TAGS = "utm_source=ads&utm_medium=paid&utm_campaign=nb_1"


def leading_to(*urls: str) -> LineItem:
    creatives = [
        Creative(
            name=f"film-{number}",
            headlines=("One",),
            descriptions=("Two",),
            call_to_action="See",
            landing_url=url,
            angle="making",
            format="video",
        )
        for number, url in enumerate(urls)
    ]
    return LineItem.model_validate(
        {
            "name": "visitors",
            "daily_budget_minor": 1,
            "currency": "EUR",
            "segments": ["site-visitors"],
            "breadth": "medium",
            "bid_strategy": "lowest_cost",
            "until": "2026-12-07T08:00:00Z",
            "creatives": creatives,
        }
    )


def pages(world: World, *urls: str):  # type: ignore[no-untyped-def]
    thing = leading_to(*urls)
    made = Assets(campaign="c", cycle="c-7", plan="p", line_items=(thing,))
    return pages_of(Ground(world.demo.app), "retargeting-evergreen", made, thing)


def test_a_page_is_known_by_the_file_that_names_it(seen: World) -> None:
    kit = "https://northbean.example/starter-kit"
    (page,) = pages(seen, f"{kit}?{TAGS}&utm_content=a", f"{kit}?{TAGS}&utm_content=b")
    assert (page.url, page.is_safe, page.host) == (kit, True, "northbean.example")
    assert page.title
    assert page.source.startswith("data/")
    assert page.places == ("film 0", "film 1")
    assert dict(page.parameters)["utm_content"] == ("a", "b")
    assert all(check.is_passed for check in page.checks)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        pytest.param("javascript:alert(1)", "not https", id="script"),
        pytest.param(f"https://evil.example/?{TAGS}", "evil.example is not ours", id="foreign"),
        pytest.param("https://[broken", "cannot be read", id="broken"),
        pytest.param("http://northbean.example/", "not https", id="plain"),
    ],
)
def test_what_is_not_ours_is_told_and_is_no_link(seen: World, url: str, said: str) -> None:
    (page,) = pages(seen, url)
    assert not page.is_safe
    assert said in page.checks[0].text


def test_a_link_without_parameters_is_told(seen: World) -> None:
    (page,) = pages(seen, "https://northbean.example/nowhere?utm_source=ads")
    texts = [check.text for check in page.checks if not check.is_passed]
    assert texts == [
        "A link to it lacks utm_medium, utm_campaign",
        "No file of the workspace names this page",
    ]


def test_the_page_of_an_asset_shows_where_it_leads(seen: World) -> None:
    cycle = seen.waiting(LAUNCH)[0].proposal.action.cycle
    with seen.demo.app.database.read() as connection:
        made = Assets.model_validate(cycles.read(connection, cycle, "assets"))
    linked = next(n for n, one in enumerate(made.objects().values()) if getattr(one, "link", ""))
    text = seen.browser("ana").text(f"/assets/{cycle}.{linked}")
    assert "Where it leads 1 page" in text
    assert "utm_campaign" in text
    assert "read at the review and again before the launch" in text
    assert "Answers 200 in" in text
    assert "Calls itself" in text
    assert text.count("not yet") == 0


NOW = datetime(2026, 11, 27, tzinfo=UTC)


def reading(**of: Any) -> PageReading:
    return PageReading.model_validate({"address": "https://a.example/", "read_at": NOW, **of})


@pytest.mark.parametrize(
    ("read", "told"),
    [
        pytest.param(None, [], id="never"),
        pytest.param(
            reading(status=200, seconds=0.84), [(True, "Answers 200 in 0.8 s")], id="well"
        ),
        pytest.param(reading(status=404), [(False, "Answers 404 in 0.0 s")], id="gone"),
        pytest.param(
            reading(status=200, moved_to="https://a.example/b"),
            [(True, "Answers 200 in 0.0 s, at https://a.example/b")],
            id="moved",
        ),
        pytest.param(
            reading(why="no whole answer within 10 s"),
            [(False, "Does not answer: no whole answer within 10 s")],
            id="silent",
        ),
        pytest.param(
            reading(status=200, certificate_until=NOW + timedelta(days=15)),
            [(True, "Answers 200 in 0.0 s"), (True, "Its certificate is good until 2026-12-12")],
            id="certificate",
        ),
        pytest.param(
            reading(status=200, certificate_until=NOW + timedelta(days=13)),
            [(True, "Answers 200 in 0.0 s"), (False, "Its certificate is good until 2026-12-10")],
            id="certificate runs out",
        ),
    ],
)
def test_how_a_page_answered_is_told(
    read: PageReading | None, told: list[tuple[bool, str]]
) -> None:
    assert [(one.is_passed, one.text) for one in _answered(read, NOW)] == told
