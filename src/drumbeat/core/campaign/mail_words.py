"""Mail words: the texts of a mail's body that a person may change, in its page and its plain text
alike.

Only words change: tags, links and merge blocks stay where they are. What just one of the two parts
says, and the footer with the way out and the address, is not for changing here.
"""

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_TOKEN = re.compile(r"(<!--.*?-->|<(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>)", re.DOTALL)
_SEAM = re.compile(
    r"(\n|\{\{#block [^{}]*\}\}|\{\{#when [^{}]*\}\}|\{\{#otherwise\}\}|\{\{/block\}\})"
)
_OPENING = re.compile(r"<([a-z][a-z0-9]*)", re.IGNORECASE)
_WHEN = re.compile(r"\{\{#when ([^{}]*)\}\}|\{\{/block\}\}")
_PARTS = {
    "h1": "heading",
    "h2": "subheading",
    "p": "paragraph",
    "li": "point",
    "a": "link text",
    "blockquote": "quote",
}
_UNREAD = frozenset({"title", "style", "script"})
_HAS = "has:"
_WAY_OUT, _FOOTER = "{{unsubscribe_url}}", "\n-- \n"


@dataclass(frozen=True)
class BodyText:
    """One text of the body; ``part`` says what it is, and for whom where not for everybody."""

    text: str
    part: str


@dataclass(frozen=True)
class _Piece:
    """A run of a page: ``is_text`` between two tags; ``is_ours`` where a person may change it."""

    raw: str
    is_text: bool
    is_ours: bool
    part: str = ""

    @property
    def words(self) -> str:
        return html.unescape(self.raw).strip() if self.is_text else ""


def body_texts(page: str, text: str) -> tuple[BodyText, ...]:
    """Every text of the body that both parts say, in reading order, each once."""
    said = {one for line in _lines(text) for one in _readings(line)}
    found: dict[str, BodyText] = {}
    counted: dict[str, int] = {}
    for piece in _pieces(page):
        words = piece.words
        is_said = words in said or words.upper() in said
        if piece.is_ours and words and is_said and words not in found:
            kind, _, reader = piece.part.partition("/")
            counted[kind] = counted.get(kind, 0) + 1
            whom = f" for {reader}" if reader else ""
            found[words] = BodyText(words, f"{kind} {counted[kind]}{whom}")
    return tuple(found.values())


def with_words(
    page: str, text: str, body: Mapping[str, str], repeated: Mapping[str, str]
) -> tuple[str, str]:
    """Page and plain text with the words of the ``body`` changed, and with those ``repeated`` from
    the subject line and the preheader wherever they stand by themselves."""
    everywhere = {**repeated, **body}
    pieces = (_reworded(one, everywhere if one.is_ours else repeated) for one in _pieces(page))
    changed = "".join(pieces)
    ours, footer = _without_footer(text)
    lines = _SEAM.split(ours)
    return changed, "".join(_line(one, everywhere) for one in lines) + footer


def _pieces(page: str) -> Iterator[_Piece]:
    """The page in runs; a text is ours inside the body, before the row with the way out."""
    start, end = _body(page)
    at, tag, reader = 0, "", ""
    for number, raw in enumerate(_TOKEN.split(page)):
        is_text = number % 2 == 0
        if not is_text and (opened := _OPENING.match(raw)) and opened[1].lower() != "br":
            tag = opened[1].lower()
        if is_text and (told := list(_WHEN.finditer(raw))):
            reader = _readers(told[-1][1] or "")
        if is_text and raw.rstrip().endswith("{{#otherwise}}"):
            reader = "everybody else"
        part = f"{_PARTS.get(tag, 'text')}/{reader}"
        is_ours = is_text and start <= at < end and tag not in _UNREAD
        yield _Piece(raw, is_text, is_ours, part)
        at += len(raw)


def _readers(condition: str) -> str:
    """Whom a branch of a block is for, in words."""
    if condition.startswith(_HAS):
        return f"readers whose {condition.removeprefix(_HAS).replace('_', ' ')} is known"
    return condition.replace("-", " ")


def _body(page: str) -> tuple[int, int]:
    """From where to where a page's words may be changed."""
    way_out = page.find(_WAY_OUT)
    row = max(page.rfind("<tr", 0, way_out), 0) if way_out >= 0 else len(page)
    return max(page.find("<body"), 0), row


def _without_footer(text: str) -> tuple[str, str]:
    at = text.rfind(_FOOTER)
    return (text[:at], text[at:]) if at >= 0 else (text, "")


def _lines(text: str) -> list[str]:
    # Every other one is a seam.
    return _SEAM.split(_without_footer(text)[0])[::2]


def _readings(line: str) -> Iterator[str]:
    """What a line of plain text may be to the page: itself, a point of a list, a heading."""
    plain = line.strip()
    yield from (plain, plain.removeprefix("- "), plain.removesuffix(":"))


def _reworded(piece: _Piece, words: Mapping[str, str]) -> str:
    fresh = words.get(piece.words) if piece.words else None
    if fresh is None:
        return piece.raw
    lead = piece.raw[: len(piece.raw) - len(piece.raw.lstrip())]
    return f"{lead}{html.escape(fresh)}{piece.raw[len(piece.raw.rstrip()) :]}"


def _line(line: str, words: Mapping[str, str]) -> str:
    for said, fresh in words.items():
        loud = fresh.upper() if fresh.isascii() else fresh
        for written, instead in ((said, fresh), (said.upper(), loud)):
            for lead, tail in (("", ""), ("- ", ""), ("", ":")):
                if said and line.strip() == f"{lead}{written}{tail}":
                    return f"{lead}{instead}{tail}"
    return line
