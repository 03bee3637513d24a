"""Title: what a page calls itself, cut short; other people's text, for people's eyes only."""

import html
import re

from drumbeat.core.untrusted.invisible import stripped

_LONGEST = 120
# A title that goes on for longer than this is none.
_MOST_BYTES = 4_000
_CHARSET = re.compile(r"charset=[\"']?([A-Za-z0-9._:-]{1,40})")


def title_in(body: bytes, content_type: str) -> str:
    """The words of the first ``<title>``; empty where there is none."""
    lower = body.lower()
    start = lower.find(b">", lower.find(b"<title")) + 1 if b"<title" in lower else 0
    end = lower.find(b"</title", start, start + _MOST_BYTES)
    if not start or end < 0:
        return ""
    words = stripped(html.unescape(_decoded(body[start:end], content_type)))
    text = " ".join(words.split())
    return f"{text[: _LONGEST - 1]}…" if len(text) > _LONGEST else text


def _decoded(raw: bytes, content_type: str) -> str:
    said = _CHARSET.search(content_type)
    try:
        return raw.decode(said[1] if said else "utf-8", "replace")
    except (LookupError, ValueError):
        return raw.decode("utf-8", "replace")
