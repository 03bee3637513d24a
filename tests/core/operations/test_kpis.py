"""Service figures from ledger entries, and the review's document made of them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from drumbeat.core.governance.entry import Entry
from drumbeat.core.operations.kpis import Kpis, Share, Spans, burden_shift, kpis
from drumbeat.core.operations.review_report import (
    ReviewReport,
    Table,
    as_html,
    as_markdown,
    kpi_figures,
)

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def entry(minute: int, kind: str, subject: str = "p1", **more: Any) -> Entry:
    fields = {
        "seq": minute + 1,
        "at": START + timedelta(minutes=minute),
        "kind": kind,
        "actor": more.pop("actor", "agent:optimizer"),
        "campaign": "retargeting",
        "cycle": more.pop("cycle", "c1"),
        "subject": subject,
        "body": more,
        "prev": "",
    }
    return Entry.model_validate(fields)


WEEK = (
    entry(0, "cycle_opened", "c1", actor="system:clock"),
    entry(1, "cycle_opened", "c2", cycle="c2", actor="system:clock"),
    entry(10, "planned", "c1"),
    entry(12, "planned", "c2", cycle="c2"),
    entry(20, "judged", "p1", verdict="ask"),
    entry(21, "judged", "p2", cycle="c2", verdict="allow"),
    entry(24, "applied", "p2", cycle="c2", actor="system:gate"),
    entry(30, "launched", "c2", cycle="c2"),
    entry(50, "approved", "p1", actor="person:mei", complete=False),
    entry(80, "approved", "p1", actor="person:dana", complete=True),
    entry(81, "applied", "p1", actor="system:gate"),
    entry(90, "launched", "c1"),
    entry(95, "escalated", "e1", actor="system:router"),
    entry(99, "judged", "p3", verdict="deny"),
    entry(100, "judged", "p4", actor="person:jon", verdict="deny"),
)


def minutes(found: Spans) -> tuple[int, float | None, float | None]:
    middle, longest = found.median, found.longest
    return (
        found.count,
        None if middle is None else middle / 60,
        None if longest is None else longest / 60,
    )


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        pytest.param("time_to_plan", (2, 10.5, 11.0), id="plan"),
        pytest.param("time_to_launch", (2, 59.5, 90.0), id="launch"),
        pytest.param("action_latency", (2, 2.0, 3.0), id="latency: from the last yes"),
        pytest.param("approval_cycle", (1, 60.0, 60.0), id="approval: until enough agreed"),
    ],
)
def test_durations_run_from_the_first_start_to_the_end(field: str, expected: object) -> None:
    assert minutes(getattr(kpis(WEEK), field)) == expected


@pytest.mark.parametrize(
    ("field", "hits", "of"),
    [
        pytest.param("fully_automated", 1, 2, id="c2 went without a person"),
        pytest.param("needing_a_person", 1, 3, id="of the agents' proposals"),
        pytest.param("escalation", 1, 2, id="c1 escalated"),
        pytest.param("policy_violation", 1, 3, id="a person's denied wish is no agent's"),
    ],
)
def test_shares_are_counted_once_each(field: str, hits: int, of: int) -> None:
    assert getattr(kpis(WEEK), field) == Share(hits, of)


def test_work_begun_before_the_window_has_no_duration() -> None:
    found = kpis([entry(10, "planned", "c1"), entry(20, "approved", actor="person:a")])
    assert (found.time_to_plan.count, found.approval_cycle.median) == (0, None)


def test_of_nothing_nothing_is_known() -> None:
    found = kpis([])
    assert found.escalation.value is None
    assert found.escalation.interval == (0.0, 1.0)
    assert {one.now for one in kpi_figures(found, found)} == {"unknown"}


def test_a_rate_carries_wilsons_interval() -> None:
    # The score interval of 8 of 10 is 0.490 to 0.943.
    assert Share(8, 10).interval == pytest.approx((0.490, 0.943), abs=5e-4)


def week(launches: int, escalations: int) -> Kpis:
    launched = [entry(n, "launched", cycle=f"c{n}") for n in range(launches)]
    return kpis([*launched, *(entry(n, "escalated", f"e{n}") for n in range(escalations))])


@pytest.mark.parametrize(
    ("now", "before", "warns"),
    [
        pytest.param((6, 4), (3, 1), True, id="escalations grew faster"),
        pytest.param((6, 2), (3, 1), False, id="in step"),
        pytest.param((6, 0), (3, 1), False, id="fewer"),
        pytest.param((3, 9), (3, 1), False, id="no faster launches: another problem"),
        pytest.param((6, 9), (0, 0), False, id="nothing to compare with"),
        pytest.param((4, 1), (3, 0), True, id="from none at all"),
    ],
)
def test_the_burden_shifts_when_escalations_outrun_launches(
    now: tuple[int, int], before: tuple[int, int], warns: bool
) -> None:
    assert bool(burden_shift(week(*now), week(*before))) is warns


REPORT = ReviewReport(
    title="Review <b>",
    window="2026-03-02 to 2026-03-09",
    warnings=("careful [here](x)",),
    tables=(
        Table(title="Full", headings=("A", "B"), rows=(("a|b", "<script>x</script>\nnext"),)),
        Table(title="Empty", headings=("A",), rows=(), empty="None at all."),
    ),
    diffs=("h1\n-a: ```\n+a: 2",),
    minutes=("Mon 08:00 mei approved it: *why*",),
)


def test_markdown_keeps_foreign_text_inert() -> None:
    text = as_markdown(REPORT)
    assert "| a\\|b | \\<script\\>x\\</script\\> next |" in text
    assert "careful \\[here\\](x)" in text
    assert text.count("```") == 2
    assert "-a: ʼʼʼ\n+a: 2" in text
    assert "None at all." in text


def test_html_escapes_foreign_text() -> None:
    page = as_html(REPORT)
    assert page.startswith("<!doctype html>")
    assert "<script>" not in page
    assert "&lt;script&gt;x&lt;/script&gt;" in page
    assert "<title>Review &lt;b&gt;</title>" in page


def test_an_uneventful_week_says_so() -> None:
    quiet = REPORT.model_copy(update={"diffs": (), "minutes": (), "warnings": ()})
    assert "None waits." in as_markdown(quiet)
    assert "Nobody decided anything." in as_markdown(quiet)
    assert "<p>None waits.</p>" in as_html(quiet)


def test_figures_read_like_a_sentence() -> None:
    shown = {one.name: one.now for one in kpi_figures(kpis(WEEK), kpis([]))}
    assert shown["Time to launch (median)"] == "1 h 0 min (2)"
    assert shown["Cycles fully automated"] == "1 of 2 (9% to 91%)"


def test_detection_is_what_the_clocks_say() -> None:
    assert kpis([], detection=[30.0, 90.0, 600.0]).anomaly_detection == Spans(3, 90.0, 600.0)
    assert kpis([]).anomaly_detection == Spans(0, None, None)
