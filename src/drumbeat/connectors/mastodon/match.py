"""Match: tells our post among an account's statuses by its words and its link."""

import html
import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from drumbeat.core.campaign.objects import Post

_TAG = re.compile(r"<[^>]+>")
_BREAK = re.compile(r"<br\s*/?>|</p>\s*<p>")


def caption(post: Post) -> str:
    """What is published: the text, and the link under it where the text does not hold it."""
    if not post.link or post.link in post.text:
        return post.text
    return f"{post.text}\n\n{post.link}"


def find_published(post: Post, statuses: Iterable[dict[str, Any]]) -> dict[str, Any] | None:
    """The status with exactly these words; a link carries the post's own campaign tags, so no
    two of our posts read alike."""
    wanted = _squeezed(caption(post))
    return next((s for s in statuses if _squeezed(_text_of(s)) == wanted), None)


def find_scheduled(post: Post, waiting: Iterable[dict[str, Any]]) -> dict[str, Any] | None:
    """The scheduled status with these words."""
    wanted = _squeezed(caption(post))
    return next(
        (s for s in waiting if _squeezed(str(s.get("params", {}).get("text", ""))) == wanted), None
    )


def published_at(status: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(str(status["created_at"]))


def _text_of(status: dict[str, Any]) -> str:
    """The words of a status, whose content is HTML."""
    spaced = _BREAK.sub("\n", str(status.get("content", "")))
    return html.unescape(_TAG.sub("", spaced))


def _squeezed(text: str) -> str:
    return " ".join(text.split())
