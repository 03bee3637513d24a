"""sla, escalation and incident: what a person types, and every command of their how-to page."""

import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from drumbeat.app.compose import App, open_app
from drumbeat.app.trouble import runbook
from drumbeat.core.operations.escalation import AlertKind
from drumbeat.core.operations.incident import runbooks
from drumbeat.core.operations.sla_policy import Milestone
from drumbeat.engine.clock import SystemClock
from drumbeat.gate import sla
from drumbeat.gate.escalate import escalate
from drumbeat.store import clocks, escalations, incidents
from tests.cli.conftest import Drumbeat

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "slas-and-escalations.md"
CAMPAIGN = "weekly-newsletter"


def commands() -> list[list[str]]:
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    return [shlex.split(line.removeprefix("$ drumbeat ")) for line in lines if line[:2] == "$ "]


@dataclass(frozen=True)
class Trouble:
    """The ids of what went wrong in a workspace."""

    home: Path
    escalation: str
    incident: str
    clock: str


@pytest.fixture
def app(workspace: Path) -> Iterator[App]:
    opened = open_app(workspace)
    yield opened
    opened.close()


@pytest.fixture
def trouble(workspace: Path, app: App) -> Trouble:
    """Angry comments, and a plan that was begun three days ago."""
    door, begun = app.gate.door, SystemClock().now() - timedelta(days=3)
    with app.database.write() as transaction:
        escalate(
            door,
            transaction,
            failure="brand_crisis",
            severity="critical",
            text="angry comments under the harvest post",
            key="angry",
            campaign=CAMPAIGN,
            kind=AlertKind.METRIC,
        )
        sla.hear(
            door,
            transaction,
            Milestone.CYCLE_OPENED,
            subject="cycle:cyc-1",
            campaign=CAMPAIGN,
            at=begun,
        )
        sla.look(door, transaction)
    with app.database.read() as connection:
        [row] = [r for r in escalations.all_open(connection) if r.severity == "critical"]
        [story] = incidents.latest(connection)
        [clock] = [c for c, _ in clocks.of_subject(connection, "cycle:cyc-1")]
    return Trouble(workspace, row.id, story.id, clock.id)


def test_the_commands_of_the_how_to_page_work(drumbeat: Drumbeat, trouble: Trouble) -> None:
    given = {
        "my-brand": str(trouble.home),
        "ESCALATION": trouble.escalation,
        "INCIDENT": trouble.incident,
        "CLOCK": trouble.clock,
    }
    typed = [[given.get(word, word) for word in words] for words in commands()]
    assert len(typed) >= 11
    outcomes = [drumbeat(*words) for words in typed]
    # The plan is late: listing clocks says so.
    assert {o.code for o in outcomes} == {0, 10}, [o.err for o in outcomes if o.code not in (0, 10)]
    assert sum(o.code == 10 for o in outcomes) == 2


def test_a_late_stage_is_listed_with_its_figures(drumbeat: Drumbeat, trouble: Trouble) -> None:
    found = drumbeat("sla", "list", "--json", "-C", trouble.home)
    plan = next(one for one in found.json["clocks"] if one["stage"] == "plan")
    assert (found.code, plan["state"], plan["used"], plan["target"]) == (10, "breached", "3d", "2d")


def test_a_clock_shows_the_policy_it_started_under(drumbeat: Drumbeat, trouble: Trouble) -> None:
    shown = drumbeat("sla", "show", trouble.clock, "--json", "-C", trouble.home).json
    assert shown["policy"]["stop"] == ["planned", "cycle_over"]
    assert shown["calendar"] == "around the clock"
    assert drumbeat("sla", "show", trouble.clock, "-C", trouble.home).code == 0


def test_a_workspace_at_rest_has_no_trouble(drumbeat: Drumbeat, workspace: Path) -> None:
    assert "No clock runs" in drumbeat("sla", "list", "-C", workspace).err
    assert "Nothing is escalated" in drumbeat("escalation", "list", "-C", workspace).err
    assert "no incident" in drumbeat("incident", "list", "-C", workspace).err


def test_an_incident_tells_who_knew_what_and_what_to_do(
    drumbeat: Drumbeat, trouble: Trouble
) -> None:
    shown = drumbeat("incident", "show", trouble.incident, "--json", "-C", trouble.home).json
    assert shown["told"][0]["person"] == "mei"
    assert shown["what_to_do"].startswith("# Angry comments")
    assert shown["own_runbook"] == "runbooks/newsletter.md"
    assert [one["id"] for one in shown["escalations"]] == [trouble.escalation]


def test_a_note_of_a_person_stands_on_the_timeline(drumbeat: Drumbeat, trouble: Trouble) -> None:
    here = ("-C", trouble.home)
    drumbeat("incident", "note", trouble.incident, "answered them all", "--as", "mei", *here)
    shown = drumbeat("incident", "show", trouble.incident, "--json", *here).json
    assert shown["timeline"][-1]["actor"] == "person:mei"
    assert "answered them all" in drumbeat("incident", "show", trouble.incident, *here).out


@pytest.mark.parametrize(
    ("words", "code", "why"),
    [
        pytest.param(["sla", "show", "sla-none"], 3, "no clock sla-none", id="clock"),
        pytest.param(["incident", "show", "inc-none"], 3, "no incident", id="incident"),
        pytest.param(["incident", "note", "inc-none", "x", "--as", "ana"], 3, "no inc", id="note"),
        pytest.param(
            ["escalation", "ack", "esc-none", "--as", "ana"], 3, "no escalation", id="escalation"
        ),
        pytest.param(["escalation", "ack", "esc-none"], 2, "say who you are", id="nobody"),
        pytest.param(
            ["escalation", "resolve", "esc-none", "--reason", " ", "--as", "ana"],
            4,
            "say what was done",
            id="no-reason",
        ),
        pytest.param(
            ["escalation", "silence", "--match", "colour=red", "--for", "1d", "--reason", "x"],
            2,
            "FIELD one of",
            id="matcher",
        ),
        pytest.param(
            ["escalation", "snooze", "esc-none", "--for", "soon", "--reason", "x", "--as", "ana"],
            2,
            "expected a duration",
            id="duration",
        ),
        pytest.param(
            [
                "escalation", "silence", "--match", "failure=security", "--for", "1d",
                "--reason", "x", "--as", "dana",
            ],
            4,
            "never silenced",
            id="security",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_done_says_why(
    drumbeat: Drumbeat, workspace: Path, words: list[str], code: int, why: str
) -> None:
    outcome = drumbeat(*words, "-C", workspace)
    assert (outcome.code, why in outcome.err) == (code, True), outcome.err


@pytest.mark.parametrize("name", sorted(runbooks()))
def test_every_runbook_ships_and_says_what_to_do(name: str) -> None:
    page = runbook(name)
    assert page.startswith("# ")
    assert "\n1. " in page
