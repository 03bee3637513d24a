"""Pieces the Mastodon tests are built from."""

from datetime import datetime
from typing import Any

from drumbeat.core.campaign.objects import Post

TARGET = "post:calendar/1/1"
TEXT = "Grind finer & brew slower — what's yours?"
LINK = "https://shop.example/guide?utm_campaign=calendar-1&utm_content=post-1"


def post(at: datetime, **changes: Any) -> Post:
    plain = {
        "name": "monday",
        "network": "mastodon",
        "text": TEXT,
        "link": LINK,
        "topic": "brewing",
        "hook": "question",
        "format": "text",
        "publish_at": at,
    }
    return Post.model_validate({**plain, **changes})
