"""A trace shows what models were asked, with tokens and cost; a cycle is replayed and copied."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest
import sqlalchemy as sa

from drumbeat.agents.builder import Builder
from drumbeat.agents.hold import Hold
from drumbeat.agents.improving.case import ImprovementCase
from drumbeat.agents.optimizer import Optimizer
from drumbeat.app.autonomy import demote
from drumbeat.core.campaign.brief import Brief
from drumbeat.core.campaign.guardrail_rule import GuardrailRule
from drumbeat.core.governance.phase import Phase
from drumbeat.core.money import Money
from drumbeat.cycle.cycle import advance
from drumbeat.cycle.desk import Office, desk_for
from drumbeat.cycle.rewatch import rewatch
from drumbeat.store import cycles
from drumbeat.store.proposals import Status
from drumbeat.testing.obedient import ObedientWriter
from drumbeat.web.verbs import Refused
from drumbeat.web.views.campaign import Tools, TraceKind
from tests.app.pages.world import LAUNCH, World

PHONE = "+49 170 1234567"


def built_again(world: World, writer: ObedientWriter) -> str:
    """Put the cycle that waits for its launch back on the builder's table, with a model."""
    app = world.demo.app
    cycle = world.waiting(LAUNCH)[0].proposal.action.cycle
    with app.database.write() as transaction:
        cycles.move(transaction, cycle, stage="building")
    office: Office = replace(
        app.office, team=replace(app.office.team, builder=Builder(writer=writer))
    )

    def commit(write: Callable[[sa.Connection], None], until: datetime | None) -> None:
        with app.database.write() as transaction:
            write(transaction)

    advance(office, cycle, commit)
    return cycle


class Talkative(ObedientWriter):
    """A model whose prompt holds what no prompt should."""

    def _asked(self, order, draft):  # type: ignore[no-untyped-def]
        told = super()._asked(order, draft)
        said = f"{told.calls[0].given}\nask ana.petrov@mail.example or {PHONE}"
        return replace(told, calls=(told.calls[0].model_copy(update={"given": said}),))


def test_every_call_of_a_model_is_a_row_with_tokens_cost_and_nobody_in_it(world: World) -> None:
    cycle = built_again(world, Talkative())
    page = world.browser("ana").get(f"/cycles/{cycle}")
    reads = world.services.cycles
    assert reads is not None
    view = reads.cycle(cycle)
    assert view is not None
    rows = [row for group in view.trace for row in group.rows if row.kind is TraceKind.MODEL]
    assert rows
    assert view.tokens == sum(row.tokens or 0 for row in rows) > 0
    assert isinstance(view.cost, Money)
    assert 0 < view.cost.minor <= sum(row.cost.minor for row in rows if row.cost)
    assert {row.text for row in rows} <= {
        f"builder · asked obedient for: {what}" for what in ("email", "ad", "post")
    }
    for text in (f"{view.tokens:,} tokens", "k-model", "…@…"):
        assert text in page.text
    for text in ("ana.petrov@mail.example", PHONE):
        assert text not in page.text
        assert all(text not in row.given + row.gave for row in rows)
    kept = [entry for entry in world.entries("called_model") if entry.cycle == cycle]
    assert len(kept) == len(rows)
    assert all("given" not in entry.body for entry in kept)


def test_a_trace_shows_what_was_offered_beside_what_was_used(world: World) -> None:
    cycle = built_again(world, ObedientWriter())
    reads = world.services.cycles
    assert reads is not None
    view = reads.cycle(cycle)
    assert view is not None
    rows = [row for group in view.trace for row in group.rows]
    models = [row.tools for row in rows if row.kind is TraceKind.MODEL]
    assert set(models) == {Tools("Tools the model was offered")}
    of_builder = [row.tools for row in rows if row.text.startswith("Builder · read")]
    assert of_builder[0] is not None
    assert {"brief", "content"} <= set(of_builder[0].used)
    assert "lessons" in of_builder[0].left
    launches = [row.tools for row in rows if row.tools and "Launch a cycle" in row.tools.used]
    assert launches
    assert "Schedule a post" in launches[0].left
    page = world.browser("ana").text(f"/cycles/{cycle}")
    assert "Tools the model was offered: none." in page
    assert "Data it was offered: used " in page


def test_a_scripted_writer_asks_no_model(seen: World) -> None:
    reads = seen.services.cycles
    assert reads is not None
    view = reads.cycle(seen.waiting(LAUNCH)[0].proposal.action.cycle)
    assert view is not None
    assert (view.tokens, view.cost) == (0, None)


def test_a_replay_says_that_nothing_changed_and_changes_nothing(world: World) -> None:
    cycle = world.waiting(LAUNCH)[0].proposal.action.cycle
    before = len(world.entries("judged", "proposed", "applied"))
    page = world.browser("ana").post(f"/cycles/{cycle}/replay", seen_at=f"/cycles/{cycle}")
    assert page.status_code == 200
    assert "Replayed in shadow" in page.text
    assert "word for word" in page.text
    assert "What is not played, and why" in page.text
    assert len(world.entries("judged", "proposed", "applied")) == before
    told = world.entries("replayed")[-1]
    assert (told.actor, told.cycle, told.body["differs"]) == ("person:ana", cycle, 0)


def test_a_replay_by_another_writer_shows_what_would_differ(world: World) -> None:
    cycle = world.waiting(LAUNCH)[0].proposal.action.cycle
    team = world.demo.app.office.team
    loud = replace(team, builder=Builder(writer=Shouting()))
    object.__setattr__(world.demo.app.office, "team", loud)
    played = world.services.cycles.replay(cycle, world.person("ana"))  # type: ignore[union-attr]
    object.__setattr__(world.demo.app.office, "team", team)
    assert not isinstance(played, Refused)
    assert played.diff
    assert any("DOES IT" in str(line.after) for line in played.diff)


def test_a_replay_asks_the_rules_of_today_about_the_proposals_of_then(world: World) -> None:
    launched = world.entries("launched")[-1]
    page = world.browser("ana").post(f"/cycles/{launched.cycle}/replay", seen_at="/today")
    assert "the gate’s rules would answer none otherwise today" in page.text
    done = demote(world.demo.app, launched.campaign, Phase.DRAFT, "mei", "it went wrong twice")
    assert done.status is Status.ALLOWED
    page = world.browser("ana").post(f"/cycles/{launched.cycle}/replay", seen_at="/today")
    assert "Stricter today: " in page.text
    assert "; this is draft" in page.text


def test_a_replay_asks_the_looks_of_then_by_the_guardrails_of_today(world: World) -> None:
    campaign = "weekly-newsletter"
    cycle = next(one for one in world.entries("launched") if one.campaign == campaign).cycle
    page = world.browser("ana").post(f"/cycles/{cycle}/replay", seen_at="/today").text
    assert "the guardrails and forecasts of today notice the same" in page
    library = world.demo.app.library
    known = library.campaigns[campaign]
    strict = GuardrailRule.model_validate({"metric": "clicks", "above": "1", "then": "alert"})
    told = known.model_copy(update={"guardrails": (*known.guardrails, strict)})
    library.files = replace(library.files, campaigns={**library.campaigns, campaign: told})
    noticed = len(world.entries("noticed", "escalated"))
    page = world.browser("ana").post(f"/cycles/{cycle}/replay", seen_at="/today").text
    assert "notice 1 thing otherwise" in page
    assert "Noticed today: clicks is" in page
    assert len(world.entries("noticed", "escalated")) == noticed
    assert world.entries("replayed")[-1].body["noticed"] == 1


def test_a_replay_asks_the_optimizer_of_today_about_the_cases_of_then(world: World) -> None:
    cycle = next(
        one for one in world.entries("launched") if one.campaign == "retargeting-evergreen"
    ).cycle
    page = world.browser("ana").post(f"/cycles/{cycle}/replay", seen_at="/today").text
    assert "today’s optimizer would answer none otherwise" in page
    office, asked = world.demo.app.office, len(world.entries("judged"))
    team = office.team
    object.__setattr__(office, "team", replace(team, optimizer=Idle()))
    page = world.browser("ana").post(f"/cycles/{cycle}/replay", seen_at="/today").text
    object.__setattr__(office, "team", team)
    assert "; today on holiday" in page
    assert len(world.entries("judged")) == asked
    assert world.entries("replayed")[-1].body["moved"]


def test_a_cause_is_named_again_by_the_figures_of_today(world: World) -> None:
    told = next(one for one in world.entries("noticed") if one.body.get("cause"))
    with world.demo.app.database.read() as connection:
        row = cycles.load(connection, told.cycle)
        assert row is not None
        found = rewatch(desk_for(world.demo.app.office, row), connection)
    assert found.diagnosed > 0
    assert all(one.was != one.would_be for one in found.named)


def test_an_attempt_and_its_outcome_are_one_step_and_alike_ones_one_line(seen: World) -> None:
    counted = {one.cycle: len(list(one.body["live"])) for one in seen.entries("launched")}  # type: ignore[arg-type]
    cycle, many = max(counted.items(), key=lambda pair: pair[1])
    reads = seen.services.cycles
    assert reads is not None
    view = reads.cycle(cycle)
    assert view is not None
    steps = [row.text for group in view.trace for row in group.rows]
    assert not any("attempted" in text for text in steps)
    assert f"{many} alike" in seen.browser("ana").get(f"/cycles/{cycle}").text


class Idle(Optimizer):
    def improve(self, case: ImprovementCase) -> Hold:
        return Hold(reason="on holiday", text="nothing is looked at")


class Shouting(ObedientWriter):
    def _deed(self, order):  # type: ignore[no-untyped-def]
        return lambda text: f"DOES IT {text}"


def test_a_case_holds_papers_and_verdicts_that_can_be_read_again(seen: World) -> None:
    cycle = seen.waiting(LAUNCH)[0].proposal.action.cycle
    answer = seen.browser("ana").get(f"/cycles/{cycle}/case.json")
    assert "attachment" in answer.headers["content-disposition"]
    case = json.loads(answer.text)
    assert Brief.model_validate(case["papers"]["brief"]).cycle == cycle
    kinds = [one["action"]["kind"] for one in case["expected"]["verdicts"]]
    assert LAUNCH in kinds
    assert "@northbean" not in answer.text


@pytest.mark.parametrize("path", ["/cycles/none/case.json", "/cycles/none"])
def test_a_cycle_that_is_not_there_is_not_found(seen: World, path: str) -> None:
    assert seen.browser("ana").get(path).status_code == 404
