"""Loading: a workspace as nouns, or every reason why not."""

from collections.abc import Callable
from pathlib import Path

import pytest

from drumbeat.core.campaign.campaign import CampaignType
from drumbeat.core.governance.phase import Phase
from drumbeat.files.load import WorkspaceInvalid, load

Edit = Callable[[str, str, str], Path]
NEWS = "campaigns/weekly-newsletter.yaml"


def test_a_workspace_is_loaded_as_nouns(scaffold: Path) -> None:
    loaded = load(scaffold)
    campaign = loaded.campaigns["weekly-newsletter"]
    owner = loaded.workspace.person(campaign.owner)
    assert owner is not None
    assert owner.id == "ana"
    assert campaign.type is CampaignType.NEWSLETTER
    assert campaign.autonomy.phase is Phase.SUPERVISED
    assert campaign.currency == "EUR"
    assert set(campaign.hypotheses) <= set(loaded.hypotheses)
    assert loaded.segments.segment("warm-leads") is not None
    assert loaded.root == scaffold


def test_the_same_files_have_the_same_digest_and_an_edit_another(
    scaffold: Path, edit: Edit
) -> None:
    before = load(scaffold)
    after = load(edit(NEWS, "target: 25/week", "target: 26/week"))
    assert load(scaffold).digest == before.digest != after.digest
    changed = [name for name, digest in after.digests.items() if digest != before.digests[name]]
    assert changed == [NEWS]


def test_a_workspace_with_mistakes_is_refused_with_all_of_them(edit: Edit) -> None:
    edit(NEWS, "metric: open_rate", "metric: opne_rate")
    with pytest.raises(WorkspaceInvalid) as refusal:
        load(edit(NEWS, "rollback: cancel", "rolback: cancel"))
    assert len(refusal.value.problems) == 3
    assert "did you mean 'rollback'?" in str(refusal.value)
    assert "missing: rollback (say what it goes back to under rollback)" in str(refusal.value)


def test_a_warning_does_not_refuse_a_workspace(edit: Edit) -> None:
    loaded = load(edit("data/attribution.yaml", "click_window: 7d, model", "model"))
    assert loaded.attribution is not None
    assert loaded.attribution.default.click_window is None
    assert [problem.where for problem in loaded.warnings] == ["default"]


@pytest.mark.parametrize(
    "path", ["data/calendar.yaml", "data/context.yaml", "policy/prohibited_claims.yaml"]
)
def test_what_is_optional_may_be_left_out(edit: Edit, path: str) -> None:
    root = edit(NEWS, "[holidays DE-BE, inventory-days]", "[holidays DE-BE]")
    social = root / "campaigns" / "retargeting-evergreen.yaml"
    text = social.read_text(encoding="utf-8")
    social.write_text(text.replace("source: data/context.yaml", "source: ads-account"))
    (root / path).unlink()
    assert load(root).calendar.version == 1


def test_a_workspace_without_attribution_loads_and_says_so(workspace: Path) -> None:
    (workspace / "data" / "attribution.yaml").unlink()
    assert load(workspace).attribution is None


def test_a_folder_that_is_no_workspace_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceInvalid, match=r"there is no drumbeat\.yaml in it"):
        load(tmp_path)


def test_a_campaign_survives_being_stored(scaffold: Path) -> None:
    for campaign in load(scaffold).campaigns.values():
        assert type(campaign).model_validate_json(campaign.model_dump_json()) == campaign
