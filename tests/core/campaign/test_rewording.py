"""The words of a launch can be changed one by one; nothing else of it changes."""

from typing import Any

import pytest

from drumbeat.core.campaign.assets import Assets
from drumbeat.core.campaign.rewording import BadWording, heed, reword, words_of
from drumbeat.core.canonical import digest

MAIL: dict[str, Any] = {
    "name": "issue 7",
    "from_name": "Shop",
    "from_address": "news@shop.example",
    "reply_to": "help@shop.example",
    "segments": ["all"],
    "send_at": "2026-11-30T08:00:00Z",
    "theme": "brewing",
    "angle": "how-to",
    "utm_campaign": "letter",
    "landing_url": "https://shop.example/",
    "variants": [
        {
            "name": "a",
            "subject": "Beans & you",
            "preheader": "Six steps",
            "html": "<title>Beans &amp; you</title><div>Six steps</div><p>Body</p>",
            "text": "Beans & you\nBody",
            "share": 1.0,
        }
    ],
}
POST: dict[str, Any] = {
    "name": "post 1",
    "network": "mastodon",
    "text": "Fresh today",
    "topic": "brewing",
    "hook": "fact",
    "format": "image",
    "publish_at": "2026-11-30T08:00:00Z",
}
AD: dict[str, Any] = {
    "name": "visitors",
    "daily_budget_minor": 5_000,
    "currency": "EUR",
    "segments": ["site-visitors"],
    "breadth": "medium",
    "bid_strategy": "lowest_cost",
    "status": "active",
    "until": "2026-12-07T08:00:00Z",
    "creatives": [
        {
            "name": "film",
            "headlines": ["First cup", "Second cup"],
            "descriptions": ["Brewed slowly"],
            "call_to_action": "See it",
            "landing_url": "https://shop.example/",
            "angle": "making",
            "format": "video",
        }
    ],
}
BODY = f"body.{digest('Body')[:12]}"
ASSETS = Assets.model_validate(
    {
        "campaign": "c",
        "cycle": "c-7",
        "plan": "p",
        "sends": [MAIL],
        "posts": [POST],
        "line_items": [AD],
    }
)


def test_every_text_people_read_first_has_a_name() -> None:
    assert {one.name: one.text for one in words_of(ASSETS)} == {
        "send.0.a.subject": "Beans & you",
        "send.0.a.preheader": "Six steps",
        BODY: "Body",
        "ad.0.film.headline.0": "First cup",
        "ad.0.film.headline.1": "Second cup",
        "ad.0.film.description.0": "Brewed slowly",
        "post.0.text": "Fresh today",
    }


def test_a_subject_changes_wherever_the_mail_repeats_it() -> None:
    made = reword(ASSETS, {"send.0.a.subject": "Beans <3 you", "send.0.a.preheader": "Six steps"})
    (variant,) = made.assets.sends[0].variants
    assert variant.subject == "Beans <3 you"
    assert variant.html == "<title>Beans &lt;3 you</title><div>Six steps</div><p>Body</p>"
    assert variant.text == "Beans <3 you\nBody"
    assert made.changes == (("subject of mail a", "Beans & you", "Beans <3 you"),)


def test_nothing_else_changes() -> None:
    made = reword(ASSETS, {"ad.0.film.headline.1": "Third cup", "post.0.text": "Fresh\r\ntoday "})
    old, new = ASSETS.model_dump(), made.assets.model_dump()
    assert new["line_items"][0]["creatives"][0]["headlines"] == ("First cup", "Third cup")
    assert new["posts"][0]["text"] == "Fresh\ntoday"
    new["line_items"][0]["creatives"][0]["headlines"] = ("First cup", "Second cup")
    new["posts"][0]["text"] = "Fresh today"
    assert new == old


def test_what_is_typed_again_is_no_change() -> None:
    made = reword(ASSETS, {one.name: f" {one.text} " for one in words_of(ASSETS)})
    assert (made.assets, made.changes) == (ASSETS, ())


@pytest.mark.parametrize(
    ("texts", "why"),
    [
        pytest.param({"send.0.b.subject": "x"}, "no text named send.0.b.subject", id="unknown"),
        pytest.param({"send.0.a.subject": " \n"}, "subject of mail a cannot be empty", id="empty"),
        pytest.param({"post.0.text": "x" * 2_001}, "2001 characters", id="too long"),
        pytest.param({"post.0.text": "a\x00b"}, "cannot be shown", id="control character"),
        pytest.param({BODY: "Hi {{first_name}}"}, "{{first_name}} is new", id="merge tag"),
        pytest.param({BODY: "Hi {{/block}}"}, "{{/block}} is new", id="block"),
        pytest.param({BODY: "at https://x.example."}, "https://x.example is new", id="link"),
    ],
)
def test_a_text_that_cannot_stand_is_told(texts: dict[str, str], why: str) -> None:
    with pytest.raises(BadWording, match=why):
        reword(ASSETS, texts)


def test_what_people_said_before_is_said_again_wherever_the_same_words_come() -> None:
    made = heed(ASSETS, {"Body": "A better body", "Fresh today": "Fresh, as ever", "else": "x"})
    assert made.assets.sends[0].variants[0].html.endswith("<p>A better body</p>")
    assert made.assets.posts[0].text == "Fresh, as ever"
    assert len(made.changes) == 2
    assert heed(ASSETS, {"Second cup": "", "Six steps": ""}).changes == (
        ("preheader of mail a", "Six steps", ""),
    )


def test_a_post_keeps_its_link() -> None:
    link = "https://shop.example/?utm_source=social"
    post = ASSETS.posts[0].model_copy(update={"text": f"Fresh: {link}."})
    linked = ASSETS.model_copy(update={"posts": (post,)})
    with pytest.raises(BadWording, match="is missing"):
        reword(linked, {"post.0.text": "Fresh, and no link"})
    assert reword(linked, {"post.0.text": f"{link}\nFresh"}).changes
