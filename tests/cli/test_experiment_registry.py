"""`drumbeat experiment list|show|register|stop`: sealed before it starts, one thing at a time."""

import re
from pathlib import Path

import pytest

from drumbeat.app.compose import open_app
from drumbeat.app.experiments import all_registered, running
from drumbeat.store import experiments, ledger
from tests.cli.conftest import Drumbeat

ADS = "retargeting-evergreen"
TRAFFIC = ("--baseline", "2%", "--per-week", 50000)


def register(
    drumbeat: Drumbeat, workspace: Path, hypothesis: str, *more: object, who: str = "jon"
) -> str:
    """Register one on the ads campaign; gives its id."""
    options = ("--campaign", ADS, *TRAFFIC, "--as", who, "-C", workspace, *more)
    found = drumbeat("experiment", "register", hypothesis, *options)
    assert found.code == 0, found.err
    return found.out.strip()


def test_the_library_is_ranked_by_impact_and_confidence(
    drumbeat: Drumbeat, workspace: Path
) -> None:
    found = drumbeat("experiment", "list", "-C", workspace, "--json").json
    scores = [one["score"] for one in found["hypotheses"]]
    assert scores == sorted(scores, reverse=True)
    assert len(scores) == 14
    assert {one["status"] for one in found["hypotheses"]} == {"open"}
    assert (found["stake"], found["experiments"]) == ("clicks", [])


def test_a_library_without_history_counts_every_channel_the_same(
    drumbeat: Drumbeat, workspace: Path
) -> None:
    for file in (workspace / "data" / "history").glob("*.csv"):
        file.unlink()
    text = (workspace / "campaigns" / f"{ADS}.yaml").read_text()
    assert "data/history" in text
    for path in (workspace / "campaigns").glob("*.yaml"):
        path.write_text(re.sub(r"data/history/\w+\.csv", "data/content.yaml", path.read_text()))
    found = drumbeat("experiment", "list", "-C", workspace, "--json")
    assert found.code == 0, found.err
    assert found.json["stake"] == ""
    assert found.json["hypotheses"][0]["id"] == "H-14"


def test_a_registration_is_sealed_kept_and_entered(drumbeat: Drumbeat, workspace: Path) -> None:
    name = register(drumbeat, workspace, "H-07", "--control", "ad:bag", "--treatment", "ad:hands")
    app = open_app(workspace)
    with app.database.read() as connection:
        (kept,) = all_registered(connection)
        (entry,) = ledger.entries(connection, kinds=("experiment_registered",))
        guarded = experiments.under_test(connection)
    app.close()
    assert kept.experiment.id == name == f"exp-{kept.experiment.seal[:12]}"
    assert entry.body["seal"] == kept.experiment.seal
    assert (entry.actor, entry.campaign, entry.subject) == ("person:jon", ADS, name)
    assert guarded == {"ad:bag", "ad:hands"}


def test_the_seal_covers_what_was_registered(drumbeat: Drumbeat, workspace: Path) -> None:
    options = ("--campaign", ADS, *TRAFFIC, "--as", "jon", "-C", workspace, "--json")
    made = drumbeat("experiment", "register", "H-07", *options).json
    shown = drumbeat("experiment", "show", made["id"], "-C", workspace, "--json").json["experiment"]
    assert (made["kind"], shown["seal"]) == ("experiment.registered", made["seal"])
    assert shown["experiment"]["hypothesis"] == made["hypothesis"]
    assert shown["experiment"]["rule"] == made["rule"]


def test_a_second_test_of_the_same_variable_is_refused(drumbeat: Drumbeat, workspace: Path) -> None:
    first = register(drumbeat, workspace, "H-07")
    options = ("--campaign", ADS, *TRAFFIC, "--as", "jon", "-C", workspace)
    found = drumbeat("experiment", "register", "H-07", *options)
    assert (found.code, found.out) == (4, "")
    assert first in found.err


def test_an_overlap_is_refused_even_where_two_may_run(drumbeat: Drumbeat, workspace: Path) -> None:
    path = workspace / "campaigns" / f"{ADS}.yaml"
    text = path.read_text()
    limited = re.sub(r"experiments:\n", "experiments:\n  concurrent: 4\n", text)
    assert limited != text
    path.write_text(limited)
    first = register(drumbeat, workspace, "H-07")
    options = ("--campaign", ADS, *TRAFFIC, "--as", "jon", "-C", workspace)
    found = drumbeat("experiment", "register", "H-07", *options)
    assert found.code == 4
    assert f"{first} of {ADS} already tests creative on" in found.err


def test_a_stopped_test_makes_room_again(drumbeat: Drumbeat, workspace: Path) -> None:
    first = register(drumbeat, workspace, "H-07", "--control", "ad:bag")
    assert (
        drumbeat(
            "experiment", "stop", first, "--reason", "wrong price", "--as", "ana", "-C", workspace
        ).code
        == 0
    )
    second = register(drumbeat, workspace, "H-07", who="ana")
    app = open_app(workspace)
    with app.database.read() as connection:
        assert [one.id for one in running(connection)] == [second]
        (entry,) = ledger.entries(connection, kinds=("experiment_stopped",))
        guarded = experiments.under_test(connection)
    app.close()
    assert (entry.body["reason"], entry.actor) == ("wrong price", "person:ana")
    assert guarded == frozenset()
    listed = drumbeat("experiment", "list", "-C", workspace, "--json").json["experiments"]
    assert [one["status"] for one in listed] == ["stopped", "running"]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        pytest.param(["H-99", "--campaign", ADS], 3, "no hypothesis is called 'H-99'", id="claim"),
        pytest.param(
            ["H-07", "--campaign", "nix"], 3, "no campaign is called 'nix'", id="campaign"
        ),
        pytest.param(["H-01", "--campaign", ADS], 4, "H-01 is about email", id="channel"),
        pytest.param(
            ["H-07", "--campaign", ADS, "--max-weeks", "1"], 4, "weeks, more than", id="weeks"
        ),
        pytest.param(["H-07"], 2, "Missing option '--campaign'", id="no campaign"),
    ],
)
def test_a_test_that_may_not_start_is_refused(
    arguments: list[str], code: int, said: str, drumbeat: Drumbeat, workspace: Path
) -> None:
    options = ("--baseline", "2%", "--per-week", 20000, "--as", "jon", "-C", workspace)
    found = drumbeat("experiment", "register", *arguments, *options)
    assert (found.code, found.out) == (code, "")
    assert said in found.err


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


def test_a_role_the_matrix_does_not_name_is_refused(drumbeat: Drumbeat, workspace: Path) -> None:
    edit(
        workspace / "policy" / "actions.yaml",
        "experiment.register:\n",
        "experiment.register:\n    approvals: {roles: [analyst, manager]}\n",
    )
    options = ("--campaign", ADS, *TRAFFIC, "--as", "jon", "-C", workspace)
    found = drumbeat("experiment", "register", "H-07", *options)
    assert found.code == 4
    assert "jon may not start an experiment: it takes analyst, manager" in found.err


def test_a_viewer_starts_no_test(drumbeat: Drumbeat, workspace: Path) -> None:
    edit(
        workspace / "drumbeat.yaml",
        "people:\n",
        "people:\n  - {id: vi, name: Vi, email: vi@northbean.example, roles: [viewer]}\n",
    )
    options = ("--campaign", ADS, *TRAFFIC, "--as", "vi@northbean.example", "-C", workspace)
    found = drumbeat("experiment", "register", "H-07", *options)
    assert found.code == 4
    assert "a viewer only looks" in found.err


def test_a_matrix_that_forbids_tests_is_heard(drumbeat: Drumbeat, workspace: Path) -> None:
    policy = workspace / "policy" / "actions.yaml"
    text = policy.read_text()
    forbidden = re.sub(
        r"  experiment\.register:\n(    .*\n)+", "  experiment.register: forbidden\n", text
    )
    assert forbidden != text
    policy.write_text(forbidden)
    options = ("--campaign", ADS, *TRAFFIC, "--as", "jon", "-C", workspace)
    found = drumbeat("experiment", "register", "H-07", *options)
    assert found.code == 4
    assert "does not allow experiment.register" in found.err


def test_a_frozen_campaign_starts_no_test(drumbeat: Drumbeat, workspace: Path) -> None:
    drumbeat("freeze", ADS, "--reason", "crisis", "--as", "ana", "-C", workspace)
    options = ("--campaign", ADS, *TRAFFIC, "--as", "jon", "-C", workspace)
    found = drumbeat("experiment", "register", "H-07", *options)
    assert found.code == 4
    assert "is frozen by ana: crisis" in found.err


def test_low_volume_may_lean_and_says_what_that_costs(drumbeat: Drumbeat, workspace: Path) -> None:
    options = ("--campaign", ADS, "--baseline", "2%", "--per-week", 12000, "--as", "jon")
    found = drumbeat("experiment", "register", "H-07", *options, "-C", workspace, "--directional")
    assert found.code == 0, found.err
    assert "Of equal arms, 20% are called different" in found.err


def test_leaning_takes_as_many_weeks_as_it_needs(drumbeat: Drumbeat, workspace: Path) -> None:
    weekly = ("--baseline", 900, "--variance", 40000, "--per-week", 1)
    whose = ("--campaign", "social-calendar", "--as", "mei", "-C", workspace)
    register = ("experiment", "register", "H-14", *weekly, *whose)
    assert "too few to prove anything" in drumbeat(*register).err
    found = drumbeat(*register, "--directional")
    assert found.code == 0, found.err
    assert "9 units in 9 weeks. Of equal arms, 20% are called different" in found.err


@pytest.mark.parametrize(
    ("name", "reason", "code"),
    [
        pytest.param("exp-nix", "why not", 3, id="unknown"),
        pytest.param("exp-nix", " ", 2, id="no reason"),
    ],
)
def test_a_stop_needs_a_test_and_a_reason(
    name: str, reason: str, code: int, drumbeat: Drumbeat, workspace: Path
) -> None:
    options = ("--reason", reason, "--as", "ana", "-C", workspace)
    assert drumbeat("experiment", "stop", name, *options).code == code


def test_a_test_is_stopped_once(drumbeat: Drumbeat, workspace: Path) -> None:
    name = register(drumbeat, workspace, "H-07")
    stop = ("experiment", "stop", name, "--reason", "enough", "--as", "ana", "-C", workspace)
    assert [drumbeat(*stop).code for _ in range(2)] == [0, 4]


def test_a_hypothesis_is_shown_in_full(drumbeat: Drumbeat, workspace: Path) -> None:
    found = drumbeat("experiment", "show", "H-07", "-C", workspace)
    assert found.code == 0
    assert re.search(r"^treatment\.description +Hands pouring", found.out, re.MULTILINE)


def test_what_is_unknown_is_not_found(drumbeat: Drumbeat, workspace: Path) -> None:
    assert drumbeat("experiment", "show", "H-99", "-C", workspace).code == 3
