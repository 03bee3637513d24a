"""The demo from edge to edge: three campaigns, three weeks, people played by a script."""

import json
import os
import re
import subprocess
import sys
from datetime import timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

from drumbeat.app.anchor import read_anchor
from drumbeat.app.demo import open_demo, prepare, run_headless
from drumbeat.core.campaign.plan import Plan
from drumbeat.core.governance.entry import Intact, verify
from drumbeat.core.governance.proposal import Proposal
from drumbeat.cycle import notebook
from drumbeat.store import cycles, experiments, proposals
from tests.road.command import drumbeat
from tests.road.record import Record, doubled, lost, said

CAMPAIGNS = ("retargeting-evergreen", "social-calendar", "weekly-newsletter")
# What a cycle leaves in the ledger on its way, in this order.
ROAD = ("cycle_opened", "briefed", "planned", "built", "reviewed", "approved", "launched",
        "measured", "learned", "cycle_done")  # fmt: skip


def head_after_a_week(folder: Path, seed: int) -> str:
    """The head of a week's ledger, in a process of its own with another order of hashing."""
    command = [sys.executable, "-m", "drumbeat.cli.main", "demo", str(folder), "--headless"]
    ran = subprocess.run(
        [*command, "--weeks", "1", "--seed", str(seed), "--json"],
        env={**os.environ, "PYTHONHASHSEED": str(seed + 1)},
        capture_output=True,
        text=True,
        check=True,
        timeout=200,
    )
    return str(json.loads(ran.stdout)["head"])


def test_the_seed_decides_the_whole_story(finished: Record, tmp_path: Path) -> None:
    heads = {entry.hash for entry in finished.entries()}
    assert head_after_a_week(tmp_path / "there", 7) in heads
    assert head_after_a_week(tmp_path / "elsewhere", 8) not in heads


@pytest.mark.parametrize("campaign", CAMPAIGNS)
def test_the_first_cycle_walks_the_whole_road(finished: Record, campaign: str) -> None:
    first = finished.cycles(campaign)[0]
    told = [e.kind for e in finished.entries(*ROAD, campaign=campaign) if e.cycle == first.id]
    assert tuple(dict.fromkeys(told)) == ROAD
    assert first.status == "done"


def test_occurrences_follow_the_cadence_week_by_week(finished: Record) -> None:
    for campaign in CAMPAIGNS:
        moments = [row.occurrence_at for row in finished.cycles(campaign)]
        assert len(moments) >= 3
        assert {after - before for before, after in pairwise(moments)} == {timedelta(weeks=1)}


@pytest.mark.parametrize("campaign", CAMPAIGNS)
def test_what_was_launched_was_measured(finished: Record, campaign: str) -> None:
    measured = finished.entries("measured", campaign=campaign)
    totals = measured[0].body["total"]
    assert isinstance(totals, dict)
    reached = {"delivered", "impressions"} & totals.keys()
    assert all(float(str(totals[name])) > 0 for name in reached)
    assert reached


def test_a_later_brief_carries_lessons_that_cite_the_ledger(finished: Record) -> None:
    second = finished.cycles("weekly-newsletter")[1]
    lessons = finished.document(second.id, "brief")["lessons"]
    cited = {int(number) for lesson in lessons for number in lesson["entries"]}
    kinds = {e.seq: (e.kind, e.campaign) for e in finished.entries()}
    taught = {"measured", "experiment_decided", "move_checked"}
    assert cited
    assert {kinds[seq][0] for seq in cited} <= taught
    assert {kinds[seq][1] for seq in cited} == {"weekly-newsletter"}


@pytest.mark.parametrize("campaign", ["weekly-newsletter", "retargeting-evergreen"])
def test_what_a_cycle_taught_is_followed_by_the_next_plan_and_cited(
    finished: Record, campaign: str
) -> None:
    first, *later = finished.cycles(campaign)
    assert finished.document(first.id, "brief")["lessons"] == []
    assert lesson_entries(finished, first.id) == set()
    # A cycle is planned before the one before it is over: its lessons may come to the third.
    briefs = {cycle.id: finished.document(cycle.id, "brief") for cycle in later}
    taught = {cycle: brief for cycle, brief in briefs.items() if brief["lessons"]}
    assert taught
    for cycle, brief in taught.items():
        told = {f"ledger#{lesson['entries'][0]}" for lesson in brief["lessons"]}
        followed = lesson_entries(finished, cycle)
        assert followed
        assert followed <= told


def lesson_entries(record: Record, cycle: str) -> set[str]:
    """The ledger entries a plan's elements rest on."""
    plan = Plan.model_validate(record.document(cycle, "plan"))
    return {c.source for c in plan.citations if c.source.startswith("ledger#")}


def test_every_element_of_every_plan_cites_what_exists(finished: Record) -> None:
    plans = [Plan.model_validate(body) for body in finished.documents("plan")]
    bare = [f"{p.campaign} {name}" for p in plans for name, el in p.elements if not el.citations]
    dead = {c.source for p in plans for c in p.citations if not resolves(finished, c.source)}
    assert len(plans) >= 9
    assert bare == []
    assert dead == set()


def resolves(record: Record, source: str) -> bool:
    """Whether an address leads to a record, looked up without the product's own help."""
    match re.split(r"[# ]", source, maxsplit=1):
        case ["ledger", number]:
            return int(number) <= len(record.entries())
        case ["hypotheses", name]:
            return name in _ids(record.folder / "hypotheses")
        case [file, name] if file.startswith("data/"):
            return name.partition(":")[2] != "" or name in _ids(record.folder / "data")
        case [history, _] if history.startswith("history/"):
            return (record.folder / "data" / f"{history}.csv").is_file()
        case [file] if file.startswith("campaigns/"):
            return (record.folder / file).is_file()
        case [results] if results.endswith("/results"):
            return bool(record.document(results.partition("/")[0], "results"))
        case _:
            return False


@cache
def _ids(folder: Path) -> set[str]:
    found: set[str] = set()
    for file in folder.rglob("*.yaml"):
        found |= set(_named(yaml.safe_load(file.read_text(encoding="utf-8"))))
    return found


def _named(value: Any) -> list[str]:
    """Every ``id`` anywhere in a file."""
    if isinstance(value, dict):
        own = [str(value["id"])] if "id" in value else []
        return own + [name for one in value.values() for name in _named(one)]
    return [name for one in value for name in _named(one)] if isinstance(value, list) else []


@pytest.mark.parametrize("campaign", CAMPAIGNS)
def test_a_test_is_registered_before_it_is_launched_and_read_every_week(
    finished: Record, campaign: str
) -> None:
    registered = finished.entries("experiment_registered", campaign=campaign)[0]
    launched = finished.entries("launched", campaign=campaign)[0]
    looks = finished.entries("experiment_read", campaign=campaign)
    assert registered.seq < launched.seq < looks[0].seq
    assert {look.subject for look in looks} >= {registered.subject}
    assert (registered.actor, registered.body["cost"]) != ("", "")
    with finished.database.read() as connection:
        kept = experiments.load(connection, registered.subject)
        shown = experiments.exposed(connection, registered.subject)
        placed = experiments.placed(connection, registered.subject)
    assert kept is not None
    assert kept.experiment.seal == registered.body["seal"]
    assert {one.arm for one in shown} == set(kept.experiment.arms.shares)
    assert {place.target for place in placed} <= set(launched_targets(finished, campaign))
    assert kept.shown is not None
    assert not kept.shown.is_split_broken


def launched_targets(record: Record, campaign: str) -> list[str]:
    told = record.entries("launched", campaign=campaign)
    return [target for entry in told for target in said(entry)["live"]]


def test_every_mail_of_a_test_is_dealt_anew_and_keeps_the_same_people_from_it(
    finished: Record,
) -> None:
    sends = [json.loads(order) for order in sent_orders(finished)]
    assert len(sends) >= 2
    assert len({one["hold_out"] for one in sends}) == 1
    (registered, *_) = finished.entries("experiment_registered", campaign="weekly-newsletter")
    assert {one["salt"].partition("/")[0] for one in sends} == {registered.body["seal"]}
    assert len({one["salt"] for one in sends}) == len(sends)


def sent_orders(record: Record) -> list[str]:
    mails = (order for order in record.orders() if order.target.startswith("send:"))
    return [json.dumps(order.after) for order in mails if order.after is not None]


def test_a_hold_is_told_when_its_reason_changes_or_once_a_day(finished: Record) -> None:
    for campaign in CAMPAIGNS:
        held = finished.entries("held_steady", campaign=campaign)
        early = [
            (before.seq, after.seq)
            for before, after in pairwise(held)
            if after.body["code"] == before.body["code"]
            and after.at - before.at < timedelta(days=1)
        ]
        assert held
        assert early == []


def test_every_large_change_was_answered_by_a_person(finished: Record) -> None:
    launches = [e for e in finished.entries("judged") if e.body["action"] == "campaign.launch"]
    approved = finished.entries("approved", "rejected")
    answered = {entry.subject for entry in approved}
    with finished.database.read() as connection:
        waiting = {judged.proposal.id for judged in proposals.waiting(connection)}
    assert {entry.body["verdict"] for entry in launches} == {"ask"}
    assert {entry.subject for entry in launches} <= answered | waiting
    assert {entry.actor.partition(":")[0] for entry in approved} == {"person"}


def test_no_proposal_was_made_by_nobody_or_without_a_reason(finished: Record) -> None:
    every = [finished_proposal(finished, e.subject) for e in finished.entries("judged")]
    assert [one.id for one in every if not one.why or not one.by.id] == []


def finished_proposal(record: Record, proposal_id: str) -> Proposal:
    with record.database.read() as connection:
        judged = proposals.load(connection, proposal_id)
    assert judged is not None
    return judged.proposal


def test_nothing_happened_twice_and_nothing_was_lost(finished: Record) -> None:
    assert doubled(finished) == []
    assert lost(finished) == []


def test_the_ledger_is_whole_and_its_head_is_noted_outside(finished: Record) -> None:
    entries = finished.entries()
    anchor = read_anchor(finished.folder)
    assert anchor == (len(entries), entries[-1].hash)
    assert verify(entries, anchor) == Intact(len(entries), entries[-1].hash)


def test_a_restarted_demo_goes_on_where_it_stopped(tmp_path: Path) -> None:
    prepare(tmp_path, 7)
    first = open_demo(tmp_path, 7)
    run_headless(first, 1)
    stopped = first.clock.now()
    first.app.close()
    again = open_demo(tmp_path, 7)
    summary = run_headless(again, 1)
    again.app.close()
    record = Record(tmp_path)
    assert again.clock.now() == stopped
    assert len(record.entries()) == summary.entries
    assert doubled(record) == []
    record.close()


def test_a_score_is_shown_of_the_newest_cycle_that_was_looked_at(finished: Record) -> None:
    """A cycle that has only just begun hides nothing of the one that still runs."""
    found = drumbeat("status", "-C", finished.folder, "--json")
    shown = {one["campaign"]: one["anomaly_score"] for one in json.loads(found.out)["campaigns"]}
    with finished.database.read() as connection:
        looked = {
            name: any(
                book is not None and book.looks
                for row in cycles.of_campaign(connection, name, 3)
                if row.stage == "monitoring"
                for book in [notebook.load(connection, row.id)]
            )
            for name in CAMPAIGNS
        }
    assert {name: score is not None for name, score in shown.items()} == looked
    assert any(looked.values())
