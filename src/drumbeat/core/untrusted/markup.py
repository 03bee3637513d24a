"""Markup: the words an HTML fragment shows, without comments and what is hidden by style."""

import re
from html.parser import HTMLParser

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)|<!(?!--)[^>]*(?:>|\Z)|<\?[^>]*(?:>|\Z)", re.DOTALL)
_MARKUP = re.compile(r"<[a-zA-Z!/?]")
_VOID = frozenset(
    {
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "source",
        "track",
        "wbr",
    }
)
_SILENT = frozenset(
    {"script", "style", "template", "noscript", "head", "title", "iframe", "object", "svg"}
)
# Closing one of these, or breaking a line, separates words that stood apart on the page.
_APART = frozenset(
    {
        "p",
        "div",
        "br",
        "li",
        "tr",
        "td",
        "th",
        "table",
        "ul",
        "ol",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "blockquote",
        "hr",
    }
)
_NOTHING = r"0(?:\.0*)?(?:px|em|rem|pt|%|vh|vw)?(?:\s|;|$)"
_HIDING = re.compile(
    r"(?<![\w-])(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|mso-hide\s*:\s*all"
    rf"|(?:font-size|opacity|max-height|max-width|width|height|line-height)\s*:\s*{_NOTHING}"
    r"|(?:text-indent|left|top|margin-left)\s*:\s*-\s*[0-9]{3,}"
    r"|clip(?:-path)?\s*:|color\s*:\s*transparent)",
    re.IGNORECASE,
)


def shown_words(text: str) -> str:
    """The text as a page would show it; text without markup comes back as it is."""
    if not _MARKUP.search(text):
        return text
    reader = _Reader()
    reader.feed(without_comments(text))
    reader.close()
    return "".join(reader.words).strip()


def without_comments(text: str) -> str:
    """The text without comments; one that is never closed hides all that follows, as in a
    browser. Taken out first, since a parser reads a heap of open ones again and again."""
    return _COMMENT.sub("", text)


def hides(style: str) -> bool:
    """Whether a style attribute keeps its element from being seen."""
    return _HIDING.search(style) is not None


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _APART:
            self._apart()
        if tag not in _VOID:
            self._open.append((tag, self._hidden or _is_hidden(tag, attrs)))

    def handle_endtag(self, tag: str) -> None:
        names = [name for name, _ in self._open]
        if tag in names:
            # Browsers close what was left open inside; so the last of the name and all after it.
            del self._open[len(names) - 1 - names[::-1].index(tag) :]
        if tag in _APART:
            self._apart()

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.words.append(data)

    @property
    def _hidden(self) -> bool:
        return bool(self._open) and self._open[-1][1]

    def _apart(self) -> None:
        if self.words and not self.words[-1].endswith((" ", "\n")):
            self.words.append(" ")


def _is_hidden(tag: str, attrs: list[tuple[str, str | None]]) -> bool:
    given = dict(attrs)
    if tag in _SILENT or "hidden" in given or given.get("aria-hidden") == "true":
        return True
    return hides(given.get("style") or "")
