"""Styles: what reaches a piece of text through inline styles, attributes and simple classes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from drumbeat.core.compliance.mail.color import BLACK, WHITE, Color, contrast, read_color
from drumbeat.core.untrusted.markup import hides

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_SIMPLE = re.compile(r"([a-z][a-z0-9]*)?(?:([.#])([\w-]+))?", re.IGNORECASE)
_COLOR = re.compile(r"#[0-9a-f]{3,8}|rgba?\([^)]*\)|[a-z]+", re.IGNORECASE)
_LENGTH = re.compile(r"([0-9.]+)\s*(px|pt|em|rem|%)")
_PIXELS = {"px": 1.0, "pt": 4 / 3, "rem": 16.0}
_BOLD_FROM = 600
# WCAG: 24 px, or 18.66 px in bold, is large and needs less contrast.
_LARGE, _LARGE_BOLD = 24.0, 18.66
# Below this nobody makes out the words.
_UNSEEN = 1.25


@dataclass(frozen=True)
class Look:
    """How text looks where it stands: ``paper`` is None where a picture lies behind it."""

    ink: Color | None = BLACK
    paper: Color | None = WHITE
    pixels: float = 16.0
    is_bold: bool = False
    is_hidden: bool = False

    @property
    def contrast(self) -> float | None:
        """Ink on paper; None where one of them is not known."""
        return None if self.ink is None or self.paper is None else contrast(self.ink, self.paper)

    @property
    def needs(self) -> float:
        """The contrast WCAG asks for at this size."""
        large = self.pixels >= (_LARGE_BOLD if self.is_bold else _LARGE)
        return 3.0 if large else 4.5

    @property
    def is_unseen(self) -> bool:
        """Hidden by style, or in the color of its ground."""
        ratio = self.contrast
        return self.is_hidden or (ratio is not None and ratio < _UNSEEN)


@dataclass
class StyleSheet:
    """Rules of a ``style`` element that name one tag, class or id; what is inside ``@…`` is for
    other screens and left out."""

    by_selector: dict[str, str] = field(default_factory=dict)

    def add(self, css: str) -> None:
        for found in _RULE.finditer(_plain_rules(_COMMENT.sub("", css))):
            for selector in found[1].split(","):
                name = selector.strip().lower()
                if name and _SIMPLE.fullmatch(name):
                    self.by_selector[name] = f"{self.by_selector.get(name, '')};{found[2]}"

    def of(self, tag: str, attributes: Mapping[str, str]) -> str:
        """The declarations for an element, the weakest first, its own style last."""
        names = [tag]
        for one in attributes.get("class", "").lower().split():
            names += [f".{one}", f"{tag}.{one}"]
        if own := attributes.get("id", "").lower():
            names += [f"#{own}", f"{tag}#{own}"]
        parts = [self.by_selector[name] for name in names if name in self.by_selector]
        return ";".join((*parts, attributes.get("style", "")))


def look_of(before: Look, style: str, attributes: Mapping[str, str]) -> Look:
    """How an element looks inside its parent."""
    given = declarations(style)
    ink = given.get("color") or attributes.get("color")
    paper = given.get("background-color") or given.get("background") or attributes.get("bgcolor")
    on_picture = "background-image" in given or "background" in attributes
    return Look(
        ink=_ink(ink, before.ink) if ink else before.ink,
        paper=None if on_picture else _paper(paper, before.paper) if paper else before.paper,
        pixels=_pixels(given.get("font-size", ""), before.pixels),
        is_bold=_is_bold(given.get("font-weight", ""), before.is_bold),
        is_hidden=before.is_hidden or hides(style) or "hidden" in attributes,
    )


def declarations(style: str) -> dict[str, str]:
    """Property to value; the last word on a property holds."""
    pairs = (part.partition(":") for part in style.split(";"))
    cleaned = ((name.strip().lower(), value.lower()) for name, _, value in pairs)
    return {name: value.replace("!important", "").strip() for name, value in cleaned if name}


def _ink(value: str, before: Color | None) -> Color | None:
    return read_color(value) or (before if "inherit" in value else None)


def _paper(value: str, before: Color | None) -> Color | None:
    if "url(" in value or "gradient" in value:
        return None
    known = (read_color(word) for word in _COLOR.findall(value))
    return next((color for color in known if color is not None), before)


def _pixels(value: str, before: float) -> float:
    found = _LENGTH.match(value)
    if not found:
        return before
    amount = float(found[1])
    if found[2] in ("em", "%"):
        return before * amount / (100 if found[2] == "%" else 1)
    return amount * _PIXELS[found[2]]


def _is_bold(value: str, before: bool) -> bool:
    if value.isdigit():
        return int(value) >= _BOLD_FROM
    return {"bold": True, "bolder": True, "normal": False, "lighter": False}.get(value, before)


def _plain_rules(css: str) -> str:
    """The sheet without its ``@media`` and other ``@`` blocks."""
    kept, depth, start = [], 0, 0
    at = css.find("@")
    while at >= 0:
        kept.append(css[start:at])
        start = at
        for start in range(at, len(css)):
            depth += {"{": 1, "}": -1}.get(css[start], 0)
            if css[start] in ";}" and depth == 0:
                break
        start += 1
        at = css.find("@", start)
    return "".join((*kept, css[start:]))
