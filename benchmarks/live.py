"""Live: how long after a decision another open page hears of it, over real sockets.

Run: python -m benchmarks.live [decisions]. Prints the median and the longest of that many (default
20) decisions, from the moment the order is sent to the event at the other page.
"""

import asyncio
import statistics
import sys
import threading
import time

import httpx
import uvicorn

from drumbeat.testing.web_content.people import ANA
from drumbeat.testing.web_doors import services
from drumbeat.testing.web_world import SESSION, SETTINGS, WebWorld
from drumbeat.web import form_token
from drumbeat.web.application import create_app

GOAL_MS = 300


def main(times: int) -> None:
    world = WebWorld()
    server = _started(world)
    port = server.servers[0].sockets[0].getsockname()[1]
    took = asyncio.run(_measured(f"http://127.0.0.1:{port}", world, times))
    server.should_exit = True
    middle, longest = statistics.median(took), max(took)
    print(f"Another page hears of a decision ({times} of them): {middle:.0f} ms in the median,")
    print(f"  {longest:.0f} ms at the longest (goal: {GOAL_MS})")


def _started(world: WebWorld) -> uvicorn.Server:
    config = uvicorn.Config(
        create_app(services(world), SETTINGS), host="127.0.0.1", port=0, log_level="critical",
        timeout_graceful_shutdown=0,
    )  # fmt: skip
    server = uvicorn.Server(config)
    threading.Thread(target=server.run, daemon=True).start()
    while not server.started:
        time.sleep(0.01)
    return server


async def _measured(site: str, world: WebWorld, times: int) -> list[float]:
    """Milliseconds from each order to the event, one open stream beside one deciding person."""
    took: list[float] = []
    cookies = {SESSION: ANA.session}
    client = httpx.AsyncClient(base_url=site, cookies=cookies, timeout=30)
    async with client, client.stream("GET", f"/live?after={world.number}") as stream:
        lines = stream.aiter_lines()
        for number in range(times):
            await asyncio.sleep(0.1 + number % 5 * 0.013)  # not in step with the looks
            began = time.perf_counter()
            order = asyncio.create_task(_decide(client, number))
            async for line in lines:
                if line.startswith("event: changed"):
                    break
            took.append((time.perf_counter() - began) * 1000)
            await order
    return took


async def _decide(client: httpx.AsyncClient, number: int) -> None:
    token = form_token.issue(SETTINGS.form_key, ANA.session)
    fields = {form_token.FIELD: token, "reason": f"drill {number}", "scope": "brew-tips"}
    path = "/unfreeze" if number % 2 else "/freeze"
    answer = await client.post(path, data=fields, headers={"sec-fetch-site": "same-origin"})
    assert answer.status_code == 303, answer.status_code


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
