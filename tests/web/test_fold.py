"""Fold: what tells the same again is one group; what can be undone or decided it stands alone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from drumbeat.web.fold import fold_changes, fold_steps
from drumbeat.web.views.campaign import TraceKind, TraceRow
from drumbeat.web.views.change import ActorKind, ChangeRow, Way, WayBack
from drumbeat.web.views.decision import DiffRow, in_parts

AT = datetime(2026, 9, 24, 8, 0, tzinfo=UTC)
POST = ChangeRow(
    "9", AT, "launcher", ActorKind.AGENT, "social", "Social", "Schedule a post: LinkedIn",
    None, "live", "launch", WayBack(Way.ROLL_BACK, "9"), kind="Schedule a post",
)  # fmt: skip
HELD = ChangeRow("8", AT, "optimizer", ActorKind.AGENT, "ads", "Ads", why="too soon", is_held=True)
STEP = TraceRow(AT, TraceKind.TOOL, "applied: Schedule a post (done)")
LATER = timedelta(days=1)


@pytest.mark.parametrize(
    ("rows", "sizes"),
    [
        pytest.param([], [], id="nothing"),
        pytest.param([POST] * 12, [12], id="a launch of many posts"),
        pytest.param(
            [POST, replace(POST, field="Schedule a post: Mastodon"), POST], [3], id="others"
        ),
        pytest.param([POST] * 2, [1, 1], id="two are read as fast"),
        pytest.param([POST, POST, HELD, POST], [1, 1, 1, 1], id="only neighbours"),
        pytest.param(
            [POST, POST, POST, replace(POST, campaign_id="b")], [3, 1], id="campaigns apart"
        ),
        pytest.param([POST, POST, POST, replace(POST, after="paused")], [3, 1], id="ends apart"),
        pytest.param([HELD, replace(HELD, campaign_id="mail", why="all well")], [2], id="held"),
        pytest.param(
            [HELD, replace(HELD, campaign_id="mail", at=AT - LATER)], [1, 1], id="held on two days"
        ),
        pytest.param(
            [HELD, replace(HELD, at=AT - LATER), replace(HELD, why="all well")],
            [2, 1],
            id="one campaign, for one reason",
        ),
        pytest.param([HELD, replace(HELD, is_lesson=True)], [1, 1], id="held for a person"),
        pytest.param(
            [replace(POST, id=str(n), back=WayBack(Way.UNDO, str(n))) for n in range(4)],
            [1, 1, 1, 1],
            id="what can be undone",
        ),
    ],
)
def test_alike_changes_are_one_group_in_their_order(
    rows: list[ChangeRow], sizes: list[int]
) -> None:
    groups = fold_changes(rows)
    assert [len(group) for group in groups] == sizes
    assert [row for group in groups for row in group] == rows


@pytest.mark.parametrize(
    ("rows", "sizes"),
    [
        pytest.param([STEP] * 5, [5], id="alike"),
        pytest.param([STEP, STEP, replace(STEP, text="read")], [1, 1, 1], id="too few"),
        pytest.param([STEP] * 3 + [replace(STEP, is_deciding=True)], [3, 1], id="the decision"),
    ],
)
def test_alike_steps_are_one_group(rows: list[TraceRow], sizes: list[int]) -> None:
    assert [len(group) for group in fold_steps(rows)] == sizes


NEW, KEPT = DiffRow("Subject", None, "Hello"), DiffRow("Audience", "all", "all")


@pytest.mark.parametrize(
    ("diff", "sizes"),
    [
        pytest.param([], [], id="nothing"),
        pytest.param([NEW], [1], id="all new"),
        pytest.param([KEPT, NEW], [2], id="a few"),
        pytest.param([NEW] * 3 + [KEPT] * 2 + [NEW], [3, 2, 1], id="much that is new"),
        pytest.param([KEPT, *[NEW] * 3], [1, 3], id="what is kept before it"),
    ],
)
def test_what_is_new_is_read_apart_where_there_is_much_of_it(
    diff: list[DiffRow], sizes: list[int]
) -> None:
    parts = in_parts(tuple(diff))
    assert [len(part) for part in parts] == sizes
    assert [row for part in parts for row in part] == diff
