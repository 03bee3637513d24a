"""Each check beside a table of what it must say: nothing, or a finding of one weight."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from drumbeat.core.governance import checks
from drumbeat.core.governance.actor import Actor
from drumbeat.core.governance.checks import (
    c00_stale,
    c05_expired,
    c10_held,
    c15_connection,
    c20_matrix,
    c25_phase,
    c30_tightened,
    c35_confidence,
    c40_pace,
    c45_budget,
    c50_data,
    c55_under_test,
    c57_registry,
    c58_second_copy,
    c60_constraint,
)
from drumbeat.core.governance.checks.load import load
from drumbeat.core.governance.confidence import Confidence
from drumbeat.core.governance.facts import Constraint, PastChange, Unread
from drumbeat.core.governance.freeze import HoldMode, ScopeKind
from drumbeat.core.governance.judge import Check
from drumbeat.core.governance.phase import ConnectionMode, Phase
from drumbeat.core.governance.size import relative_size
from drumbeat.core.governance.verdict import Weight
from tests.core.governance import desk

FORBID, ASK, OBSERVE = Weight.FORBID, Weight.ASK, Weight.OBSERVE
HOUR = timedelta(hours=1)
PERSON = {"by": desk.ANA}
# A pause that takes spend away: what lowers risk.
PAUSE = {
    "kind": "ads.pause",
    "before": {"status": "enabled"},
    "after": {"status": "paused"},
    "spend_delta": desk.euros(-4),
}
LOWER = {"after": {"daily_budget_minor": 36_00}, "spend_delta": desk.euros(-4)}
IN_PACK = {"pack": desk.PACK}
APPROVED = {"pack": desk.pack_of()}
ONE_SIGNAL = Confidence(effect=1, standard_error=0.1, sample_size=5000, signals=("cpa",))
WEAK = Confidence(effect=0.1, standard_error=0.1, sample_size=50, signals=("cpa", "orders"))


def past(ago: timedelta, size: float) -> dict[str, Any]:
    return {"past_changes": (PastChange(desk.NOW - ago, size),)}


def taught(kind: str, campaign: str, left: timedelta) -> dict[str, Any]:
    rule = Constraint(kind, campaign, "too early", "ledger#7", desk.NOW + left)
    return {"constraints": (rule,)}


def frozen(kind: ScopeKind, of: str = "", mode: HoldMode = HoldMode.FREEZE) -> dict[str, Any]:
    return {"holds": (desk.hold(mode, kind, of),)}


@pytest.mark.parametrize(
    ("before", "after", "size"),
    [
        pytest.param({"a": 100}, {"a": 120}, 0.2, id="a number"),
        pytest.param({"a": 0}, {"a": 5}, 1.0, id="from nothing"),
        pytest.param({"m": {"x": 0.5, "y": 0.5}}, {"m": {"x": 0.6, "y": 0.4}}, 0.1, id="a mix"),
        pytest.param({"m": {"x": 1.0}}, {"m": {"x": 0.7, "y": 0.3}}, 0.3, id="a new place"),
        pytest.param({"m": {}}, {"m": {"x": 0.6, "y": 0.4}}, 1.0, id="over the platform's own"),
        pytest.param({"m": {"x": 0.6, "y": 0.4}}, {"m": {}}, 1.0, id="back to the platform's own"),
        pytest.param({"m": {}}, {"m": {}}, 0.0, id="none before and after"),
    ],
)
def test_a_change_is_as_large_as_what_it_moves(before: Any, after: Any, size: float) -> None:
    changed = desk.action(before=before, after=after)
    assert relative_size(changed) == pytest.approx(size)


SECOND_COPY = [
    pytest.param({}, {}, None, id="a-change"),
    pytest.param({"after": None}, {}, None, id="a-removal"),
    pytest.param({"after": {"in_doubt_of": ""}}, {}, None, id="a-first-copy"),
    pytest.param({"after": {"in_doubt_of": "send:a"}}, {}, ASK, id="perhaps-a-second"),
    pytest.param({**PERSON, "after": {"in_doubt_of": "send:a"}}, {}, ASK, id="whoever-asks"),
]
STALE = [
    pytest.param({}, {}, None, id="as it was"),
    pytest.param({}, {"current": Unread.UNREAD}, FORBID, id="unread"),
    pytest.param({}, {"current": {"daily_budget_minor": 41_00}}, FORBID, id="moved"),
    pytest.param({}, {"current": None}, FORBID, id="gone"),
    pytest.param({"before": None}, {"current": desk.BEFORE}, FORBID, id="there already"),
    pytest.param({"before": None}, {"current": None}, None, id="absent as expected"),
    pytest.param(
        {"before": {**desk.BEFORE, "topic": "autumn"}}, {}, None, id="platform keeps fewer fields"
    ),
    pytest.param(
        {}, {"current": {**desk.BEFORE, "bid": 3}}, FORBID, id="platform reports a new field"
    ),
]
EXPIRED = [
    pytest.param({}, {}, None, id="in time"),
    pytest.param({"expires_at": desk.NOW}, {}, FORBID, id="this very moment"),
    pytest.param({"expires_at": desk.NOW - HOUR}, {}, FORBID, id="late"),
]
HELD = [
    pytest.param({}, {}, None, id="free"),
    pytest.param({}, frozen(ScopeKind.WORKSPACE), FORBID, id="workspace"),
    pytest.param({}, frozen(ScopeKind.CAMPAIGN, "retargeting"), FORBID, id="campaign"),
    pytest.param({}, frozen(ScopeKind.CAMPAIGN, "newsletter"), None, id="another campaign"),
    pytest.param({}, frozen(ScopeKind.CHANNEL, "ads"), FORBID, id="channel"),
    pytest.param({}, frozen(ScopeKind.CHANNEL, "email"), None, id="another channel"),
    pytest.param({}, frozen(ScopeKind.ACTION_KIND, "ads.set_budget"), FORBID, id="kind"),
    pytest.param({}, frozen(ScopeKind.ACTION_KIND, "ads.set_bid"), None, id="another kind"),
    pytest.param({}, frozen(ScopeKind.AGENT, "optimizer"), FORBID, id="agent"),
    pytest.param(PERSON, frozen(ScopeKind.AGENT, "ana"), None, id="a person is no agent"),
    pytest.param({}, frozen(ScopeKind.WORKSPACE, mode=HoldMode.OBSERVE), OBSERVE, id="observed"),
    pytest.param(PERSON, frozen(ScopeKind.WORKSPACE), FORBID, id="people too"),
    pytest.param(LOWER, frozen(ScopeKind.WORKSPACE), None, id="less spend passes"),
    pytest.param(PAUSE, frozen(ScopeKind.WORKSPACE), None, id="a pause passes"),
    pytest.param(
        PAUSE,
        {**frozen(ScopeKind.WORKSPACE), "is_evergreen": True},
        FORBID,
        id="an agent's pause of an evergreen",
    ),
    pytest.param(
        {**PAUSE, **PERSON},
        {**frozen(ScopeKind.WORKSPACE), "is_evergreen": True},
        None,
        id="a person's pause of an evergreen",
    ),
    pytest.param(
        {},
        {"holds": (desk.hold(HoldMode.OBSERVE), desk.hold(HoldMode.FREEZE))},
        FORBID,
        id="the freeze outweighs",
    ),
]
CONNECTION = [
    pytest.param({}, {}, None, id="live"),
    pytest.param({}, {"connection_mode": ConnectionMode.SHADOW}, OBSERVE, id="shadow"),
    pytest.param({}, {"connection_mode": ConnectionMode.READ_ONLY}, FORBID, id="read-only"),
    pytest.param({}, {"connection_mode": None}, FORBID, id="unknown"),
    pytest.param({"kind": "campaign.set"}, {"connection_mode": None}, None, id="our own state"),
]
MATRIX = [
    pytest.param({}, {}, None, id="listed"),
    pytest.param({}, {"row": None}, FORBID, id="no row"),
    pytest.param({}, {"row": "forbidden"}, FORBID, id="forbidden"),
    pytest.param(PERSON, {"row": "forbidden"}, FORBID, id="forbidden to people"),
    pytest.param({"by": Actor.agent("builder")}, {}, FORBID, id="another agent"),
    pytest.param({}, {"declared_kinds": None}, FORBID, id="undeclared agent"),
    pytest.param({}, {"declared_kinds": frozenset()}, FORBID, id="undeclared kind"),
    pytest.param(PERSON, {"declared_kinds": None}, None, id="people need no declaration"),
    pytest.param({}, {"row": desk.row(always_ask=True)}, ASK, id="always asks"),
    pytest.param(PERSON, {"row": desk.row(always_ask=True)}, ASK, id="asks of people too"),
    pytest.param(IN_PACK, {"row": desk.row(always_ask=True), **APPROVED}, None, id="in the pack"),
]
PHASE = [
    pytest.param({}, {}, None, id="reached"),
    pytest.param({}, {"phase": Phase.SUPERVISED}, ASK, id="not yet"),
    pytest.param({}, {"phase": Phase.FULL}, None, id="beyond"),
    pytest.param({}, {"phase": None}, FORBID, id="unknown"),
    pytest.param(PERSON, {"phase": Phase.DRAFT}, None, id="a person"),
    pytest.param(IN_PACK, {"phase": Phase.SUPERVISED, **APPROVED}, None, id="in the pack"),
    pytest.param(IN_PACK, {"phase": Phase.DRAFT, **APPROVED}, ASK, id="draft covers nothing"),
    pytest.param({}, {"phase": Phase.SUPERVISED, **APPROVED}, ASK, id="names no pack"),
    pytest.param(
        IN_PACK,
        {"phase": Phase.SUPERVISED, "pack": desk.pack_of({"daily_budget_minor": 43_00})},
        ASK,
        id="the pack wants another state",
    ),
    pytest.param(
        IN_PACK,
        {"phase": Phase.SUPERVISED, "pack": desk.pack_of(target="line_item:other")},
        ASK,
        id="the pack speaks of another target",
    ),
]
TIGHTENED = [
    pytest.param({}, {}, None, id="not"),
    pytest.param({}, {"tightened": {"ads.set_budget": "ask"}}, ASK, id="ask"),
    pytest.param({}, {"tightened": {"ads.set_budget": "never"}}, FORBID, id="never"),
    pytest.param({}, {"tightened": {"ads.set_budget": "perhaps"}}, FORBID, id="not understood"),
    pytest.param({}, {"tightened": {"ads.set_bid": "never"}}, None, id="another kind"),
    pytest.param(IN_PACK, {"tightened": {"ads.set_budget": "ask"}, **APPROVED}, None, id="pack"),
    pytest.param(
        IN_PACK, {"tightened": {"ads.set_budget": "never"}, **APPROVED}, FORBID, id="never, ever"
    ),
]
CONFIDENCE = [
    pytest.param({}, {}, None, id="enough"),
    pytest.param({"confidence": None}, {}, ASK, id="none measured"),
    pytest.param({"confidence": WEAK}, {}, ASK, id="too little"),
    pytest.param({"confidence": ONE_SIGNAL}, {"row": desk.row(signals=2)}, ASK, id="one signal"),
    pytest.param({}, {"row": desk.row(signals=2)}, None, id="two signals"),
    pytest.param({**PERSON, "confidence": None}, {}, None, id="a person"),
    pytest.param(
        {**PAUSE, "confidence": ONE_SIGNAL}, {"is_evergreen": True}, ASK, id="evergreen pause"
    ),
    pytest.param(PAUSE, {"is_evergreen": True}, None, id="evergreen pause on two signals"),
    pytest.param({"confidence": None, **IN_PACK}, APPROVED, None, id="in the pack"),
]
PACE = [
    pytest.param({}, {}, None, id="small"),
    pytest.param({"after": {"daily_budget_minor": 49_00}}, {}, ASK, id="large at once"),
    pytest.param({}, past(5 * HOUR, 0.25), ASK, id="small steps add up"),
    pytest.param({}, past(25 * HOUR, 0.25), None, id="yesterday does not count"),
    pytest.param({}, {"row": desk.row(cooldown="48h"), **past(47 * HOUR, 0)}, ASK, id="cooling"),
    pytest.param({}, {"row": desk.row(cooldown="48h"), **past(48 * HOUR, 0)}, None, id="cooled"),
    pytest.param(
        {}, {"row": desk.row(limits={"changes_per_day": 1}), **past(HOUR, 0)}, ASK, id="too many"
    ),
    pytest.param({"after": {"daily_budget_minor": 80_00}, **PERSON}, {}, None, id="a person"),
    pytest.param(
        {"after": {"daily_budget_minor": 10_00}, "spend_delta": desk.euros(-30)},
        {},
        None,
        id="taking spend away is never too fast",
    ),
    pytest.param(
        {"after": {"daily_budget_minor": 80_00}, **IN_PACK},
        {"pack": desk.pack_of({"daily_budget_minor": 80_00})},
        None,
        id="in the pack",
    ),
]
BUDGET = [
    pytest.param({}, {}, None, id="fits"),
    pytest.param({}, {"headrooms": (desk.headroom(4),)}, None, id="to the cent"),
    pytest.param({}, {"headrooms": (desk.headroom(3),)}, FORBID, id="over"),
    pytest.param(
        {}, {"headrooms": (desk.headroom(50), desk.headroom(1))}, FORBID, id="over the second"
    ),
    pytest.param({}, {"headrooms": None}, FORBID, id="unread"),
    pytest.param({}, {"headrooms": ()}, FORBID, id="no cap at all"),
    pytest.param(PERSON, {"headrooms": (desk.headroom(3),)}, FORBID, id="people too"),
    pytest.param(IN_PACK, {"headrooms": (desk.headroom(3),), **APPROVED}, FORBID, id="pack too"),
    pytest.param({"spend_delta": desk.euros(0)}, {"headrooms": None}, None, id="costs nothing"),
    pytest.param(LOWER, {"headrooms": ()}, None, id="takes away"),
]
BROKEN = {"data_problems": ("no click window",)}
DATA = [
    pytest.param({}, {}, None, id="sound"),
    pytest.param({}, BROKEN, FORBID, id="broken"),
    pytest.param(LOWER, BROKEN, None, id="less spend"),
    pytest.param(PERSON, BROKEN, None, id="a person"),
    pytest.param({"by": Actor.agent("launcher")}, BROKEN, None, id="rests on no data"),
]
TESTED = {"under_test": frozenset({desk.TARGET})}
UNDER_TEST = [
    pytest.param({}, {}, None, id="free"),
    pytest.param({}, TESTED, FORBID, id="measured"),
    pytest.param(PERSON, TESTED, None, id="a person"),
    pytest.param(LOWER, TESTED, None, id="less spend"),
    pytest.param(IN_PACK, TESTED, None, id="part of its pack"),
]
CONSTRAINT = [
    pytest.param({}, {}, None, id="none"),
    pytest.param({}, taught("ads.set_budget", "retargeting", HOUR), ASK, id="taught"),
    pytest.param({}, taught("ads.set_budget", "retargeting", 0 * HOUR), None, id="forgotten"),
    pytest.param({}, taught("ads.set_bid", "retargeting", HOUR), None, id="another kind"),
    pytest.param({}, taught("ads.set_budget", "social", HOUR), None, id="another campaign"),
    pytest.param(PERSON, taught("ads.set_budget", "retargeting", HOUR), None, id="a person"),
    pytest.param(
        IN_PACK, {**taught("ads.set_budget", "retargeting", HOUR), **APPROVED}, None, id="pack"
    ),
]


def assert_says(
    check: Check, asked: dict[str, Any], known: dict[str, Any], weight: Weight | None
) -> None:
    found = check(desk.proposal(**asked), desk.facts(**known))
    assert (found.weight if found else None) == weight


@pytest.mark.parametrize(("asked", "known", "weight"), STALE)
def test_a_target_that_moved_or_cannot_be_read_forbids(
    asked: dict[str, Any], known: dict[str, Any], weight: Weight | None
) -> None:
    assert_says(c00_stale.check, asked, known, weight)


@pytest.mark.parametrize(("asked", "known", "weight"), EXPIRED)
def test_a_proposal_lasts_as_long_as_it_said(
    asked: dict[str, Any], known: dict[str, Any], weight: Weight | None
) -> None:
    assert_says(c05_expired.check, asked, known, weight)


@pytest.mark.parametrize(("asked", "known", "weight"), HELD)
def test_a_freeze_stops_all_but_what_lowers_risk(
    asked: dict[str, Any], known: dict[str, Any], weight: Weight | None
) -> None:
    assert_says(c10_held.check, asked, known, weight)


@pytest.mark.parametrize(("asked", "known", "weight"), CONNECTION)
def test_only_a_live_connection_changes_anything(
    asked: dict[str, Any], known: dict[str, Any], weight: Weight | None
) -> None:
    assert_says(c15_connection.check, asked, known, weight)


@pytest.mark.parametrize(("asked", "known", "weight"), MATRIX)
def test_what_no_row_allows_is_denied(
    asked: dict[str, Any], known: dict[str, Any], weight: Weight | None
) -> None:
    assert_says(c20_matrix.check, asked, known, weight)


@pytest.mark.parametrize(("asked", "known", "weight"), PHASE)
def test_agents_act_alone_where_the_campaign_has_earned_it(
    asked: dict[str, Any], known: dict[str, Any], weight: Weight | None
) -> None:
    assert_says(c25_phase.check, asked, known, weight)


@pytest.mark.parametrize(("asked", "known", "weight"), TIGHTENED)
def test_a_campaign_file_only_makes_it_stricter(
    asked: dict[str, Any], known: dict[str, Any], weight: Weight | None
) -> None:
    assert_says(c30_tightened.check, asked, known, weight)


@pytest.mark.parametrize(("asked", "known", "weight"), CONFIDENCE)
def test_agents_need_evidence_and_independent_signals(
    asked: dict[str, Any], known: dict[str, Any], weight: Weight | None
) -> None:
    assert_says(c35_confidence.check, asked, known, weight)


@pytest.mark.parametrize(("asked", "known", "weight"), PACE)
def test_small_steps_do_not_slip_under_the_limits(
    asked: dict[str, Any], known: dict[str, Any], weight: Weight | None
) -> None:
    assert_says(c40_pace.check, asked, known, weight)


@pytest.mark.parametrize(("asked", "known", "weight"), BUDGET)
def test_no_change_passes_a_cap_whoever_asks(
    asked: dict[str, Any], known: dict[str, Any], weight: Weight | None
) -> None:
    assert_says(c45_budget.check, asked, known, weight)


@pytest.mark.parametrize(("asked", "known", "weight"), DATA)
def test_nothing_is_optimized_on_bad_numbers(
    asked: dict[str, Any], known: dict[str, Any], weight: Weight | None
) -> None:
    assert_says(c50_data.check, asked, known, weight)


@pytest.mark.parametrize(("asked", "known", "weight"), UNDER_TEST)
def test_a_unit_under_test_is_left_alone(
    asked: dict[str, Any], known: dict[str, Any], weight: Weight | None
) -> None:
    assert_says(c55_under_test.check, asked, known, weight)


@pytest.mark.parametrize(("asked", "known", "weight"), SECOND_COPY)
def test_what_may_be_a_second_copy_waits_for_a_person(
    asked: dict[str, Any], known: dict[str, Any], weight: Weight | None
) -> None:
    assert_says(c58_second_copy.check, asked, known, weight)


@pytest.mark.parametrize(("asked", "known", "weight"), CONSTRAINT)
def test_a_lesson_asks_until_it_expires(
    asked: dict[str, Any], known: dict[str, Any], weight: Weight | None
) -> None:
    assert_says(c60_constraint.check, asked, known, weight)


@pytest.mark.parametrize(
    ("asked", "known", "weight"),
    [
        pytest.param({}, {}, None, id="the registry has no say"),
        pytest.param({}, {"registry": "it meets another"}, FORBID, id="refused"),
        pytest.param(PERSON, {"registry": "it meets another"}, FORBID, id="refused to people too"),
        pytest.param({}, {"is_leaning": True}, ASK, id="an agent on what only leans"),
        pytest.param(PERSON, {"is_leaning": True}, None, id="a person may believe it"),
        pytest.param(PERSON, {"is_against_rule": True}, ASK, id="a person against the rule"),
        pytest.param({}, {"is_against_rule": True}, None, id="agents follow their rule"),
    ],
)
def test_what_the_registry_does_not_take_is_refused(
    asked: dict[str, Any], known: dict[str, Any], weight: Weight | None
) -> None:
    assert_says(c57_registry.check, asked, known, weight)


def test_every_check_file_is_loaded_in_order() -> None:
    names = [check.__module__.rsplit(".", 1)[-1] for check in load()]
    assert names == sorted(names)
    assert names[0] == "c00_stale"
    files = {path.stem for path in Path(checks.__path__[0]).glob("c[0-9]*.py")}
    assert set(names) == files
    assert len(names) >= 17


def test_a_finding_names_its_check_and_speaks() -> None:
    worst = desk.facts(current=Unread.UNREAD, connection_mode=None, row=None, headrooms=None)
    found = [said for check in load() if (said := check(desk.proposal(), worst))]
    assert [said.check for said in found] == ["stale", "connection", "matrix", "budget"]
    assert all(said.text and said.fix for said in found)
