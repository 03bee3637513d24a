"""The commands that work on a running workspace: reads, answers, holds, and the ledger."""

import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Drumbeat

NEWS = "weekly-newsletter"


@pytest.fixture
def asked(drumbeat: Drumbeat, workspace: Path) -> str:
    """A proposal that waits for a second person: ana wants to let mail go out."""
    found = drumbeat("connect", "house-mail", "live", "--as", "ana", "-C", workspace)
    assert found.code == 5
    name, _, rest = found.err.partition(" ")
    assert rest == "waits for another person's approval\n"
    return name


def test_status_tells_every_campaign(drumbeat: Drumbeat, workspace: Path) -> None:
    found = drumbeat("status", "-C", workspace)
    assert (found.code, found.err) == (0, "")
    assert [line.split()[0] for line in found.out.splitlines()[1:]] == [
        "retargeting-evergreen",
        "social-calendar",
        NEWS,
    ]


def test_status_as_a_document(drumbeat: Drumbeat, workspace: Path) -> None:
    document = drumbeat("status", "-C", workspace, "--json").json
    assert (document["format_version"], document["kind"]) == (1, "status")
    assert {one["phase"] for one in document["campaigns"]} == {"supervised"}
    assert document["campaigns"][0]["cycles"] == []
    assert {one["anomaly_score"] for one in document["campaigns"]} == {None}


def test_nothing_waiting_is_said(drumbeat: Drumbeat, workspace: Path) -> None:
    found = drumbeat("attention", "-C", workspace)
    assert (found.code, found.out, found.err) == (0, "", "Nothing needs you.\n")


def test_what_waits_is_listed_with_its_whole_id(
    drumbeat: Drumbeat, workspace: Path, asked: str
) -> None:
    found = drumbeat("attention", "-C", workspace)
    assert found.code == 0
    assert found.out.splitlines()[1].split()[:2] == [asked, "connection.set_mode"]
    (decision,) = drumbeat("attention", "-C", workspace, "--json").json["decisions"]
    assert (decision["id"], decision["overdue"]) == (asked, False)


def test_another_person_approves(drumbeat: Drumbeat, workspace: Path, asked: str) -> None:
    found = drumbeat("approve", asked, "--as", "dana", "-C", workspace)
    assert (found.code, found.err.startswith("approved; it takes effect at")) == (0, True)
    changes = drumbeat("changes", "-C", workspace, "--json").json["changes"]
    assert ("approved", "person:dana") in {(one["kind"], one["actor"]) for one in changes}
    assert drumbeat("attention", "-C", workspace).err == "Nothing needs you.\n"


@pytest.mark.parametrize(
    ("who", "code", "said"),
    [
        pytest.param(["--as", "ana"], 4, "", id="proposer"),
        pytest.param(["--as", "lena"], 4, "", id="wrong role"),
        pytest.param(
            ["--as", "nobody"], 2, "nobody in drumbeat.yaml is called 'nobody'", id="stranger"
        ),
        pytest.param([], 2, "say who you are: --as PERSON, one of ana, jon", id="unsaid"),
        pytest.param(["--as", "dana", "--fingerprint", "0" * 64], 4, "", id="another fingerprint"),
    ],
)
def test_who_may_not_approve_does_not(
    who: list[str], code: int, said: str, drumbeat: Drumbeat, workspace: Path, asked: str
) -> None:
    found = drumbeat("approve", asked, *who, "-C", workspace)
    assert (found.code, found.out) == (code, "")
    assert said in found.err
    assert found.err.startswith("drumbeat: ")
    (decision,) = drumbeat("attention", "-C", workspace, "--json").json["decisions"]
    assert decision["id"] == asked


def test_the_person_may_be_set_once(
    drumbeat: Drumbeat, workspace: Path, asked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DRUMBEAT_PERSON", "dana@northbean.example")
    assert drumbeat("approve", asked, "-C", workspace).code == 0


def test_a_rejection_is_kept_with_its_reason(
    drumbeat: Drumbeat, workspace: Path, asked: str
) -> None:
    found = drumbeat("reject", asked, "--reason", "not yet", "--as", "dana", "-C", workspace)
    assert (found.code, found.err) == (0, "rejected\n")
    changes = drumbeat("changes", "-C", workspace)
    assert "not yet" in changes.out


def test_a_rejection_without_a_reason_is_none(
    drumbeat: Drumbeat, workspace: Path, asked: str
) -> None:
    assert drumbeat("reject", asked, "--as", "dana", "-C", workspace).code == 2
    assert drumbeat("reject", asked, "--reason", " ", "--as", "dana", "-C", workspace).code == 2


@pytest.mark.parametrize("command", ["approve", "reject"])
def test_an_unknown_proposal_is_not_found(
    command: str, drumbeat: Drumbeat, workspace: Path
) -> None:
    found = drumbeat(command, "prop-nix", "--reason", "x", "--as", "dana", "-C", workspace)
    assert (found.code, found.err) == (3, "drumbeat: there is no proposal prop-nix\n")


def test_a_freeze_needs_no_secret_and_no_whole_file(drumbeat: Drumbeat, workspace: Path) -> None:
    """What an order to stop does not need must not keep it from being given."""
    place = workspace / "drumbeat.yaml"
    whole = place.read_text(encoding="utf-8")
    entry = "    settings: {channel: email}\n"
    secret = f"{entry}    secrets: {{password: NOBODY_HAS_SET_THIS}}\n"
    place.write_text(whole.replace(entry, secret, 1), encoding="utf-8")
    assert drumbeat("status", "-C", workspace).code == 2
    order = ("--reason", "a wrong price", "--as", "ana", "-C", workspace)
    assert drumbeat("freeze", NEWS, *order).code == 0
    place.write_text("people: [", encoding="utf-8")
    refused = drumbeat("freeze", NEWS, *order)
    assert (refused.code, "--all stops all" in refused.err) == (2, True)
    stopped = drumbeat("freeze", "--all", *order)
    assert stopped.code == 0
    assert "It holds although the workspace has mistakes:" in stopped.err
    assert "drumbeat.yaml" in stopped.err
    place.write_text(whole, encoding="utf-8")
    held = drumbeat("status", "--json", "-C", workspace).json["campaigns"]
    assert {tuple(one["held"]) for one in held} >= {("freeze",)}


def test_a_freeze_holds_until_it_is_lifted(drumbeat: Drumbeat, workspace: Path) -> None:
    freeze = drumbeat("freeze", NEWS, "--reason", "crisis", "--as", "ana", "-C", workspace)
    assert freeze.code == 0
    assert freeze.err.startswith(f"campaign:{NEWS}: freeze since ")
    (news,) = (
        one
        for one in drumbeat("status", "-C", workspace, "--json").json["campaigns"]
        if one["campaign"] == NEWS
    )
    assert news["held"] == ["freeze"]
    assert "weekly-newsletter      frozen" in drumbeat("status", "-C", workspace).out
    assert drumbeat("unfreeze", NEWS, "--as", "ana", "-C", workspace).code == 0
    assert drumbeat("unfreeze", NEWS, "--as", "ana", "-C", workspace).code == 3


def test_observation_ends_with_off(drumbeat: Drumbeat, workspace: Path) -> None:
    assert drumbeat("observe", "--all", "--as", "ana", "-C", workspace).code == 0
    held = {
        tuple(one["held"])
        for one in drumbeat("status", "-C", workspace, "--json").json["campaigns"]
    }
    assert held == {("observe",)}
    assert drumbeat("observe", "--all", "--off", "--as", "ana", "-C", workspace).code == 0


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        pytest.param(["freeze", "--reason", "x"], 2, "or say --all", id="none"),
        pytest.param(["freeze", NEWS, "--all", "--reason", "x"], 2, "name one campaign", id="both"),
        pytest.param(["freeze", NEWS, "--reason", " "], 2, "needs a reason", id="no reason"),
        pytest.param(["freeze", "nix", "--reason", "x"], 3, "there are retargeting", id="unknown"),
        pytest.param(["unfreeze", "nix"], 3, "no campaign is called 'nix'", id="lift unknown"),
        pytest.param(["observe", "nix"], 3, "no campaign is called 'nix'", id="observe unknown"),
    ],
)
def test_a_hold_names_one_thing_and_a_reason(
    arguments: list[str], code: int, said: str, drumbeat: Drumbeat, workspace: Path
) -> None:
    found = drumbeat(*arguments, "--as", "ana", "-C", workspace)
    assert found.code == code
    assert said in found.err


def test_who_may_freeze_may_not_always_lift(drumbeat: Drumbeat, workspace: Path) -> None:
    assert drumbeat("freeze", NEWS, "--reason", "x", "--as", "lena", "-C", workspace).code == 0
    assert drumbeat("unfreeze", NEWS, "--as", "lena", "-C", workspace).code == 4


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        pytest.param(["prop-nix"], 3, "there is no decision prop-nix", id="decision"),
        pytest.param([NEWS], 2, "say --last, or --to a moment", id="how far"),
        pytest.param(["nix", "--to", "2026-09-14T08:00Z"], 3, "no campaign", id="campaign"),
        pytest.param(
            [NEWS, "--to", "yesterday"], 2, "moment such as 2026-09-14T08:00Z", id="moment"
        ),
        pytest.param([NEWS, "--to", "2026-09-14"], 2, "say why: --reason", id="reason"),
        pytest.param(
            [NEWS, "--to", "2026-09-14", "--reason", "x"], 3, "changed nothing", id="nothing"
        ),
    ],
)
def test_a_rollback_says_what_stands_in_its_way(
    arguments: list[str], code: int, said: str, drumbeat: Drumbeat, workspace: Path
) -> None:
    found = drumbeat("rollback", *arguments, "--as", "dana", "-C", workspace)
    assert found.code == code
    assert said in found.err


def test_a_rollback_can_be_planned_first(drumbeat: Drumbeat, workspace: Path, asked: str) -> None:
    found = drumbeat("rollback", asked, "--plan", "-C", workspace)
    assert found.code == 0
    assert found.out.startswith(f"{asked}: ")


def test_an_unknown_connection_is_not_found(drumbeat: Drumbeat, workspace: Path) -> None:
    found = drumbeat("connect", "nix", "live", "--as", "ana", "-C", workspace)
    assert (found.code, found.err.count("house-mail")) == (3, 1)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        pytest.param(["--since", "2x"], 2, "expected a duration such as 15m", id="duration"),
        pytest.param(["--since", "99999999999999999999d"], 2, "ten years at most", id="too long"),
        pytest.param(["--campaign", "nix"], 3, "no campaign is called 'nix'", id="campaign"),
        pytest.param(["--limit", "0"], 2, "--limit", id="limit"),
        pytest.param(["--since", "1d"], 0, "Nothing changed.", id="nothing"),
    ],
)
def test_changes_are_asked_for_precisely(
    arguments: list[str], code: int, said: str, drumbeat: Drumbeat, workspace: Path
) -> None:
    found = drumbeat("changes", *arguments, "-C", workspace)
    assert (found.code, found.out) == (code, "")
    assert said in found.err


def test_the_ledger_is_verified_and_exported_whole(
    drumbeat: Drumbeat, workspace: Path, asked: str, tmp_path: Path
) -> None:
    found = drumbeat("ledger", "verify", "-C", workspace, "--json").json
    assert (found["intact"], found["kind"]) == (True, "ledger.verify")
    export = tmp_path / "ledger.jsonl"
    assert drumbeat("ledger", "export", export, "-C", workspace).code == 0
    entries = [json.loads(line) for line in export.read_text().splitlines()]
    assert len(entries) == found["count"]
    assert asked in {entry["subject"] for entry in entries}
    check = [sys.executable, "-I", str(tmp_path / "verify_ledger.py"), str(export)]
    done = subprocess.run(check, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "intact\n")


def test_an_export_that_was_changed_is_found_out(
    drumbeat: Drumbeat, workspace: Path, asked: str, tmp_path: Path
) -> None:
    export = tmp_path / "ledger.jsonl"
    drumbeat("ledger", "export", export, "-C", workspace)
    export.write_text(export.read_text().replace("person:ana", "person:jon", 1))
    check = [sys.executable, str(tmp_path / "verify_ledger.py"), str(export)]
    done = subprocess.run(check, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "content does not match its hash" in done.stdout


def test_an_export_overwrites_nothing(drumbeat: Drumbeat, workspace: Path, tmp_path: Path) -> None:
    export = tmp_path / "ledger.jsonl"
    export.write_text("mine")
    assert drumbeat("ledger", "export", export, "-C", workspace).code == 2
    assert export.read_text() == "mine"


def test_without_a_campaign_status_says_how_to_begin(drumbeat: Drumbeat, workspace: Path) -> None:
    for file in (workspace / "campaigns").iterdir():
        file.unlink()
    found = drumbeat("status", "-C", workspace)
    assert (found.code, found.out) == (0, "")
    assert "drumbeat new TYPE NAME" in found.err
    assert "there is none yet" in drumbeat("changes", "--campaign", "x", "-C", workspace).err


def test_the_ledger_is_verified_whatever_is_wrong_with_the_files(
    drumbeat: Drumbeat, workspace: Path, asked: str
) -> None:
    (workspace / "campaigns" / f"{NEWS}.yaml").write_text("campaign: [", encoding="utf-8")
    assert drumbeat("status", "-C", workspace).code == 2
    assert drumbeat("ledger", "verify", "-C", workspace).code == 0
    assert asked in drumbeat("ledger", "export", "-C", workspace).out


def test_a_noted_head_nobody_can_read_is_no_proof(drumbeat: Drumbeat, workspace: Path) -> None:
    note = workspace / ".drumbeat" / "ledger-head.json"
    for text in ("{", "{}", "[1]", '{"seq": "x", "hash": 1}'):
        note.write_text(text, encoding="utf-8")
        found = drumbeat("ledger", "verify", "-C", workspace)
        assert found.code == 1
        assert "ledger-head.json cannot be read" in found.out
        assert drumbeat("doctor", "-C", workspace).code == 1


def test_a_demo_time_nobody_can_read_is_told_and_keeps_nobody_from_freezing(
    drumbeat: Drumbeat, workspace: Path
) -> None:
    (workspace / ".drumbeat" / "clock.json").write_text("{}", encoding="utf-8")
    found = drumbeat("status", "-C", workspace)
    assert found.code == 2
    assert "clock.json cannot be read" in found.err
    order = ("freeze", "--all", "--reason", "x", "--as", "dana", "-C", workspace)
    assert drumbeat(*order).code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(["--database", "mysql://x"], "mysql is no database Drumbeat", id="mysql"),
        pytest.param(["--database", "nonsense"], "write postgresql://user@host", id="no address"),
        pytest.param(["--host", "203.0.113.9"], "cannot listen on 203.0.113.9", id="not ours"),
    ],
)
def test_up_says_what_it_cannot_use(
    drumbeat: Drumbeat, workspace: Path, arguments: list[str], said: str
) -> None:
    found = drumbeat("up", *arguments, "-C", workspace)
    assert found.code == 1
    assert said in found.err


def test_an_export_to_stdout_is_nothing_but_entries(
    drumbeat: Drumbeat, workspace: Path, asked: str
) -> None:
    found = drumbeat("ledger", "export", "-C", workspace)
    assert found.err == ""
    assert all(json.loads(line)["hash"] for line in found.out.splitlines())


def test_the_doctor_examines_everything(drumbeat: Drumbeat, workspace: Path) -> None:
    found = drumbeat("doctor", "-C", workspace, "--json")
    names = {one["name"] for one in found.json["checks"]}
    assert found.code == 0
    assert {"python", "ledger", "connection house-mail", "data"} <= names


def test_history_is_imported_whole_or_not_at_all(
    drumbeat: Drumbeat, workspace: Path, tmp_path: Path
) -> None:
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    header = "date,campaign,impressions,clicks,cost"
    good.write_text(f"{header}\n2026-01-01,spring,1000,20,5.125\n")
    bad.write_text(f"{header}\n2026-01-01,spring,1000,20,5.125\n2026-01-02,spring,many,20,5\n")
    options = ("--kind", "ads", "--map", "cost=spend", "--currency", "EUR", "-C", workspace)
    refused = drumbeat("import", "history", bad, *options)
    assert (refused.code, refused.out) == (2, "")
    assert refused.err.startswith(f"{bad}:3:")
    assert drumbeat("changes", "-C", workspace).err == "Nothing changed.\n"
    kept = drumbeat("import", "history", good, *options, "--json")
    assert (kept.code, kept.json["kind"]) == (0, "import")
    assert kept.json["summary"]["amounts"]["spend"] == {"minor": 512, "currency": "EUR"}
    assert kept.err == ""
    abroad = drumbeat("import", "history", good, *options, "--currency", "USD")
    assert abroad.err.startswith("No campaign here counts in USD: plans use the counts and leave")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        pytest.param(["nix.csv", "--kind", "ads"], 3, id="missing"),
        pytest.param(["nix.csv"], 2, id="no kind"),
        pytest.param(["nix.csv", "--kind", "fax"], 2, id="unknown kind"),
    ],
)
def test_an_import_without_its_file_or_kind_is_refused(
    arguments: list[str], code: int, drumbeat: Drumbeat, workspace: Path
) -> None:
    assert drumbeat("import", "history", *arguments, "-C", workspace).code == code


def test_an_invalid_workspace_says_where(drumbeat: Drumbeat, workspace: Path) -> None:
    file = workspace / "campaigns" / f"{NEWS}.yaml"
    file.write_text(file.read_text().replace("guardrails:", "gaurdrails:", 1))
    found = drumbeat("status", "-C", workspace)
    assert (found.code, found.out) == (2, "")
    assert "did you mean 'guardrails'?" in found.err


def test_an_unknown_connector_is_named(drumbeat: Drumbeat, workspace: Path) -> None:
    file = workspace / "drumbeat.yaml"
    file.write_text(
        file.read_text().replace("connector: simulated", "connector: carrier-pigeon", 1)
    )
    found = drumbeat("status", "-C", workspace)
    assert found.code == 2
    assert "carrier-pigeon" in found.err
    assert "Traceback" not in found.err


def test_a_database_that_is_none_is_told(drumbeat: Drumbeat, workspace: Path) -> None:
    (workspace / "drumbeat.db").write_bytes(b"this is no database" * 500)
    for leftover in workspace.glob("drumbeat.db-*"):
        leftover.unlink()
    found = drumbeat("status", "-C", workspace)
    assert found.code == 1
    assert found.err.startswith("drumbeat: cannot use the database")


def test_a_database_broken_underneath_is_told(drumbeat: Drumbeat, workspace: Path) -> None:
    connection = sqlite3.connect(workspace / "drumbeat.db")
    connection.execute("DROP TABLE hold")
    connection.commit()
    connection.close()
    found = drumbeat("status", "-C", workspace)
    assert found.code == 1
    assert found.err.startswith("drumbeat: the database sqlite:")
    assert "hold" in found.err
