"""Today with 1,000 campaigns: CPU of drawing the page, and of a whole request.

Run: python benchmarks/today.py [pages]. Prints medians over that many pages (default 50); the
query is answered from memory, so what is printed is what the page costs beyond it.
"""

import asyncio
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import httpx

from drumbeat.testing.web_doors import services
from drumbeat.testing.web_world import SETTINGS, WebWorld
from drumbeat.web.application import create_app
from drumbeat.web.views.shell import Person
from drumbeat.web.views.today import TodayReads, TodayView

CAMPAIGNS = 1000


def crowded() -> WebWorld:
    """A world with 1,000 campaigns, each with its own sparkline."""
    world = WebWorld()
    rows = tuple(world.campaigns.values())
    for number in range(CAMPAIGNS - len(rows)):
        row = rows[number % len(rows)]
        if row.spark is None:
            continue
        shown = replace(row.spark, values=(*row.spark.values[1:], float(number % 90)))
        name = f"{row.name} {number}"
        world.campaigns[f"c{number}"] = replace(row, id=f"c{number}", name=name, spark=shown)
    return world


@dataclass
class Timed:
    """The query of Today, with the CPU it took when it was last asked."""

    inner: TodayReads
    cpu_ms: float = 0.0

    def today(self, person: Person, *, mine: bool, after: str | None, limit: int) -> TodayView:
        began = time.process_time()
        view = self.inner.today(person, mine=mine, after=after, limit=limit)
        self.cpu_ms = (time.process_time() - began) * 1000
        return view


def median_ms(run: Callable[[int], None], times: int) -> tuple[float, float]:
    """Medians of CPU and of wall time, in milliseconds."""
    cpu, wall = [], []
    for number in range(times):
        began, started = time.process_time(), time.perf_counter()
        run(number)
        cpu.append((time.process_time() - began) * 1000)
        wall.append((time.perf_counter() - started) * 1000)
    return statistics.median(cpu), statistics.median(wall)


def main(times: int) -> None:
    plain = services(crowded())
    query = Timed(plain.today)
    app = create_app(replace(plain, today=query), SETTINGS)
    loop = asyncio.new_event_loop()
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://bench.test")

    def page(number: int) -> None:
        # Another page of the list each time, so that cached sparklines do not flatter us.
        answer = loop.run_until_complete(client.get(f"/today?after={number % 20 * 50}"))
        assert answer.status_code == 200, answer.status_code

    def static(_: int) -> None:
        loop.run_until_complete(client.get("/healthz"))

    page(0)
    queries: list[float] = []

    def timed(number: int) -> None:
        page(number)
        queries.append(query.cpu_ms)

    floor, _ = median_ms(static, times)
    cpu, wall = median_ms(timed, times)
    drawn = cpu - floor - statistics.median(queries)
    size = len(loop.run_until_complete(client.get("/today")).content)
    loop.run_until_complete(client.aclose())
    loop.close()
    print(f"Today, {CAMPAIGNS:,} campaigns, 50 a page: {size / 1024:.0f} KB")
    print(f"  CPU a page beyond the query and the client: {drawn:.1f} ms (goal: 10)")
    print(f"  whole request: {wall:.1f} ms (goal: 100)")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50)
