"""Reader: turns an HTML mail into a page; what a browser would forgive is forgiven."""

import re
from dataclasses import dataclass
from html.parser import HTMLParser

from drumbeat.core.compliance.mail.page import Link, MailPage, Picture, Words
from drumbeat.core.compliance.mail.style import Look, StyleSheet, look_of
from drumbeat.core.untrusted.invisible import stripped
from drumbeat.core.untrusted.markup import without_comments

_VOID = frozenset({"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source"})
_UNREAD = frozenset({"script", "title", "head", "template", "noscript"})
_BLOCKS = frozenset(
    {"p", "div", "td", "th", "li", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "tr", "ul"}
)
_TAG = re.compile(r"\{\{[^{}|]*(?:\|([^{}]*))?\}\}")
_BOLD = frozenset({"b", "strong", "h1", "h2", "h3", "h4", "h5", "h6", "th"})


def read_page(html: str) -> MailPage:
    """The page an HTML part makes. Every branch of a merge block counts as shown, a field reads
    as its fallback."""
    reader = _Reader()
    reader.feed(without_comments(html))
    reader.close()
    return MailPage(
        language=reader.language,
        direction=reader.direction,
        words=tuple(reader.words),
        links=tuple(reader.links),
        pictures=tuple(reader.pictures),
        quotes=tuple(reader.quotes),
        unmarked_tables=reader.unmarked_tables,
        size=len(html.encode()),
    )


@dataclass
class _Open:
    tag: str
    look: Look
    is_unread: bool
    said_before: int


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.language = self.direction = ""
        self.words: list[Words] = []
        self.links: list[Link] = []
        self.pictures: list[Picture] = []
        self.quotes: list[str] = []
        self.unmarked_tables = 0
        self._sheet = StyleSheet()
        self._block = 0
        self._open: list[_Open] = []
        self._href: list[tuple[str, Look, int]] = []
        self._alts: list[tuple[int, str]] = []
        self._is_css = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        look = look_of(self._look, self._sheet.of(tag, given), given)
        if tag in _BOLD:
            look = look_of(look, "font-weight:bold;" + given.get("style", ""), {})
        self._note(tag, given, look)
        if tag in _BLOCKS:
            self._block += 1
        if tag not in _VOID:
            is_unread = self._is_unread or tag in _UNREAD
            self._open.append(_Open(tag, look, is_unread, len(self.words)))
        self._is_css = tag == "style"

    def handle_endtag(self, tag: str) -> None:
        self._is_css = False
        names = [one.tag for one in self._open]
        if tag not in names:
            return
        at = len(names) - 1 - names[::-1].index(tag)
        if tag == "blockquote":
            said = self.words[self._open[at].said_before :]
            self.quotes.append(" ".join(part.text for part in said))
        if tag == "a" and self._href:
            self._end_link()
        del self._open[at:]
        if tag in _BLOCKS:
            self._block += 1

    def handle_data(self, data: str) -> None:
        if self._is_css:
            self._sheet.add(data)
            return
        text = " ".join(stripped(_TAG.sub(_fallback, data)).split())
        if text and not self._is_unread:
            self.words.append(Words(text, self._look, self._block))

    @property
    def _look(self) -> Look:
        return self._open[-1].look if self._open else Look()

    @property
    def _is_unread(self) -> bool:
        return bool(self._open) and self._open[-1].is_unread

    def _note(self, tag: str, given: dict[str, str], look: Look) -> None:
        match tag:
            case "html":
                self.language, self.direction = given.get("lang", ""), given.get("dir", "")
            case "a" if given.get("href"):
                self._href.append((given["href"], look, len(self.words)))
            case "img":
                self.pictures.append(Picture(given.get("src", ""), given.get("alt")))
                self._alts.append((len(self.words), given.get("alt", "")))
            case "table" if given.get("role") not in ("presentation", "none"):
                self.unmarked_tables += 1

    def _end_link(self) -> None:
        href, look, since = self._href.pop()
        inside = self.words[since:]
        said = [part.text for part in inside] + [alt for at, alt in self._alts if at >= since]
        # The words' own look tells whether the link can be read, where it has words.
        self.links.append(Link(href, " ".join(said).strip(), inside[0].look if inside else look))


def _fallback(found: re.Match[str]) -> str:
    return found[1] or " "
