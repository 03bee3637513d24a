"""policy, budget, autonomy and report: what a person types, and every command of their how-tos."""

import shlex
from pathlib import Path

import pytest

from tests.cli.conftest import Drumbeat

_HOW_TO = Path(__file__).parents[2] / "docs" / "how-to"
PAGES = ("policy", "budgets", "autonomy", "weekly-review")
PROMOTE = ("autonomy", "promote", "weekly-newsletter", "--reason", "ten good weeks")


def commands(page: str) -> list[list[str]]:
    """The lines a page tells its reader to type, without the prompt and the program's name."""
    lines = (_HOW_TO / f"{page}.md").read_text(encoding="utf-8").splitlines()
    typed = (line.strip().removeprefix("$ drumbeat ") for line in lines if "$ drumbeat " in line)
    return [shlex.split(line) for line in typed]


@pytest.fixture
def asked(drumbeat: Drumbeat, workspace: Path) -> str:
    """A promotion that waits for another person: its id."""
    return _asked(drumbeat, workspace)


def _asked(drumbeat: Drumbeat, workspace: Path) -> str:
    drumbeat(*PROMOTE, "--despite", "--as", "ana", "-C", workspace)
    (found,) = drumbeat("attention", "--json", "-C", workspace).json["decisions"]
    return str(found["id"])


@pytest.mark.parametrize(("page", "least"), [pytest.param(page, 1, id=page) for page in PAGES])
def test_the_commands_of_the_how_to_pages_work(
    page: str, least: int, drumbeat: Drumbeat, workspace: Path, asked: str
) -> None:
    given = {"my-brand": str(workspace), "PROPOSAL": asked}
    typed = [[given.get(word, word) for word in words] for words in commands(page)]
    assert len(typed) >= least
    if "PROPOSAL" not in (word for words in commands(page) for word in words):
        # A page that does not answer it proposes the same: nothing of that kind may wait already.
        drumbeat("reject", asked, "--reason", "not now", "--as", "dana", "-C", workspace)
    outcomes = [drumbeat(*words) for words in typed]
    # A promotion and a demotion of what never rose: 5 waits, 0 is done.
    assert {outcome.code for outcome in outcomes} <= {0, 5}, [o.err for o in outcomes]


def test_the_policy_is_shown_whole(drumbeat: Drumbeat, workspace: Path) -> None:
    found = drumbeat("policy", "show", "--json", "-C", workspace)
    lines = {line["kind"]: line for line in found.json["actions"]}
    assert found.code == 0
    assert lines["budget.allocate"]["consent"] == "2 of approver:budget, manager"
    assert "ads.pause" in drumbeat("policy", "show", "-C", workspace).out


def test_an_explanation_names_the_check_and_who_may_answer(
    drumbeat: Drumbeat, workspace: Path, asked: str
) -> None:
    found = drumbeat("policy", "explain", asked, "--json", "-C", workspace)
    assert found.json["judged"]["decided_by_checks"] == ["matrix"]
    assert found.json["may_answer"] == ["dana", "sara"]
    assert found.json["now"]["verdict"] == "ask"
    assert "may answer: dana" in drumbeat("policy", "explain", asked, "-C", workspace).err


def test_an_unknown_proposal_is_not_found(drumbeat: Drumbeat, workspace: Path) -> None:
    found = drumbeat("policy", "explain", "prop-none", "-C", workspace)
    assert (found.code, "no proposal prop-none" in found.err) == (3, True)


def test_the_shipped_examples_are_met(drumbeat: Drumbeat, workspace: Path) -> None:
    found = drumbeat("policy", "test", "--json", "-C", workspace)
    assert (found.code, found.json["met"]) == (0, found.json["of"])
    assert found.json["of"] >= 10


def test_a_loosened_matrix_fails_its_examples(drumbeat: Drumbeat, workspace: Path) -> None:
    matrix = workspace / "policy" / "actions.yaml"
    text = matrix.read_text(encoding="utf-8")
    loose = text.replace("agents: [optimizer]\n    risk: high\n    phase: full\n", "LOOSE", 1)
    loose = loose.replace("LOOSE", "agents: [optimizer]\n    risk: low\n    phase: draft\n")
    loose = loose.replace("count: 2}\n    always_ask: true", "count: 2}", 1)
    assert loose != text
    matrix.write_text(loose, encoding="utf-8")
    found = drumbeat("policy", "test", "-C", workspace)
    assert found.code == 1
    assert "A change of allocation is always asked about: expected ask" in found.err


def test_a_workspace_without_examples_says_so(drumbeat: Drumbeat, workspace: Path) -> None:
    (workspace / "policy" / "examples.yaml").unlink()
    found = drumbeat("policy", "test", "-C", workspace)
    assert (found.code, "policy/examples.yaml" in found.err) == (3, True)


def test_every_cap_is_shown_in_minor_units(drumbeat: Drumbeat, workspace: Path) -> None:
    found = drumbeat("budget", "show", "--json", "-C", workspace).json["caps"]
    own = next(cap for cap in found if cap["scope"].startswith("campaign:retargeting-evergreen/"))
    assert (own["cap_minor"], own["left_minor"], own["spent_minor"]) == (4_200_00, 4_200_00, None)


def test_a_promotion_without_evidence_is_refused(drumbeat: Drumbeat, workspace: Path) -> None:
    found = drumbeat(*PROMOTE, "--as", "ana", "-C", workspace)
    assert (found.code, "not earned yet" in found.err) == (4, True)


def test_an_approval_can_be_undone_until_it_takes_effect(
    drumbeat: Drumbeat, workspace: Path, asked: str
) -> None:
    here = ("-C", workspace)
    told = drumbeat("approve", asked, "--as", "dana", *here)
    assert (told.code, f"drumbeat undo {asked}" in told.err + told.out) == (0, True)
    assert drumbeat("undo", asked, "--as", "ana", *here).code == 4
    assert drumbeat("undo", asked, "--as", "dana", *here).code == 0
    (found,) = drumbeat("attention", "--json", *here).json["decisions"]
    assert found["id"] == asked
    assert drumbeat("undo", asked, "--as", "dana", *here).code == 4
    assert drumbeat("undo", "prop-none", "--as", "dana", *here).code == 3


def test_another_persons_yes_puts_the_promotion_in_force(
    drumbeat: Drumbeat, workspace: Path
) -> None:
    policy = workspace / "policy" / "actions.yaml"
    policy.write_text(policy.read_text().replace("undo_hold: 30s", "undo_hold: 0s"))
    asked = _asked(drumbeat, workspace)
    here = ("-C", workspace)
    assert drumbeat("approve", asked, "--as", "ana", *here).code == 4
    assert drumbeat("approve", asked, "--as", "dana", *here).code == 0
    shown = drumbeat("autonomy", "show", "weekly-newsletter", "--json", *here).json["campaigns"]
    assert (shown[0]["phase"], shown[0]["declared"]) == ("conditional", "supervised")
    down = drumbeat(
        "autonomy",
        "demote",
        "weekly-newsletter",
        "--to",
        "draft",
        "--reason",
        "x",
        "--as",
        "jon",
        *here,
    )
    assert down.code == 0
    shown = drumbeat("autonomy", "show", "weekly-newsletter", "--json", *here).json["campaigns"]
    assert shown[0]["phase"] == "draft"


def test_several_answers_are_several_decisions(
    drumbeat: Drumbeat, workspace: Path, asked: str
) -> None:
    here = ("--as", "dana", "-C", workspace)
    found = drumbeat("approve", asked, "prop-nobody", *here)
    assert found.code == 3
    assert f"{asked}: approved" in found.err
    assert "prop-nobody: there is no proposal" in found.err
    again = drumbeat("approve", asked, *here)
    assert (again.code, "not waiting" in again.err) == (4, True)
    both = drumbeat("approve", asked, "prop-nobody", "--fingerprint", "x", *here)
    assert (both.code, "one at a time" in both.err) == (2, True)


def test_nothing_lies_below_draft(drumbeat: Drumbeat, workspace: Path) -> None:
    down = (
        "autonomy",
        "demote",
        "social-calendar",
        "--reason",
        "x",
        "--as",
        "jon",
        "-C",
        workspace,
    )
    assert drumbeat(*down).code == 0
    found = drumbeat(*down)
    assert (found.code, "not below" in found.err) == (4, True)


def test_the_weekly_report_shows_what_waits_and_what_was_decided(
    drumbeat: Drumbeat, workspace: Path, asked: str
) -> None:
    waiting = drumbeat("report", "weekly", "-C", workspace).out
    assert "-phase: supervised\n+phase: conditional" in waiting
    drumbeat("reject", asked, "--reason", "too early", "--as", "dana", "-C", workspace)
    found = drumbeat("report", "weekly", "--format", "json", "-C", workspace).json
    assert any("dana rejected autonomy.promote" in line for line in found["minutes"])
    assert found["figures"]["launches"] == 0
    assert drumbeat("report", "weekly", "--format", "html", "-C", workspace).out.endswith(
        "</html>\n"
    )
