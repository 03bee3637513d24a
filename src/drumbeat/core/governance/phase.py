"""Phase: how far a campaign has earned autonomy; the four steps from drafting to full."""

from enum import StrEnum


class Phase(StrEnum):
    """Draft: people approve every action. Supervised: approved packs launch, tight limits.
    Conditional: common decisions alone. Full: people see edge cases and the review."""

    DRAFT = "draft"
    SUPERVISED = "supervised"
    CONDITIONAL = "conditional"
    FULL = "full"

    @property
    def rank(self) -> int:
        return tuple(Phase).index(self)

    def reaches(self, other: "Phase") -> bool:
        return self.rank >= other.rank


class ConnectionMode(StrEnum):
    """What a connection may do. Read-only: nothing. Shadow: it reads, and what agents would do is
    recorded; new ones start so. Live: a person's decision of its own."""

    READ_ONLY = "read-only"
    SHADOW = "shadow"
    LIVE = "live"
