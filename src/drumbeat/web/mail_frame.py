"""Mail frame: one mail changed the way a mail program would show it: dark, or without pictures."""

import re

_PICTURE = re.compile(r"<img\b([^>]*)>", re.IGNORECASE)
_ALT = re.compile(r"""\balt=("([^"]*)"|'([^']*)')""", re.IGNORECASE)
_SCHEME = re.compile(r"prefers-color-scheme\s*:\s*(dark|light)", re.IGNORECASE)
_HEAD = re.compile(r"<head[^>]*>", re.IGNORECASE)


def as_shown(html: str, mode: str) -> str:
    """``mode`` is light, dark or plain (images off). The frame's policy keeps it harmless; this
    only changes what it looks like."""
    match mode:
        case "dark":
            return _with_scheme(html, "dark")
        case "plain":
            return _PICTURE.sub(_without_picture, _with_scheme(html, "light"))
        case _:
            return _with_scheme(html, "light")


def _with_scheme(html: str, scheme: str) -> str:
    """Rules for the wanted scheme always hold, those for the other one never."""

    def decided(found: re.Match[str]) -> str:
        return "min-width:0" if found[1].lower() == scheme else "max-width:0"

    styled = _SCHEME.sub(decided, html)
    return _HEAD.sub(
        lambda head: f"{head[0]}<style>:root{{color-scheme:{scheme}}}</style>", styled, 1
    )


def _without_picture(found: re.Match[str]) -> str:
    alt = _ALT.search(found[1])
    text = (alt[2] or alt[3] or "") if alt else ""
    return (
        '<span style="display:block;padding:12px;border:1px solid #999;'
        f'font:13px sans-serif;color:#555">{text}</span>'
    )
