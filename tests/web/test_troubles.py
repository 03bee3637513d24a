"""Escalations: beside the decisions on Today, each with its story and its answers."""

import pytest

from drumbeat.testing.web_world import WebWorld
from tests.web.visitor import Visitor

PATH = "/escalations/esc-spend-pace"


def test_today_shows_whose_it_is_and_who_hears_of_it_next(ana: Visitor) -> None:
    page = ana.get("/today").text
    assert "<strong>1 escalation</strong> is open." in page
    assert "Jon Keller → manager at 13:55" in page
    assert "1 more of the kind" in page


def test_escalations_and_decisions_are_in_one_order_of_deadline(ana: Visitor) -> None:
    page = ana.get("/today").text
    ids = ("wait-prop-pause-competitor", "trouble-esc-spend-pace", "wait-prop-raise-retargeting")
    places = [page.index(f'id="{one}"') for one in ids]
    assert places == sorted(places)


def test_one_page_says_what_happened_what_to_do_and_who_is_told(ana: Visitor) -> None:
    page = ana.get(PATH).text
    for expected in (
        "told Jon Keller in the inbox",
        "Look at the second signal in the finding.",
        "runbooks/ads.md",
        "approver for budget after 1 h",
        "Unanswered, it goes to <strong>manager</strong> in 55\u00a0min",
    ):
        assert expected in page


def test_taking_it_in_hand_does_not_end_it(ana: Visitor, world: WebWorld) -> None:
    assert ana.post(f"{PATH}/acknowledge", back="today").headers["location"].startswith("/today?")
    assert "Ana Petrov has it in hand" in ana.get("/today").text
    assert "I look into it" not in ana.get(PATH).text


def test_resolving_needs_a_reason_and_keeps_it(ana: Visitor, world: WebWorld) -> None:
    refused = ana.post(f"{PATH}/resolve", reason=" ")
    assert refused.status_code == 422
    assert 'role="alert"' in refused.text
    assert ana.post(f"{PATH}/resolve", reason="bids were wrong").status_code == 303
    assert "Resolved: <bdi>bids were wrong</bdi>" in ana.get(PATH).text
    assert "Nothing is wrong" in ana.get("/escalations").text


@pytest.mark.parametrize(("text", "status"), [("asked the agency", 303), (" ", 422)])
def test_people_write_to_the_story(ana: Visitor, text: str, status: int) -> None:
    assert ana.post(f"{PATH}/note", text=text).status_code == status


def test_a_viewer_reads_and_has_no_buttons(vera: Visitor) -> None:
    page = vera.get(PATH).text
    assert "told Jon Keller" in page
    assert "I look into it" not in page


def test_what_is_not_there_is_said(ana: Visitor) -> None:
    assert ana.get("/escalations/none").status_code == 404
