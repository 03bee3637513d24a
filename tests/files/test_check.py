"""Every message a workspace can get, by breaking the scaffolded one in one place."""

from collections.abc import Callable
from pathlib import Path

import pytest

from drumbeat.files.check import check
from drumbeat.files.problem import Gravity, render
from tests.files import campaign_mistakes, workspace_mistakes

Edit = Callable[[str, str, str], Path]
NEWS = "campaigns/weekly-newsletter.yaml"
ADS = "campaigns/retargeting-evergreen.yaml"
SOCIAL = "campaigns/social-calendar.yaml"
ROOT = "drumbeat.yaml"
MISTAKES = campaign_mistakes.MISTAKES + workspace_mistakes.MISTAKES


def test_the_scaffolded_workspace_has_nothing_wrong(scaffold: Path) -> None:
    result = check(scaffold)
    assert render(result.problems) == ""
    assert result.is_ok
    assert [str(one).splitlines()[0] for one in result.checklists] == [
        "retargeting-evergreen: 17 of 17 met",
        "social-calendar: 17 of 17 met",
        "weekly-newsletter: 17 of 17 met",
    ]


@pytest.mark.parametrize(("path", "old", "new", "message"), MISTAKES)
def test_a_mistake_is_told_where_it_stands(
    edit: Edit, path: str, old: str, new: str, message: str
) -> None:
    result = check(edit(path, old, new))
    shown = render(result.problems)
    assert message in shown
    assert not result.is_ok
    assert all(problem.line > 0 for problem in result.problems)


@pytest.mark.parametrize(("path", "old", "new", "message"), campaign_mistakes.MISTAKES)
def test_a_campaign_checked_alone_gets_the_same_message(
    edit: Edit, path: str, old: str, new: str, message: str
) -> None:
    result = check(edit(path, old, new) / path)
    assert message in render(result.problems)
    assert len(result.checklists) == 1


def test_a_mistake_has_its_line_column_and_caret(edit: Edit) -> None:
    result = check(edit(NEWS, "{plan: 48h,", "{plan: 2 days,") / NEWS)
    assert render(result.problems) == (
        f"{NEWS}:37:13: sla.plan: expected a duration such as 15m, 4h, 2d, got '2 days'\n"
        "    37 | sla: {plan: 2 days, approve: 24h, qa: 2h, launch: 4h, detect: 15m, recover: 4h}\n"
        "       |             ^^^^^^"
    )


def test_all_mistakes_of_all_files_are_told_at_once(edit: Edit) -> None:
    edit(NEWS, "metric: open_rate", "metric: opne_rate")
    edit(NEWS, "owner: ana@", "owner: anna@")
    edit(ADS, "type: retargeting", "type: retargetting")
    edit("data/offers.yaml", "id: gift-box", "id: first-refill")
    edit("policy/naming.yaml", "version: 1", "version: 1\nversion: 1")
    result = check(edit(ROOT, "currency: EUR", "currency: Euro"))
    assert {problem.path for problem in result.errors} == {
        NEWS,
        ADS,
        ROOT,
        "data/offers.yaml",
        "policy/naming.yaml",
    }
    assert len(result.errors) >= 6


def test_a_broken_file_does_not_hide_the_mistakes_of_others(edit: Edit) -> None:
    edit(NEWS, "type: newsletter", "type: newsleter")
    shown = render(check(edit(ADS, "version: 1", "version: [1")).problems)
    assert "this [ is never closed" in shown
    assert "newsleter" in shown


@pytest.mark.parametrize(
    ("path", "message"),
    [
        pytest.param("policy/actions.yaml", "policy/actions.yaml: is missing", id="matrix"),
        pytest.param("policy/naming.yaml", "policy/naming.yaml: is missing", id="naming"),
        pytest.param("data/segments.yaml", "data/segments.yaml: is missing", id="segments"),
        pytest.param("runbooks/social.md", "there is no file runbooks/social.md", id="runbook"),
        pytest.param("data/history/ads.csv", "'data/history/ads.csv' is neither", id="history"),
        pytest.param("data/offers.yaml", "'starter-kit-bundle' is not in data/offers", id="offers"),
    ],
)
def test_a_missing_file_is_told(workspace: Path, path: str, message: str) -> None:
    (workspace / path).unlink()
    result = check(workspace)
    assert message in render(result.problems)
    assert not result.is_ok


@pytest.mark.parametrize(
    ("path", "message"),
    [
        pytest.param("campaigns/extra.yml", "campaigns/extra.yml: is not read — name it", id="yml"),
        pytest.param(
            "policy/brnad_voice.yaml", "did you mean 'policy/brand_voice.yaml'?", id="mistyped"
        ),
        pytest.param(
            "data/history/sales.csv", "data/history/sales.csv: is not read", id="unknown export"
        ),
    ],
)
def test_a_file_nobody_reads_is_told(workspace: Path, path: str, message: str) -> None:
    (workspace / path).write_text("version: 1\n")
    assert message in render(check(workspace).problems)


def test_a_folder_with_a_files_name_is_told(workspace: Path) -> None:
    (workspace / "campaigns" / "spring.yaml").mkdir()
    assert "campaigns/spring.yaml: is a folder" in render(check(workspace).problems)


def test_without_an_attribution_a_workspace_is_warned(workspace: Path) -> None:
    (workspace / "data" / "attribution.yaml").unlink()
    result = check(workspace)
    assert "so nothing is optimized" in render(result.problems)
    assert result.is_ok


def test_an_export_is_checked_alone(workspace: Path) -> None:
    export = workspace / "data" / "history" / "ads.csv"
    assert check(export).is_ok
    export.write_text(f"{export.read_text()}x,y\n")
    assert "has 2 cells" in render(check(export).problems)


def test_an_export_in_another_currency_is_warned_of(workspace: Path) -> None:
    export = workspace / "data" / "history" / "ads-abroad.csv"
    export.write_text("date,clicks,spend,currency\n2026-01-05,3,4.50,USD\n")
    for result in (check(workspace), check(export)):
        assert "counts in USD and the workspace in EUR" in render(result.problems)
        assert result.is_ok


def test_an_attribution_without_a_window_warns_and_blocks_nothing_else(edit: Edit) -> None:
    result = check(edit("data/attribution.yaml", "click_window: 7d, model", "model"))
    assert [problem.gravity for problem in result.problems] == [Gravity.WARNING]
    assert "nothing is optimized" in result.problems[0].message
    assert result.is_ok


@pytest.mark.parametrize(
    ("written", "item"),
    [
        pytest.param("owner: ana@northbean.example\n", "owner", id="owner"),
        pytest.param(
            "rollback: cancel the send if it is still scheduled, restore the last approved"
            " issue and audience\n",
            "rollback",
            id="rollback",
        ),
        pytest.param("runbook: runbooks/newsletter.md\n", "runbook", id="runbook"),
        pytest.param("escalation: default-email\n", "escalation path", id="escalation"),
        pytest.param("naming: {rule: standard, region: eu}\n", "naming rule", id="naming"),
        pytest.param("type: newsletter\n", "type", id="type"),
        pytest.param("goal: {metric: conversions, target: 25/week}\n", "goal", id="goal"),
    ],
)
def test_what_a_campaign_lacks_is_on_its_checklist_and_refuses_it(
    edit: Edit, written: str, item: str
) -> None:
    result = check(edit(NEWS, written, "") / NEWS)
    assert item in [one.name for one in result.checklists[0].missing]
    assert not result.is_ok
    assert result.errors


@pytest.mark.parametrize(
    ("place", "message"),
    [
        pytest.param("nowhere", "does not exist", id="no such path"),
        pytest.param(
            "empty", "is no workspace: there is no drumbeat.yaml in it", id="no workspace"
        ),
        pytest.param("empty/a.yaml", "is in no workspace", id="a file outside"),
    ],
)
def test_a_place_without_a_workspace_is_told(tmp_path: Path, place: str, message: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "a.yaml").write_text("version: 1\n")
    result = check(tmp_path / place)
    assert message in render(result.problems)
    assert not result.is_ok


def test_a_file_drumbeat_does_not_read_is_told(workspace: Path) -> None:
    shown = render(check(workspace / "runbooks" / "social.md").problems)
    assert "is no file Drumbeat reads; it reads drumbeat.yaml, campaigns/*.yaml" in shown


def test_a_folder_inside_a_workspace_stands_for_the_workspace(workspace: Path) -> None:
    assert len(check(workspace / "campaigns").checklists) == 3


def test_the_type_s_defaults_fill_what_the_file_leaves_out(workspace: Path) -> None:
    file = workspace / ADS
    text = file.read_text(encoding="utf-8")
    file.write_text(text[: text.index("guardrails:\n")] + text[text.index("escalation:") :])
    result = check(file)
    assert render(result.problems) == ""
    assert result.is_ok


def test_a_workspace_may_grant_less_than_a_type_would_like(edit: Edit) -> None:
    result = check(edit(ROOT, "comments, history, context, landing_pages]", "history]"))
    assert render(result.problems) == ""
    assert result.is_ok
