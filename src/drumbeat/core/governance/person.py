"""Person: who may answer. Two accounts of one human are one person."""

from drumbeat.core.noun import Noun


class Account(Noun):
    """One way to sign in. ``person`` names the human behind it; ``roles`` are held now."""

    id: str
    person: str
    roles: frozenset[str]
    is_active: bool = True
    is_agent: bool = False

    @property
    def may_decide(self) -> bool:
        """Whether a person in use signs in here: agents, and whoever has left, decide nothing."""
        return self.is_active and not self.is_agent
