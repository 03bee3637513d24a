"""The tour: five stops on real screens, plain links, left and taken up again."""

import re

import pytest

from drumbeat.web.tour import STOPS, Tour, kept_of, link_to, tour_of
from tests.web.visitor import Visitor


@pytest.mark.parametrize(
    ("cookie", "asked", "kept"),
    [
        pytest.param("", "", "", id="not begun"),
        pytest.param("", "1", "1", id="begun"),
        pytest.param("1", "2", "2", id="gone on"),
        pytest.param("3", "", "3", id="another page"),
        pytest.param("3", "off", "off3", id="left"),
        pytest.param("off3", "", "off3", id="stays left"),
        pytest.param("off3", "3", "3", id="taken up again"),
        pytest.param("5", "done", "done", id="finished"),
        pytest.param("done", "1", "1", id="once more"),
        pytest.param("2", "6", "2", id="no such stop"),
        pytest.param("<script>", "x", "", id="nonsense"),
    ],
)
def test_progress_is_what_was_asked_else_what_was_kept(cookie: str, asked: str, kept: str) -> None:
    assert kept_of(cookie, asked) == kept


def test_nobody_is_on_a_tour_they_left() -> None:
    assert tour_of("off2", "/today") is None
    assert tour_of("done", "/today") is None
    assert isinstance(tour_of("2", "/inbox/prop-1"), Tour)


@pytest.mark.parametrize("number", range(1, len(STOPS) + 1))
def test_each_stop_points_at_something_on_its_page_and_leads_on(ana: Visitor, number: int) -> None:
    stop = STOPS[number - 1]
    page = ana.get(link_to(number).partition("#")[0])
    assert page.status_code == 200
    assert f"drumbeat-tour={number}" in page.headers["set-cookie"]
    assert len(re.findall(rf'id="{stop.place}"', page.text)) == 1
    assert f"step {number} of {len(STOPS)}" in page.text
    onward = link_to(number + 1) if number < len(STOPS) else "/welcome?tour=done"
    assert f'href="{onward}"' in page.text
    assert ">Back</a>" in page.text or number == 1


def test_a_tour_that_was_left_is_offered_again(ana: Visitor) -> None:
    assert "Begin the tour" in ana.get("/welcome").text
    left = ana.send("GET", "/welcome?tour=off", headers={"cookie": "drumbeat-tour=3"})
    assert "drumbeat-tour=off3" in left.headers["set-cookie"]
    assert "Go on with step 3" in left.text
    assert "Leave the tour" not in left.text
    done = ana.get("/welcome?tour=done").text
    assert "You have seen it all" in done


def test_the_demo_clock_shows_the_way_to_the_tour(ana: Visitor) -> None:
    assert 'href="/welcome"' in ana.get("/today").text
