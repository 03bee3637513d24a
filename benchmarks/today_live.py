"""`GET /` of a demo that runs fast: how long people wait for the page while everything happens.

Run: python -m benchmarks.today_live [requests [speed]]. `drumbeat demo` is a process of its own at
a day a second; scripted people answer beside it, so that its clock never slows down for a question.
Prints percentiles over that many requests (default 200), redirect and page together, beside those
of a request that does nothing: what a crowded machine adds to both.
"""

import os
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

import httpx

from drumbeat.app.approver import ScriptedApprover
from drumbeat.app.compose import open_app
from drumbeat.app.running import demo_clock
from tests.connectors.smtp.mail_server import free_port
from tests.road.command import running

GOAL_MS = 100
SEED = 7
SPEED = 86_400
_PAUSE_SECONDS = 0.05


def main(times: int, speed: int = SPEED) -> None:
    with tempfile.TemporaryDirectory() as folder:
        home, port, over = Path(folder) / "demo", free_port(), threading.Event()
        command = ("demo", home, "--port", port, "--speed", speed, "--seed", SEED)
        with running(*command, until="http://"):
            people = threading.Thread(target=_answer, args=(home, over), daemon=True)
            people.start()
            site = f"http://127.0.0.1:{port}"
            pages, floor = _measured(site, times)
            over.set()
            people.join()
    _tell(pages, floor)


def _measured(site: str, times: int) -> tuple[list[float], list[float]]:
    """Milliseconds a page, and in turn with them those of a request that does nothing at all."""
    pages: list[float] = []
    floor: list[float] = []
    with httpx.Client(base_url=site, follow_redirects=True, timeout=60) as client:
        _await(client)
        for number in range(-5, times):  # the first ones warm up
            for path, waits in (("/", pages), ("/healthz", floor)):
                started = time.perf_counter()
                answer = client.get(path)
                assert answer.status_code == 200, answer.status_code
                if number >= 0:
                    waits.append((time.perf_counter() - started) * 1000)
            time.sleep(_PAUSE_SECONDS)
    return pages, floor


def _await(client: httpx.Client) -> None:
    """Until the server listens."""
    for _ in range(100):
        try:
            client.get("/healthz")
            return
        except httpx.ConnectError:
            time.sleep(0.2)


def _answer(home: Path, over: threading.Event) -> None:
    """Scripted people, in a process beside the demo."""
    while (clock := demo_clock(home)) is None:
        time.sleep(0.1)
    app = open_app(home, clock=clock)
    approver = ScriptedApprover(app.gate, SEED)
    while not over.wait(0.2):
        approver(clock.now())
    app.close()


def _tell(pages: list[float], floor: list[float]) -> None:
    load = os.getloadavg()[0] / (os.cpu_count() or 1)
    print(f"GET / while the demo runs, {len(pages)} times (load {load:.1f} a processor):")
    for name, waits in (("the page", pages), ("a request that does nothing", floor)):
        most = statistics.quantiles(waits, n=20)[-1]
        print(f"  {name}: median {statistics.median(waits):.0f} ms, 95 % within {most:.0f} ms")
    print(f"  (goal: 95 % of the pages within {GOAL_MS} ms on a quiet machine)")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:] or ["200"]))
