"""Data permissions on the road: without a scope an agent works without it, or not at all."""

from datetime import UTC, datetime
from pathlib import Path

from drumbeat.store import escalations
from drumbeat.store.escalations import EscalationRow
from tests.road.calendar_demo import NEWS, edit, only, run
from tests.road.record import Record

BEGINS = datetime(2026, 9, 7, 6, 0, tzinfo=UTC)
PLANNER = "planner: [brief, history, segments,"


def told(record: Record) -> list[EscalationRow]:
    with record.database.read() as connection:
        return [row for row in escalations.everything(connection) if row.campaign == NEWS]


def test_a_planner_that_may_not_see_the_past_plans_without_it_and_that_is_told(
    tmp_path: Path,
) -> None:
    only(tmp_path, NEWS, BEGINS)
    edit(tmp_path / "drumbeat.yaml", PLANNER, "planner: [brief, segments,")
    run(tmp_path, BEGINS, 0.5)
    record = Record(tmp_path)
    (plan, *_) = record.documents("plan")
    sources = {one["source"] for one in plan["audience"]["citations"]}
    assert not any(source.startswith("history/") for source in sources | _sources(plan))
    denied = [e for e in record.entries("read_denied") if e.actor == "agent:planner"]
    assert [e.body["scopes"] for e in denied] == [["history"]]
    assert any("planner asked for history" in row.text for row in told(record))
    read = [e for e in record.entries("read") if e.actor == "agent:planner"]
    assert len(read) == len(denied)
    record.close()


def _sources(plan: dict[str, object]) -> set[str]:
    text = str(plan)
    return {part.split("'")[0] for part in text.split("'source': '")[1:]}


def test_an_agent_without_what_it_needs_is_stuck_and_somebody_is_told(tmp_path: Path) -> None:
    only(tmp_path, NEWS, BEGINS)
    edit(tmp_path / "drumbeat.yaml", "  intake: [brief, brand,", "  intake: [brand,")
    run(tmp_path, BEGINS, 0.5)
    record = Record(tmp_path)
    assert record.documents("brief") == []
    texts = [row.text for row in told(record)]
    assert any("intake may not read brief" in text for text in texts)
    assert {e.actor for e in record.entries("read_denied")} == {"agent:intake"}
    record.close()
