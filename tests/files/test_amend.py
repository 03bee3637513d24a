"""One entry of a file is changed, every other line stays as somebody wrote it."""

from difflib import unified_diff
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drumbeat.files.amend import CannotAmend, amended
from drumbeat.files.entry import (
    UnknownEntry,
    entry_in,
    entry_of,
    fields_of,
    place_of,
    state_of,
)
from drumbeat.files.source import from_text

TEMPLATE = files("drumbeat.files") / "template"


def text_of(path: str) -> str:
    return (TEMPLATE / path).read_text(encoding="utf-8")


def told(before: str, after: str) -> list[str]:
    """The lines that went and came."""
    lines = unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    return [line for line in lines if line[:1] in "+-" and line[:3] not in ("---", "+++")]


@pytest.mark.parametrize(
    ("target", "fields", "lines"),
    [
        pytest.param(
            "policy/actions.yaml#ads.set_budget",
            {"cooldown": "72h"},
            ["-    cooldown: 48h", "+    cooldown: 72h"],
            id="a figure",
        ),
        pytest.param(
            "policy/actions.yaml#ads.set_budget",
            {"approvals": {"roles": ["manager"], "count": 2}},
            [
                "-    approvals: {roles: [performance, approver:budget, manager], count: 1}",
                "+    approvals: {roles: [manager], count: 2}",
            ],
            id="a block on one line",
        ),
        pytest.param(
            "policy/actions.yaml#campaign.set",
            {"min_confidence": 0.7, "hold": "30m"},
            ["+    hold: 30m", "+    min_confidence: 0.7"],
            id="new fields",
        ),
        pytest.param(
            "policy/actions.yaml#ads.set_budget",
            {"cooldown": None},
            ["-    cooldown: 48h"],
            id="a field less",
        ),
        pytest.param(
            "policy/sla.yaml#conditions/opens-held",
            {"by": "30%"},
            [
                "-  - {id: opens-held, channel: email, metric: open_rate, below: forecast, by: 20%,"
                " after: 10000 delivered, then: escalate}",
                "+  - {id: opens-held, channel: email, metric: open_rate, below: forecast, by: 30%,"
                " after: 10000 delivered, then: escalate}",
            ],
            id="an entry on one line",
        ),
        pytest.param(
            "hypotheses/ads.yaml#H-06",
            {"min_weeks": 7, "owner": None},
            ["-    min_weeks: 4", "+    min_weeks: 7", "-    owner: jon"],
            id="a claim",
        ),
    ],
)
def test_only_what_changes_changes(target: str, fields: dict[str, Any], lines: list[str]) -> None:
    place = place_of(target)
    before = text_of(place.path)
    entry = {**entry_of(from_text("", before).data, place), **fields}
    wanted = {name: value for name, value in entry.items() if value is not None}
    after = amended(before, place, wanted)
    assert told(before, after) == lines
    assert entry_in(state_of(after, place)) == wanted
    assert place.target == target


def test_a_row_is_forbidden_and_comes_back() -> None:
    place = place_of("policy/actions.yaml#social.boost_post")
    before = text_of(place.path)
    row = entry_of(from_text("", before).data, place)
    forbidden = amended(before, place, "forbidden")
    assert fields_of(entry_of(from_text("", forbidden).data, place)) == {"row": "forbidden"}
    back = amended(forbidden, place, row)
    assert entry_of(from_text("", back).data, place) == row
    gone = amended(before, place, None)
    assert fields_of(entry_of(from_text("", gone).data, place)) == {"row": "absent"}
    assert entry_of(from_text("", amended(gone, place, row)).data, place) == row


def test_an_entry_is_added_to_a_list_even_an_empty_one() -> None:
    place = place_of("policy/sla.yaml#policies/approve-email")
    policy = {"id": "approve-email", "stage": "approve", "target": "16h"}
    before = text_of(place.path)
    after = amended(before, place, policy)
    assert told(before, after)[0] == "-policies: []"
    assert entry_of(from_text("", after).data, place) == policy
    second = place_of("policy/sla.yaml#policies/second")
    both = amended(after, second, {**policy, "id": "second"})
    assert [one["id"] for one in from_text("", both).data["policies"]] == [
        "approve-email",
        "second",
    ]
    claim = place_of("hypotheses/ads.yaml#H-99")
    more = amended(text_of(claim.path), claim, {"id": "H-99", "claim": "Yes: it does"})
    assert entry_of(from_text("", more).data, claim) == {"id": "H-99", "claim": "Yes: it does"}


@pytest.mark.parametrize(
    "target",
    [
        "policy/actions.yaml",
        "policy/brand_voice.yaml#tone",
        "policy/sla.yaml#calendars/office",
        "hypotheses/../drumbeat.yaml#x",
        "drumbeat.yaml#people",
        "/etc/passwd#x",
        "",
    ],
)
def test_other_files_have_no_rules_to_propose(target: str) -> None:
    with pytest.raises(UnknownEntry, match="names no rule"):
        place_of(target)


def test_what_cannot_be_changed_alone_is_left_to_a_person() -> None:
    place = place_of("policy/sla.yaml#policies/b")
    text = "version: 1\npolicies: [{id: a, target: 1h}]\n"
    with pytest.raises(CannotAmend, match="block"):
        amended(text, place, {"id": "b"})
    shared = "version: 1\nactions:\n  a: &row\n    risk: low\n  b: *row\n"
    with pytest.raises(CannotAmend):
        amended(shared, place_of("policy/actions.yaml#b"), {"risk": "high"})


_VALUES = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=12),
    st.integers(-(10**9), 10**9),
    st.booleans(),
    st.lists(st.sampled_from(["yes", "12:30", "1e3", "#x", "a: b", "'", "0x1f", "~"]), max_size=3),
)


@given(fields=st.dictionaries(st.sampled_from(["risk", "phase", "hold", "new"]), _VALUES))
@settings(max_examples=60, deadline=None)
def test_whatever_is_wanted_is_what_the_file_says_or_nothing_is_written(
    fields: dict[str, Any],
) -> None:
    place = place_of("policy/actions.yaml#b")
    text = "version: 1\nactions:\n  a: forbidden\n  b: # a note\n    risk: low\n    phase: >-\n"
    text += "      draft\n\n  # the last\n  c: {risk: low}\n"
    try:
        after = amended(text, place, fields)
    except CannotAmend:
        return
    assert from_text("", after).data["actions"]["b"] == fields
    assert from_text("", after).data["actions"]["c"] == {"risk": "low"}
