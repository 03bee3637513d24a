"""Shelf: the names a workspace's files define, for others of its files to refer to."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

_NONE: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Shelf:
    """What exists to be named. A file with mistakes still puts the names it gives on the shelf."""

    # Ids and email addresses of people; accounts of agents are not among them.
    people: frozenset[str] = _NONE
    roles_held: frozenset[str] = _NONE
    # The roles of each human, by the name two-person rules count them by; agents hold none.
    holders: Mapping[str, frozenset[str]] = field(default_factory=dict)
    connections: frozenset[str] = _NONE
    segments: frozenset[str] = _NONE
    suppressions: frozenset[str] = _NONE
    offers: frozenset[str] = _NONE
    products: frozenset[str] = _NONE
    topics: frozenset[str] = _NONE
    hypotheses: frozenset[str] = _NONE
    escalations: frozenset[str] = _NONE
    naming_rules: frozenset[str] = _NONE
    naming_types: frozenset[str] = _NONE
    regions: frozenset[str] = _NONE
    blackouts: frozenset[str] = _NONE
    events: frozenset[str] = _NONE
    stages: frozenset[str] = _NONE
    languages: frozenset[str] = _NONE
    domains: frozenset[str] = _NONE
    ruled_actions: frozenset[str] = _NONE
    # Every file of the workspace, relative to its root, with forward slashes.
    files: frozenset[str] = _NONE
    currency: str = ""
    permissions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def holding(self, roles: Collection[str]) -> frozenset[str]:
        """The humans who hold at least one of these roles."""
        wanted = frozenset(roles)
        return frozenset(human for human, held in self.holders.items() if held & wanted)
