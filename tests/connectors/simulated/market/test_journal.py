import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from drumbeat.connectors.simulated.market.journal import Journal, OtherMarket
from drumbeat.connectors.simulated.market.order import KeyConflict, Order, Refusal
from drumbeat.connectors.simulated.market.scenario import Scenario
from drumbeat.connectors.simulated.market.world import World
from tests.connectors.simulated.market.pieces import DAY, HOUR, START, WEEK, line_item, total, world

ITEM = "line_item:ads/core"
_WRITER = """
import sys
from pathlib import Path
from drumbeat.connectors.simulated.market.journal import Journal
from drumbeat.connectors.simulated.market.order import Order
journal = Journal(Path(sys.argv[1]))
for n in range(1_000_000):
    journal.place(Order("line_item:ads/core", {"n": n}), f"key-{n}", float(n), lambda: None)
    print(n, flush=True)
"""


def test_the_same_key_gives_the_first_answer() -> None:
    market = world()
    first = market.apply(Order(ITEM, line_item()), "key", START)
    again = market.apply(Order(ITEM, line_item()), "key", START + DAY)
    assert again == first


def test_the_same_key_for_something_else_is_a_conflict() -> None:
    market = world()
    market.apply(Order(ITEM, line_item()), "key", START)
    with pytest.raises(KeyConflict, match="key"):
        market.apply(Order(ITEM, line_item(daily_budget_minor=1)), "key", START)
    found = market.read(ITEM, START)
    assert found is not None
    assert found.object.model_dump()["daily_budget_minor"] == 10_000


def test_an_order_that_is_refused_leaves_nothing_behind() -> None:
    market = world()
    with pytest.raises(Refusal):
        market.apply(Order(ITEM, line_item(currency="USD")), "key", START)
    assert market.find("key", START + DAY) is None
    assert market.read(ITEM, START + DAY) is None


def test_a_key_is_found_from_the_moment_of_its_order() -> None:
    market = world()
    market.apply(Order(ITEM, line_item()), "key", START + HOUR)
    assert market.find("key", START) is None
    assert market.find("key", START + HOUR) is not None


def test_a_market_opened_again_has_its_orders(tmp_path: Path) -> None:
    path = tmp_path / "world.db"
    first = World.open(path, Scenario(), START)
    first.apply(Order(ITEM, line_item()), "key", START)
    first.advance(START + 3 * DAY)
    lived = total(first, ITEM, START, START + 3 * DAY)
    first.close()
    second = World.open(path, Scenario(), START + WEEK)
    second.advance(START + 3 * DAY)
    assert second.start == START
    assert total(second, ITEM, START, START + 3 * DAY) == lived


@pytest.mark.parametrize(
    ("scenario", "seed", "what"),
    [
        pytest.param(Scenario(), 8, "seed", id="another-seed"),
        pytest.param(Scenario(subscribers=5), 7, "scenario", id="another-scenario"),
    ],
)
def test_a_file_of_another_market_is_refused(
    tmp_path: Path, scenario: Scenario, seed: int, what: str
) -> None:
    World.open(tmp_path / "world.db", Scenario(), START, 7).close()
    with pytest.raises(OtherMarket, match=what):
        World.open(tmp_path / "world.db", scenario, START, seed)


def test_two_worlds_on_one_file_follow_each_other(tmp_path: Path) -> None:
    path = tmp_path / "world.db"
    one, other = (World.open(path, Scenario(), START) for _ in range(2))
    other.advance(START + 2 * DAY)
    one.apply(Order(ITEM, line_item()), "key", START + HOUR)
    one.advance(START + 2 * DAY)
    assert other.read(ITEM, START + DAY) == one.read(ITEM, START + DAY)
    spent = total(one, ITEM, START, START + 2 * DAY)
    assert spent["spend"] > 0
    assert total(other, ITEM, START, START + 2 * DAY) == spent


def test_many_threads_with_one_key_place_one_order() -> None:
    market = world()
    answers: list[int] = []

    def place() -> None:
        answers.append(market.apply(Order(ITEM, line_item()), "key", START).seq)

    threads = [threading.Thread(target=place) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [answers[0]] * 8


@pytest.mark.parametrize("kept_before_kill", [1, 7, 40])
def test_a_killed_process_loses_no_order_it_reported(tmp_path: Path, kept_before_kill: int) -> None:
    path = tmp_path / "world.db"
    writer = subprocess.Popen(
        [sys.executable, "-c", _WRITER, str(path)], stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout is not None
    reported = [int(writer.stdout.readline()) for _ in range(kept_before_kill)]
    os.kill(writer.pid, signal.SIGKILL)
    writer.communicate()
    kept = [placed.key for placed in Journal(path).since(0)]
    assert kept[:kept_before_kill] == [f"key-{n}" for n in reported]
    assert kept == [f"key-{n}" for n in range(len(kept))]
