"""Too much of everything: every screen stays paged and light."""

from dataclasses import replace

import pytest

from drumbeat.testing.web_content import planning
from drumbeat.testing.web_world import WebWorld
from drumbeat.web.views.value import Page
from tests.web.hostile import fill
from tests.web.visitor import Visitor

MANY = 1000
KB = 1024


@pytest.fixture
def crowd(world: WebWorld, monkeypatch: pytest.MonkeyPatch) -> WebWorld:
    """A thousand of everything that can be many."""
    fill(world, tuple(f"Thing number {number}" for number in range(MANY)))
    health = world.health
    world.health = replace(
        health,
        connections=tuple(replace(health.connections[0], id=f"c{n}") for n in range(MANY)),
        sources=tuple(replace(health.sources[0], name=f"s{n}") for n in range(MANY)),
    )
    registry = planning.REGISTRY
    running = tuple(replace(registry.running[0], id=f"H-{n}") for n in range(MANY))
    library = tuple(replace(registry.library[0], id=f"L-{n}") for n in range(MANY))
    crowded = replace(
        registry,
        running=running,
        library=library,
        decided=Page(registry.decided.items, "20", MANY),
        overlaps=registry.overlaps * MANY,
    )
    monkeypatch.setattr("drumbeat.testing.web_reads.REGISTRY", crowded)
    return world


@pytest.mark.parametrize(
    ("path", "more"),
    [
        ("/today", "Show more of 1,000 campaigns"),
        ("/inbox", "Show more of 1,000 decisions"),
        ("/campaigns", "Show more of 1,000 campaigns"),
        ("/changes", "Show more of 1,000 changes"),
        ("/escalations", "Show more of 1,001 escalations"),
        ("/review", "Show more of 1,000 that went off the road"),
        ("/calendar", "and 988 more"),
        ("/calendar?shape=month", "and 995 more"),
        ("/calendar?shape=list", "900 are left"),
        ("/experiments", "Show more of 1,000 running tests"),
        ("/experiments", "Show more of 1,000 hypotheses"),
        ("/experiments", "pairs more"),
        ("/connections", "Show more of 1,000 connections"),
        ("/connections", "Show more of 1,000 sources"),
    ],
)
def test_a_huge_workspace_is_paged(ana: Visitor, crowd: WebWorld, path: str, more: str) -> None:
    page = ana.get(path)
    assert page.status_code == 200
    assert more in page.text
    assert len(page.content) < 300 * KB
    assert page.text.count("<tr") + page.text.count("<li") < 400


def test_the_next_page_of_each_list_is_another_one(ana: Visitor, crowd: WebWorld) -> None:
    for path, there, gone in (
        ("/connections?after=50", "c50", ">c0<"),
        ("/connections?sources=50", ">s50<", ">s0<"),
        ("/review?after=20", "Thing number 20", "Thing number 10<"),
        ("/experiments?running=20", "/experiments/H-20", '"/experiments/H-1"'),
        ("/experiments?library=20", "L-20", "L-1 "),
    ):
        page = ana.get(path).text
        assert there in page
        assert gone not in page
