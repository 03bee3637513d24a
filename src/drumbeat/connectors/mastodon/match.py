"""Match: tells our post among an account's statuses by its words and its link."""

import html
import re
from typing import Any

import regex

from drumbeat.core.campaign.objects import Post

_TAG = re.compile(r"<[^>]+>")
_BREAK = re.compile(r"<br\s*/?>|</p>\s*<p>")
_URL = re.compile(r"https?://\S+")
# Servers show @name@host as @name.
_MENTION = re.compile(r"(@\w+)@[\w.-]+\w")


def caption(post: Post) -> str:
    """What is published: the text, and the link under it where the text does not hold it."""
    if not post.link or post.link in post.text:
        return post.text
    return f"{post.text}\n\n{post.link}"


def length(text: str, per_url: int) -> int:
    """Characters as Mastodon counts them: what readers see as one, links as the server says."""
    shown = _MENTION.sub(r"\1", _URL.sub("x" * per_url, text))
    return len(regex.findall(r"\X", shown))


def is_ours(post: Post, text: str) -> bool:
    """Whether these are the post's words, however spaced."""
    return _squeezed(text) == _squeezed(caption(post))


def text_of(status: dict[str, Any]) -> str:
    """The words of a status: plain while it is scheduled, HTML once it is published."""
    if isinstance(params := status.get("params"), dict):
        return str(params.get("text", ""))
    spaced = _BREAK.sub("\n", str(status.get("content", "")))
    return html.unescape(_TAG.sub("", spaced))


def _squeezed(text: str) -> str:
    return " ".join(_MENTION.sub(r"\1", text).split())
