"""What a guest sees by a link: previews and nothing else, under the same rules as every page."""

import re

import pytest

from drumbeat.testing.web_world import WebWorld
from drumbeat.web.application import ControlRoom
from drumbeat.web.headers import MAIL_POLICY, PAGE_POLICY
from drumbeat.web.pages.shared import LOOKS, REMARKS
from tests.web.visitor import Visitor

SAID = {"number": "0", "version": "v3", "name": "Robin Client", "text": "Can the cup be larger?"}


@pytest.fixture
def guest(app: ControlRoom) -> Visitor:
    return Visitor(app, None)


def token_of(page: str) -> str:
    found = re.search(r'name="token" value="([^"]+)"', page)
    assert found
    return found[1]


@pytest.mark.parametrize("path", ["/shared/look", "/shared/ad", "/shared/old"])
def test_no_index_keeps_it_and_no_other_site_learns_it(guest: Visitor, path: str) -> None:
    page = guest.get(path)
    assert page.headers["referrer-policy"] == "no-referrer"
    assert "noindex" in page.headers["x-robots-tag"]
    assert page.headers["content-security-policy"] == PAGE_POLICY
    assert page.headers["cache-control"] == "no-store"
    assert "set-cookie" not in page.headers
    assert page.status_code == (410 if path.endswith("old") else 200)


def test_it_shows_what_is_to_be_judged_and_no_way_into_the_rest(guest: Visitor) -> None:
    page = guest.get("/shared/look").text
    assert "/shared/look/mail/0/" in page
    links = set(re.findall(r'(?:href|action|src)="(/[^"]*)"', page))
    assert {one for one in links if not one.startswith(("/static/", "/shared/look"))} == set()
    assert "Quality checks" not in page
    assert "<form" not in guest.get("/shared/ad").text


def test_a_mail_stands_in_its_own_sandbox(guest: Visitor) -> None:
    source = re.search(r'src="(/shared/look/mail[^"]+)" sandbox', guest.get("/shared/look").text)
    assert source
    frame = guest.get(source[1].replace("&amp;", "&"))
    assert frame.status_code == 200
    assert frame.headers["content-security-policy"] == MAIL_POLICY
    assert frame.headers["referrer-policy"] == "no-referrer"
    assert guest.get("/shared/look/mail/7/robin").status_code == 404
    assert guest.get("/shared/old/mail/0/robin").status_code == 410


def test_a_guest_comments_by_the_form_they_were_shown(guest: Visitor, world: WebWorld) -> None:
    def say(**typed: str) -> int:
        headers = {"sec-fetch-site": "same-origin"}
        return guest.send("POST", "/shared/look/comments", data=typed, headers=headers).status_code

    assert say(**SAID) == 403, "no form was shown"
    token = token_of(guest.get("/shared/look").text)
    assert say(**{**SAID, "token": token, "name": ""}) == 422
    assert say(**SAID, token=token) == 200
    assert world.orders == [("remark", SAID["name"], SAID["text"])]
    forged = {"sec-fetch-site": "cross-site"}
    assert guest.send("POST", "/shared/look/comments", headers=forged).status_code == 403
    tries = [say(**SAID, token=token) for _ in range(REMARKS)]
    assert (tries[0], tries[-1]) == (200, 429)


def test_whoever_looks_too_often_waits(guest: Visitor) -> None:
    statuses = [guest.get("/shared/old").status_code for _ in range(LOOKS + 1)]
    assert statuses[0] == 410
    assert statuses[-1] == 429


def test_people_share_and_take_back_by_plain_forms(ana: Visitor, world: WebWorld) -> None:
    page = ana.get("/assets/issue-42").text
    assert "/shared/look" in page
    assert "Links for people without an account" in page
    form = {"whom": "The client", "days": "7", "what": "one"}
    assert ana.post("/assets/issue-42/share", **form).status_code == 303
    assert ana.post("/assets/issue-42/share", **{**form, "whom": ""}).status_code == 422
    assert ana.post("/assets/issue-42/unshare", share_id="shr-1").status_code == 303
    assert world.orders == [("share", "issue-42", "The client", "7"), ("unshare", "shr-1")]
