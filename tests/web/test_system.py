"""System: health, static files, live events and platforms' hooks."""

import asyncio
import gzip
import re
from dataclasses import dataclass, replace
from threading import Timer

import pytest

from drumbeat.testing.web_content.people import ANA
from drumbeat.testing.web_doors import Doors
from drumbeat.testing.web_world import WebWorld
from drumbeat.web import live
from drumbeat.web.application import ControlRoom
from drumbeat.web.live import LiveFeed
from drumbeat.web.static_folder import STATIC, static_folder
from drumbeat.web.views.shell import Person
from drumbeat.web.views.today import TodayView
from tests.web.visitor import Visitor


def test_a_process_that_cannot_serve_says_why(nobody: Visitor, world: WebWorld) -> None:
    assert nobody.get("/healthz").text == "alive"
    assert nobody.get("/readyz").text == "ready"
    world.down = ("the database is locked",)
    answer = nobody.get("/readyz")
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"] == "the database is locked"


def test_static_files_are_named_by_content_and_packed(nobody: Visitor) -> None:
    answer = nobody.get(static_folder().url("app.css"))
    assert answer.headers["content-encoding"] == "gzip"
    assert "immutable" in answer.headers["cache-control"]
    assert answer.text == (STATIC / "app.css").read_text()


@pytest.mark.parametrize("path", ["/static/none.css", "/static/../settings.py", "/static/%2e%2e/x"])
def test_only_static_files_are_served(nobody: Visitor, path: str) -> None:
    assert nobody.get(path).status_code == 404


def test_a_first_load_stays_under_200_kb_over_the_wire(ana: Visitor) -> None:
    names = (
        "fonts.css",
        "app.css",
        "htmx.min.js",
        "hx-sse.min.js",
        "app.js",
        "icons.svg",
        "mark.svg",
    )
    packed = sum(len(gzip.compress((STATIC / name).read_bytes())) for name in names)
    font = len((STATIC / "inter-4.1.1.woff2").read_bytes())
    page = len(ana.get("/today").content)
    assert packed + font + page < 200_000


EVENT = {"webhook-signature": "v1,good"}


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        pytest.param("/hooks/simulated", EVENT, 202, id="signed"),
        pytest.param("/hooks/simulated", {}, 401, id="forged"),
        pytest.param("/hooks/other", EVENT, 404, id="no such connection"),
    ],
)
def test_a_hook_answers_as_the_gate_says(
    nobody: Visitor, path: str, headers: dict[str, str], status: int
) -> None:
    assert nobody.send("POST", path, content=b'{"a":1}', headers=headers).status_code == status


def test_the_same_event_twice_is_taken_once(nobody: Visitor) -> None:
    answers = [
        nobody.send("POST", "/hooks/simulated", content=b"{}", headers=EVENT) for _ in range(2)
    ]
    assert [answer.json()["status"] for answer in answers] == ["accepted", "duplicate"]


def test_a_hook_takes_events_larger_than_a_form_and_refuses_huge_ones(nobody: Visitor) -> None:
    def sizes(count: int) -> int:
        answer = nobody.send("POST", "/hooks/simulated", content=b"x" * count, headers=EVENT)
        return answer.status_code

    assert sizes(200_000) == 202
    assert sizes(2_000_000) == 413


def read_events(feed: LiveFeed, after: int, count: int) -> list[str]:
    async def read() -> list[str]:
        stream = feed.events(after, lambda: True)
        return [await anext(stream) for _ in range(count)]

    return asyncio.run(read())


def test_a_page_that_is_behind_learns_it_at_once() -> None:
    assert read_events(LiveFeed(lambda: 7), 5, 2)[1] == "id: 7\nevent: changed\ndata: 7\n\n"


def test_every_new_number_is_told_once() -> None:
    numbers = iter([5, 6, 6, 8])
    told = read_events(LiveFeed(lambda: next(numbers)), 5, 3)
    assert [line.split("\n")[0] for line in told[1:]] == ["id: 6", "id: 8"]


def test_many_open_pages_cost_one_look() -> None:
    looks: list[int] = []

    def look() -> int:
        looks.append(1)
        return 9

    async def read() -> None:
        feed = LiveFeed(look)
        streams = [feed.events(0, lambda: True) for _ in range(20)]
        for stream in streams:
            await anext(stream)
        await asyncio.gather(*(anext(stream) for stream in streams))

    asyncio.run(read())
    assert len(looks) == 1


def test_a_stream_tells_a_browser_that_comes_back_only_what_it_missed(app: ControlRoom) -> None:
    feed: LiveFeed = app.state.live
    assert read_events(feed, 1046, 2)[1].startswith("id: 1047")


def test_a_page_is_told_what_happened_after_it_was_read(
    ana: Visitor, world: WebWorld, app: ControlRoom
) -> None:
    @dataclass(frozen=True)
    class Overtaken(Doors):
        """Something happens between the page's content and the rest of it."""

        def today(self, person: Person, *, mine: bool, after: str | None, limit: int) -> TodayView:
            view = super().today(person, mine=mine, after=after, limit=limit)
            self.world.happen("Monitor", "brew-tips", "Post", "liked", "")
            return view

    app.state.services = replace(app.state.services, today=Overtaken(world))
    since = re.search(r"/live\?after=(\d+)", ana.get("/today").text)
    assert since is not None
    assert int(since[1]) == world.number - 1


def test_a_stream_ends_with_the_session_that_opened_it(
    world: WebWorld, ana: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "_WELCOME_SECONDS", 0.0)
    sign_out = Timer(0.2, lambda: world.people.pop(ANA.session))
    sign_out.start()
    told = ana.get("/live?after=0").text
    sign_out.join()
    assert told.startswith("retry: 500\n\nid: 1047\nevent: changed\n")
    assert told.endswith("event: over\ndata: signed out\n\n")


def test_programs_get_problem_details_and_people_get_a_page(nobody: Visitor) -> None:
    hook = nobody.send("POST", "/hooks/none", content=b"")
    page = nobody.get("/today")
    assert hook.headers["content-type"] == "application/problem+json"
    assert page.status_code == 401
    assert "Please sign in" in page.text
