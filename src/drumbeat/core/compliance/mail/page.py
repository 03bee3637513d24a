"""Page: an HTML mail as rules look at it: what it shows, hides, links to and pictures."""

from dataclasses import dataclass

from drumbeat.core.compliance.mail.style import Look


@dataclass(frozen=True)
class Words:
    """A run of text and how it looks; ``block`` numbers the paragraph it stands in."""

    text: str
    look: Look
    block: int


@dataclass(frozen=True)
class Link:
    """Where a link leads, what it says (a picture says its alternative text), how it looks."""

    href: str
    text: str
    look: Look


@dataclass(frozen=True)
class Picture:
    """``alt`` is None where the attribute is missing, empty where the picture is decoration."""

    src: str
    alt: str | None


@dataclass(frozen=True)
class MailPage:
    """One HTML part, read once. ``size`` is in bytes as sent, UTF-8."""

    language: str
    direction: str
    words: tuple[Words, ...]
    links: tuple[Link, ...]
    pictures: tuple[Picture, ...]
    quotes: tuple[str, ...]
    unmarked_tables: int
    size: int

    @property
    def shown(self) -> str:
        """Everything a person can read, in order."""
        return " ".join(part.text for part in self.words if not part.look.is_unseen)

    @property
    def blocks(self) -> tuple[str, ...]:
        """The shown text by paragraph, cell and list item."""
        parts: dict[int, list[str]] = {}
        for one in self.words:
            if not one.look.is_unseen:
                parts.setdefault(one.block, []).append(one.text)
        return tuple(" ".join(" ".join(words).split()) for words in parts.values())

    @property
    def hidden(self) -> tuple[str, ...]:
        """The hidden texts, each element's words on their own."""
        parts: dict[int, list[str]] = {}
        for one in self.words:
            if one.look.is_unseen:
                parts.setdefault(one.block, []).append(one.text)
        return tuple(" ".join(" ".join(words).split()) for words in parts.values())
