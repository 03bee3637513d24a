"""The scaffolded workspace: whole, believable, and never written over anything."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from drumbeat.core.campaign.cadence import Recurrence
from drumbeat.core.campaign.hypothesis_file import Variable
from drumbeat.core.governance.action import Channel
from drumbeat.core.governance.action_kinds import KINDS
from drumbeat.core.governance.phase import ConnectionMode
from drumbeat.files import scaffold as scaffolding
from drumbeat.files.load import LoadedWorkspace, load
from drumbeat.files.scaffold import TEMPLATES, FolderTaken, Template, init

TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def northbean(scaffold: Path) -> LoadedWorkspace:
    return load(scaffold)


def everything_in(folder: Path) -> list[str]:
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("day", ["2026-02-28", "2026-11-23", "2028-02-29", "2031-01-01"])
def test_a_scaffold_is_valid_on_any_day(tmp_path: Path, template: Template, day: str) -> None:
    init(tmp_path / "new", date.fromisoformat(day), template)
    loaded = load(tmp_path / "new")
    assert loaded.warnings == ()
    assert all(checklist.is_complete for checklist in loaded.checklists)


def test_the_default_writes_nothing_outside_until_a_person_says_so(tmp_path: Path) -> None:
    init(tmp_path / "safe", TODAY)
    init(tmp_path / "demo", TODAY, "demo")
    modes = [
        {connection.mode for connection in load(tmp_path / name).workspace.connections}
        for name in ("safe", "demo")
    ]
    assert modes == [{ConnectionMode.SHADOW}, {ConnectionMode.LIVE}]


def test_three_campaigns_recur_on_three_channels(northbean: LoadedWorkspace) -> None:
    told = {
        name: (campaign.channels, campaign.recurrence)
        for name, campaign in northbean.campaigns.items()
    }
    assert told == {
        "weekly-newsletter": ((Channel.EMAIL,), Recurrence.CALENDAR),
        "retargeting-evergreen": ((Channel.ADS,), Recurrence.CONTINUOUS),
        "social-calendar": ((Channel.SOCIAL,), Recurrence.CALENDAR),
    }
    assert northbean.campaigns["retargeting-evergreen"].evergreen


def test_there_is_enough_to_write_about(northbean: LoadedWorkspace) -> None:
    pieces = northbean.content.content
    assert len(pieces) >= 24
    assert all(piece.points for piece in pieces)
    themes = {theme for campaign in northbean.campaigns.values() for theme in campaign.themes}
    covered = {topic for piece in pieces if piece.language == "en" for topic in piece.topics}
    assert themes <= covered
    assert len(northbean.segments.segments) >= 5
    assert len(northbean.offers.offers) >= 3


def test_a_claim_with_a_figure_has_a_proof(northbean: LoadedWorkspace) -> None:
    bare = [
        piece.id
        for piece in northbean.content.content
        if "%" in " ".join((*piece.points, piece.summary)) and piece.proof is None
    ]
    assert bare == []


def test_the_library_tests_every_kind_of_variable(northbean: LoadedWorkspace) -> None:
    specs = northbean.hypotheses.values()
    assert len(specs) >= 10
    assert {variable for spec in specs for variable in spec.variables} == set(Variable)
    two = [spec for spec in specs if len(spec.variables) == 2]
    assert [set(spec.variables) for spec in two] == [{Variable.AUDIENCE, Variable.CREATIVE}]
    first = northbean.hypotheses["H-01"]
    assert first.segments == ("warm-leads",)
    assert {first.control.id, first.treatment.id} == {"curiosity", "benefit"}


def test_every_action_kind_has_a_row(northbean: LoadedWorkspace) -> None:
    assert set(northbean.actions.actions) == set(KINDS)


def test_every_offer_is_open_now_and_for_a_demo_s_twelve_weeks(northbean: LoadedWorkspace) -> None:
    promoted = {offer for campaign in northbean.campaigns.values() for offer in campaign.offers}
    closed = [
        offer.id
        for offer in northbean.offers.offers
        for weeks in range(13)
        if offer.id in promoted and not offer.is_open(TODAY + timedelta(weeks=weeks))
    ]
    assert closed == []


def test_the_brand_does_not_say_what_it_forbids(northbean: LoadedWorkspace) -> None:
    said = " ".join(
        " ".join((piece.title, piece.summary, *piece.points, piece.call_to_action or ""))
        for piece in northbean.content.content
    ).lower()
    said += " ".join(f"{o.headline} {o.terms}" for o in northbean.offers.offers).lower()
    claims = [phrase for claim in northbean.prohibited_claims.claims for phrase in claim.phrases]
    avoided = [
        word.word for voice in northbean.brand_voice.languages.values() for word in voice.avoid
    ]
    assert [phrase for phrase in claims if phrase.lower() in said] == []
    assert [word for word in avoided if f" {word.lower()} " in f" {said} "] == []
    assert "!" not in said


def test_the_past_is_there_to_plan_from(northbean: LoadedWorkspace) -> None:
    newest = {
        row.kind: max(r.at for r in northbean.history if r.kind == row.kind and r.at)
        for row in northbean.history
    }
    assert set(newest) == {"email", "ads", "social"}
    assert all(TODAY - timedelta(days=7) <= day < TODAY for day in newest.values())
    assert {row.campaign for row in northbean.history} == set(northbean.campaigns)


def test_the_runbooks_are_read(northbean: LoadedWorkspace) -> None:
    assert "one noisy hour" in northbean.runbooks["runbooks/retargeting.md"].lower()


def test_dates_move_by_whole_weeks(tmp_path: Path) -> None:
    init(tmp_path / "a", TODAY)
    init(tmp_path / "b", TODAY + timedelta(days=6))
    init(tmp_path / "c", TODAY + timedelta(days=7))
    rows = [load(tmp_path / name).history[0].at for name in "abc"]
    assert rows[0] == rows[1]
    assert rows[0] is not None
    assert rows[2] == rows[0] + timedelta(days=7)


def test_a_file_in_the_way_stops_everything(tmp_path: Path) -> None:
    (tmp_path / "policy").mkdir()
    (tmp_path / "policy" / "naming.yaml").write_text("mine")
    with pytest.raises(FolderTaken, match=r"already has policy/naming\.yaml"):
        init(tmp_path, TODAY)
    assert everything_in(tmp_path) == ["policy/naming.yaml"]
    assert (tmp_path / "policy" / "naming.yaml").read_text() == "mine"


def test_a_second_init_changes_nothing(tmp_path: Path) -> None:
    init(tmp_path, TODAY)
    before = {name: (tmp_path / name).read_bytes() for name in everything_in(tmp_path)}
    with pytest.raises(FolderTaken):
        init(tmp_path, TODAY, "demo")
    assert {name: (tmp_path / name).read_bytes() for name in everything_in(tmp_path)} == before


def test_other_files_in_the_folder_stay(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("keep me")
    written = init(tmp_path, TODAY)
    assert (tmp_path / "notes.txt").read_text() == "keep me"
    assert "drumbeat.yaml" in written
    assert ".gitignore" in written
    assert (tmp_path / ".drumbeat" / "schema" / "campaign.json").is_file()


@pytest.mark.parametrize("kept", [[], ["new/mine.txt"]], ids=["a new folder", "one with a file"])
def test_a_disk_that_fills_up_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept: list[str]
) -> None:
    for name in kept:
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text("mine")

    def full(_: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(scaffolding, "install", full)
    with pytest.raises(OSError, match="No space left"):
        init(tmp_path / "new", TODAY)
    assert everything_in(tmp_path) == kept
