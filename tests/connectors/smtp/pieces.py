"""Pieces the mail tests are built from: contacts, a send, settings."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from drumbeat.core.campaign.objects import Send, Variant

TARGET = "send:news/1"
HTML = "<p>Hello {{first_name|there}}</p><p><a href='{{unsubscribe_url}}'>Leave</a></p>"
TEXT = "Hello {{first_name|there}}\n\nLeave: {{unsubscribe_url}}\n"


def write_contacts(home: Path, rows: Iterable[str]) -> Path:
    """The list as a team keeps it: email, first name, segments."""
    path = home / "contacts.csv"
    path.write_text("\n".join(["email,first_name,segments", *rows]) + "\n", encoding="utf-8")
    return path


def crowd(count: int) -> list[str]:
    """Rows of a list, ``reader-1@readers.example`` and so on."""
    return [f"reader-{n}@readers.example,Reader {n},all" for n in range(1, count + 1)]


def settings(port: int, **changes: str) -> dict[str, str]:
    return {
        "host": "127.0.0.1",
        "port": str(port),
        "security": "none",
        "contacts": "contacts.csv",
        "unsubscribe_url": "https://shop.example/u",
        "list_id": "letters.shop.example",
        **changes,
    }


def variant(**changes: Any) -> Variant:
    plain = {
        "name": "only",
        "subject": "Fresh coffee, {{first_name|friend}}",
        "preheader": "",
        "html": HTML,
        "text": TEXT,
        "share": 1.0,
    }
    return Variant.model_validate({**plain, **changes})


def send(at: datetime, **changes: Any) -> Send:
    plain = {
        "name": "news",
        "from_name": "Shop",
        "from_address": "news@shop.example",
        "reply_to": "help@shop.example",
        "segments": ("all",),
        "send_at": at,
        "variants": (variant(),),
        "theme": "brewing",
        "angle": "benefit",
        "utm_campaign": "news",
        "landing_url": "https://shop.example/",
    }
    return Send.model_validate({**plain, **changes})
