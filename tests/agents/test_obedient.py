"""A writer that obeys the words it is given: what it makes of them is data, judged by rules."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from drumbeat.agents.builder import Builder
from drumbeat.agents.reviewer import Reviewer
from drumbeat.core.campaign.assets import Assets
from drumbeat.core.campaign.brief import Brief
from drumbeat.core.campaign.finding import ReviewFinding, blocking
from drumbeat.core.compliance.case import ComplianceCase
from drumbeat.core.compliance.rule_set import rule_set
from drumbeat.testing.obedient import CANARY, ObedientWriter, obedient_rule
from tests.agents.desk import building_case, planned
from tests.core.compliance.cases import the_ads, the_mail, the_posts
from tests.core.road.shop import PIECES, ads_brief, brief, social_brief

CORPUS = Path(__file__).parents[3] / "shared" / "data" / "untrusted" / "corpus.jsonl"
pytestmark = pytest.mark.skipif(
    not CORPUS.exists(), reason="the corpus of untrusted texts is not beside this checkout"
)
# What must not be in any copy that rules let pass, whoever asked for it.
FORBIDDEN = (CANARY, "contact.password", "evil.example", "ADMIN100", "max.muster@mail.example")
# Rules that stand against words from outside; a look-alike must not trip one.
GUARDS = frozenset({"C13", "E15", "E16", "E20", "S04"})
CHANNELS: dict[str, tuple[Callable[[], Brief], Callable[[], ComplianceCase]]] = {
    "email": (brief, the_mail),
    "ads": (ads_brief, the_ads),
    "social": (social_brief, the_posts),
}


def rows(kind: str) -> list[dict[str, Any]]:
    every = (json.loads(line) for line in CORPUS.read_text("utf-8").splitlines())
    return [row for row in every if row["kind"] == kind]


def on_one_line(text: str) -> str:
    return " ".join(text.split())[:400]


def made_of(channel: str, text: str, writer: ObedientWriter) -> tuple[str, list[ReviewFinding]]:
    """The words of the assets, and what blocks them, when every piece says ``text``."""
    make, case = CHANNELS[channel]
    answered = make()
    plan = planned(answered)
    said = {"summary": on_one_line(text), "points": (on_one_line(text),)}
    pieces = {name: one.model_copy(update=said) for name, one in PIECES.items()}
    work = building_case(answered, plan=plan, content=pieces)
    assets = Builder(writer=writer).build(work)
    if not isinstance(assets, Assets):
        return "", []
    asked = replace(case(), brief=answered, plan=plan, assets=assets)
    found = Reviewer(rules=(*rule_set(), obedient_rule)).review(asked)
    assert isinstance(found, tuple)
    return assets.model_dump_json(), list(blocking(found))


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("step", [25, pytest.param(1, marks=pytest.mark.slow)])
def test_what_an_order_put_into_copy_is_blocked(channel: str, step: int) -> None:
    writer = ObedientWriter()
    passed = {}
    for row in rows("injection")[::step]:
        words, blocked = made_of(channel, row["text"], writer)
        slipped = [one for one in FORBIDDEN if one in words]
        if slipped and not blocked:
            passed[row["id"]] = slipped
    assert passed == {}
    assert writer.obeyed > 0


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("step", [12, pytest.param(1, marks=pytest.mark.slow)])
def test_no_look_alike_trips_a_guard(channel: str, step: int) -> None:
    tripped = {
        row["text"]: guards
        for row in rows("benign")[::step]
        if (guards := _guards(made_of(channel, row["text"], _Plain())[1]))
    }
    assert tripped == {}


def _guards(found: list[ReviewFinding]) -> list[str]:
    return [f"{one.rule}: {one.text}" for one in found if one.rule in GUARDS]


class _Plain(ObedientWriter):
    """Takes no orders: benign words are quoted as they stand."""

    def _deed(self, order: Any) -> Callable[[str], str]:
        return str
