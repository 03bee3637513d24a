"""Boosts: why money behind posts is not weighed against other money: its response is not known.

A boost goes to a post that does well beside its peers. What came of the boosted days is what the
post would have brought anyway and what the money added, and no history of such days can part the
two: the spend was chosen by the response. Only money dealt by chance could.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Boosting:
    """A campaign that may put money behind posts: what it put there, in minor units, the
    conversions its posts were counted with, and its goal's metric."""

    label: str
    aim: str
    spend_minor: int
    conversions: float

    @property
    def unknown(self) -> str:
        """Why its response to money is not identified; it is left alone."""
        return f"{self.label}: boosts are not identified: {self._why}"

    @property
    def _why(self) -> str:
        if not self.spend_minor:
            return "nothing was put behind its posts yet"
        if not self.conversions:
            return f"its posts are counted in {self.aim.replace('_', ' ')}, not in conversions"
        return (
            "they go to posts that do well anyway, so that nothing tells what the money brought "
            "from what those posts would have brought"
        )
