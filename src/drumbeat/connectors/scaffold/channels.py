"""Channels: what a fresh connector of each channel starts with."""

from collections.abc import Mapping
from dataclasses import dataclass

_SEND = """\
    variant = Variant(
        name="only", subject="Hello", preheader="", html="<p>Hello</p>", text="Hello", share=1.0
    )
    made = Send(
        name="news",
        from_name="Shop",
        from_address="news@shop.example",
        reply_to="help@shop.example",
        segments=("all",),
        send_at=now + timedelta(hours=2),
        variants=(variant,),
        theme="brewing",
        angle="benefit",
        utm_campaign="news",
        landing_url="https://shop.example/",
    )"""
_ITEM = """\
    creative = Creative(
        name="a",
        headlines=("Coffee that arrives",),
        descriptions=(),
        call_to_action="Shop now",
        landing_url="https://shop.example/",
        angle="benefit",
        format="image",
    )
    made = LineItem(
        name="core",
        daily_budget_minor=40_00,
        currency="EUR",
        segments=("site-visitors",),
        breadth=Breadth.MEDIUM,
        creatives=(creative,),
        bid_strategy="lowest_cost",
        until=now + timedelta(days=60),
    )"""
_POST = """\
    made = Post(
        name="monday",
        network="$name",
        text="What do you brew today?",
        topic="brewing",
        hook="question",
        format="text",
        publish_at=now + timedelta(hours=2),
    )"""


@dataclass(frozen=True)
class Start:
    """The words a template is filled with."""

    create: str
    remove: str
    object: str
    objects: str
    target: str
    metrics: str
    sample: str


STARTS: Mapping[str, Start] = {
    "email": Start(
        create="email.schedule_send",
        remove="email.cancel_send",
        object="Send",
        objects="Send, Variant",
        target="send:news/1",
        metrics='"sent", "delivered"',
        sample=_SEND,
    ),
    "ads": Start(
        create="ads.launch_line_item",
        remove="ads.remove_line_item",
        object="LineItem",
        objects="Breadth, Creative, LineItem",
        target="line_item:ads/core",
        metrics='"impressions", "clicks"',
        sample=_ITEM,
    ),
    "social": Start(
        create="social.schedule_post",
        remove="social.delete_post",
        object="Post",
        objects="Post",
        target="post:calendar/1/1",
        metrics='"engagements", "comments"',
        sample=_POST,
    ),
}
