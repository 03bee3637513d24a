"""Citation: the source one element of a plan rests on, in words and as an address."""

from collections.abc import Iterable

from drumbeat.core.noun import Noun


class Citation(Noun):
    """``source`` is an address; ``text`` is what it says, figures included.

    Addresses: a record of a file (``data/segments.yaml#warm-leads``), a history window
    (``history/email 2026-W08``), a ledger entry (``ledger#ent-1f2e3d``), a context marker
    (``data/context.yaml#season:harvest``), a hypothesis (``hypotheses#H-07``).
    """

    source: str
    text: str

    def __str__(self) -> str:
        return f"{self.source}: {self.text}"


def unresolved(citations: Iterable[Citation], known: frozenset[str]) -> tuple[str, ...]:
    """The sources that nobody can look up, in order, each once."""
    return tuple(dict.fromkeys(c.source for c in citations if c.source not in known))
