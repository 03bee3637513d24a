"""Types: each fills in enough for a short file to run, and nothing a person must say."""

from pathlib import Path
from typing import Any

import pytest

from drumbeat.core.campaign.campaign import Campaign, CampaignType
from drumbeat.core.campaign.checklist import assess
from drumbeat.files.defaults import defaults_for, type_names, with_defaults
from drumbeat.files.folder import Folder
from drumbeat.files.problem import render
from drumbeat.files.references.campaign import campaign_mistakes
from drumbeat.files.shelve import shelf_of
from drumbeat.files.source import from_text
from drumbeat.files.validate import validate

FROM_A_PERSON = {"owner", "goal", "rollback", "runbook", "data_sources", "escalation", "audience"}


def short_file(type_name: str) -> dict[str, Any]:
    """The least a person writes: who, what for, to whom, with what, and how to go back."""
    return {
        "version": 1,
        "campaign": "short",
        "type": type_name,
        "owner": "ana",
        "connection": dict.fromkeys(defaults_for(type_name)["channels"], "house-mail"),
        "goal": {"metric": "conversions", "target": "25/week"},
        "audience": {"include": ["warm-leads"]},
        "budget": {"range": "EUR 0-200/month", "cap": "EUR 200/month"},
        "escalation": "default-email",
        "rollback": "cancel it",
        "runbook": "runbooks/newsletter.md",
        "data_sources": [{"name": "sends", "source": "house-mail", "used_for": "all"}],
        "naming": {"region": "eu"},
    }


def test_every_type_has_defaults() -> None:
    assert set(type_names()) == set(CampaignType)


@pytest.mark.parametrize("type_name", sorted(CampaignType))
def test_a_short_file_of_any_type_passes_its_checklist(type_name: str, scaffold: Path) -> None:
    data = with_defaults(short_file(type_name))
    noun, mistakes = validate(Campaign, data)
    shelf = shelf_of(Folder(scaffold))
    source = from_text("short.yaml", "version: 1")
    told = [*mistakes, *campaign_mistakes(data, shelf, file="short.yaml")]
    assert render(map(source.problem, told)) == ""
    assert noun is not None
    assert assess(data, shelf).is_complete


@pytest.mark.parametrize("type_name", sorted(CampaignType))
def test_no_type_says_what_only_a_person_can(type_name: str) -> None:
    assert FROM_A_PERSON & defaults_for(type_name).keys() == set()


@pytest.mark.parametrize("type_name", sorted(CampaignType))
def test_an_empty_file_of_a_type_is_refused(type_name: str, scaffold: Path) -> None:
    checklist = assess(with_defaults({"type": type_name}), shelf_of(Folder(scaffold)))
    lacking = {item.name for item in checklist.missing}
    assert {"owner", "goal", "rollback", "runbook", "data sources", "escalation path"} <= lacking


def test_blocks_are_filled_key_by_key_and_lists_are_replaced() -> None:
    data = with_defaults(
        {"type": "newsletter", "sla": {"plan": "24h"}, "guardrails": [], "channels": ["social"]}
    )
    assert data["sla"]["plan"] == "24h"
    assert data["sla"]["recover"] == "4h"
    assert data["guardrails"] == []
    assert data["channels"] == ["social"]


def test_a_type_may_be_written_with_dashes() -> None:
    assert with_defaults({"type": "social-calendar"})["channels"] == ["social"]


@pytest.mark.parametrize("data", [None, [], "text", {}, {"type": 3}, {"type": "../newsletter"}])
def test_what_has_no_type_gets_no_defaults(data: Any) -> None:
    assert with_defaults(data) == data


def test_filling_in_changes_neither_the_file_nor_the_defaults() -> None:
    written: dict[str, Any] = {"type": "newsletter", "sla": {"plan": "24h"}}
    with_defaults(written)["sla"]["plan"] = "1h"
    assert written == {"type": "newsletter", "sla": {"plan": "24h"}}
    assert defaults_for("newsletter")["sla"]["plan"] == "48h"
