"""Level: the rung an agent has earned for one action kind on one channel."""

from enum import StrEnum


class Level(StrEnum):
    """From strictest to freest. Observe: only recorded. Draft: a person approves each one. Ask: a
    person approves it, or the pack it is part of. Act: alone, where everything else allows it.

    ``never`` is no rung: the rules or the campaign's file forbid it.
    """

    NEVER = "never"
    OBSERVE = "observe"
    DRAFT = "draft"
    ASK = "ask"
    ACT = "act"

    @property
    def rank(self) -> int:
        return tuple(Level).index(self)

    @property
    def below(self) -> "Level":
        """The next stricter rung; observe stays observe."""
        return tuple(Level)[max(1, self.rank - 1)]

    @property
    def above(self) -> "Level | None":
        """The next freer rung; None at the top."""
        return next((other for other in Level if other.rank == self.rank + 1), None)
