"""Screens: what each one must say, and how it behaves when there is nothing, or too much."""

from dataclasses import replace
from datetime import timedelta

import pytest

from drumbeat.testing.web_content import planning
from drumbeat.testing.web_content.planning import ITEMS
from drumbeat.testing.web_doors import services
from drumbeat.testing.web_world import SETTINGS, WebWorld
from drumbeat.web.application import create_app
from tests.web.visitor import Visitor


@pytest.mark.parametrize(
    ("path", "texts"),
    [
        ("/campaigns", ["Brand search", "detected in 6 of 15 min", "clocks paused"]),
        ("/campaigns?board=true", ["Draft", "Supervised", "Conditional", "Full"]),
        (
            "/campaigns/brand-search",
            [
                "Orders per day",
                "−14% against forecast",
                "This cycle",
                "1\u00a0h 09\u00a0min of 1\u00a0d",
                "Why the agent flagged this",
                "Show as table",
                "campaigns/brand-search.yaml",
            ],
        ),
        ("/campaigns/winter-burst", ["Frozen by Mei Lindgren", "Unfreeze"]),
        ("/changes", ["No change", "Export", "already delivered to 12,455 people"]),
        ("/changes/e-1047", ["Before and after", "+1.4 pt", "The chain was whole", "Ana Petrov"]),
        (
            "/cycles/brand-search-2026-w48",
            ["Waits for:", "2 attempts", "1,912 tokens", "decided it", "m•••@•••.example"],
        ),
        (
            "/calendar",
            [
                "Nov 23 – 29, 2026",
                "09:00",
                "Needs approval",
                "Pressure on Thursday",
                "4 are there",
                "First Sunday in Advent",
                "Europe/Berlin",
            ],
        ),
        ("/calendar?shape=month", ["November 2026"]),
        ("/calendar?shape=list", ["Mon Nov 23"]),
        (
            "/assets/issue-42",
            ["Images off", "Inês Sá-Köhler", "96 KB of the 102 KB", "Variant B", "on v2"],
        ),
        ("/assets/post-v60", ["118 of 500 characters", "Mastodon"]),
        ("/assets/ad-starter-set", ["Headline 27 of 40", "Search"]),
        ("/experiments", ["leaning B", "Library", "64% shared", "rolled back"]),
        (
            "/experiments/H-07",
            [
                "Leaning B, not decided yet",
                "within limit",
                "Registered before launch",
                "SRM p = 0.82",
            ],
        ),
        ("/experiments/H-14", ["No exposure yet"]),
        (
            "/review",
            ["speed alone is not paying yet", "41 of 41", "+    phase: conditional", "Minutes"],
        ),
        ("/autonomy", ["Rotate creatives", "2 in under 3 s", "Escalation paths", "20 of 20"]),
        ("/connections", ["too old", "258 of 300", "Ledger: 1,047 entries, unbroken"]),
        ("/welcome", ["Nothing leaves this machine", "Take it back"]),
        ("/search?q=brew", ["Brew tips"]),
        ("/search/found?q=zzz", ["Nothing is called “zzz”"]),
    ],
)
def test_a_screen_says_what_it_must(ana: Visitor, path: str, texts: list[str]) -> None:
    page = ana.get(path)
    assert page.status_code == 200
    assert [text for text in texts if text not in page.text] == []


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/campaigns", "No campaign fits"),
        ("/changes", "No change fits"),
        ("/calendar?shape=list", "Nothing is planned in November 2026"),
        ("/experiments", "No test is running"),
        ("/autonomy", "No action is allowed"),
        ("/connections", "Nothing is connected"),
    ],
)
def test_an_empty_screen_says_what_comes_next(
    ana: Visitor, world: WebWorld, path: str, text: str
) -> None:
    world.campaigns.clear()
    world.changes.clear()
    world.has_plans = False
    assert text in ana.get(path).text


@pytest.mark.parametrize(
    "path",
    [
        "/campaigns/none",
        "/changes/none",
        "/cycles/none",
        "/assets/none",
        "/experiments/none",
        "/review?week=1999-W01",
        "/assets/post-v60/mail/robin",
        "/assets/issue-42/mail/none",
    ],
)
def test_what_is_not_there_is_said_in_words(ana: Visitor, path: str) -> None:
    page = ana.get(path)
    assert page.status_code == 404
    assert "Go to Today" in page.text


@pytest.mark.parametrize("port", ["calendar", "experiments", "review", "autonomy", "connections"])
def test_a_page_without_anything_behind_it_leaves_the_menu(world: WebWorld, port: str) -> None:
    without = services(world)
    object.__setattr__(without, port, None)
    visitor = Visitor(create_app(without, SETTINGS), world.people["s-ana"])
    assert f'href="/{port}"' not in visitor.get("/today").text
    assert visitor.get(f"/{port}").status_code == 404


@pytest.mark.parametrize(
    ("query", "shown", "hidden"),
    [
        ("status=frozen", "winter-burst", "brew-tips"),
        ("channel=social", "brew-tips", "brand-search"),
        ("phase=draft", "win-back", "brew-tips"),
        ("q=MONDAY", "weekly-newsletter", "brew-tips"),
        ("status=frozen&board=true", "winter-burst", "brew-tips"),
    ],
)
def test_campaigns_are_filtered(ana: Visitor, query: str, shown: str, hidden: str) -> None:
    main = ana.get(f"/campaigns?{query}").text.partition("<main")[2]
    assert f'href="/campaigns/{shown}"' in main
    assert f'href="/campaigns/{hidden}"' not in main


def test_changes_are_filtered_by_who(ana: Visitor) -> None:
    page = ana.get("/changes?actor=person").text
    assert "change-e-1020" in page
    assert "change-e-1047" not in page


def test_the_ledger_is_exported_as_it_is(ana: Visitor) -> None:
    answer = ana.get("/changes/export.jsonl")
    assert answer.headers["content-disposition"] == 'attachment; filename="ledger.jsonl"'
    assert answer.text.startswith('{"id":"e-1047"}\n')


@pytest.mark.parametrize(
    ("mode", "has", "has_not"),
    [
        pytest.param("light", "max-width:0", "prefers-color-scheme", id="light"),
        pytest.param("dark", "min-width:0", "prefers-color-scheme", id="dark"),
        pytest.param("plain", "A pour-over dripper above a cup", "<img", id="images off"),
        pytest.param("nonsense", "color-scheme:light", "prefers-color-scheme", id="unknown"),
    ],
)
def test_a_mail_is_shown_the_way_a_mail_program_would(
    ana: Visitor, mode: str, has: str, has_not: str
) -> None:
    mail = ana.get(f"/assets/issue-42/mail/robin?mode={mode}").text
    assert has in mail
    assert has_not not in mail


@pytest.mark.parametrize(
    ("reader", "greeting"),
    [("robin", "Hi Robin,"), ("ines", "Hi Inês,"), ("empty", "Hi there,")],
)
def test_merge_fields_are_filled_for_each_reader(ana: Visitor, reader: str, greeting: str) -> None:
    assert greeting in ana.get(f"/assets/issue-42/mail/{reader}").text


def test_a_mail_is_framed_without_any_right(ana: Visitor) -> None:
    page = ana.get("/inbox/prop-send-42").text
    assert page.count("<iframe") == page.count(" sandbox ") == 3


def test_an_item_is_moved_by_a_menu(ana: Visitor, world: WebWorld) -> None:
    done = ana.post("/calendar/c7/move", to="2026-11-27T08:30")
    assert done.status_code == 303
    assert world.orders == [("move", "c7", "2026-11-27T08:30:00+01:00")]


@pytest.mark.parametrize(
    ("item", "to", "status"),
    [("c7", "soon", 422), ("c7", "", 422), ("c1", "2026-11-27T08:30", 409)],
)
def test_a_move_that_is_refused_says_why(ana: Visitor, item: str, to: str, status: int) -> None:
    refused = ana.post(f"/calendar/{item}/move", to=to)
    assert refused.status_code == status
    assert 'role="alert"' in refused.text


def test_viewers_see_no_way_to_move(vera: Visitor) -> None:
    assert "Move to…" not in vera.get("/calendar").text


def test_a_crowded_day_is_counted_and_its_list_is_paged(
    ana: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    items = [replace(ITEMS[0], id=f"m{n}", title=f"Mail {n}") for n in range(1000)]
    monkeypatch.setattr(planning, "ITEMS", tuple(items))
    week = ana.get("/calendar").text
    assert week.count('class="tile') == 12
    assert "and 988 more" in week
    assert ana.get("/calendar?shape=month").text.count('class="tile') == 5
    first = ana.get("/calendar?shape=list&day=2026-11-23&after=12").text
    assert first.count('class="tile') == 100
    assert ">Mail 12<" in first
    assert "888 are left" in first
    last = ana.get("/calendar?shape=list&day=2026-11-23&after=912").text
    assert last.count('class="tile') == 88
    assert "are left" not in last


def test_the_feed_is_for_calendar_programs(ana: Visitor) -> None:
    feed = ana.get("/calendar.ics")
    assert feed.headers["content-type"].startswith("text/calendar")
    assert feed.text.count("BEGIN:VEVENT") == 10
    assert "DTSTART:20261124T080000Z" in feed.text


def test_a_comment_is_pinned_to_the_version_that_was_looked_at(
    ana: Visitor, vera: Visitor, world: WebWorld
) -> None:
    path = "/assets/issue-42/comments"
    assert ana.post(path, version="v3", text=" ").status_code == 422
    stale = ana.post(path, version="v2", text="Shorter, please")
    assert stale.status_code == 409
    assert "Shorter, please</textarea>" in stale.text
    assert ana.post(path, version="v3", text="Shorter, please").status_code == 303
    page = vera.get("/assets/issue-42").text
    assert "on this version" in page
    assert "Shorter, please" in page
    assert "Comment on this version" not in page
    assert vera.post(path, version="v3", text="me too").status_code == 403


def test_stopping_early_needs_a_reason(ana: Visitor, world: WebWorld) -> None:
    assert ana.post("/experiments/H-07/stop", reason="").status_code == 422
    assert ana.post("/experiments/H-07/stop", reason="wrong audience").status_code == 303
    assert world.orders == [("stop", "H-07", "wrong audience")]


@pytest.mark.parametrize(("order", "status"), [("ship", 303), ("keep", 409), ("stop", 303)])
def test_what_people_order_about_a_test_says_why_and_keeps_what_was_typed(
    ana: Visitor, vera: Visitor, world: WebWorld, order: str, status: int
) -> None:
    path = f"/experiments/H-07/{order}"
    page = ana.get("/experiments/H-07").text
    assert f'action="{path}"' in page
    assert "says: <strong>keep running</strong>" in page
    assert ana.post(path, reason=" ").status_code == 422
    answer = ana.post(path, reason="too good to wait")
    assert answer.status_code == status
    assert world.orders == [(order, "H-07", "too good to wait")]
    if status == 409:
        assert 'value="too good to wait"' in answer.text
    assert vera.post(path, reason="me too").status_code == 403
    assert (
        "<form"
        not in vera.get("/experiments/H-07").text.partition("<main")[2].partition("</main")[0]
    )


def test_a_hypothesis_is_approved_for_a_campaign(ana: Visitor, world: WebWorld) -> None:
    assert "Approve and start" in ana.get("/experiments").text
    started = ana.post("/experiments", campaign="brew-tips", hypothesis="H-16")
    assert started.headers["location"].startswith("/experiments/H-14?")
    assert world.orders == [("start", "brew-tips", "H-16")]
    refused = ana.post("/experiments", campaign="none", hypothesis="H-16")
    assert refused.status_code == 404
    assert "There is no such campaign" in refused.text


def test_a_rule_is_tried_before_it_is_proposed(ana: Visitor, world: WebWorld) -> None:
    cell = {"kind": "ads.set_budget", "phase": "draft", "level": "act"}
    tried = ana.send("GET", "/autonomy", params=cell).text
    assert "asked 20 times instead of 61" in tried
    assert ana.post("/autonomy", **cell).status_code == 422
    assert ana.post("/autonomy", **cell, reason="quiet for a year").status_code == 303
    assert world.orders == [("matrix", "ads.set_budget", "draft", "act")]


def test_a_rule_that_does_not_exist_is_refused(ana: Visitor) -> None:
    assert "There is no such cell" in ana.get("/autonomy?kind=x&phase=y&level=z").text
    assert ana.post("/autonomy", kind="x", phase="y", level="z", reason="r").status_code == 422


def test_a_rule_is_proposed_by_a_plain_form_that_loses_nothing(
    ana: Visitor, world: WebWorld
) -> None:
    assert "/autonomy/rule?kind=ads.set_budget" in ana.get("/autonomy").text
    shown = ana.get("/autonomy/rule?kind=ads.set_budget").text
    assert 'value="48h"' in shown
    typed = {"kind": "ads.set_budget", "value.phase": "full", "value.cooldown": "soon"}
    for reason, why in (("", "Say why the rule"), ("two days were too few", "is no value")):
        refused = ana.post("/autonomy/rule", **typed, reason=reason)
        assert refused.status_code == 422
        assert why in refused.text
        assert 'value="soon"' in refused.text
        assert '<option value="full" selected>' in refused.text
        assert f'value="{reason}"' in refused.text
    typed |= {"value.cooldown": "72h", "value.forbidden": "yes"}
    assert ana.post("/autonomy/rule", **typed, reason="too few").status_code == 303
    wanted = ("phase=full", "cooldown=72h", "forbidden=yes")
    assert world.orders == [("rule", "ads.set_budget", *wanted)]
    assert ana.get("/autonomy/rule?kind=nothing").status_code == 404


def test_a_campaign_begins_by_a_plain_form_that_loses_nothing(ana: Visitor) -> None:
    assert "/new-campaign?kind=newsletter" in ana.get("/new-campaign").text
    assert 'href="/new-campaign"' in ana.get("/campaigns").text
    form = {"kind": "newsletter", "value.name": "", "reason": "spring"}
    looked = ana.post("/new-campaign", **form, do="look")
    assert looked.status_code == 200
    assert "is missing" in looked.text
    assert 'value="spring"' in looked.text
    for name, reason, why in (
        ("", "spring", "cannot be asked for"),
        ("Spring", "", "Say why"),
        ("Spring", "no", "only managers may"),
    ):
        typed = {**form, "value.name": name, "reason": reason}
        refused = ana.post("/new-campaign", **typed, do="ask")
        assert refused.status_code in (409, 422)
        assert why in refused.text
        assert f'value="{name}"' in refused.text
    assert (
        ana.post("/new-campaign", **{**form, "value.name": "Spring"}, do="ask").status_code == 303
    )


def test_a_deadline_that_passed_says_how_late(ana: Visitor, world: WebWorld) -> None:
    world.now += timedelta(hours=2)
    assert "1\u00a0h 35\u00a0min late" in ana.get("/inbox").text


def test_what_waits_at_its_review_can_be_built_again(ana: Visitor, world: WebWorld) -> None:
    name = "brand-search-2026-w48"
    path = f"/cycles/{name}"
    assert "Build it again" not in ana.get(path).text
    world.cycles[name] = replace(world.cycles[name], can_rebuild=True)
    assert "Build it again" in ana.get(path).text
    refused = ana.post(f"{path}/rebuild", reason=" ")
    assert refused.status_code == 422
    assert "Say what was mended" in refused.text
    assert ana.post(f"{path}/rebuild", reason="a label").status_code == 303
    assert ("rebuild", name) in world.orders
