"""Tainted: text somebody else wrote, kept apart by type until a rule or a person has judged it.

Matching and models get ``plain``; evidence keeps ``original``; people are shown ``inert``. There
is no way to print or format one by accident: its text form names the source and the length only.
"""

import html
import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

from drumbeat.core.untrusted.invisible import has_invisible, shown, stripped
from drumbeat.core.untrusted.markup import shown_words

_LINK = re.compile(r"\b(https?|ftp|mailto|javascript|data):(?=\S)|\b(www)\.(?=\w)", re.IGNORECASE)
_SPACES = re.compile(r"[^\S\n]+")


@dataclass(frozen=True, repr=False)
class Tainted:
    """``original`` as it arrived from ``source``, an id such as ``comment:4711``."""

    original: str
    source: str

    @cached_property
    def plain(self) -> str:
        """NFKC, without what a page would not show and without invisible characters."""
        words = unicodedata.normalize("NFKC", shown_words(self.original))
        return _SPACES.sub(" ", stripped(words)).strip()

    @cached_property
    def is_disguised(self) -> bool:
        """Whether the original carries something its reader could not see."""
        hides_words = shown_words(self.original) != self.original
        return has_invisible(self.original) or hides_words

    def inert(self) -> str:
        """The original to be looked at: invisible characters spelled out, links broken.

        Plain text: a surface that does not escape by itself takes ``inert_html``.
        """
        return _LINK.sub(_broken, shown(self.original))

    def inert_html(self) -> str:
        """``inert`` with markup escaped."""
        return html.escape(self.inert())

    def __repr__(self) -> str:
        return f"<tainted: {len(self.original)} characters from {self.source}>"

    __str__ = __repr__

    def __format__(self, specification: str) -> str:
        return repr(self)


def _broken(found: re.Match[str]) -> str:
    return f"{found[1] or found[2]}[{found[0][-1]}]"
