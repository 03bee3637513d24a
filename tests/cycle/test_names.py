"""Names two cycles would share: seen before the second goes out, whoever else is called so."""

from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from drumbeat.cycle.names import DOCUMENT, Names, names_taken
from drumbeat.store import cycles
from drumbeat.store.cycles import CycleStatus
from drumbeat.store.database import Database
from drumbeat.testing.gate_world import START, gate_world

OWN = Names(sends=("nl_48",), links=("nl_48", "nl_47"))


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return gate_world(tmp_path).database


def _taken(database: Database, other: str, theirs: Names, stage: str, status: str) -> Any:
    with database.write() as transaction:
        own = cycles.open_one(transaction, "news", START + timedelta(days=7), "compliance", START)
        row = cycles.open_one(transaction, other, START, stage, START)
        assert own is not None
        assert row is not None
        cycles.move(transaction, row.id, status=CycleStatus(status))
        cycles.write(transaction, row.id, DOCUMENT, theirs.model_dump(mode="json"), START)
    campaign, office = SimpleNamespace(campaign="news"), SimpleNamespace(database=database)
    desk = SimpleNamespace(cycle=own, campaign=campaign, office=office)
    return names_taken(cast(Any, desk), OWN)


@pytest.mark.parametrize(
    ("other", "theirs", "stage", "status", "taken"),
    [
        pytest.param("more", Names(sends=("nl_48",)), "approval", "open", {"nl_48"}, id="mails"),
        pytest.param("more", Names(links=("nl_47",)), "learning", "done", {"nl_47"}, id="links"),
        pytest.param("news", Names(sends=("nl_48",)), "launch", "open", {"nl_48"}, id="its own"),
        pytest.param("news", Names(links=("nl_47",)), "launch", "open", set(), id="running ads"),
        pytest.param("more", Names(sends=("nl_48",)), "compliance", "open", set(), id="not yet"),
        pytest.param("more", Names(sends=("nl_48",)), "approval", "ended", set(), id="declined"),
        pytest.param("more", Names(sends=("nl_49",)), "launch", "open", set(), id="another"),
    ],
)
def test_a_name_is_taken_by_what_passed_its_review(
    database: Database, other: str, theirs: Names, stage: str, status: str, taken: set[str]
) -> None:
    assert _taken(database, other, theirs, stage, status) == dict.fromkeys(taken, other)
