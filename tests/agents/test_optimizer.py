"""Few changes, each worth its while and known to be; otherwise the decision to hold steady."""

from datetime import timedelta
from typing import Any

import pytest

from drumbeat.agents.hold import Hold
from drumbeat.agents.improving.case import LivePost, Pace
from drumbeat.agents.improving.suggestion import Suggestion
from drumbeat.agents.optimizer import Optimizer
from drumbeat.core.campaign.guardrail_rule import Consequence, Severity
from drumbeat.core.governance.confidence import Confidence
from drumbeat.core.operations.change import Change
from drumbeat.core.operations.diagnosis import diagnose
from drumbeat.core.operations.watch_finding import WatchFinding, WatchKind
from tests.agents.desk import improvement_case, live_line
from tests.core.road.shop import TUESDAY, creative, euros, line_item, post

VISITORS, LEADS = "line_item:evergreen/visitors", "line_item:evergreen/warm-leads"


def improve(**changes: Any) -> Any:
    return Optimizer().improve(improvement_case(**changes))


def suggested(**changes: Any) -> tuple[Suggestion, ...]:
    found = improve(**changes)
    assert isinstance(found, tuple), found
    return found


def held(**changes: Any) -> Hold:
    found = improve(**changes)
    assert isinstance(found, Hold), found
    return found


def clear(value: float, source: str) -> Change:
    return Change(relative=value, is_clear=True, source=source)


FATIGUE = {
    "click_through_rate": clear(-0.3, "ads-account"),
    "frequency": clear(0.6, "ads-reach"),
}
BROKEN = {
    "conversions": clear(-0.7, "ads-account"),
    "orders": clear(0.0, "shop"),
    "clicks": clear(0.0, "ads-account"),
}


def finding(metric: str, changes: dict[str, Change], **more: Any) -> WatchFinding:
    fields: dict[str, Any] = {
        "key": f"k/{metric}",
        "kind": WatchKind.GUARDRAIL,
        "campaign": "evergreen",
        "cycle": "c1",
        "subject": "evergreen",
        "metric": metric,
        "severity": Severity.WARNING,
        "text": f"{metric} fell",
        "diagnosis": diagnose(metric, changes),
    }
    return WatchFinding(**fields | more)


def test_money_moves_from_what_returns_less_to_what_returns_more() -> None:
    (found,) = suggested()
    lowered, raised = found.actions
    assert (lowered.target, lowered.kind) == (LEADS, "ads.set_budget")
    assert (raised.target, raised.kind) == (VISITORS, "ads.set_budget")
    assert (lowered.spend_delta, raised.spend_delta) == (euros(-70), euros(70))
    assert found.confidence.value > 0.4
    assert found.gain > 0
    assert {e.source for e in found.evidence} == {"history/ads 2026-W08"}


def test_no_more_is_moved_than_one_step_allows() -> None:
    (found,) = suggested(per_change=0.1)
    assert [a.spend_delta.minor for a in found.actions] == [-3500, 3500]


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        pytest.param(
            (live_line("visitors", 52), live_line("warm-leads", 48)), "within noise", id="noise"
        ),
        pytest.param(
            (live_line("visitors", 6), live_line("warm-leads", 1)), "within noise", id="too few"
        ),
        pytest.param((live_line("visitors", 100),), "within noise", id="nothing to move to"),
        pytest.param(
            (live_line("visitors", 100, used=0.5), live_line("warm-leads", 30)),
            "within noise",
            id="the better one does not spend what it has",
        ),
        pytest.param(
            (
                live_line("visitors", 100, is_learning=True),
                live_line("warm-leads", 30, is_learning=True),
            ),
            "resting",
            id="learning",
        ),
        pytest.param(
            (
                live_line("visitors", 100, changed_at=TUESDAY + timedelta(days=2)),
                live_line("warm-leads", 30, changed_at=TUESDAY + timedelta(days=2)),
            ),
            "resting",
            id="changed yesterday",
        ),
        pytest.param((), "nothing live", id="nothing live"),
    ],
)
def test_holding_steady_is_a_decision_with_a_reason(lines: Any, reason: str) -> None:
    found = held(lines=lines)
    assert found.reason == reason
    assert found.text


def test_what_an_experiment_measures_is_left_alone() -> None:
    assert held(under_test=frozenset({VISITORS})).reason == "within noise"


def test_a_business_problem_goes_to_its_owner_not_into_the_ads() -> None:
    found = held(findings=(finding("conversions", BROKEN),))
    assert found.reason == "business problem: tracking_break"
    assert found.evidence


def tired_line(**clicks: float) -> Any:
    counts = {n: {"impressions": 20_000.0, "clicks": value} for n, value in clicks.items()}
    item = line_item("visitors", creatives=tuple(creative(name) for name in clicks))
    return live_line("visitors", 100, item=item, creatives=counts)


def test_a_tired_creative_is_rotated_out_where_others_can_take_over() -> None:
    (found,) = suggested(
        lines=(tired_line(old=60, fresh=220, other=210),),
        findings=(finding("click_through_rate", FATIGUE),),
    )
    (action,) = found.actions
    assert action.kind == "ads.set_creatives"
    assert isinstance(action.after, dict)
    assert isinstance(action.after["creatives"], list)
    assert len(action.after["creatives"]) == 2
    assert found.confidence.signals == ("click_through_rate", "frequency")


@pytest.mark.parametrize(
    ("line", "findings"),
    [
        pytest.param(tired_line(old=60, fresh=220), (), id="no sign of fatigue"),
        pytest.param(
            tired_line(old=60), (finding("click_through_rate", FATIGUE),), id="the only creative"
        ),
        pytest.param(
            tired_line(old=200, fresh=205),
            (finding("click_through_rate", FATIGUE),),
            id="no difference between them",
        ),
    ],
)
def test_a_creative_is_not_rotated_without_a_reason(line: Any, findings: Any) -> None:
    assert held(lines=(line,), findings=findings)


def test_a_pause_needs_the_files_word_and_a_second_signal() -> None:
    sure = Confidence(effect=-1, standard_error=0.1, sample_size=5000, signals=("a", "b"))
    asked = {"consequence": Consequence.PAUSE, "confidence": sure}
    with_second = finding("click_through_rate", FATIGUE, **asked)
    alone = finding("click_through_rate", {}, **asked)
    lines = (live_line("visitors", 100),)
    (found,) = suggested(lines=lines, findings=(with_second,))
    assert [a.kind for a in found.actions] == ["ads.pause"]
    assert found.confidence == sure
    assert held(lines=lines, findings=(alone,))


@pytest.mark.parametrize(
    ("spent", "kinds"),
    [
        pytest.param(2600, ["ads.set_budget", "ads.set_budget"], id="far too fast"),
        pytest.param(2010, [], id="on the mark"),
        pytest.param(1000, [], id="slow"),
    ],
)
def test_spending_too_fast_is_slowed_inside_the_step(spent: int, kinds: list[str]) -> None:
    even = (live_line("visitors", 50), live_line("warm-leads", 50))
    found = improve(lines=even, pace=Pace(euros(spent), euros(4000), 0.5))
    actions = [a for one in found for a in one.actions] if isinstance(found, tuple) else []
    assert [action.kind for action in actions] == kinds
    assert all(action.spend_delta.minor < 0 for action in actions)


def posted(number: int, engagements: float, **changes: Any) -> LivePost:
    made = post(publish_at=TUESDAY + timedelta(days=2), **changes)
    counts = {"impressions": 3000.0, "engagements": engagements}
    return LivePost(f"post:voices/c1/{number}", made, counts)


def test_a_post_that_clearly_works_is_amplified_with_half_of_what_is_left() -> None:
    posts = (posted(1, 300), posted(2, 100), posted(3, 110))
    (found,) = suggested(lines=(), posts=posts, boost_left=euros(20))
    (action,) = found.actions
    assert (action.kind, action.target) == ("social.boost_post", "post:voices/c1/1")
    assert action.spend_delta == euros(10)


def test_what_waits_for_an_answer_is_not_proposed_a_second_time() -> None:
    posts = (posted(1, 300), posted(2, 100), posted(3, 110))
    asked = frozenset({("social.boost_post", "post:voices/c1/1")})
    assert held(lines=(), posts=posts, boost_left=euros(20), asked=asked).reason == "asked already"
    other = frozenset({("social.boost_post", "post:voices/c1/2")})
    assert suggested(lines=(), posts=posts, boost_left=euros(20), asked=other)


def test_a_boosted_post_that_disappoints_is_stopped() -> None:
    posts = (posted(1, 40, boost_minor=900), posted(2, 200), posted(3, 210))
    (found,) = suggested(lines=(), posts=posts)
    assert [a.kind for a in found.actions] == ["social.stop_boost"]


@pytest.mark.parametrize(
    ("posts", "left"),
    [
        pytest.param((posted(1, 300), posted(2, 100)), None, id="no money planned"),
        pytest.param((posted(1, 105), posted(2, 100)), euros(20), id="no clear winner"),
        pytest.param(
            (posted(1, 300), posted(2, 100, network="linkedin")), euros(20), id="another network"
        ),
    ],
)
def test_a_post_is_not_amplified_without_reason_or_money(posts: Any, left: Any) -> None:
    assert held(lines=(), posts=posts, boost_left=left)


def test_no_more_than_two_variables_change_at_a_time_and_the_best_comes_first() -> None:
    found = suggested(
        posts=(posted(1, 300), posted(2, 100), posted(3, 110)),
        boost_left=euros(20),
    )
    assert len({one.variable for one in found}) == 2
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)


def test_no_target_is_changed_twice_at_once() -> None:
    found = suggested(
        lines=(tired_line(old=60, fresh=220), live_line("warm-leads", 30)),
        findings=(finding("click_through_rate", FATIGUE),),
    )
    targets = [target for one in found for target in {action.target for action in one.actions}]
    assert len(targets) == len(set(targets))
